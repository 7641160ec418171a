"""The first page after the login: what there is for this employee to do."""

from core.employees.model import EVERYBODY
from staff.model import Asked, Get, Page, Route


async def home(asked: Asked) -> Page:
    return Page("home.html", {"now": asked.local(asked.at)})


ROUTES: tuple[Route, ...] = (Get("/", EVERYBODY, home),)
