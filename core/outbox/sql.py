"""What the database is asked about messages on their way out; every change of state names the states it comes from."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection, Record

from core.basics import phone
from core.outbox.model import LASTS, Outcome, Report, State, sources

PUT = """
insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale, kind,
                    extras, state, owner, lease_until)
select *, 'ready', $2, clock_timestamp() + make_interval(secs => $3) from unnest($1::outbox_row[])
"""

SHOW = """
insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale, kind,
                    extras, state)
select *, 'delivered' from unnest($1::outbox_row[])
"""

_opened = """
select o.id, o.channel, o.attempt, o.rank, o.code, c.data_key, coalesce(o.address, p.sealed) as address, o.body,
       o.extras, o.doubts, o.created_at, extract(epoch from clock_timestamp() - o.changed_at)::float8 as quiet
  from {rows} o
  left join customers c on c.id = o.customer_id
  left join phones p on p.hash = o.address_hash
"""
"""Messages `o` as they are sealed, with the keys that open them."""

_taken = """
with taken as (
    update outbox set owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
     where id = any (array(select id from outbox
                            where channel = $1 and state = 'ready' and not_before <= clock_timestamp()
                              and (lease_until is null or lease_until < clock_timestamp())
                              and (closes_at is null or closes_at > $5)
                              and not exists (select from outbox_holds where channel = $1)
                            order by rank, not_before, id limit $4 for update skip locked))
    returning *
)
"""

LEASE = f"""
{_taken} {_opened.format(rows="taken")} order by o.id
"""

START = """
update outbox set state = 'sending', attempt = attempt + 1, changed_at = clock_timestamp(),
                  lease_until = clock_timestamp() + make_interval(secs => $3)
 where id in (select o.id from outbox o
               where o.id = any($1::uuid[]) and o.owner = $2 and o.state = 'ready' and o.not_before <= clock_timestamp()
                 and (o.closes_at is null or o.closes_at > $4)
                 and not exists (select from outbox_holds h where h.channel = o.channel)
                 and not exists (select from outbox other where other.address_hash = o.address_hash
                                    and other.channel = o.channel
                                    and other.state in ('sending', 'unknown') offset 0)
                 and not exists (select from outbox older where older.address_hash = o.address_hash
                                    and older.channel = o.channel and older.state = 'ready'
                                    and older.not_before <= clock_timestamp()
                                    and (older.closes_at is null or older.closes_at > $4)
                                    and (older.rank, older.created_at, older.id) < (o.rank, o.created_at, o.id))
                 and ($5::float8 = 0 or not exists (
                         select from outbox last
                          where last.address_hash = o.address_hash and last.channel = o.channel and last.state = 'sent'
                            and last.changed_at > clock_timestamp() - make_interval(secs => $5)))
               for update skip locked)
returning id, attempt
"""
"""`offset 0` has each recipient looked up: planned as a join, all that is in flight is read for each of them."""

OPENED = f"""
{_opened.format(rows="outbox")} where o.id = any($1::uuid[]) order by o.id
"""

FINISH = """
update outbox set state = done.state, reference = coalesce(done.reference, outbox.reference),
                  code = done.code, changed_at = clock_timestamp(),
                  doubts = outbox.doubts + (done.state = 'unknown')::int,
                  not_before = clock_timestamp() + make_interval(secs => coalesce(done.again_after, 0)),
                  lease_until = null
  from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::float8[])
       as done (id, attempt, state, reference, code, again_after)
 where outbox.id = done.id and outbox.attempt = done.attempt and outbox.state = any($7::text[])
"""

OVERDUE = """
update outbox set state = 'unknown', changed_at = clock_timestamp(), lease_until = null, code = null,
                  doubts = doubts + 1
 where id in (select id from outbox where state = 'sending' and lease_until < clock_timestamp() for update skip locked)
