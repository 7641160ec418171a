"""The page of looks at customers' data: who, when, at which account, and why."""

from core.employees import actions as employees
from core.employees.model import Role
from staff.model import Asked, Get, Page, Route

AUDITORS = frozenset({Role.AUDITOR, Role.ADMIN})
SHOWN = 50
_ALL = 2**62


async def listed(asked: Asked) -> Page:
    """The last looks, older ones on further pages, and whether their chain holds where that is asked."""
    told = asked.query("before", longest=18)
    before = int(told) if told.isascii() and told.isdigit() else _ALL
    async with asked.connection() as conn:
        found = await employees.latest_looks(conn, before=before, most=SHOWN + 1)
        checked = asked.query("check") == "1"
        broken = await employees.broken(conn) if checked else None
    more = found[SHOWN - 1].no if len(found) > SHOWN else None
    return Page("looks.html", {"looks": found[:SHOWN], "more": more, "checked": checked, "broken": broken})


ROUTES: tuple[Route, ...] = (Get("/looks", AUDITORS, listed),)
