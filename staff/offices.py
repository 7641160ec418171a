"""The pages of offices: where and when customers are received, what differs on a day, and how full the days are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from aiohttp import web

from core.bookings.model import HORIZON, Office, Special
from core.bookings.opening import actions as opening
from core.bookings.opening import reading, showing
from core.bookings.opening.actions import Remade
from core.bookings.receiving import actions as receiving
from core.bookings.rules import DayLoad
from core.employees.model import EVERYBODY
from core.store.pool import Connection
from pages import drawing, forms, openings
from staff.founding import CHANGERS
from staff.model import Asked, Done, Form, Get, Page, Post, Route

READERS = EVERYBODY
AHEAD = 14
"""Days of the chart."""


@dataclass(frozen=True, slots=True)
class Load:
    """How full a day is, at one office or at all: places, those taken, and their share in percent."""

    day: date
    capacity: int
    taken: int

    @property
    def share(self) -> int:
        return 100 * self.taken // self.capacity if self.capacity else 0


async def listed(asked: Asked) -> Page:
    """All offices, and how full the coming days are."""
    async with asked.connection() as conn:
        offices = await receiving.offices(conn)
        hours = {one: openings.spoken(asked.words, await showing.hours(conn, one)) for one in offices}
        loads = await _loads(asked, conn, list(offices.values()))
    by_office = {one: _summed([load for load in loads if load.office_id == one]) for one in offices}
    total = _summed(loads)
    return Page(
        "offices.html",
        {
            "offices": offices.values(),
            "hours": hours,
            "loads": by_office,
            "total": total,
            "chart": _chart(asked, total),
            "may": asked.employee.may(CHANGERS),
        },
    )


async def shown(asked: Asked) -> Page:
    """An office with its hours, exceptions, load and changes."""
    async with asked.connection() as conn:
        return await _page(asked, conn, await _office(asked, conn))


async def change(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """Other windows or hours from now on; who is booked and cannot be received then is told."""
    office = await _office(asked, conn)
    windows = _windows(form.get("windows", ""))
    if windows is None:
        return await _page(asked, conn, office, "offices.wrong_windows")
    try:
        hours = reading.read_hours(form.get("hours", ""))
    except ValueError:
        return await _page(asked, conn, office, "offices.wrong_hours")
    new = replace(office, windows=windows, receives=bool(form.get("receives")))
    what = f"windows {windows}, hours {reading.written(hours)}{'' if new.receives else ', receives nobody'}"
    done = await opening.change(conn, new, hours, asked.wire, what, by=asked.employee.login, at=asked.at)
    return Done(await _page(asked, conn, new, done=done), f"/offices/{office.id}")


async def except_(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """A day that differs: closed, with other hours or windows, or as always again."""
    office = await _office(asked, conn)
    special = _special(form)
    if special is None:
        return await _page(asked, conn, office, "offices.wrong_day")
    today = office.today(asked.at)
    if not today <= special.day < today + timedelta(days=HORIZON):
        return await _page(asked, conn, office, "offices.wrong_day")
    done = await opening.make_exception(conn, office, special, asked.wire, by=asked.employee.login, at=asked.at)
    return Done(await _page(asked, conn, office, done=done), f"/offices/{office.id}")


def _special(form: Form) -> Special | None:
    """The exception that a form makes; None where something in it cannot be."""
    try:
        day = date.fromisoformat(form.get("day", ""))
        opens, closes = (forms.clock(form[name]) if form.get(name) else None for name in ("opens", "closes"))
    except ValueError:
        return None
    windows = _windows(form["windows"]) if form.get("windows") else None
    if form.get("windows") and windows is None:
        return None
    reason = form.get("reason", "").strip()[:200]
    match form.get("how"):
        case "closed":
            return Special(day, reason=reason)
        case "usual":
            return Special(day, usual=True, reason=reason)
        case "hours" if opens is not None and closes is not None and opens < closes:
            return Special(day, opens, closes, windows, reason=reason)
        case _:
            return None


def _windows(told: str) -> int | None:
    """So many windows; None where it is no number from 1 to 20."""
    number = int(told) if told.isascii() and told.isdigit() and len(told) <= 2 else 0
    return number if 1 <= number <= 20 else None


async def _office(asked: Asked, conn: Connection) -> Office:
    found = (await receiving.offices(conn)).get(asked.number)
    if found is None:
        raise web.HTTPNotFound
    return found


async def _page(
    asked: Asked, conn: Connection, office: Office, trouble: str | None = None, done: Remade | None = None
) -> Page:
    loads = _summed(await _loads(asked, conn, [office]))
    values = {
        "office": office,
        "hours": reading.written(await showing.hours(conn, office.id)),
        "spoken": openings.spoken(asked.words, await showing.hours(conn, office.id)),
        "specials": await showing.specials(conn, office.id, since=office.today(asked.at)),
        "changes": await showing.changes(conn, office.id),
        "loads": loads,
        "chart": _chart(asked, loads),
        "may": asked.employee.may(CHANGERS),
        "trouble": trouble,
        "done": done,
        "stamp": lambda at: asked.words.full_stamp(at.astimezone(office.zone)),
    }
    return Page("office.html", values, 422 if trouble else 200)


async def _loads(asked: Asked, conn: Connection, offices: Sequence[Office]) -> Sequence[DayLoad]:
    days = [asked.today + timedelta(days=ahead) for ahead in range(AHEAD)]
    return await opening.capacity(conn, [one.id for one in offices], days, at=asked.at)


def _summed(loads: Sequence[DayLoad]) -> tuple[Load, ...]:
    days = sorted({one.day for one in loads})
    return tuple(
        Load(
            day,
            sum(one.capacity for one in loads if one.day == day),
            sum(one.taken for one in loads if one.day == day),
        )
        for day in days
    )


def _chart(asked: Asked, loads: Sequence[Load]) -> drawing.Chart | None:
    """The share of places that are taken, day by day."""
    values = [
        (
            f"{one.day.day}.{one.day.month:02d}",
            Decimal(one.share),
            asked.words("offices.of", taken=one.taken, capacity=one.capacity),
        )
        for one in loads
    ]
    return drawing.bars(values, labels=AHEAD, within=[Decimal(100)])


ROUTES: tuple[Route, ...] = (
    Get("/offices", READERS, listed),
    Get("/offices/{id}", READERS, shown),
    Post("/offices/{id}", CHANGERS, change),
    Post("/offices/{id}/day", CHANGERS, except_),
)
