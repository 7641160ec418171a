"""Visits to an office: a calendar of free places that needs no script, the visits to come, moving and calling off."""

from datetime import date, time, timedelta

from aiohttp import web

from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.bookings import rules, viewing
from core.bookings.model import Office, Service, Visit
from core.bookings.offering import Known
from core.commands import Subject, Wanted

LONGEST = 8


async def show(asked: Asked, *, trouble: str | None = None, status: int = 200) -> Page:
    """The visits to come, and a week of free places at the office that is chosen."""
    asked.need(Subject.VISITS)
    async with asked.connection() as conn:
        to = await viewing.known(conn)
        visits = await viewing.coming(conn, asked.holding.account.id, to, at=asked.at)
        office, service = _office(asked, to), _service(asked, to)
        first = _first(asked, office) if office else asked.today
        free = await viewing.free(conn, office, service, first, at=asked.at) if office and service else {}
    week = timedelta(days=viewing.SPAN)
    moving = next((one for one in visits if one.ticket == asked.query("move", longest=LONGEST)), None)
    values = {
        "visits": visits,
        "offices": to.offices.values(),
        "services": to.services,
        "office": office,
        "service": service,
        "free": free,
        "first": first,
        "before": first - week if office and first > office.today(asked.at) else None,
        "after": first + week,
        "moving": moving,
        "ticket": lambda one: one.ticket,
        "trouble": trouble,
    }
    return Page("visits.html", values, status)


def _office(asked: Asked, to: Known) -> Office | None:
    """The office that is asked for, else the first."""
    told = asked.query("office", longest=40)
    return next((one for one in to.offices.values() if one.code == told), next(iter(to.offices.values()), None))


def _service(asked: Asked, to: Known) -> Service | None:
    told = to.service(asked.query("about", longest=40))
    return told or next(iter(to.services), None)


def _first(asked: Asked, office: Office) -> date:
    today = office.today(asked.at)
    try:
        told = date.fromisoformat(asked.query("from", longest=10))
    except ValueError:
        return today
    return min(max(told, today), today + timedelta(days=53))


async def _book(asked: Asked, form: Form) -> Said | Page:
    """The place that was chosen, as a text would name it."""
    asked.need(Subject.BOOK)
    day, _, at = form.get("slot", "").partition(" ")
    try:
        named = f"{date.fromisoformat(day).isoformat()} {time.fromisoformat(at):%H:%M}"
    except ValueError:
        return await show(asked, trouble="visits.no_slot", status=422)
    async with asked.connection() as conn:
        to = await viewing.known(conn)
    office = next((one for one in to.offices.values() if one.code == form.get("office")), None)
    service = to.service(form.get("about"))
    if office is None or service is None:
        return await show(asked, trouble="visits.no_slot", status=422)
    ticket = rules.ticket_of(form.get("move", ""))
    argument = f"{named} ?{office.code} ?{service.code}"
    if ticket is not None:
        return Said(Wanted(Subject.MOVE_VISIT, argument=f"{ticket} {argument}"), f"{ticket} {named} {office.name}")
    number = asked.holding.account.number
    return Said(Wanted(Subject.BOOK, number, argument), f"{named} {office.name}, {service.name}")


async def _cancel(asked: Asked, form: Form) -> Said | Page:
    """The visit that is called off by its ticket."""
    asked.need(Subject.CANCEL_VISIT)
    ticket = rules.ticket_of(form.get("ticket", ""))
    if ticket is None:
        return await show(asked, trouble="visits.no_slot", status=422)
    return Said(Wanted(Subject.CANCEL_VISIT, argument=ticket), ticket)


async def download(asked: Asked) -> web.StreamResponse:
    """A visit as a file for calendars."""
    asked.need(Subject.VISITS)
    async with asked.connection() as conn:
        to = await viewing.known(conn)
        visits = await viewing.coming(conn, asked.holding.account.id, to, at=asked.at)
    visit = _named(visits, asked.query("ticket", longest=LONGEST))
    service = to.service(visit.service)
    minutes = service.minutes if service else visit.office.step
    text = viewing.ics(visit, minutes, at=asked.at, own=asked.language == "ru")
    headers = {"Content-Disposition": f'attachment; filename="{visit.ticket}.ics"'}
    return web.Response(text=text, content_type="text/calendar", charset="utf-8", headers=headers)


def _named(visits: tuple[Visit, ...], ticket: str) -> Visit:
    found = next((one for one in visits if one.ticket == ticket), None)
    if found is None:
        raise web.HTTPNotFound
    return found


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/visits", show),
    Get("/my/{account}/visits/ics", download),
    Say("/my/{account}/visits", _book, "visits"),
    Say("/my/{account}/visits/cancel", _cancel, "visits"),
)
