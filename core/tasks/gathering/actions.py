"""Makes tasks of what came since the last look, and closes those whose source needs nobody any more.

No message waits for it: the sources are what messages, imports and jobs wrote anyway. The same look twice makes nothing
twice, for a source is a task once.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.accounts import rights
from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.billing import profiles
from core.billing.terms import Calendar
from core.commands import Subject
from core.requests.model import PENDING, State
from core.tasking import TaskKind
from core.tasks import rules, sql
from core.tasks.gathering import sql as gathering
from core.tasks.gathering.sql import Marked, New
from core.tasks.model import ALARMS, SUBJECTS, SYSTEM, What
from core.tasks.sql import Written

CHUNK = 500
"""So many rows of a source at a time."""

MOST_FOUND = 10_000
"""So many of a kind wait at most: where there are more, the lists are `meterline holes` and `meterline lapsing`."""

SETTLING = 120.0
"""Seconds after which no transaction of a message can still be open, so that no lower id appears any more."""

ANSWER = timedelta(hours=72)
"""So long an owner has to answer before it is the staff's (ruling 24)."""

_Read = Callable[[int], Awaitable[list[Record]]]

_ONCE = (TaskKind.NOT_ME, TaskKind.ANOMALY, TaskKind.MUTED)
"""Kinds of which one that waits about an account is enough: the same once more is noted at it."""


@dataclass(frozen=True, slots=True)
class Company:
    """By what terms are reckoned."""

    zone: ZoneInfo
    calendar: Calendar


async def company(conn: Connection, *, timezone: str, pack: str) -> Company:
    """The company's zone and days off; those given where it has none yet."""
    profile = await accounts.company(conn)
    pack, timezone = (profile.pack, profile.timezone) if profile else (pack, timezone)
    return Company(ZoneInfo(timezone), profiles.profile(pack).calendar)


async def gather(conn: Connection, of: Company, *, at: datetime, whole: bool = False) -> int:
    """Makes the tasks that are missing; how many. Nothing while another process is at it. `whole`: goes through every
    source from its beginning, as once a day, in case that a transaction took longer than any should."""
    made = 0
    async with conn.transaction():
        if not await gathering.turn(conn):
            return 0
        marks = await gathering.marks(conn, settling=SETTLING)
        made += await _requests(conn, of, _begin(marks, "requests", whole))
        made += await _alarms(conn, of, _begin(marks, "alarms", False))
        made += await _payments(conn, of, _begin(marks, "payments", whole))
        made += await _links(conn, of, _begin(marks, "links", whole), at)
        made += await _aside(conn, of, _begin(marks, "readings", whole), at)
    return made


async def settle(conn: Connection, *, at: datetime) -> int:
    """Closes tasks whose source needs nobody any more; how many."""
    async with conn.transaction():
        if not await gathering.turn(conn):
            return 0
        found = await gathering.settled(conn)
        return await _settled(conn, found, at)


async def gather_request(conn: Connection, number: str, of: Company) -> int | None:
    """The task of a request, made where nobody has looked yet; None where there is no such request. The caller owns the
    transaction."""
    id = await gathering.request(conn, number)
    if id is None:
        return None
    rows = [row for row in await gathering.requests(conn, id - 1, 1) if row["id"] == id]
    await gathering.add(conn, [_of_request(row, of) for row in rows])
    return await sql.of_request(conn, id)


@dataclass(frozen=True, slots=True)
class Found:
    """What a job has found in the account with this number: by what it is known again, and in words."""

    account: str
    name: str
    words: str


async def holes(conn: Connection, all_: Sequence[Found], of: Company, *, at: datetime) -> tuple[int, int]:
    """Makes tasks of the holes in consumption that were found, so many that the list stays of use, and closes those
    that are found no more; how many of each."""
    return await _kept(conn, TaskKind.HOLE, all_, "found no more", of, at=at)