returning id
"""

EXPIRE = """
update outbox set state = 'expired', changed_at = clock_timestamp(), lease_until = null,
                  code = coalesce(code, 'expired')
 where id in (select o.id from outbox o join unnest($1::text[], $2::float8[]) as kept (class, seconds) using (class)
               where o.state = 'ready' and o.created_at < clock_timestamp() - make_interval(secs => kept.seconds)
                 and (o.lease_until is null or o.lease_until < clock_timestamp()) for update of o skip locked)
returning id
"""

LET_GO = """
update outbox set lease_until = null where owner = $1 and state = 'ready' and lease_until is not null
"""

POSTPONE = """
update outbox set not_before = clock_timestamp() + make_interval(secs => $2),
                  lease_until = clock_timestamp() + make_interval(secs => $2), code = 'unreadable'
 where id = any($1::uuid[]) and state in ('ready', 'unknown')
"""

HOLD_BACK = """
update outbox o set not_before = clock_timestamp() + make_interval(secs => held.seconds)
  from unnest($1::uuid[], $2::float8[]) as held (id, seconds) where o.id = held.id and o.state = 'ready'
"""

DROP = """
update outbox set state = 'failed', changed_at = clock_timestamp(), lease_until = null, code = 'erased'
 where id = any($1::uuid[]) and state = any($2::text[])
"""

UNCLEAR = """
update outbox set owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
 where id in (select id from outbox
               where channel = $1 and state = 'unknown' and not_before <= clock_timestamp()
                 and (lease_until is null or lease_until < clock_timestamp())
               order by id limit $4 for update skip locked)
returning id
"""

REPORT = """
with kept as (
    insert into reports (channel, outbound_id, reference, state, code, raw, received_at)
    values ($1, $2, $3, $4, $5, $6, $7)
), moved as (
    update outbox set state = $8, reference = $3, code = $5, changed_at = clock_timestamp(), lease_until = null
     where id = $2 and (reference is null or reference = $3) and state = any($9::text[])
    returning address_hash
)
update phones set bounced = case when $10 then least(bounced + 1, $11) else 0 end
  from moved where hash = address_hash and ($10 or ($8 = 'delivered' and bounced between 1 and $11 - 1))
"""

BY_CHAT = """
insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale, kind,
                    extras, state, closes_at, created_at)
select new.id, 'telegram', o.class, o.customer_id, o.address_hash, new.address, o.body, o.body_hash, o.segments,
       o.locale, o.kind, new.extras, 'ready', new.closes_at,
       case o.class when 'official' then clock_timestamp() else o.created_at end
  from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])
       as new (lost, id, address, extras, closes_at)
  join outbox o on o.id = new.lost
"""
"""What is not official lasts no longer than its SMS would have."""

BOUNCED = """
update phones set bounced = least(bounced + 1, $2)
 where hash in (select address_hash from outbox where id = any($1::uuid[]) and channel = 'sms')
"""

JOURNAL = """
insert into reports (channel, outbound_id, reference, state, code, raw, received_at) values ($1, $2, $3, $4, $5, $6, $7)
"""

BY_REFERENCE = """
select id, reference from outbox where channel = $1 and reference = any($2::text[])
"""

HELD = """
select o.id from outbox o where o.id = any($1::uuid[]) and o.owner = $2 and o.state = 'ready'
   and o.not_before <= clock_timestamp() and (o.closes_at is null or o.closes_at > $3)
   and not exists (select from outbox_holds h where h.channel = o.channel)
"""

DRAW = """
with filled as (
    select least(tokens + $3 * greatest(extract(epoch from clock_timestamp() - filled_at), 0), $4)::float8 as tokens
      from outbox_buckets where channel = $1 for update
), drawn as (
    select tokens, greatest(least(floor(tokens - $5), $2), 0) as number from filled
)
update outbox_buckets set tokens = drawn.tokens - drawn.number, filled_at = clock_timestamp()
  from drawn where channel = $1
