"""Booking a visit, moving it and calling it off: performed one by one, for each rests on what the database says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from asyncpg import Connection, UniqueViolationError

from core.basics.facts import dataclass
from core.bookings import offering, rules, sql
from core.bookings.model import (
    COMING,
    ENDED,
    GUEST_MOST,
    HOLD,
    MISSED_MOST,
    MISSED_WITHIN,
    MOST,
    Ask,
    Asked,
    Outcome,
    Person,
    Request,
    Service,
    Slot,
    State,
    Visit,
)
from core.bookings.offering import Known, Wish
from core.bookings.sql import Event
from core.visiting import (
    Instead,
    MarkTaken,
    NothingFree,
    Spot,
    TicketUnknown,
    TooManyMissed,
    TooManyVisits,
    VisitBooked,
    VisitCancelled,
    VisitHeld,
    Visiting,
    VisitsNone,
    VisitsTold,
    VisitThatDay,
    WhichVisit,
)

SHOWN = 3
"""Visits that are told of at a time."""

ANSWERED = timedelta(hours=24)
"""So long an offer can be answered."""


class Full(Exception):
    """A place is gone."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A place that is to be taken: the run of slots, what for, and the visit that it is to be the new time of. `offer`
    are the places that were offered with it, in their order."""

    run: tuple[Slot, ...]
    service: Service | None = None
    moving: Visit | None = None
    reason: bytes | None = None
    offer: tuple[tuple[int, ...], ...] = ()


async def known(conn: Connection) -> Known:
    """The offices and the services."""
    return Known(await sql.offices(conn), await sql.services(conn))


async def book(conn: Connection, person: Person, wish: Wish, to: Known, *, at: datetime) -> Outcome:
    """Offers three places, or takes the one that is named by office, day and time."""
    found = await offering.find(conn, person, wish, to, at=at)
    if isinstance(found, offering.Exact):
        return await take(conn, person, Taken(found.run, found.service, wish.moving), to, at=at)
    return offered(found, wish, at=at)


def offered(found: offering.Offers | Visiting, wish: Wish, *, at: datetime) -> Outcome:
    """The offer as a question; or what there is to say in its place."""
    if not isinstance(found, offering.Offers):
        return Outcome(found, found_ask(found, wish, at), settled=False)
    terms: dict[str, object] = {
        "choices": [[slot.id for slot in run] for run in found.runs],
        "service": found.service.code if found.service else None,
        "moving": wish.moving.id if wish.moving else None,
    }
    return Outcome(found.reply, Ask(Asked.OFFER, terms, at + ANSWERED), settled=False)


def found_ask(found: Visiting, wish: Wish, at: datetime) -> Ask | None:
    """The question that an answer without offers leaves open: which of two equal times is meant."""
    terms = offering.twice(found, wish)
    return None if terms is None else Ask(Asked.TWICE, terms, at + ANSWERED)


async def choose(
    conn: Connection, person: Person, terms: Mapping[str, Any], number: int, to: Known, *, at: datetime
) -> Outcome:
    """Takes the place of an offer that was chosen by its number, from 1; `terms` are those of the question. The number
    is one of those that were offered."""
    ids = [int(one) for one in terms["choices"][number - 1]]
    service = to.service(terms.get("service"))
    moving = await moved(conn, person, terms, to, at=at)
    run = await sql.by_ids(conn, ids)
    if len(run) < len(ids) or not ids:
        return await book(conn, person, Wish(Request(), moving, service), to, at=at)
    offer = tuple(tuple(int(one) for one in ids) for ids in terms["choices"])
    return await take(conn, person, Taken(run, service, moving, offer=offer), to, at=at)


async def moved(conn: Connection, person: Person, terms: Mapping[str, Any], to: Known, *, at: datetime) -> Visit | None:
    """The visit that is to be moved, by the terms of a question, while it is to come and his."""
    wanted = terms.get("moving")
    if wanted is None:
        return None
    return next((one for one in await coming(conn, person, to, at=at) if one.id == wanted), None)


async def take(conn: Connection, person: Person, wanted: Taken, to: Known, *, at: datetime) -> Outcome:
    """Takes a place for the person: held for ten minutes where it is not said what for. Where another was quicker the
    nearest free ones are offered; a place that is his already is told so (R17)."""
    if person.guest and person.phone_hash is not None:
        await sql.lock_guest(conn, person.phone_hash)
    mine = await coming(conn, person, to, at=at)
    said = _mine(wanted, mine, to) or await _refused(conn, person, wanted, mine, at=at)
    if said is not None:
        return said
    first = wanted.run[0]
    if first.starts_at <= at:
        return await _others(conn, person, wanted, to, Instead.PAST, at=at)
    if not all(one.free for one in wanted.run):
        return await _others(conn, person, wanted, to, Instead.TAKEN, at=at)
    await sql.lock(conn, [*(one.id for one in wanted.run), *(wanted.moving.slots if wanted.moving else ())])
    try:
        async with conn.transaction():
            visit_id, held = await _taken(conn, person, wanted, at=at)
    except Full:
        return await _others(conn, person, wanted, to, Instead.TAKEN, at=at)
    except UniqueViolationError:  # the same person was quicker on another wire
        mine = await coming(conn, person, to, at=at)
        return _mine(wanted, mine, to) or await _others(conn, person, wanted, to, Instead.TAKEN, at=at)
    visit = await sql.one(conn, visit_id, to.everywhere)
    assert visit is not None
    return _told(visit, wanted, to, held=held)


async def _taken(conn: Connection, person: Person, wanted: Taken, *, at: datetime) -> tuple[int, datetime | None]:
    """The visit that has the place, and until when it is only held.

    :raises Full: a place is gone; the savepoint undoes what was done.
    """
    run, first, moving = wanted.run, wanted.run[0], wanted.moving
    if not await sql.take(conn, [one.id for one in run]):
        raise Full
    used = await sql.tickets(conn, first.office_id, first.day, person.account_id)
    ticket = rules.ticket_number(first.no, used)
    held = moving.held_until if moving else at + HOLD if wanted.service is None and person.by == "customer" else None
    if moving is None:
        service = wanted.service.code if wanted.service else None
        visit_id = await sql.add(
            conn, person, run, ticket, service=service, held_until=held, at=at, reason=wanted.reason
        )
    else:
        visit_id = moving.id
        if await sql.lock_one(conn, visit_id) is not moving.state:
            raise Full
        await sql.move(conn, visit_id, run, ticket, held_until=held, at=at)
        await sql.free(conn, moving.slots)
    what = "moved" if moving else "held" if held else "booked"
    await sql.note(conn, [Event(visit_id, what, at, person.by, first.starts_at)])
    return visit_id, held


def _told(visit: Visit, wanted: Taken, to: Known, *, held: datetime | None) -> Outcome:
    """What is said of a place that was taken, and the question that is open behind it: the same number sent again finds
    the place his, another number of the offer moves him there."""
    choices = [list(ids) for ids in wanted.offer] or [list(visit.slots)]
    if held is not None:
        terms: dict[str, object] = {"choices": choices, "moving": visit.id, "visit": visit.id}
        said = VisitHeld(visit.spot, to.words, codes=to.codes)
        return Outcome(said, Ask(Asked.REASON, terms, held + ANSWERED), visit=visit)
    service = to.service(visit.service)
    explain = service is not None and service.explains and wanted.moving is None
    terms = {
        "choices": choices,
        "ticket": visit.ticket,
        "service": visit.service,
        "moving": visit.id,
        "explained": explain,
    }
    ask = Ask(Asked.TAKEN, terms, visit.since + HOLD)
    reply = VisitBooked(visit.booked, moved=wanted.moving is not None)
    return Outcome(reply, ask, visit=visit, explain=explain)


def _mine(wanted: Taken, mine: Sequence[Visit], to: Known) -> Outcome | None:
    """The place is his already, or he has another visit that day."""
    ids = {one.id for one in wanted.run}
    for visit in mine:
        if ids & set(visit.slots):
            same = visit.state is State.HELD
            held = VisitHeld(visit.spot, to.words, yours=True, codes=to.codes)
            return Outcome(held if same else VisitBooked(visit.booked, yours=True), settled=False, visit=visit)
    day = wanted.run[0].day
    other = next((one for one in mine if one.day == day and (not wanted.moving or one.id != wanted.moving.id)), None)
    return None if other is None else Outcome(VisitThatDay(other.booked))


async def _refused(
    conn: Connection, person: Person, wanted: Taken, mine: Sequence[Visit], *, at: datetime
) -> Outcome | None:
    """Why he may book no more; an employee may for him."""
    if wanted.moving is not None:
        return None
    most = GUEST_MOST if person.guest else MOST
    if len(mine) >= most:
        return Outcome(TooManyVisits(most, person.phone))
    if person.by != "customer":
        return None
    missed = await sql.missed(conn, person, since=at - MISSED_WITHIN)
    return Outcome(TooManyMissed(missed, person.phone)) if missed >= MISSED_MOST else None


async def _others(
    conn: Connection, person: Person, wanted: Taken, to: Known, instead: Instead, *, at: datetime
) -> Outcome:
    """The places nearest to one that cannot be had."""
    first = wanted.run[0]
    office = to.offices[first.office_id]
    spot = Spot(first.day, first.starts, office.called)
    wish = Wish(Request(day=first.day), wanted.moving, wanted.service)
    found = await offering.near(conn, wish, office, first.starts_at, to, at=at)
    if found is None:
        return Outcome(NothingFree(person.phone))
    reply = replace(found.reply, instead=instead, wanted=spot)
    return offered(replace(found, reply=reply), wish, at=at)


async def give_reason(
    conn: Connection,
    person: Person,
    terms: Mapping[str, Any],
    words: Sequence[str],
    to: Known,
    *,
    at: datetime,
    reason: bytes | None = None,
) -> Outcome:
    """Books what was held, now that it is said what for; `reason` are the customer's own words, sealed. A place that
    has lapsed is taken anew where it is still free."""
    service = rules.named(words, (), to.services).service or to.services[-1]
    visit = await sql.one(conn, int(terms["visit"]), to.everywhere)
    if visit is None or visit.state is not State.HELD:
        run = await sql.by_ids(conn, list(visit.slots) if visit else ())
        if visit is not None and visit.state in COMING:
            return Outcome(VisitBooked(visit.booked, yours=True), visit=visit)
        if not run:
            return await book(conn, person, Wish(Request(), None, service), to, at=at)
        return await take(conn, person, Taken(run, service, reason=reason), to, at=at)
    await sql.lock(conn, visit.slots)
    if await sql.lock_one(conn, visit.id) is not State.HELD:
        return await give_reason(conn, person, terms, words, to, at=at, reason=reason)
    await sql.set_state(conn, visit.id, State.BOOKED, at=at, service=service.code)
    if reason is not None:
        await sql.set_reason(conn, visit.id, reason)
    await sql.note(conn, [Event(visit.id, "booked", at, person.by, visit.starts_at)])
    visit = replace(visit, state=State.BOOKED, service=service.code, since=at, held_until=None)
    offer = tuple(tuple(int(one) for one in ids) for ids in terms["choices"])
    return _told(visit, Taken((), service, offer=offer), to, held=None)


async def coming(conn: Connection, person: Person, to: Known, *, at: datetime) -> tuple[Visit, ...]:
    """The visits of the account, or of the guest, that are ahead or under way."""
    since = at - timedelta(hours=2)
    if person.account_id is not None:
        return await sql.of_accounts(conn, [person.account_id], to.everywhere, COMING, since=since)
    assert person.phone_hash is not None
    return await sql.of_guest(conn, person.phone_hash, to.everywhere, COMING, since=since)


def listed(visits: Sequence[Visit]) -> Outcome:
    """МОИ ВИЗИТЫ."""
    told = tuple(one.booked for one in visits)
    return Outcome(VisitsTold(told) if told else VisitsNone(), settled=False)


def meant(visits: Sequence[Visit], request: Request, *, moving: bool = False) -> Visit | Outcome:
    """The one visit that a text is about, by its ticket, or by day and time where it is to be called off; else what has
    to be asked, or, where it was called off before, that it is. The ticket of another day is unknown to a button that
    is bound to its own."""
    found = [one for one in visits if one.state in COMING]
    told = tuple(one.booked for one in found)
    ended = next((one for one in visits if one.state in ENDED and one.ticket == request.ticket), None)
    if ended is not None and not moving and not any(one.ticket == request.ticket for one in found):
        return Outcome(VisitCancelled(ended.booked), settled=False)
    if not found:
        named = request.ticket
        return Outcome(TicketUnknown(named) if named else VisitsNone(), settled=False)
    if request.ticket is not None:
        found = [one for one in found if one.ticket == request.ticket and request.on in (None, one.day)]
        if not found:
            return Outcome(TicketUnknown(request.ticket, told), settled=False)
    if not moving and request.day is not None:
        found = [one for one in found if one.day == request.day] or found
    if not moving and request.at is not None:
        found = [one for one in found if one.starts == request.at] or found
    if len(found) > 1:
        return Outcome(WhichVisit(tuple(one.booked for one in found), moving), settled=False)
    return found[0]


async def mark(conn: Connection, visit: Visit, number: int, terms: Mapping[str, Any], *, at: datetime) -> Outcome:
    """Takes the customer's mark of a visit, 1 to 5. For ten minutes more he may give another, and the same sent twice
    finds the question open."""
    await sql.set_mark(conn, visit.id, number)
    await sql.note(conn, [Event(visit.id, "marked", at, "customer")])
    return Outcome(MarkTaken(number), Ask(Asked.MARK, dict(terms), at + HOLD), visit=visit)


async def cancel(conn: Connection, visit: Visit, *, by: str, at: datetime, cleared: bool = False) -> Outcome:
    """Frees the place of a visit; `cleared`: it was needed no more, for the sums are clear. Twice is once."""
    await sql.lock(conn, visit.slots)
    state = await sql.lock_one(conn, visit.id)
    if state in (State.HELD, State.BOOKED, State.ARRIVED):
        await sql.set_state(conn, visit.id, State.CANCELLED, at=at)
        await sql.free(conn, visit.slots)
        await sql.note(conn, [Event(visit.id, "cleared" if cleared else "cancelled", at, by, visit.starts_at)])
    return Outcome(VisitCancelled(visit.booked), visit=visit)