async def lapsing(conn: Connection, all_: Sequence[Found], of: Company, *, at: datetime) -> tuple[int, int]:
    """The same of debts whose limitation runs out soon: each is a task once, whatever is paid of it meanwhile, and no
    more where it is paid, written off or acknowledged, or where its limitation has run."""
    return await _kept(conn, TaskKind.LAPSING, all_, "lapses no more", of, at=at)


async def _kept(
    conn: Connection, kind: TaskKind, all_: Sequence[Found], why: str, of: Company, *, at: datetime
) -> tuple[int, int]:
    async with conn.transaction():
        known = await gathering.found(conn, kind)
        ids = await gathering.accounts(conn, sorted({one.account for one in all_}))
        found = [(ids[one.account], one.name, one.words) for one in all_ if one.account in ids]
        names = {(account, name) for account, name, _ in found}
        gone = [(id, why) for key, id in known.items() if key not in names]
        closed = await _settled(conn, gone, at)
        new = [
            _new(kind, at, of, account_id=account, hole=name, about=words)
            for account, name, words in found
            if (account, name) not in known
        ][: max(0, MOST_FOUND - len(known))]
        made = 0
        for start in range(0, len(new), CHUNK):
            made += await gathering.add(conn, new[start : start + CHUNK])
    return made, closed


def _begin(marks: dict[str, Marked], source: str, whole: bool) -> Marked:
    found = marks.get(source, Marked())
    return Marked(0, found.seen, settled=False) if whole else found


async def _requests(conn: Connection, of: Company, begun: Marked) -> int:
    async def read(after: int) -> list[Record]:
        return await gathering.requests(conn, after, CHUNK)

    return await _each(conn, "requests", begun, read, lambda row: _of_request(row, of))


async def _payments(conn: Connection, of: Company, begun: Marked) -> int:
    async def read(after: int) -> list[Record]:
        return await gathering.suspense(conn, after, CHUNK)

    def made(row: Record) -> New:
        about = f"{row['agent']} {row['external_id']}".strip()
        return _new(TaskKind.SUSPENSE, row["recorded_at"], of, payment_id=row["id"], about=about)

    return await _each(conn, "payments", begun, read, made)


async def _each(conn: Connection, source: str, begun: Marked, read: _Read, made: Callable[[Record], New]) -> int:
    """Goes through what a source has behind the mark, a chunk at a time."""
    count, after, rows = 0, begun.mark, await read(begun.mark)
    while rows:
        count += await gathering.add(conn, [made(row) for row in rows])
        after = rows[-1]["id"]
        rows = await read(after) if len(rows) == CHUNK else []
    await _seen(conn, source, begun)
    return count


async def _seen(conn: Connection, source: str, begun: Marked) -> None:
    """Moves the mark on to what was seen long enough ago, and notes what is seen now."""
    if begun.settled:
        last = (await gathering.last(conn))[source]
        if last != begun.seen or begun.mark != begun.seen:
            await gathering.set_mark(conn, source, begun.seen, last)


async def _alarms(conn: Connection, of: Company, begun: Marked) -> int:
    kinds, count, after = list(ALARMS), 0, begun.mark
    while rows := await gathering.alarms(conn, after, CHUNK, kinds):
        count += await _of_alarms(conn, rows, of)
        after = rows[-1]["id"]
        if len(rows) < CHUNK:
            break
    await _seen(conn, "alarms", begun)
    return count


async def _of_alarms(conn: Connection, rows: Sequence[Record], of: Company) -> int:
    """New tasks, and at those that wait about the same account: once more."""
    about = sorted({row["account_id"] for row in rows if row["account_id"] is not None})
    waiting: dict[tuple[str, int], int] = await gathering.same(conn, about, _ONCE)
    count = 0
    again: list[tuple[int, datetime, int]] = []
    for row in rows:
        kind = ALARMS[row["kind"]]
        key = (str(kind), row["account_id"])
        if kind in _ONCE and key in waiting:
            again.append((waiting[key], row["at"], row["id"]))
            continue
        added = await gathering.add(conn, [_of_alarm(row, kind, of)])
        count += added
        if kind in _ONCE and added and row["account_id"] is not None:
            waiting |= await gathering.same(conn, [row["account_id"]], [kind])
    await gathering.again(conn, again, by=SYSTEM)
    return count


