"""What the database is asked about messages on their way out; every change of state names the states it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from core.outbox.model import Outcome, Report, State, sources

PUT = """
insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale, kind,
                    state, owner, lease_until)
select *, 'ready', $12, clock_timestamp() + make_interval(secs => $13)
  from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[],
              $9::smallint[], $10::text[], $11::text[])
"""

LEASE = """
update outbox set owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
 where id in (select id from outbox
               where channel = $1 and state = 'ready' and not_before <= clock_timestamp()
                 and (lease_until is null or lease_until < clock_timestamp())
               order by not_before, id limit $4 for update skip locked)
returning id
"""

START = """
update outbox set state = 'sending', attempt = attempt + 1, changed_at = clock_timestamp(),
                  lease_until = clock_timestamp() + make_interval(secs => $3)
 where id in (select o.id from outbox o
               where o.id = any($1::uuid[]) and o.owner = $2 and o.state = 'ready'
                 and not exists (select from outbox other where other.address_hash = o.address_hash
                                    and other.state in ('sending', 'unknown'))
                 and not exists (select from outbox older where older.address_hash = o.address_hash
                                    and older.state = 'ready' and older.not_before <= clock_timestamp()
                                    and (older.created_at, older.id) < (o.created_at, o.id))
               for update skip locked)
returning id
"""

OPENED = """
select o.id, o.channel, o.attempt, o.customer_id, c.data_key, coalesce(o.address, p.sealed) as address,
       o.address is null as kept, o.body, o.created_at, o.changed_at
  from outbox o
  left join customers c on c.id = o.customer_id
  left join phones p on p.hash = o.address_hash
 where o.id = any($1::uuid[])
 order by o.id
"""

FINISH = """
update outbox set state = done.state, reference = coalesce(done.reference, outbox.reference),
                  code = done.code, changed_at = clock_timestamp(),
                  not_before = clock_timestamp() + make_interval(secs => coalesce(done.again_after, 0)),
                  lease_until = null
  from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::float8[])
       as done (id, attempt, state, reference, code, again_after)
 where outbox.id = done.id and outbox.attempt = done.attempt and outbox.state = any($7::text[])
returning outbox.id
"""

OVERDUE = """
update outbox set state = 'unknown', changed_at = clock_timestamp(), lease_until = null
 where state = 'sending' and lease_until < clock_timestamp()
returning id
"""

UNCLEAR = """
update outbox set owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
 where id in (select id from outbox
               where channel = $1 and state = 'unknown' and (lease_until is null or lease_until < clock_timestamp())
               order by id limit $4 for update skip locked)
returning id
"""

REPORT = """
update outbox set state = told.state, reference = coalesce(outbox.reference, told.reference),
                  code = coalesce(told.code, outbox.code), changed_at = clock_timestamp()
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as told (id, reference, state, code)
 where outbox.id = told.id and (outbox.reference is null or outbox.reference = told.reference)
   and outbox.state = any($5::text[])
"""

JOURNAL = """
insert into reports (channel, outbound_id, reference, state, code, raw, received_at)
select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
"""

BY_REFERENCE = """
select id, reference from outbox where channel = $1 and reference = any($2::text[])
"""

HELD = """
select id from outbox where id = any($1::uuid[]) and owner = $2 and state = 'ready'
"""

SECONDS_SINCE = """
select extract(epoch from clock_timestamp() - $1::timestamptz)::float8
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox as it is written. `address` None: phones has it sealed."""

    id: UUID
    channel: str
    class_: str
    customer_id: int | None
    address_hash: bytes
    address: bytes | None
    body: bytes
    body_hash: bytes
    segments: int
    locale: str
    kind: str


async def put(conn: Connection, rows: Sequence[Row], *, owner: str, lease: float) -> None:
    """Writes the messages as ready and leased by `owner` for `lease` seconds."""
    columns = zip(
        *(
            (
                row.id, row.channel, row.class_, row.customer_id, row.address_hash, row.address, row.body,
                row.body_hash, row.segments, row.locale, row.kind,
            )
            for row in rows
        ),
        strict=True,
    )  # fmt: skip
    await conn.execute(PUT, *columns, owner, lease)


async def lease(conn: Connection, channel: str, *, owner: str, seconds: float, limit: int) -> tuple[UUID, ...]:
    """Takes ready messages that nobody holds."""
    return tuple(row[0] for row in await conn.fetch(LEASE, channel, owner, seconds, limit))


async def start(conn: Connection, ids: Sequence[UUID], *, owner: str, seconds: float) -> tuple[UUID, ...]:
    """Marks those of the held messages as being sent whose recipient has nothing in flight: one a recipient (R20)."""
    return tuple(row[0] for row in await conn.fetch(START, ids, owner, seconds))


async def opened(conn: Connection, ids: Sequence[UUID]) -> list[Record]:
    """The sealed rows with the keys that open them."""
    return list(await conn.fetch(OPENED, ids))


async def finish(conn: Connection, outcomes: Sequence[Outcome]) -> frozenset[UUID]:
    """Records how attempts ended; a result of an attempt that is no longer the current one changes nothing (R24)."""
    done: set[UUID] = set()
    for state in {outcome.state for outcome in outcomes}:
        columns = zip(
            *(
                (one.id, one.attempt, one.state, one.reference, one.code, one.again_after)
                for one in outcomes
                if one.state is state
            ),
            strict=True,
        )
        origins = [origin for origin in sources(state) if origin in (State.SENDING, State.UNKNOWN)]
        done.update(row[0] for row in await conn.fetch(FINISH, *columns, origins))
    return frozenset(done)


async def give_up_on_overdue(conn: Connection) -> int:
    """Marks as unclear what was being sent by a process that is gone (R20); how many."""
    return len(await conn.fetch(OVERDUE))


async def unclear(conn: Connection, channel: str, *, owner: str, seconds: float, limit: int) -> tuple[UUID, ...]:
    """Takes messages of which nobody knows whether they went out."""
    return tuple(row[0] for row in await conn.fetch(UNCLEAR, channel, owner, seconds, limit))


async def report(conn: Connection, reports: Sequence[Report]) -> None:
    """Applies receipts; each moves a message forward or changes nothing (R23)."""
    for one in reports:
        if one.key is not None and one.state is not None:
            allowed = list(sources(one.state))
            await conn.execute(REPORT, [one.key], [one.reference], [one.state], [one.code], allowed)


async def journal(conn: Connection, channel: str, rows: Sequence[tuple[UUID | None, Report, bytes]]) -> None:
    """Keeps receipts as they came: (our message, the receipt, its sealed raw form)."""
    columns = zip(*((key, told.reference, told.state, told.code, raw, told.at) for key, told, raw in rows), strict=True)
    await conn.execute(JOURNAL, channel, *columns)


async def by_reference(conn: Connection, channel: str, references: Sequence[str]) -> dict[str, UUID]:
    """Which of our messages carry these provider's references."""
    return {row[1]: row[0] for row in await conn.fetch(BY_REFERENCE, channel, references)}


async def held(conn: Connection, ids: Sequence[UUID], *, owner: str) -> frozenset[UUID]:
    """Those of the messages that are still ready and leased by `owner`."""
    return frozenset(row[0] for row in await conn.fetch(HELD, ids, owner))


async def seconds_since(conn: Connection, at: datetime) -> float:
    """Seconds by the database's clock, by which leases are counted."""
    seconds: float = await conn.fetchval(SECONDS_SINCE, at)
    return seconds
