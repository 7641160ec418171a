"""The page of meters that have to be verified: how many in each month, and which (row C2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from core.basics.periods import Month
from core.employees.model import Role
from core.quality import actions
from core.quality.model import Due
from core.stock import actions as stock
from staff.inbox import account_for
from staff.model import Asked, Get, Page, Route

READERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.BILLER, Role.AUDITOR, Role.ADMIN})

MONTHS = 24
YEARS = range(1990, 2200)
"""In which a verification may end."""
SHOWN = 50
LATE = "late"
"""In an address: those whose month is over."""

CUSTOMERS = "customers"
"""In an address: those that stand with customers."""


@dataclass(frozen=True, slots=True)
class Line:
    """A month with its meters; `share` of the fullest month, in per cent; `key` names it in an address."""

    key: str
    month: Month | None
    meters: int
    share: int


async def months(asked: Asked) -> Page:
    """How many meters in each of the next months, those that are late first."""
    service, where = _service(asked), _where(asked)
    async with asked.connection() as conn:
        stores = await stock.stores(conn)
        due = await actions.due(conn, today=asked.today, months=MONTHS, store=_store(where))
    services = sorted({one.service for one in due if one.service})
    lines = _lines(due, service, asked.today)
    values = {"lines": lines, "services": services, "service": service, "stores": stores, "where": where,
              "more": _more(service, where)}  # fmt: skip
    return Page("calibration.html", values)


async def listed(asked: Asked) -> Page:
    """The meters of a month, by pages."""
    key, service, where = asked.request.match_info["month"], _service(asked), _where(asked)
    month = None
    if key != LATE:
        try:
            month = Month.parse(key)
        except ValueError:
            month = None
        if month is None or month.year not in YEARS:
            return Page("problem.html", {"problem": "404"}, 404)
    async with asked.connection() as conn:
        async with conn.transaction():
            await asked.look(conn, None, f"/calibration/{key}")
        found = await actions.due_in(
            conn, month, today=asked.today, service=service, after=_after(asked), most=SHOWN + 1, store=_store(where)
        )
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    more = None if last is None else f"{last.until}:{last.meter_id}"
    values = {"key": key, "month": month, "found": found[:SHOWN], "more": more, "filter": _more(service, where),
              "named": lambda one: account_for(asked.employee, one.account)}  # fmt: skip
    return Page("calibration_month.html", values)


def _service(asked: Asked) -> str:
    return asked.query("service", longest=20)


def _where(asked: Asked) -> str:
    """Where the meters are: CUSTOMERS, the id of a store, or "" for everywhere."""
    told = asked.query("where", longest=18)
    return told if told == CUSTOMERS or (told.isascii() and told.isdigit() and int(told) > 0) else ""


def _store(where: str) -> int | None:
    return 0 if where == CUSTOMERS else int(where) if where else None


def _more(service: str, where: str) -> str:
    """The filter as a part of an address; "" for none."""
    return urlencode({name: value for name, value in (("service", service), ("where", where)) if value})


def _after(asked: Asked) -> tuple[date, int] | None:
    day, _, meter = asked.query("after", longest=40).partition(":")
    try:
        return (date.fromisoformat(day), int(meter)) if day and len(meter) < 19 else None
    except ValueError:
        return None


def _lines(due: Sequence[Due], service: str, today: date) -> list[Line]:
    first = Month.of(today)
    counts: dict[Month, int] = {}
    for one in due:
        if service in ("", one.service):
            counts[one.month] = counts.get(one.month, 0) + one.meters
    most = max(counts.values(), default=0)
    lines = [_line(LATE, None, counts.get(first.previous, 0), most)]
    month = first
    for _ in range(MONTHS):
        lines.append(_line(str(month), month, counts.get(month, 0), most))
        month = month.next
    return lines


def _line(key: str, month: Month | None, meters: int, most: int) -> Line:
    return Line(key, month, meters, -(-100 * meters // most) if most else 0)


ROUTES: tuple[Route, ...] = (
    Get("/calibration", READERS, months),
    Get("/calibration/{month}", READERS, listed),
)
