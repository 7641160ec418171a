"""Where and when customers are received, for everybody."""

from datetime import timedelta

from channels.web.model import Guest, Open, Page, Route
from core.bookings import viewing
from core.bookings.opening import showing
from core.bookings.opening.showing import Opening
from core.store.pool import acquire
from pages import openings

AHEAD = timedelta(days=30)
"""So far ahead days that differ are told."""


async def offices(guest: Guest) -> Page:
    """Each office that receives, with its hours, what differs on days to come, and what one comes for."""
    house = guest.house
    today = house.now().astimezone(house.zone).date()
    async with acquire(house.pool) as conn:
        to = await viewing.known(conn)
        opens = await showing.everywhere(conn, today, today + AHEAD)
    rows = []
    for one in to.offices.values():
        opening = opens.get(one.id, Opening())
        given = [service for service in to.services if not one.services or service.code in one.services]
        rows.append((one, openings.spoken(guest.words, opening.hours), opening.specials, given))
    return Page("offices.html", {"rows": rows})


ROUTES: tuple[Route, ...] = (Open("/offices", offices),)
