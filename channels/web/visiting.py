"""Visits for who has no account: free places for everybody, and one is booked once a code has shown the phone to be
his."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiohttp import hdrs, web

from channels.web import freeing, login, visits
from channels.web.doors import Doors, entered
from channels.web.freeing import LONGEST, Chosen
from channels.web.model import Form, Guest, Knock, Page, Ring, Route
from core.bookings import rules, viewing
from core.bookings.model import Outcome
from core.bookings.offering import Known
from core.cabinet import entering
from core.cabinet import visiting as cabinet
from core.cabinet.visiting import Visitor
from core.store.pool import Connection, acquire

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_KEPT = ("office", "about", "slot", "move")
"""What was chosen goes along from form to form, until it is known for whom it is booked."""


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody before these pages; `who` is None until he has shown his phone."""

    guest: Guest
    browser: str
    conn: Connection
    to: Known
    who: Visitor | None
    form: Form

    def query(self, name: str) -> str:
        """A value of the address; of a form the place that it names, so that the page stays where one was."""
        named = {"from": self.form.get("slot", "")[:10], **self.form}
        return self.guest.request.query.get(name, named.get(name, ""))[:40]


View = Callable[[Came, Form], Awaitable[Page | web.StreamResponse]]


Seen = Callable[[Guest, Form, str], Awaitable[Page | web.StreamResponse]]


def _evenly(seen: Seen) -> Seen:
    """The view, which takes as long for a customer's phone as for any other (R34)."""

    async def evenly(guest: Guest, form: Form, browser: str) -> Page | web.StreamResponse:
        async with login.evenly():
            return await seen(guest, form, browser)

    return evenly


def _with(view: View) -> Seen:
    """The view with a connection, and what there is to know before it."""

    async def seen(guest: Guest, form: Form, browser: str) -> Page | web.StreamResponse:
        house = guest.house
        async with acquire(house.pool) as conn:
            to = await viewing.known(conn)
            who = await cabinet.visitor(conn, browser, wall=house.wall(), keyring=house.keyring)
            return await view(Came(guest, browser, conn, to, who, form), form)

    return seen


async def show(came: Came, form: Form) -> Page:
    """A week of free places; to who has shown his phone also his visits."""
    return await _shown(came)


async def _shown(came: Came, *, outcome: Outcome | None = None, trouble: str | None = None) -> Page:
    guest, at = came.guest, came.guest.house.now()
    mine = await cabinet.coming(came.conn, came.who, came.to, at=at) if came.who else ()
    today = at.astimezone(guest.house.zone).date()
    values = {
        "path": "/visit",
        "known": came.who is not None,
        "visits": mine,
        "offices": came.to.offices.values(),
        "services": came.to.services,
        "week": await freeing.week(came.conn, came.to, came.query, today=today, at=at),
        "moving": next((one for one in mine if one.ticket == guest.request.query.get("move")), None),
        "said": guest.house.speech.say(outcome.reply, guest.language, page=True) if outcome else None,
        "trouble": trouble,
    }
    return Page("visit.html", values, 422 if trouble else 200)


async def choose(came: Came, form: Form) -> Page:
    """Takes the place that was chosen, or asks first whose phone it shall be for."""
    chosen = freeing.chosen(form, came.to)
    if chosen is None:
        return await _shown(came, trouble="visits.no_slot")
    return _asking(came, form, "phone") if came.who is None else await _booked(came, came.who, chosen)


async def _booked(came: Came, who: Visitor, chosen: Chosen) -> Page:
    house = came.guest.house
    request = replace(rules.read(chosen.argument), ticket=chosen.ticket)
    async with came.conn.transaction():
        outcome = await cabinet.book(
            came.conn, who, request, came.to, language=came.guest.language, phone=house.viewer.company.phone,
            wire=house.wire, at=house.now(),
        )  # fmt: skip
    return await _shown(came, outcome=outcome)


def _asking(came: Came, form: Form, page: str, trouble: str | None = None) -> Page:
    """The page that asks for the phone, or for the code, with what was chosen."""
    chosen = freeing.chosen(form, came.to)
    kept = {name: form[name] for name in _KEPT if name in form} if chosen else {}
    told = None
    if chosen is not None:
        t, request = came.guest.words, rules.read(chosen.argument)
        name = chosen.office.name if came.guest.language == "ru" else chosen.office.name_latin
        told = f"{name}, {t.weekday(request.day)}, {request.at:%H:%M}" if request.day and request.at else name
    values = {"path": f"/visit/{page}", "kept": kept, "chosen": told, "form": form, "trouble": trouble}
    return Page(f"visit_{page}.html", values, 422 if trouble else 200)


