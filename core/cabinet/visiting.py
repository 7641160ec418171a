"""Somebody without an account books visits in his browser, once he has shown with a code that the phone is his (R34,
T7, T8)."""

import hmac
from datetime import datetime

from asyncpg import Connection
from cryptography.exceptions import InvalidTag

from core.basics import tokens
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.bookings import actions, sql, telling
from core.bookings.model import COMING, ENDED, Outcome, Person, Request, Visit
from core.bookings.offering import Known, Wish
from core.cabinet import entering
from core.cabinet import sql as cabinet
from core.cabinet.entering import Door
from core.cabinet.model import PROVEN
from core.outbox.noticing import Wire
from core.visiting import TicketUnknown, VisitBooked


@dataclass(frozen=True, slots=True)
class Visitor:
    """A guest by his phone: its hash, and the phone sealed for the installation."""

    hash: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """The code was the one; `token` is that of a new login where the phone has accounts, whose cabinet it opens."""

    token: str | None = None


async def show(conn: Connection, code: str, *, browser: str, device: str, door: Door, wall: datetime) -> Shown | None:
    """What follows from a code that went to a phone for this browser; None where it is not the one, whatever is wrong.
    Each guess is counted at once, before it is judged: no transaction may be open."""
    held = tokens.token_digest(browser)
    found = await cabinet.guess(conn, held, at=wall)
    if found is None:
        return None
    code_id, phone_hash, kept = found
    fits = {
        visits: hmac.compare_digest(kept, entering.code_digest(door, held, phone_hash, code, visits=visits))
        for visits in (False, True)
    }
    if not any(fits.values()):
        return None
    async with conn.transaction():
        if not await cabinet.use_code(conn, code_id, at=wall):
            return None
        if fits[True]:
            return Shown()
        token = await entering.begin(conn, phone_hash, device=device, wall=wall)
        return Shown(token) if token is not None else None


async def visitor(conn: Connection, browser: str, *, wall: datetime, keyring: Keyring) -> Visitor | None:
    """The guest who has shown his phone in this browser a short while ago."""
    found = await cabinet.visitor(conn, tokens.token_digest(browser), since=wall - PROVEN)
    if found is None:
        return None
    try:
        keyring.installation.open(found[1], purpose=b"phone")
    except InvalidTag:
        return None
    return Visitor(*found)


async def coming(conn: Connection, who: Visitor, to: Known, *, at: datetime) -> tuple[Visit, ...]:
    """The visits of the guest that are ahead."""
    return await sql.of_guest(conn, who.hash, to.everywhere, COMING, since=at)


async def book(
    conn: Connection,
    who: Visitor,
    request: Request,
    to: Known,
    *,
    language: str,
    phone: str,
    wire: Wire,
    at: datetime,
) -> Outcome:
    """Takes the place of the request, or moves the visit there whose ticket it names; what was booked goes to the phone
    by SMS as well. `phone` is the company's. The caller owns the transaction."""
    person = Person(None, None, who.hash, language, Channel.WEB, phone=phone, sealed=who.sealed)
    moving = None
    if request.ticket is not None:
        mine = await coming(conn, who, to, at=at)
        moving = next((one for one in mine if one.ticket == request.ticket), None)
        there = next((one for one in mine if (one.day, one.starts) == (request.day, request.at)), None)
        if moving is None:  # the same form sent twice finds the visit moved
            return Outcome(VisitBooked(there.booked, yours=True) if there else TicketUnknown(request.ticket))
    outcome = await actions.book(conn, person, Wish(request, moving), to, at=at)
    if outcome.visit is not None and outcome.settled:
        to_guest = telling.Listener(outcome.visit.id, who.hash, None, None, language, who.sealed, free=False)
        await telling.tell(conn, [(outcome.visit, to_guest, outcome.reply, None)], wire, at=at)
    return outcome


async def cancel(conn: Connection, who: Visitor, ticket: str, to: Known, *, at: datetime) -> Outcome:
    """Calls a visit of the guest off by its ticket. The caller owns the transaction."""
    visits = await sql.of_guest(conn, who.hash, to.everywhere, (*COMING, *ENDED), since=at)
    found = actions.meant(visits, Request(ticket=ticket))
    return found if isinstance(found, Outcome) else await actions.cancel(conn, found, by="customer", at=at)