returning drawn.number::int
"""

PUT_BACK = """
update outbox_buckets set tokens = tokens + $2 where channel = $1
"""

HOLD = """
insert into outbox_holds (channel) values ($1) on conflict do nothing
"""

HOLDING = """
select since from outbox_holds where channel = $1
"""

WAITING = """
select id from outbox
 where channel = $1 and (state = 'ready' or state in ('sending', 'unknown')) and id > $2 order by id limit $3
"""

RELEASE = """
with released as (delete from outbox_holds where channel = $1)
update outbox set lease_until = null where channel = $1 and state = 'ready'
returning id
"""


class Row(NamedTuple):
    """A row of the outbox as it is written, an outbox_row. `address` None: phones has it sealed."""

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
    extras: bytes | None = None


async def put(conn: Connection, rows: Sequence[Row], *, owner: str, lease: float) -> None:
    """Writes the messages as ready and leased by `owner` for `lease` seconds; of none as much is asked."""
    await conn.execute(PUT, rows, owner, lease)


async def put_unheld(conn: Connection, rows: Sequence[Row], closes: Sequence[datetime | None], *, owner: str) -> None:
    """Writes the messages as ready, for whoever takes them first, each with the time until which it may be begun."""
    columns, ready = ["class" if name == "class_" else name for name in Row._fields], str(State.READY)
    records = [(*row, until, ready, owner) for row, until in zip(rows, closes, strict=True)]
    await conn.copy_records_to_table("outbox", records=records, columns=[*columns, "closes_at", "state", "owner"])


async def show(conn: Connection, rows: Sequence[Row]) -> None:
    """Writes messages that the asking page itself shows: nobody carries them."""
    await conn.execute(SHOW, rows)


async def lease(
    conn: Connection, channel: str, *, owner: str, seconds: float, limit: int, at: datetime
) -> list[Record]:
    """Takes ready messages that nobody holds and that may be sent at that time: as `opened` has them."""
    return list(await conn.fetch(LEASE, channel, owner, seconds, limit, at))


async def start(
    conn: Connection, ids: Sequence[UUID], *, owner: str, seconds: float, at: datetime, apart: float = 0.0
) -> dict[UUID, int]:
    """Marks those of the held messages as being sent whose recipient has nothing in flight: one a recipient (R20), and
    so many seconds `apart` from the last that he got (R22).

    Each with the number of its attempt.
    """
    return {row[0]: row[1] for row in await conn.fetch(START, ids, owner, seconds, at, apart)}


async def opened(conn: Connection, ids: Sequence[UUID]) -> list[Record]:
    """The sealed rows with the keys that open them."""
    return list(await conn.fetch(OPENED, ids))


async def finish(conn: Connection, state: State, outcomes: Sequence[Outcome]) -> None:
    """Records attempts that ended in this state; one that is no longer the current attempt changes nothing (R24).

    That the provider has it holds also where the message was made ready again in the meantime.
    """
    columns = zip(
        *((one.id, one.attempt, one.state, one.reference, one.code, one.again_after) for one in outcomes), strict=True
    )
    proof = state in (State.SENT, State.DELIVERED, State.UNDELIVERED)
    within = (State.SENDING, State.UNKNOWN, *([State.READY] if proof else []))
    await conn.execute(FINISH, *columns, [origin for origin in sources(state) if origin in within])


async def give_up_on_overdue(conn: Connection) -> int:
    """Marks as unclear what was being sent by a process that is gone (R20); how many."""
    return len(await conn.fetch(OVERDUE))


async def expire(conn: Connection) -> int:
    """Gives up what could not be sent for as long as its class lasts; how many."""
    return len(await conn.fetch(EXPIRE, list(LASTS), list(LASTS.values())))


async def let_go(conn: Connection, *, owner: str) -> None:
    """Frees what `owner` holds and has not begun to send, for others to take at once."""
    await conn.execute(LET_GO, owner)


async def unclear(conn: Connection, channel: str, *, owner: str, seconds: float, limit: int) -> tuple[UUID, ...]:
    """Takes messages of which nobody knows whether they went out."""
    return tuple(row[0] for row in await conn.fetch(UNCLEAR, channel, owner, seconds, limit))


async def postpone(conn: Connection, ids: Sequence[UUID], *, seconds: float) -> None:
    """Puts off messages that cannot be opened, so that they stand in nobody's way until then."""
    await conn.execute(POSTPONE, ids, seconds)


