"""Finds the people of notices, keeps their quiet hours, and tells how far it is. The caller owns transactions where
nothing else is said."""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection, DeadlockDetectedError

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.facts import dataclass
from core.billing import profiles
from core.billing.terms import Pack
from core.billing.warning import closes, opens
from core.inbox import sql as inbox
from core.notices import sql as notices
from core.notices import texts
from core.notices.model import CLASS, RULES, SYSTEM, Bar, Class, Kind, Notice, Person, Progress, Refused, State, Why
from core.notices.people import sql
from core.notices.people.judging import Facts, Judge
from core.notices.reminding.rules import wanted_since
from core.notices.warnings import sparing

OWNER = "notices"

CHUNK = 500
"""Messages opened again, or put into chats, in one transaction."""

TOGETHER, WARNED = 2000, 500
"""People worded in one transaction; official warnings, each with five rows of evidence."""

BARRED = 20_000
"""People who are told nothing, written down in one statement when the audience is frozen."""

CHECKED = timedelta(days=1)
"""So long somebody has to look at what went out by one person's word (R26)."""

UNCHECKED = "safety unchecked"
"""The alarm that nobody has."""

GIVE_WAY = 5
"""So often is a pause or a stop tried again that was told to give way."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who writes, and by which rule pack."""

    profile: CompanyProfile
    pack: Pack

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.profile.timezone)

    def years(self, notice: Notice) -> int:
        """After how many years a debt counts no more for it, 0: never. Nobody is warned of a debt whose limitation has
        run (row M11b)."""
        return self.pack.limitation if notice.cls is Class.OFFICIAL else 0

    def days(self, notice: Notice, to: Person) -> int:
        return self.pack.warnings.of(notice.kind, to.customer).days


async def company(conn: Connection) -> Company:
    """
    :raises Refused: no company is set up.
    """
    found = await accounts.company(conn)
    if found is None:
        raise Refused(Why.NOBODY, "no company is set up")
    return Company(found, profiles.profile(found.pack))


async def freeze(conn: Connection, notice: Notice, of: Company, *, at: datetime) -> tuple[int, bytes]:
    """Writes down who the audience is, with those barred and why; how many are to be told, and the hash of them all."""
    day, topic = at.astimezone(of.zone).date(), RULES[notice.cls].topic or ""
    await sql.unplan(conn, notice.id)
    others, judge = await had_of_late(conn, notice, at=at), Judge(notice, of.pack)
    barred: list[tuple[int, str]] = []
    debts, since = texts.asks_for_debt(notice.draft), wanted_since(day, of.profile.window)
    years = of.years(notice)
    rows = await sql.plan(
        conn, notice, day=day, at=at, topic=topic, others=others, debts=debts, since=since, years=years
    )
    spared = await sparing.spared_people(conn, notice, of.pack, day=day)
    for row in rows:
        why = judge.why(row[-len(Facts._fields) :], phone=row["phone"])
        if why is None and not spared.isdisjoint(row["ids"]):
            why = Bar.PROTECTED
        if why is None:
            judge.told(row["phone"])
        else:
            barred += [(id, str(why)) for id in row["ids"]]
    for first in range(0, len(barred), BARRED):
        await sql.bar(conn, barred[first : first + BARRED])
    people, digest, one, last = await notices.everybody(conn, notice.id)
    if one is not None and last is not None:
        await notices.cut(conn, notice.id, one, last, WARNED if notice.cls is Class.OFFICIAL else TOGETHER)
    return people, digest


async def had_of_late(conn: Connection, notice: Notice, *, at: datetime) -> list[int]:
    """The notices whose messages count towards what a phone may get of the class; none where it has no limit."""
    if not RULES[notice.cls].quiet:
        return []
    return await sql.others(conn, notice, [str(kind) for kind, cls in CLASS.items() if cls is notice.cls], at=at)


Hours = tuple[str, int | None, int | None]
"""A recipient's zone, and the hours in which he wants to be told himself, None where he chose none."""


