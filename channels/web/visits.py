"""Visits to an office: a calendar of free places that needs no script, the visits to come, moving and calling off."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from channels.web import freeing
from channels.web.freeing import LONGEST
from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.bookings import rules, viewing
from core.bookings.model import Visit
from core.bookings.offering import Known
from core.commands import Subject, Wanted


async def show(asked: Asked, *, trouble: str | None = None, status: int = 200) -> Page:
    """The visits to come, and a week of free places at the office that is chosen."""
    asked.need(Subject.VISITS)
    async with asked.connection() as conn:
        to = await viewing.known(conn)
        visits = await viewing.coming(conn, asked.holding.account.id, to, at=asked.at)
        week = await freeing.week(conn, to, asked.query, today=asked.today, at=asked.at)
    values = {
        "visits": visits,
        "offices": to.offices.values(),
        "services": to.services,
        "week": week,
        "moving": next((one for one in visits if one.ticket == asked.query("move", longest=LONGEST)), None),
        "trouble": trouble,
    }
    return Page("visits.html", values, status)


async def _book(asked: Asked, form: Form) -> Said | Page:
    """The place that was chosen, as a text would name it."""
    asked.need(Subject.BOOK)
    async with asked.connection() as conn:
        to = await viewing.known(conn)
    chosen = freeing.chosen(form, to)
    if chosen is None:
        return await show(asked, trouble="visits.no_slot", status=422)
    named = f"{chosen.named.partition(' fold:')[0]} {chosen.office.name}"
    if chosen.ticket is not None:
        command = Wanted(Subject.MOVE_VISIT, argument=f"{chosen.ticket} {chosen.argument}")
        return Said(command, f"{chosen.ticket} {named}")
    number = asked.holding.account.number
    return Said(Wanted(Subject.BOOK, number, chosen.argument), f"{named}, {chosen.service.name}")


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
    return calendar_file(visits, asked.query("ticket", longest=LONGEST), to, asked.language, at=asked.at)


def calendar_file(visits: Sequence[Visit], ticket: str, to: Known, language: str, *, at: datetime) -> web.Response:
    """The visit with that ticket as a file for calendars.

    :raises web.HTTPNotFound: none of the visits has it.
    """
    visit = next((one for one in visits if one.ticket == ticket), None)
    if visit is None:
        raise web.HTTPNotFound
    service = to.service(visit.service)
    minutes = service.minutes if service else visit.office.step
    text = viewing.ics(visit, minutes, at=at, own=language == "ru")
    headers = {"Content-Disposition": f'attachment; filename="{visit.ticket}.ics"'}
    return web.Response(text=text, content_type="text/calendar", charset="utf-8", headers=headers)


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/visits", show),
    Get("/my/{account}/visits/ics", download),
    Say("/my/{account}/visits", _book, "visits"),
    Say("/my/{account}/visits/cancel", _cancel, "visits"),
)
