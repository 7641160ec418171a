"""All pages of the staff, and those that stand in the menu."""

from core.employees.model import EVERYBODY
from staff import home, looks, people, signing, why
from staff.model import Entry, Route

ROUTES: tuple[Route, ...] = (*home.ROUTES, *signing.ROUTES, *why.ROUTES, *people.ROUTES, *looks.ROUTES)

ENTRIES: tuple[Entry, ...] = (
    Entry("/", "home", EVERYBODY),
    Entry("/people", "people", people.ADMINS),
    Entry("/looks", "looks", looks.AUDITORS),
)