def until(kind: Kind, hours: Hours, of: Company, at: datetime) -> datetime | None:
    """When the recipient's quiet hours begin; None in them, and for a class that has none."""
    if not RULES[CLASS[kind]].quiet:
        return None
    timezone, *own = hours
    return closes(at, ZoneInfo(timezone), of.pack.warnings.quiet.within(*own), of.pack.calendar.is_off)


def opening(hours: Hours, of: Company, at: datetime) -> datetime:
    """When the recipient's quiet hours end."""
    timezone, *own = hours
    return opens(at, ZoneInfo(timezone), of.pack.warnings.quiet.within(*own), of.pack.calendar.is_off)


async def reopen(conn: Connection, *, at: datetime) -> int:
    """Lets messages be begun again whose hours have come, or whose notice goes on after a pause; how many."""
    async with conn.transaction():
        await sql.drop_left(conn)
        rows = await sql.closed(conn, at=at, limit=CHUNK)
        if not rows:
            return 0
        of = await company(conn)
        ends: list[tuple[UUID, datetime | None]] = []
        for row in rows:
            kind = Kind(row["kind"])
            end = until(kind, (row["timezone"], row["told_from"], row["told_till"]), of, at)
            if end is not None or not RULES[CLASS[kind]].quiet:
                ends.append((row["id"], end))
        await sql.close_at(conn, ends)
    return len(ends)


async def shut(conn: Connection, notice_id: int) -> int:
    """From now on no message of the notice is begun; how many there are that had not ended. What records attempts at
    this moment locks the same messages in its own order: who is told to give way tries again."""
    return await _patiently(conn, sql.shut, notice_id)


async def drop(conn: Connection, notice_id: int) -> int:
    """Messages of the notice that wait are never sent, and none is begun any more; how many."""
    dropped = await _patiently(conn, sql.drop, notice_id)
    await shut(conn, notice_id)
    return dropped


async def _patiently(conn: Connection, do: Callable[[Connection, int], Awaitable[int]], notice_id: int) -> int:
    for _ in range(GIVE_WAY):
        with suppress(DeadlockDetectedError):
            async with conn.transaction():
                return await do(conn, notice_id)
    return await do(conn, notice_id)


async def advance(conn: Connection, *, at: datetime) -> int:
    """Begins what has counted down, and ends what has nothing left; how many."""
    async with conn.transaction():
        begun, ended = await notices.counted_down(conn, at=at), await notices.finished(conn)
        for id, state, what in [(id, State.RUNNING, "begun") for id in begun] + [
            (id, State.DONE, "finished") for id in ended
        ]:
            await notices.move(conn, id, state, at=at)
            await notices.note(conn, id, what, at=at, by=SYSTEM)
    return len(begun) + len(ended)


async def miss_checks(conn: Connection, *, at: datetime) -> int:
    """Puts down an alarm for each message for safety at which nobody else has looked within a day (R26); how many."""
    kinds = [str(kind) for kind, cls in CLASS.items() if RULES[cls].alone]
    async with conn.transaction():
        found = await notices.unchecked(conn, kinds, before=at - CHECKED)
        for id in found:
            await notices.note(conn, id, "unchecked", at=at, by=SYSTEM)
        if found:
            await inbox.alarm(conn, [(UNCHECKED, str(id), at) for id in found])
    return len(found)


async def progress(conn: Connection, id: int) -> Progress:
    """How far a notice is."""
    barred: Counter[str] = Counter()
    states: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    people = waiting = rate = 0
    for row in await notices.progress(conn, id):
        people += row["people"]
        rate += row["recent"]
        if row["state"] is not None:
            states[row["state"]] += row["people"]
            if row["code"]:
                errors[row["code"]] += row["people"]
        elif row["bar"] is not None:
            barred[row["bar"]] += row["people"]
        else:
            waiting += row["people"]
    return Progress(people, dict(barred), waiting, dict(states), dict(errors), rate)


async def without_phone(conn: Connection, notice: Notice, of: Company, *, day: date) -> dict[str, int]:
    """Accounts of the audience that nobody can be told of, under their bar."""
    since = wanted_since(day, of.profile.window)
    number = await sql.without_phone(conn, notice, day=day, since=since, years=of.years(notice))
    return {str(Bar.NO_PHONE): number} if number else {}
