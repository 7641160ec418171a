"""What the database is asked about what came in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from core.basics.facts import dataclass
from core.inbox.model import Fate

FILE = """
insert into inbox (channel, provider, reference, sender_hash, customer_id, received_at, content_hash, payload,
                   said_hash, shape_hash, command, fate, reason, account_id, outbound_id)
select * from unnest($1::inbox_row[])
on conflict (provider, reference) do nothing
returning id, provider, reference
"""

RECENT = """
select asked.hash, said.received_at, said.command, said.said_hash, said.shape_hash, said.fate, said.reason
  from unnest($1::bytea[]) as asked (hash)
 cross join lateral (select received_at, command, said_hash, shape_hash, fate, reason from inbox
                      where sender_hash = asked.hash order by id desc limit 8) as said
"""

ANSWERED = """
select asked.hash, count(*)
  from unnest($1::bytea[], $2::timestamptz[]) as asked (hash, since)
 cross join lateral (select from inbox where sender_hash = asked.hash and received_at > asked.since
                        and customer_id is null and fate <> 'muted' limit $3) as said
 group by asked.hash
"""

SENT = """
select asked.hash, (select count(*) from (select received_at from inbox where sender_hash = asked.hash
                                           order by id desc limit $3) as last where last.received_at > asked.since)
  from unnest($1::bytea[], $2::timestamptz[]) as asked (hash, since)
"""

ALARM = """
insert into alarms (kind, about, at, inbox_id)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[])
on conflict do nothing
"""

ALARM_ONCE = """
insert into alarms (kind, about, at)
select $1, $2, $3 where not exists (select from alarms where at > $3::timestamptz - interval '1 hour' and at <= $3
                                       and kind = $1 and about = $2)
"""

MISSING = """
select asked.reference from unnest($2::text[]) as asked (reference)
 where not exists (select from inbox where provider = $1 and reference = asked.reference)
"""

POLL_BEGIN = """
insert into inbox_polls as poll (provider, confirmed, due_at, begun_at, owner, lease_until)
values ($1, $2, clock_timestamp() + make_interval(secs => $5), clock_timestamp(), $3,
        clock_timestamp() + make_interval(secs => $4))
on conflict (provider) do update
   set (due_at, begun_at, owner, lease_until)
     = (excluded.due_at, excluded.begun_at, excluded.owner, excluded.lease_until)
 where (poll.due_at <= clock_timestamp() or poll.begun_at < clock_timestamp() - make_interval(secs => $6))
   and (poll.lease_until is null or poll.lease_until < clock_timestamp())
returning confirmed, begun_at, extract(epoch from clock_timestamp() - confirmed)::float8
"""

POLL_READ = """
select begun_at > $2 and completed > 0 and failed = 0 and lease_until is null from inbox_polls where provider = $1
"""

POLL_KEEP = """
update inbox_polls set lease_until = clock_timestamp() + make_interval(secs => $3)
 where provider = $1 and begun_at = $2
"""

POLL_FORWARD = """
update inbox_polls set confirmed = greatest(confirmed, $3), fetched = fetched + $4,
                       lease_until = clock_timestamp() + make_interval(secs => $5)
 where provider = $1 and begun_at = $2
returning confirmed, begun_at, extract(epoch from clock_timestamp() - confirmed)::float8
"""

POLL_END = """
update inbox_polls set completed = completed + 1, failed = 0, lease_until = null where provider = $1 and begun_at = $2
"""

POLL_FAIL = """
update inbox_polls
   set failed = failed + 1, lease_until = null,
       due_at = least(due_at, clock_timestamp() + make_interval(secs => $3 * (failed + 1)))
 where provider = $1 and begun_at = $2
returning failed
"""


class Filed(NamedTuple):
    """A row of the inbox as it is written, an inbox_row: the message sealed, and how it ended."""

    channel: str
    provider: str
    reference: str
    sender_hash: bytes
    customer_id: int | None
    received_at: datetime
    content_hash: bytes
    payload: bytes
    said_hash: bytes
    shape_hash: bytes
    command: str
    fate: Fate
    reason: str
    account_id: int | None
    outbound_id: UUID | None


@dataclass(frozen=True, slots=True)
class Poll:
    """A reading of the provider's list that this process has begun. `confirmed`: what the provider took until then, by
    its own clock, is on record; `behind` is the seconds since then by the database's."""

    confirmed: datetime
    begun_at: datetime
    behind: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same sender said before, newest first."""

    at: datetime
    command: str
    said_hash: bytes | None
    shape_hash: bytes | None
    fate: Fate
    reason: str


async def file(conn: Connection, rows: Sequence[Filed]) -> dict[tuple[str, str], int]:
    """The new rows' ids by (provider, reference); one that another process has just filed is missing."""
    return {(row[1], row[2]): row[0] for row in await conn.fetch(FILE, rows)}


