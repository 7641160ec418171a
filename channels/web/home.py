"""The first public page: what the service does."""

from channels.web.model import Guest, Open, Page, Route


async def home(_: Guest) -> Page:
    """What the service does, and where one goes on from here."""
    return Page("home.html")


ROUTES: tuple[Route, ...] = (Open("/", home),)
