"""What time does to visits: holds lapse, reminders go out, and who was not seen has not come."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts import sql as accounts
from core.billing import profiles
from core.billing.warning import Quiet, closes
from core.bookings import sql, telling
from core.bookings.model import Ask, Asked, State, Visit
from core.bookings.reminding import sql as reminding
from core.bookings.sql import Event
from core.bookings.telling import Listener
from core.messages import Reply
from core.outbox.noticing import Wire
from core.visiting import HoldLapsed, VisitReminded

MOST = 200
SYSTEM = "meterline"

FRESH = timedelta(hours=3)
"""Who booked so short a while ago needs no reminder."""


async def look(conn: Connection, wire: Wire, *, at: datetime) -> int:
    """One look at the clock: lapses, reminders of the day before and of two hours before, visits that are past; how
    many messages were put into the outbox. Each of the four is a transaction of its own, and several processes may look
    at once."""
    told = 0
    async with conn.transaction():
        told += await _lapse(conn, wire, at=at)
    for soon in (False, True):
        async with conn.transaction():
            told += await _remind(conn, wire, soon=soon, at=at)
    async with conn.transaction():
        ended = await reminding.past(conn, at=at, limit=MOST)
        await sql.note(conn, [Event(id_, state, at, SYSTEM) for id_, state in ended])
    return told


async def _lapse(conn: Connection, wire: Wire, *, at: datetime) -> int:
    held = await reminding.lapsing(conn, at=at, limit=MOST)
    if not held:
        return 0
    await sql.lock(conn, [slot for _, slots in held for slot in slots])
    lapsed = set(await reminding.lapse(conn, [id_ for id_, _ in held], at=at))
    offices = await sql.offices(conn)
    visits: list[Visit] = []
    for id_, _ in held:
        visit = await sql.one(conn, id_, offices) if id_ in lapsed else None
        if visit is not None:
            await sql.free(conn, visit.slots)
            visits.append(visit)
    await sql.note(conn, [Event(one.id, State.LAPSED, at, SYSTEM, one.starts_at) for one in visits])
    listeners = await telling.listeners(conn, visits, at=at)
    told = [(one, listeners[one.id], HoldLapsed(one.spot), None) for one in visits if one.id in listeners]
    return await telling.tell(conn, told, wire, at=at)


async def _remind(conn: Connection, wire: Wire, *, soon: bool, at: datetime) -> int:
    """Reminds those who may be told now: not in their quiet hours, and not who has said STOP since he booked (R28)."""
    hours = await _hours(conn)
    offices = {id_: one for id_, one in (await sql.offices(conn)).items() if hours(one.zone, None, None, at)}
    if not offices:
        return 0
    find = reminding.soon if soon else reminding.tomorrow
    visits = await find(conn, offices, at=at, limit=MOST)
    if not visits:
        return 0
    listeners = await telling.listeners(conn, visits, at=at)
    now = [one for one in visits if _may(listeners.get(one.id), one, hours, at)]
    await reminding.reminded(conn, [one.id for one in now], 2 if soon else 1)
    due = [one for one in now if one.id in listeners and one.since <= at - FRESH and not listeners[one.id].stopped]
    told = [_reminder(one, listeners[one.id], soon=soon) for one in due]
    await sql.note(conn, [Event(one.id, "reminded", at, SYSTEM) for one, _, _, _ in told])
    return await telling.tell(conn, _one_question_each(told), wire, at=at)


_Hours = Callable[[ZoneInfo, int | None, int | None, datetime], bool]


async def _hours(conn: Connection) -> _Hours:
    """Whether a message may come in a zone at a time to who has chosen such hours himself."""
    company = await accounts.company(conn)
    pack = profiles.profile(company.pack) if company else None
    quiet = pack.warnings.quiet if pack else Quiet()

    def is_off(day: date) -> bool:
        return pack is not None and pack.calendar.is_off(day)

    def may(zone: ZoneInfo, told_from: int | None, told_till: int | None, at: datetime) -> bool:
        return closes(at, zone, quiet.within(told_from, told_till), is_off) is not None

    return may


def _may(to: Listener | None, visit: Visit, hours: _Hours, at: datetime) -> bool:
    """Whether the reminder's time has come: of whom nobody can be told it has, in his own hours else."""
    return to is None or hours(visit.office.zone, to.told_from, to.told_till, at)


def _reminder(visit: Visit, to: Listener, *, soon: bool) -> tuple[Visit, Listener, Reply, Ask | None]:
    asks = not soon and to.free and not visit.confirmed
    ask = Ask(Asked.COMING, {"visit": visit.id}, visit.starts_at) if asks else None
    return visit, to, VisitReminded(visit.booked, soon=soon, asks=asks), ask


_Told = tuple[Visit, Listener, Reply, Ask | None]


def _one_question_each(told: Sequence[_Told]) -> Sequence[_Told]:
    """Of several reminders to one phone only the first asks: a yes could mean any of them."""
    kept: list[_Told] = []
    asked: set[bytes] = set()
    for visit, to, reply, ask in told:
        again = to.hash in asked
        asked.add(to.hash)
        kept.append((visit, to, VisitReminded(visit.booked), None) if again and ask else (visit, to, reply, ask))
    return kept
