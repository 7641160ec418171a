"""The clerk's day: who comes to an office, who waits, who is called; and a visit with everything prepared."""

from datetime import date, timedelta

from aiohttp import web

from core.bookings import viewing
from core.bookings.model import Office, Request, State, Visit
from core.bookings.receiving import actions as receiving
from core.bookings.receiving import booking
from core.bookings.receiving.actions import NotSo
from core.dossier import actions as dossiers
from core.employees.model import Role
from core.store.pool import Connection, acquire
from pages import forms
from staff.inbox import account_for
from staff.model import Asked, Form, Get, Go, House, Page, Post, Route

CLERKS = frozenset({Role.CLERK, Role.ADMIN})
READERS = CLERKS | {Role.AUDITOR}
LARGEST = receiving.LARGEST
WORDS = 2000
SHOWN = 8
AROUND = timedelta(days=400)
"""So far from today lies a day that can be asked for."""


async def day(asked: Asked) -> Page:
    """The visits of a day at an office: all of them, who waits, who is at a window."""
    async with asked.connection() as conn:
        async with conn.transaction():
            await asked.look(conn, None, "/visits")
        return await _day(asked, conn, _chosen(await receiving.offices(conn), asked.query("office")))


def _chosen(offices: dict[int, Office], told: str) -> Office | None:
    """The office that is asked for, else the first."""
    wanted = next((one for one in offices.values() if str(one.id) == told), None)
    return wanted or next(iter(offices.values()), None)


async def _day(
    asked: Asked, conn: Connection, office: Office | None, trouble: str | None = None, *, said: str = ""
) -> Page:
    """The page of the day that the address names; `said` is what there is to tell of a place that cannot be had."""
    offices = await receiving.offices(conn)
    if office is None:
        return Page("visits.html", {"offices": (), "office": None, "trouble": None})
    today = office.today(asked.at)
    wanted = _day_of(asked.query("day"), today)
    visits = await receiving.of_day(conn, office, wanted)
    services = {one.code: one for one in await receiving.services(conn)}
    free = await viewing.free(conn, office, None, wanted, at=asked.at) if office.receives else {}
    values = {
        "offices": offices.values(),
        "office": office,
        "day": wanted,
        "today": today,
        "beside": (wanted - timedelta(days=1), wanted + timedelta(days=1)),
        "visits": visits,
        "waiting": receiving.waiting(visits),
        "called": receiving.called(visits),
        "services": services,
        "free": free.get(wanted, ()),
        "named": lambda one: account_for(asked.employee, one.account),
        "may": asked.employee.may(CLERKS),
        "windows": range(1, office.windows + 1),
        "trouble": trouble,
        "said_why": said,
        "state": State,
    }
    return Page("visits.html", values, 422 if trouble else 200)


def _day_of(told: str, today: date) -> date:
    try:
        wanted = date.fromisoformat(told)
    except ValueError:
        return today
    return wanted if abs(wanted - today) < AROUND else today