async def phone(came: Came, form: Form) -> Page:
    """The page that asks for the phone."""
    return _asking(came, form, "phone")


async def ask(came: Came, form: Form) -> Page:
    """Sends a code where one may be sent; the answer is the same where not (R34, T7, T8)."""
    told = form.get("phone", "")
    if not login.is_phone(told):
        return _asking(came, form, "phone", "login.no_phone")
    guest = came.guest
    await login.ask_by(came.conn, guest.house, guest.request, told, came.browser, guest=guest.language)
    return _asking(came, form, "code")


async def code(came: Came, form: Form) -> Page:
    """The page that asks for the code."""
    return _asking(came, form, "code")


async def prove(came: Came, form: Form) -> Page | web.StreamResponse:
    """Goes on to the visits of who gives the code that went to his phone; a customer's opens his cabinet."""
    house, request = came.guest.house, came.guest.request
    digits = re.sub(r"[\s-]", "", form.get("code", ""))
    shown = None
    if _CODE.fullmatch(digits):
        device = login.device_of(request.headers.get(hdrs.USER_AGENT, ""))
        shown = await cabinet.show(
            came.conn, digits, browser=came.browser, device=device, door=house.door, wall=house.wall()
        )
    if shown is None:
        return _asking(came, form, "code", "login.wrong")
    chosen = freeing.chosen(form, came.to)
    if shown.token is not None:
        await login.leave_old(house, came.conn, request.cookies.get(Doors(house).cookie, ""))
        return entered(house, shown.token, await _cabinet(came, shown.token, chosen))
    who = await cabinet.visitor(came.conn, came.browser, wall=house.wall(), keyring=house.keyring)
    came = replace(came, who=who)
    return await _shown(came) if chosen is None or who is None else await _booked(came, who, chosen)


async def _cabinet(came: Came, token: str, chosen: Chosen | None) -> str:
    """Where a customer goes on: the visits of his account, at the office and the day that he has chosen."""
    house = came.guest.house
    person = await entering.person(came.conn, token, wall=house.wall(), at=house.now(), keyring=house.keyring)
    if person is None or len(person.holdings) != 1:
        return "/my"
    place = f"/my/{house.address_of(person.holdings[0].account.id)}/visits"
    if chosen is None:
        return place
    return f"{place}?office={chosen.office.code}&about={chosen.service.code}&from={chosen.named[:10]}"


async def cancel(came: Came, form: Form) -> Page:
    """Calls off the visit of a ticket."""
    ticket = rules.ticket_of(form.get("ticket", ""))
    if came.who is None:
        return _asking(came, {}, "phone")
    if ticket is None:
        return await _shown(came, trouble="visits.no_slot")
    async with came.conn.transaction():
        outcome = await cabinet.cancel(came.conn, came.who, ticket, came.to, at=came.guest.house.now())
    return await _shown(came, outcome=outcome)


async def download(came: Came, form: Form) -> web.StreamResponse:
    """A visit as a file for calendars."""
    at = came.guest.house.now()
    mine = await cabinet.coming(came.conn, came.who, came.to, at=at) if came.who else ()
    return visits.calendar_file(mine, came.query("ticket")[:LONGEST], came.to, came.guest.language, at=at)


async def leave(came: Came, form: Form) -> web.StreamResponse:
    """The browser forgets the phone."""
    response = web.Response(status=303, headers={hdrs.LOCATION: "/visit"})
    Doors(came.guest.house).keep_browser(response, secrets.token_urlsafe(32))
    return response


ROUTES: tuple[Route, ...] = (
    Ring("/visit", _with(show)),
    Ring("/visit/phone", _with(phone)),
    Ring("/visit/code", _with(code)),
    Ring("/visit/ics", _with(download)),
    Knock("/visit", _with(choose)),
    Knock("/visit/phone", _evenly(_with(ask))),
    Knock("/visit/code", _with(prove)),
    Knock("/visit/cancel", _with(cancel)),
    Knock("/visit/leave", _with(leave)),
)
