"""The tariffs in force, for everybody."""

from channels.web.model import Guest, Open, Page, Route
from core.cabinet import viewing
from core.store.pool import acquire


async def tariffs(guest: Guest) -> Page:
    """Each plan that holds today, with its prices."""
    house = guest.house
    today = house.now().astimezone(house.zone).date()
    async with acquire(house.pool) as conn:
        known = await house.viewer.tariffs(conn, await viewing.newest_tariff(conn))
    held = [one for versions in known.values() for one in versions if today in one.valid]
    return Page("tariffs.html", {"held": sorted(held, key=lambda one: one.plan), "today": today})


ROUTES: tuple[Route, ...] = (Open("/tariffs", tariffs),)