async def hold_back(conn: Connection, held: Sequence[tuple[UUID, float]]) -> None:
    """Keeps messages of this transaction back, each for so many seconds."""
    await conn.execute(HOLD_BACK, *zip(*held, strict=True))


async def drop(conn: Connection, ids: Sequence[UUID]) -> None:
    """Gives up messages whose words or address are no longer kept."""
    await conn.execute(DROP, ids, sources(State.FAILED))


async def report(conn: Connection, channel: str, told: Report, state: State, raw: bytes) -> None:
    """Keeps a receipt in its sealed raw form, and moves its message to this state, forward or not at all (R23).

    :raises asyncpg.UniqueViolationError: its reference is on record for another message; nothing was kept.
    """
    kept = (channel, told.key, told.reference, told.state, told.code, raw, told.at)
    await conn.execute(REPORT, *kept, state, sources(state), told.unreachable, phone.BOUNCES)


class Chatted(NamedTuple):
    """The words of the message `lost`, which its phone did not get, as another message into its chat."""

    lost: UUID
    id: UUID
    address: bytes
    extras: bytes | None
    closes_at: datetime | None


async def by_chat(conn: Connection, said: Sequence[Chatted]) -> None:
    """Writes messages into chats with the words, as sealed, of those that were lost."""
    await conn.execute(BY_CHAT, *zip(*said, strict=True))


async def bounced(conn: Connection, ids: Sequence[UUID]) -> None:
    """Counts at their phones that these messages could not reach them."""
    await conn.execute(BOUNCED, ids, phone.BOUNCES)


async def journal(conn: Connection, channel: str, told: Report, raw: bytes) -> None:
    """Keeps a receipt in its sealed raw form, and does nothing else."""
    await conn.execute(JOURNAL, channel, told.key, told.reference, told.state, told.code, raw, told.at)


async def by_reference(conn: Connection, channel: str, references: Sequence[str]) -> dict[str, UUID]:
    """Which of our messages carry these provider's references."""
    return {row[1]: row[0] for row in await conn.fetch(BY_REFERENCE, channel, references)}


async def held(conn: Connection, ids: Sequence[UUID], *, owner: str, at: datetime) -> frozenset[UUID]:
    """Those of the messages that are still ready, due, in their hours at that time, and leased by `owner`."""
    return frozenset(row[0] for row in await conn.fetch(HELD, ids, owner, at))


async def draw(conn: Connection, channel: str, *, wanted: int, rate: float, most: float, left: float) -> int:
    """How many of the wanted messages may go out now, by the bucket of the channel, which fills with `rate` tokens a
    second up to `most`; of these so many are `left` to others (R22)."""
    return await conn.fetchval(DRAW, channel, wanted, rate, most, left) or 0


async def put_back(conn: Connection, channel: str, number: int) -> None:
    """Tokens that were drawn and not used."""
    await conn.execute(PUT_BACK, channel, number)


async def hold(conn: Connection, channel: str) -> None:
    """From now on no message of the channel is begun by any process, until it is released (R25)."""
    await conn.execute(HOLD, channel)


async def holding(conn: Connection, channel: str) -> datetime | None:
    """Since when the channel is held, by the database's clock; None where it is not."""
    since: datetime | None = await conn.fetchval(HOLDING, channel)
    return since


async def waiting(conn: Connection, channel: str, *, after: UUID, limit: int) -> tuple[UUID, ...]:
    """The next messages by id that have not come to their end."""
    return tuple(row[0] for row in await conn.fetch(WAITING, channel, after, limit))


async def release(conn: Connection, channel: str) -> int:
    """Messages of the channel are begun again, by whoever comes first; how many wait."""
    return len(await conn.fetch(RELEASE, channel))
