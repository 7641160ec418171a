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
select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::timestamptz[], $7::bytea[],
                     $8::bytea[], $9::bytea[], $10::bytea[], $11::text[], $12::text[], $13::text[], $14::bigint[],
                     $15::uuid[])
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
insert into alarms (kind, about, at) select * from unnest($1::text[], $2::text[], $3::timestamptz[])
on conflict do nothing
"""


class Filed(NamedTuple):
    """A row of the inbox as it is written, in the order of FILE: the message sealed, and how it ended."""

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
    return {(row[1], row[2]): row[0] for row in await conn.fetch(FILE, *zip(*rows, strict=True))}


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


async def alarm(conn: Connection, alarms: Sequence[tuple[str, str, datetime]]) -> None:
    """Puts (kind, about, at) before the staff."""
    await conn.execute(ALARM, *zip(*alarms, strict=True))