async def recent(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, tuple[Earlier, ...]]:
    """The last eight messages of each sender, newest first."""
    found: dict[bytes, tuple[Earlier, ...]] = {}
    for digest, at, command, said, shape, fate, reason in await conn.fetch(RECENT, hashes):
        found[digest] = (*found.get(digest, ()), Earlier(at, command, said, shape, Fate(fate), reason))
    return found


async def answered(conn: Connection, asked: Sequence[tuple[bytes, datetime]], *, limit: int) -> dict[bytes, int]:
    """How many messages of each unknown sender were answered after a time, counted up to `limit`."""
    return {row[0]: row[1] for row in await conn.fetch(ANSWERED, *zip(*asked, strict=True), limit)}


async def sent(conn: Connection, asked: Sequence[tuple[bytes, datetime]], *, limit: int) -> dict[bytes, int]:
    """How many of each sender's last messages, so many at most, came after a time."""
    return {row[0]: row[1] for row in await conn.fetch(SENT, *zip(*asked, strict=True), limit)}


async def alarm(
    conn: Connection, alarms: Sequence[tuple[str, str, datetime]], *, messages: Sequence[int] | None = None
) -> None:
    """Puts (kind, about, at) before the staff; `messages` are the ids of those on which they were raised."""
    await conn.execute(ALARM, *zip(*alarms, strict=True), messages or [None] * len(alarms))


async def alarm_once(conn: Connection, kind: str, about: str, *, at: datetime) -> None:
    """Puts it before the staff unless the same was within the last hour."""
    await conn.execute(ALARM_ONCE, kind, about, at)


async def missing(conn: Connection, provider: str, references: Sequence[str]) -> frozenset[str]:
    """Those of the provider's messages that are not on record."""
    return frozenset(row[0] for row in await conn.fetch(MISSING, provider, references))


async def begin_poll(
    conn: Connection, provider: str, *, first: datetime, owner: str, lease: float, every: float, spare: float
) -> Poll | None:
    """Takes on the reading of the provider's list for `lease` seconds; None where it is not due or another has it.

    It is due `every` so many seconds, and sooner where the last one began more than `spare` seconds ago. `first` is
    what the very first reading takes for confirmed.
    """
    row = await conn.fetchrow(POLL_BEGIN, provider, first, owner, lease, every, spare)
    return None if row is None else Poll(*row)


async def read_since(conn: Connection, provider: str, since: datetime) -> bool:
    """Whether a reading that began after this, by the database's clock, has come to its end."""
    return bool(await conn.fetchval(POLL_READ, provider, since))


async def keep_poll(conn: Connection, provider: str, poll: Poll, *, lease: float) -> None:
    """Holds the reading for so many more seconds."""
    await conn.execute(POLL_KEEP, provider, poll.begun_at, lease)


async def forward_poll(
    conn: Connection, provider: str, poll: Poll, *, confirmed: datetime, fetched: int, lease: float
) -> Poll | None:
    """Puts down how far the list is on record, and how many messages that brought; None where another process has
    taken the reading over (R24)."""
    row = await conn.fetchrow(POLL_FORWARD, provider, poll.begun_at, confirmed, fetched, lease)
    return None if row is None else Poll(*row)


async def end_poll(conn: Connection, provider: str, poll: Poll) -> None:
    """The list was read to its end."""
    await conn.execute(POLL_END, provider, poll.begun_at)


async def fail_poll(conn: Connection, provider: str, poll: Poll, *, again: float) -> int:
    """The list could not be read, and is to be tried again after `again` seconds, later each time; how often that
    happened in a row, 0 where another process has taken the reading over."""
    return await conn.fetchval(POLL_FAIL, provider, poll.begun_at, again) or 0
