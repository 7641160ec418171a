"""The page of faults in the data: how many of each kind, more or fewer than the day before, and which accounts."""

from core.employees.model import Role
from core.quality import actions
from core.quality.model import MOST, Fault
from core.store.pool import Connection
from staff.inbox import account_for
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.BILLER, Role.AUDITOR, Role.ADMIN})
COUNTERS = frozenset({Role.BILLER, Role.ADMIN})

SHOWN = 50


async def counted(asked: Asked) -> Page:
    """What was counted last."""
    async with asked.connection() as conn:
        last = {one.fault: one for one in await actions.counted(conn)}
    lines = [(fault, last.get(fault)) for fault in Fault]
    return Page("quality.html", {"lines": lines, "most": MOST, "may": asked.employee.may(COUNTERS)})


async def count(asked: Asked, conn: Connection, _: Form) -> Go:
    """Counts now."""
    await actions.count(conn, today=asked.today, at=asked.at)
    return Go("/quality", "counted")


async def listed(asked: Asked) -> Page:
    """The accounts with a fault, by pages."""
    name, after = asked.request.match_info["fault"], asked.query("after", longest=18)
    if name not in set(Fault):
        return Page("problem.html", {"problem": "404"}, 404)
    behind = int(after) if after.isascii() and after.isdigit() else 0
    async with asked.connection() as conn:
        async with conn.transaction():
            await asked.look(conn, None, f"/quality/{name}")
        found = await actions.found(conn, Fault(name), today=asked.today, after=behind, most=SHOWN + 1)
    more = found[SHOWN - 1].account_id if len(found) > SHOWN else None
    named = {one.account: account_for(asked.employee, one.account) for one in found}
    return Page("fault.html", {"fault": name, "found": found[:SHOWN], "more": more, "named": named})


ROUTES: tuple[Route, ...] = (
    Get("/quality", READERS, counted),
    Post("/quality", COUNTERS, count),
    Get("/quality/{fault}", READERS, listed),
)
