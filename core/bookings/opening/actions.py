"""How offices open: what the staff set, the places that follow from it, and telling those whose visit cannot be."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from asyncpg import Connection

from core.basics.facts import dataclass
from core.bookings import calendar, offering, rules, sql, telling
from core.bookings.actions import ANSWERED
from core.bookings.model import HORIZON, Ask, Asked, Hours, Office, Request, Slot, Special, State, Visit, Wanted
from core.bookings.offering import Known, Wish
from core.bookings.opening import sql as opening
from core.bookings.opening.reading import Line
from core.bookings.rules import DayLoad
from core.bookings.sql import Event
from core.messages import Reply
from core.outbox.noticing import Wire
from core.visiting import VisitRevoked

REVOCABLE = (State.HELD, State.BOOKED)
SYSTEM = "meterline"


@dataclass(frozen=True, slots=True)
class Remade:
    """What a change did to the places of an office: new ones, changed ones, ones taken away, visits that cannot be, and
    how many messages tell of them."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    revoked: tuple[Visit, ...] = ()
    told: int = 0


async def take_in(
    conn: Connection, lines: Sequence[Line], wire: Wire | None, *, by: str, at: datetime
) -> dict[str, Remade]:
    """Sets offices up as a file has them, with their places; what that did, by code. `wire` None: nobody is told, for
    there are no visits yet. The caller owns the transaction."""
    done: dict[str, Remade] = {}
    for line in lines:
        office_id = await opening.put(conn, line.office)
        await opening.set_hours(conn, office_id, line.hours)
        await opening.changed(conn, office_id, "imported", by=by, at=at)
        done[line.office.code] = await remake(conn, replace(line.office, id=office_id), wire, by=by, at=at)
    return done


async def change(
    conn: Connection, office: Office, hours: Sequence[Hours] | None, wire: Wire, what: str, *, by: str, at: datetime
) -> Remade:
    """Changes an office, and its usual hours where they are given; those whose visit cannot be then are told and
    offered others. The caller owns the transaction."""
    await opening.put(conn, office)
    if hours is not None:
        await opening.set_hours(conn, office.id, hours)
    await opening.changed(conn, office.id, what, by=by, at=at)
    return await remake(conn, office, wire, by=by, at=at)


async def make_exception(
    conn: Connection, office: Office, special: Special, wire: Wire, *, by: str, at: datetime
) -> Remade:
    """Writes down what differs on a day, and tells those whose visit cannot be. The caller owns the transaction."""
    await opening.add_special(conn, office.id, special, by=by, at=at)
    return await remake(conn, office, wire, by=by, at=at, days=(special.day,))


async def remake_all(conn: Connection, wire: Wire, *, at: datetime) -> dict[str, Remade]:
    """The places of all offices as far ahead as can be booked, each office in a transaction of its own."""
    done: dict[str, Remade] = {}
    for office in (await sql.offices(conn)).values():
        async with conn.transaction():
            done[office.code] = await remake(conn, office, wire, by=SYSTEM, at=at)
    return done


async def remake(
    conn: Connection, office: Office, wire: Wire | None, *, by: str, at: datetime, days: Collection[date] | None = None
) -> Remade:
    """Brings the places of an office up to its hours, windows and exceptions, on those days or as far ahead as can be
    booked. A day with visits keeps the length of its places. Visits for which there is no room any more are revoked,
    the last made first, before a capacity falls below what is taken (R17)."""
    all_days = calendar.days_ahead(office, at, HORIZON)
    wanted_days = all_days if days is None else [one for one in days if one in all_days]
    if not wanted_days:
        return Remade()
    await opening.lock_office(conn, office.id)
    since = min(wanted_days)
    hours, specials = await opening.hours(conn, office.id), await opening.specials(conn, office.id, since=since)
    existing = [one for one in await opening.ahead(conn, office.id, since=since, after=at) if one.day in wanted_days]
    made = [one for one in calendar.wanted(office, hours, specials, wanted_days) if one.starts_at > at]
    capacities = _capacities(existing, made, office)
    capacities_now, gone, moments = rules.changed({one.starts_at: one for one in existing}, capacities)
    new = [one for one in made if one.starts_at in set(moments)]
    revoked: tuple[Visit, ...] = ()
    if capacities_now:
        revoked = await _make_room(conn, capacities_now, by=by, at=at)
        await opening.set_capacities(conn, capacities_now)
        await opening.drop(conn, gone)
    await opening.add(conn, office.id, new)
    told = await _tell(conn, revoked, wire, at=at) if revoked and wire is not None else 0
    return Remade(len(new), len(capacities_now) - len(gone), len(gone), revoked, told)


