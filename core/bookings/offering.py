"""Which places are offered to whom: the least loaded ones, or the nearest to what was asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time, timedelta

from asyncpg import Connection

from core.basics.facts import dataclass
from core.bookings import rules, sql
from core.bookings.calendar import moments
from core.bookings.model import HORIZON, LEAD, OFFERED, OFFERS, Office, Person, Request, Service, Slot, Visit
from core.bookings.rules import DayLoad
from core.visiting import Instead, NoSuchTime, NothingFree, OfficeUnknown, Spot, Visiting, VisitsOffered, WhichOfTwo

SHOWN = 5
"""Offices that are named to who named one that there is not."""

LOOKED = 8
"""Days, the emptiest first, that are looked at more closely."""

CONCEIVABLE = timedelta(days=3660)
"""Further away no clock is asked what time it is."""

NIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Known:
    """The offices by id, by name, and the services; `shut` are offices that are offered to nobody any more, at which
    visits may stand all the same."""

    offices: Mapping[int, Office]
    services: tuple[Service, ...]
    shut: Mapping[int, Office] = field(default_factory=dict)

    @property
    def everywhere(self) -> Mapping[int, Office]:
        """All offices by id."""
        return {**self.offices, **self.shut}

    def service(self, code: object) -> Service | None:
        """The service of that code, None where there is none."""
        return next((one for one in self.services if one.code == code), None)

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The answers to what somebody comes for."""
        return tuple((one.word, one.word_latin) for one in self.services)

    @property
    def codes(self) -> tuple[str, ...]:
        """What the answers stand for, in their order."""
        return tuple(one.code for one in self.services)

    def receiving(self, service: Service | None) -> tuple[Office, ...]:
        """The offices that can be booked about the service."""
        return tuple(
            one
            for one in self.offices.values()
            if one.receives and (service is None or not one.services or service.code in one.services)
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished: the request, the visit that is to be moved, the service where it is known from before."""

    request: Request
    moving: Visit | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """Free places, each a run of slots, and what is said of them."""

    runs: tuple[tuple[Slot, ...], ...]
    reply: VisitsOffered
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """The one place that was named by office, day and time; it may be taken."""

    run: tuple[Slot, ...]
    service: Service | None = None


async def find(conn: Connection, person: Person, wish: Wish, to: Known, *, at: datetime) -> Offers | Exact | Visiting:
    """What can be had of what is wished."""
    request = wish.request
    open_ = [one for one in to.offices.values() if one.receives]
    named = rules.named(request.words, open_, to.services)
    service = named.service or wish.service or (to.service(wish.moving.service) if wish.moving else None)
    if named.unknown is not None and not named.offices and named.service is None:
        return OfficeUnknown(named.unknown, tuple(one.called for one in open_[:SHOWN]))
    offices = await _home(conn, person, wish, named.offices, open_)
    offices = [one for one in offices if service is None or not one.services or service.code in one.services]
    if not offices:
        return NothingFree(person.phone)
    meant = Wish(request, wish.moving, service)
    if request.day is None:
        return await _anywhen(conn, meant, offices, to, person, at=at)
    if request.at is not None and abs(request.day - offices[0].today(at)) < CONCEIVABLE:
        return await _at_time(conn, meant, offices, to, person, at=at)
    return await _on_day(conn, meant, offices, to, person, at=at)


async def _home(
    conn: Connection, person: Person, wish: Wish, named: Sequence[Office], open_: Sequence[Office]
) -> Sequence[Office]:
    """The offices that are meant: those named, else that of the visit to be moved, else where he was last, else all."""
    if named:
        return named
    last = wish.moving.office.id if wish.moving else await sql.last_office(conn, person.account_id)
    known = [one for one in open_ if one.id == last]
    return known or open_


async def _anywhen(
    conn: Connection, wish: Wish, offices: Sequence[Office], to: Known, person: Person, *, at: datetime
) -> Offers | Visiting:
    """The least loaded places of the next days; a time that was named without a day is the hour to begin at."""
    request = wish.request
    if request.at is not None:
        hour = request.at
        request = Request(after=hour, before=_later(hour), words=request.words)
    loads = await _loads(conn, offices, OFFERED, at=at)
    found = await _of_days(conn, Wish(request, wish.moving, wish.service), loads, to, at=at)
    if not found:
        loads = await _loads(conn, offices, HORIZON, at=at)
        found = await _of_days(conn, Wish(Request(), wish.moving, wish.service), loads, to, at=at)
    return _offers(found, wish, to) if found else NothingFree(person.phone)


async def _on_day(
    conn: Connection, wish: Wish, offices: Sequence[Office], to: Known, person: Person, *, at: datetime
) -> Offers | Visiting:
    day = wish.request.day
    assert day is not None
    loads = await sql.loads(conn, [one.id for one in offices], day, day, after=at + LEAD)
    found = await _of_days(conn, wish, loads, to, at=at)
    if found:
        return _offers(found, wish, to)
    instead = _why_not(day, offices, loads, at)
    spot = Spot(day, NIGHT, offices[0].called)
    if instead in (Instead.PAST, Instead.FAR):
        near_to = await _anywhen(conn, Wish(Request(), wish.moving, wish.service), offices, to, person, at=at)
        return _with(near_to, instead, spot)
    moment = datetime.combine(day, wish.request.after or time(9), offices[0].zone)
    near_to = await near(conn, wish, offices[0], moment, to, at=at) or NothingFree(person.phone)
    return _with(near_to, instead, spot)


def _why_not(day: date, offices: Sequence[Office], loads: Collection[DayLoad], at: datetime) -> Instead:
    today = min(one.today(at) for one in offices)
    if day < today:
        return Instead.PAST
    if day >= today + timedelta(days=HORIZON):
        return Instead.FAR
    if not any(one.capacity for one in loads):
        return Instead.SHUT
    return Instead.FULL if day > today or any(one.free for one in loads) else Instead.PAST


async def _at_time(
    conn: Connection, wish: Wish, offices: Sequence[Office], to: Known, person: Person, *, at: datetime
) -> Offers | Exact | Visiting:
    """A day and a time: of one office the place itself, of several what they have then."""
    request, first = wish.request, offices[0]
    assert request.day is not None
    assert request.at is not None
    spot = Spot(request.day, request.at, first.called)
    shown = moments(first.zone, request.day, request.at)
    if not shown:
        return NoSuchTime(spot)
    if len(shown) > 1 and request.fold is None:
        offsets = [int((one.astimezone(first.zone).utcoffset() or timedelta()).total_seconds()) // 60 for one in shown]
        return WhichOfTwo(spot, (offsets[0], offsets[1]))
    moment = shown[min(request.fold or 0, len(shown) - 1)]
    slots = await sql.slots(conn, [(one.id, request.day) for one in offices])
    there = [one for one in slots if one.starts == request.at and (len(offices) > 1 or one.starts_at == moment)]
    if len(offices) == 1 and there:
        named = _run_from(slots, there[0], wish, to)
        if named:
            return Exact(named, wish.service)
        there = []
    free = [run for one in there if (run := _free_run(slots, one, wish, to, at))]
    if free:
        ranked = sorted(free, key=lambda run: (run[0].taken / run[0].capacity, run[0].office_id))
        return _offers([tuple(run) for run in ranked[:OFFERS]], wish, to)
    loads = await sql.loads(conn, [one.id for one in offices], request.day, request.day, after=at + LEAD)
    instead = Instead.FULL if there else _why_not(request.day, offices, loads, at)
    instead = Instead.SHUT if not there and instead is Instead.FULL else instead
    found = await near(conn, wish, first, max(moment, at), to, at=at) or NothingFree(person.phone)
    return _with(found, instead, spot)


def _run_from(slots: Sequence[Slot], first: Slot, wish: Wish, to: Known) -> tuple[Slot, ...]:
    """The places in a row from that one on that the service takes; none where the office closes before it is done."""
    office = to.offices[first.office_id]
    places = rules.places_of(wish.service, office)
    own = [one for one in slots if one.office_id == office.id and one.starts_at >= first.starts_at][:places]
    step = timedelta(minutes=office.step)
    joined = all(one.starts_at == first.starts_at + no * step for no, one in enumerate(own))
    return tuple(own) if joined and len(own) == places else ()


def _free_run(slots: Sequence[Slot], first: Slot, wish: Wish, to: Known, at: datetime) -> Sequence[Slot]:
    run = _run_from(slots, first, wish, to)
    return run if run and all(one.free for one in run) and run[0].starts_at >= at + LEAD else ()


async def near(
    conn: Connection, wish: Wish, office: Office, moment: datetime, to: Known, *, at: datetime
) -> Offers | None:
    """The free places of an office nearest to a moment: two of the same day and one of a later one, where there are;
    None where it has none."""
    day = moment.astimezone(office.zone).date()
    loads = await sql.loads(conn, [office.id], day, day + timedelta(days=OFFERED), after=at + LEAD)
    days = sorted(one.day for one in loads if one.free)[: LOOKED // 2]
    slots = await sql.slots(conn, [(office.id, one) for one in days])
    found = fitting(slots, wish, office, at, hours=False)
    same = rules.nearest([run for run in found if run[0].day == day], moment, OFFERS)
    others = [run for run in found if run[0].day != day]
    again = tuple(_at_about(others, moment.astimezone(office.zone).time()))
    chosen = [*same[: OFFERS - 1], *again[:1], *same[OFFERS - 1 :], *again[1:]][:OFFERS]
    if not chosen:
        loads = await _loads(conn, [one for one in to.offices.values() if one.receives], OFFERED, at=at)
        chosen = list(await _of_days(conn, Wish(Request(), wish.moving, wish.service), loads, to, at=at))
    return _offers(chosen, wish, to) if chosen else None


def _at_about(found: Sequence[tuple[Slot, ...]], at: time) -> Sequence[tuple[Slot, ...]]:
    """One place a day, at about that time of the day; the days in order."""
    best: dict[date, tuple[Slot, ...]] = {}
    for run in found:
        held = best.get(run[0].day)
        if held is None or _apart(run[0].starts, at) < _apart(held[0].starts, at):
            best[run[0].day] = run
    return [best[day] for day in sorted(best)]


def _apart(one: time, other: time) -> int:
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _later(at: time) -> time:
    return time(min(at.hour + 2, 23), at.minute)


async def _loads(conn: Connection, offices: Sequence[Office], days: int, *, at: datetime) -> tuple[DayLoad, ...]:
    if not offices:
        return ()
    first = min(one.today(at) for one in offices)
    last = first + timedelta(days=days)
    return await sql.loads(conn, [one.id for one in offices], first, last, after=at + LEAD)


async def _of_days(
    conn: Connection, wish: Wish, loads: Sequence[DayLoad], to: Known, *, at: datetime
) -> tuple[tuple[Slot, ...], ...]:
    """The places of the emptiest days: one of each office and day, and more of a day where there are too few days."""
    ranked = rules.least_loaded_days(loads, LOOKED)
    slots = await sql.slots(conn, [(one.office_id, one.day) for one in ranked])
    kept: list[tuple[tuple[Slot, ...], ...]] = []
    for one in ranked:
        own = [slot for slot in slots if (slot.office_id, slot.day) == (one.office_id, one.day)]
        runs = rules.least_loaded(fitting(own, wish, to.offices[one.office_id], at))
        if runs:
            kept.append(runs)
        if len(kept) == OFFERS:
            break
    chosen = [runs[0] for runs in kept]
    more = [run for runs in kept for run in runs[1:]]
    return tuple(sorted([*chosen, *more][:OFFERS], key=lambda run: (run[0].starts_at, run[0].office_id)))


def fitting(
    slots: Sequence[Slot], wish: Wish, office: Office, at: datetime, *, hours: bool = True
) -> list[tuple[Slot, ...]]:
    """The runs of free places among these that are long enough, not too soon, and not what is to be moved; within the
    hours that are wished, unless `hours` is false."""
    own = set(wish.moving.slots) if wish.moving else set()
    request = wish.request if hours else Request()
    runs = rules.runs(slots, rules.places_of(wish.service, office), office.step)
    return [run for run in runs if rules.fits(request, run[0], at) and not own & {one.id for one in run}]


def _offers(runs: Sequence[tuple[Slot, ...]], wish: Wish, to: Known) -> Offers:
    spots = tuple(Spot(run[0].day, run[0].starts, to.offices[run[0].office_id].called) for run in runs)
    moving = wish.moving.ticket if wish.moving else None
    return Offers(tuple(runs), VisitsOffered(spots, moving=moving), wish.service)


def _with(found: Offers | Visiting, instead: Instead, wanted: Spot) -> Offers | Visiting:
    """The offers, and why they are not what was wanted."""
    if not isinstance(found, Offers):
        return found
    reply = VisitsOffered(found.reply.offers, instead, wanted, found.reply.moving)
    return Offers(found.runs, reply, found.service)


def twice(found: Visiting, wish: Wish) -> dict[str, object] | None:
    """The terms of the question which of two equal times is meant; None for any other reply."""
    request = wish.request
    if not isinstance(found, WhichOfTwo) or request.day is None or request.at is None:
        return None
    return {
        "choices": [[], []],
        "day": request.day.isoformat(),
        "at": request.at.isoformat(),
        "words": list(request.words),
        "moving": wish.moving.id if wish.moving else None,
        "service": wish.service.code if wish.service else None,
    }