async def walk_in(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """A ticket for somebody without a booking."""
    office = await _office(conn, form)
    service = form.get("service") or None
    known = {one.code for one in await receiving.services(conn)}
    number = form.get("account", "").strip().upper()
    try:
        await receiving.walk_in(
            conn, office, number, service if service in known else None, asked.wire, by=asked.employee.login,
            at=asked.at,
        )  # fmt: skip
    except NotSo as error:
        return await _day(asked, conn, office, f"visits.{error.why}")
    return Go(f"/visits?office={office.id}", "ticket")


async def book(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """A place for who calls, or wants to come again."""
    office = await _office(conn, form)
    number = form.get("account", "").strip().upper()
    told, _, fold = form.get("time", "").partition(" ")
    try:
        day, hour = date.fromisoformat(form.get("date", "")), forms.clock(told)
    except ValueError:
        return await _day(asked, conn, office, "visits.no_time")
    if not number or abs(day - office.today(asked.at)) > AROUND:
        return await _day(asked, conn, office, "visits.no_time" if number else "visits.no_account")
    try:
        request = Request(day, hour, words=(office.code,), fold=int(fold) if fold in ("0", "1") else None)
        done = await booking.book(
            conn, number, form.get("service", ""), request, asked.wire, by=asked.employee.login, at=asked.at
        )
    except NotSo as error:
        return await _day(asked, conn, office, f"visits.{error.why}")
    if done.visit is None or not done.settled:
        said = asked.house.speech.say(done.reply, asked.employee.language)
        return await _day(asked, conn, office, "visits.not_booked", said=said)
    return Go(f"/visits?office={office.id}&day={day}", "booked")


async def call_next(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Calls who is next to a window."""
    office = await _office(conn, form)
    window = form.get("window", "")
    if window not in {str(one) for one in range(1, office.windows + 1)}:
        return await _day(asked, conn, office, "visits.no_window")
    try:
        called = await receiving.call_next(conn, office, window, asked.wire, by=asked.employee.login, at=asked.at)
    except NotSo as error:
        return await _day(asked, conn, office, f"visits.{error.why}")
    return Go(f"/visits?office={office.id}", "called") if called else await _day(asked, conn, office, "visits.nobody")


async def _office(conn: Connection, form: Form) -> Office:
    found = next((one for one in (await receiving.offices(conn)).values() if str(one.id) == form.get("office")), None)
    if found is None:
        raise web.HTTPNotFound
    return found


async def shown(asked: Asked) -> Page:
    """A visit with its account, debt, protocol and history."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    found = await receiving.file(conn, asked.number, asked.house.keyring)
    if found is None:
        raise web.HTTPNotFound
    dossier = None
    async with conn.transaction():
        await _look(asked, conn, found.visit)
    if found.visit.account_id is not None:
        dossier = await dossiers.open_account(
            conn, found.visit.account_id, keyring=asked.house.keyring, at=asked.at, full=asked.employee.sees_in_full
        )
    values = {
        "file": found,
        "visit": found.visit,
        "account": dossier,
        "may": asked.employee.may(CLERKS),
        "trouble": trouble,
        "stamp": lambda at: asked.words.full_stamp(at.astimezone(found.visit.office.zone)),
        "open": found.visit.state in (State.BOOKED, State.ARRIVED, State.CALLED),
        "expected": found.visit.state in (State.BOOKED, State.HELD),
    }
    return Page("visit.html", values, 422 if trouble else 200)


async def noted(asked: Asked, _: Form) -> None:
    """The look at the account is noted before anything is done."""
    async with asked.connection() as conn, conn.transaction():
        found = await receiving.file(conn, asked.number, asked.house.keyring)
        if found is None:
            raise web.HTTPNotFound
        await _look(asked, conn, found.visit)


async def _look(asked: Asked, conn: Connection, visit: Visit) -> None:
    """Notes the look; at the words and papers of who has no account the visit itself is the reason."""
    reason = "" if visit.account_id is not None else f"visit: {visit.id}"
    await asked.look(conn, visit.account_id, "/visits", reason=reason)


async def arrive(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """He has come."""
    try:
        await receiving.arrive(conn, asked.number, asked.wire, by=asked.employee.login, at=asked.at)
    except NotSo as error:
        return await _page(asked, conn, f"visits.{error.why}")
    return Go(f"/visits/{asked.number}", "arrived")


async def finish(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """What came of the visit."""
    words = form.get("words", "").strip()[:WORDS]
    if not words:
        return await _page(asked, conn, "visits.no_words")
    try:
        await receiving.finish(
            conn, asked.number, words, asked.house.keyring, asked.wire, by=asked.employee.login, at=asked.at
        )
    except NotSo as error:
        return await _page(asked, conn, f"visits.{error.why}")
    return Go(f"/visits/{asked.number}", "finished")


async def miss(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """He is not there."""
    try:
        await receiving.miss(conn, asked.number, by=asked.employee.login, at=asked.at)
    except NotSo as error:
        return await _page(asked, conn, f"visits.{error.why}")
    return Go(f"/visits/{asked.number}", "missed")


async def cancel(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """He will not come."""
    try:
        await booking.cancel(conn, asked.number, asked.wire, by=asked.employee.login, at=asked.at)
    except NotSo as error:
        return await _page(asked, conn, f"visits.{error.why}")
    return Go(f"/visits/{asked.number}", "visit_cancelled")


async def bring(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """A copy of a document is filed with the visit."""
    try:
        await receiving.add_paper(
            conn, asked.number, form.get("name", "").strip()[:100], asked.file, asked.house.keyring,
            by=asked.employee.login, at=asked.at,
        )  # fmt: skip
    except NotSo as error:
        return await _page(asked, conn, f"visits.{error.why}")
    return Go(f"/visits/{asked.number}", "filed")


async def paper(asked: Asked) -> web.StreamResponse:
    """A copy that was filed, as it was brought."""
    await noted(asked, {})
    told = asked.request.match_info["no"]
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        raise web.HTTPNotFound
    async with asked.connection() as conn:
        found = await receiving.paper(conn, asked.number, int(told), asked.house.keyring)
    if found is None:
        raise web.HTTPNotFound
    _, media_type, body = found
    return web.Response(body=body, content_type=media_type, headers={"Content-Disposition": "attachment"})


async def display(house: House, request: web.Request) -> Page | None:
    """The screen in the hall of an office: tickets and windows, of nobody who they are; None where there is no office
    of that code."""
    async with acquire(house.pool) as conn:
        offices = await receiving.offices(conn)
        office = next((one for one in offices.values() if one.code == request.match_info["code"]), None)
        if office is None:
            return None
        visits = await receiving.of_day(conn, office, office.today(house.now()))
    return Page(
        "display.html",
        {"office": office, "called": receiving.called(visits)[:SHOWN], "waiting": receiving.waiting(visits)},
    )


ROUTES: tuple[Route, ...] = (
    Get("/visits", READERS, day),
    Post("/visits/walkin", CLERKS, walk_in),
    Post("/visits/next", CLERKS, call_next),
    Post("/visits/book", CLERKS, book),
    Get("/visits/{id}", READERS, shown),
    Post("/visits/{id}/arrive", CLERKS, arrive, before=noted),
    Post("/visits/{id}/done", CLERKS, finish, before=noted),
    Post("/visits/{id}/cancel", CLERKS, cancel, before=noted),
    Post("/visits/{id}/missed", CLERKS, miss, before=noted),
    Post("/visits/{id}/paper", CLERKS, bring, before=noted, file=LARGEST),
    Get("/visits/{id}/papers/{no}", READERS, paper),
)