def _capacities(existing: Sequence[Slot], made: Sequence[Wanted], office: Office) -> dict[datetime, int]:
    """The capacity of each moment. On a day with visits whose places are of another length those stay: within the hours
    with as many windows as there are now, outside with none."""
    step = timedelta(minutes=office.step)
    old = {
        one.day
        for one in existing
        if one.taken and not any(one.starts_at == each.starts_at for each in made if each.day == one.day)
        and any(each.starts_at < one.starts_at < each.starts_at + step for each in made if each.day == one.day)
    }  # fmt: skip
    capacities = {one.starts_at: one.capacity for one in made if one.day not in old}
    for one in existing:
        if one.day in old:
            over = [each.capacity for each in made if each.starts_at <= one.starts_at < each.starts_at + step]
            capacities[one.starts_at] = max(over, default=0)
    return capacities


async def _make_room(conn: Connection, capacities: dict[int, int], *, by: str, at: datetime) -> tuple[Visit, ...]:
    """Revokes visits until no place holds more than it may from now on; the places are locked from here on, with all
    others that the visits take."""
    offices = await sql.offices(conn)
    visits = await opening.in_slots(conn, list(capacities), offices, REVOCABLE)
    await sql.lock(conn, [*capacities, *(slot for one in visits for slot in one.slots)])
    visits = await opening.in_slots(conn, list(capacities), offices, REVOCABLE)
    taken = {one.id: one.taken for one in await sql.by_ids(conn, list(capacities))}
    over = {slot: taken.get(slot, 0) - most for slot, most in capacities.items()}
    revoked: list[Visit] = []
    for one in visits:
        if any(over.get(slot, 0) > 0 for slot in one.slots):
            revoked.append(one)
            for slot in one.slots:
                over[slot] = over.get(slot, 0) - 1
            await sql.free(conn, one.slots)
    await opening.revoke(conn, [one.id for one in revoked], at=at)
    await sql.note(conn, [Event(one.id, "revoked", at, by, one.starts_at) for one in revoked])
    return tuple(revoked)


async def _tell(conn: Connection, revoked: Sequence[Visit], wire: Wire, *, at: datetime) -> int:
    """Tells each whose visit cannot be, with the nearest other times."""
    to = Known(await sql.offices(conn), await sql.services(conn))
    listeners = await telling.listeners(conn, revoked, at=at)
    told: list[tuple[Visit, telling.Listener, Reply, Ask | None]] = []
    asked: set[bytes] = set()
    for one in revoked:
        listener = listeners.get(one.id)
        if listener is None:
            continue
        ask, reply = None, VisitRevoked(one.booked)
        if listener.free and listener.hash not in asked:
            wish = Wish(Request(day=one.day), None, to.service(one.service))
            found = await offering.near(conn, wish, to.offices[one.office.id], one.starts_at, to, at=at)
            if found is not None:
                terms: dict[str, object] = {
                    "choices": [[slot.id for slot in run] for run in found.runs],
                    "service": one.service or "other",
                }
                ask, reply = Ask(Asked.OFFER, terms, at + ANSWERED), VisitRevoked(one.booked, found.reply.offers)
                asked.add(listener.hash)
        told.append((one, listener, reply, ask))
    return await telling.tell(conn, told, wire, at=at)


async def capacity(
    conn: Connection, office_ids: Sequence[int], days: Sequence[date], *, at: datetime
) -> tuple[DayLoad, ...]:
    """How many places the offices have on each of the days, how many are taken, and how many can still be booked: what
    a campaign may fill (product.md, idea 4). Days in any order; a day without places is missing."""
    if not days or not office_ids:
        return ()
    loads = await sql.loads(conn, office_ids, min(days), max(days), after=at)
    wanted = set(days)
    return tuple(sorted((one for one in loads if one.day in wanted), key=lambda one: (one.day, one.office_id)))