async def _links(conn: Connection, of: Company, begun: Marked, at: datetime) -> int:
    """Phones about which an owner was asked and has not answered in time."""
    count, after = 0, begun.mark
    managing = [str(role) for role in rights.managing()]
    while rows := await gathering.links(conn, after, CHUNK, at - ANSWER, managing):
        count += await gathering.add(conn, [_of_link(row, of) for row in rows if row["asked"]])
        after = rows[-1]["id"]
        if len(rows) < CHUNK:
            break
    if after > begun.mark:
        await gathering.set_mark(conn, "links", after, after)
    return count


async def _aside(conn: Connection, of: Company, begun: Marked, at: datetime) -> int:
    """Readings that were put aside, and that no owner has taken in time."""
    count, after = 0, begun.mark
    while rows := await gathering.aside(conn, after, CHUNK, at - ANSWER):
        count += await gathering.add(conn, [_of_reading(row, of) for row in rows])
        after = rows[-1]["inbox_id"]
        if len(rows) < CHUNK:
            break
    if after > begun.mark:
        await gathering.set_mark(conn, "readings", after, after)
    return count


async def _settled(conn: Connection, found: Sequence[tuple[int, str]], at: datetime) -> int:
    done = 0
    for id, why in found:
        if await sql.locked_state(conn, id) in PENDING:
            await sql.write(conn, Written(id, What.SETTLED, at, SYSTEM, why=why))
            done += 1
    return done


def _of_request(row: Record, of: Company) -> New:
    state = State(row["state"])
    new = _new(
        SUBJECTS[Subject(row["subject"])],
        row["opened_at"],
        of,
        request_id=row["id"],
        account_id=row["account_id"],
        customer_id=row["customer_id"],
        inbox_id=row["inbox_id"],
        phone_hash=row["phone_hash"],
    )
    if state is State.OPEN:
        return new
    done = row["since"] if state in (State.ANSWERED, State.CLOSED) else None
    return new._replace(state=str(state), since=row["since"], owner=row["by"], done_at=done)


def _of_alarm(row: Record, kind: TaskKind, of: Company) -> New:
    return _new(
        kind,
        row["at"],
        of,
        alarm_id=row["id"],
        link_id=row["denied"],
        account_id=row["account_id"],
        reading_no=row["reading_no"],
        customer_id=row["customer_id"],
        inbox_id=row["inbox_id"],
        phone_hash=row["denied_phone"] or row["sender_hash"],
        about=row["kind"],
    )


def _of_link(row: Record, of: Company) -> New:
    return _new(
        TaskKind.LINK,
        row["valid_from"] + ANSWER,
        of,
        link_id=row["id"],
        account_id=row["account_id"],
        customer_id=row["customer_id"],
        phone_hash=row["phone_hash"],
        about="owner silent",
    )


def _of_reading(row: Record, of: Company) -> New:
    return _new(
        TaskKind.READING,
        row["recorded_at"] + ANSWER,
        of,
        account_id=row["account_id"],
        reading_no=row["no"],
        customer_id=row["customer_id"],
        inbox_id=row["inbox_id"],
        phone_hash=row["sender_hash"],
        about="owner silent",
    )


def _new(kind: TaskKind, opened_at: datetime, of: Company, **about: Any) -> New:
    due = rules.due(kind, opened_at, zone=of.zone, calendar=of.calendar, table=rules.kinds())
    bare = New(
        str(kind), None, None, None, None, None, None, None, None, None, None, "", opened_at, due, "open", opened_at,
        None, None,
    )  # fmt: skip
    return bare._replace(**about)
