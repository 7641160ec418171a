"""What the database is asked about people of notices who are due to be told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection, Record

from core.contracts.standing.sql import bond, contract_of, link_of
from core.notices.model import Notice
from core.notices.owing.sql import overdue_of
from core.notices.people.sql import facts, facts_of

_left = """
select r.id, r.notice_id, r.phone_hash, r.subject, r.account_id, r.customer_id, r.language, r.debt, r.code,
       r.outbound_id
  from notice_recipients r
 where r.bar is null and r.worded_at is null
"""

CHUNK = """
select first, last from notice_chunks
 where notice_id = $1 and worded_at is null and (look_after is null or look_after <= $2)
 order by first limit 1 for update skip locked
"""

_of_chunk = f"""
{_left} and r.id between $8 and $9 and r.look_after is null
"""

_put_off = f"""
{_left} and r.notice_id = $1 and r.look_after is not null and r.look_after <= $3
 order by r.id limit $8 for update skip locked
"""

_known = """
select u.*, a.number, a.timezone, c.data_key, c.data_key is null as erased, p.bounced, p.opted_out, p.told_from,
       p.told_till,
       case when a.customer_id = u.customer_id then c.kind
            else (select k.kind from customers k where k.id = a.customer_id) end as customer,
"""

_tables = """
  from due u
  join phones p on p.hash = u.phone_hash
  join accounts a on a.id = u.account_id
  join customers c on c.id = u.customer_id
"""

_person = """
select r.id, r.notice_id, r.phone_hash, r.subject, r.account_id, r.number, r.timezone, r.customer, r.customer_id,
       r.data_key, r.language, r.debt, coalesce(r.code, '') as code, r.outbound_id, r.told_from, r.told_till
"""

_state = """
select d.debt from account_states s
"""

_debt = f"""
case when $5::bool then
    ({_state} {overdue_of.format(day="$2::date", years="$7::int")} where s.account_id = r.account_id) else 0 end
"""

_of = {"phone": "u.phone_hash", "account": "u.account_id", "topic": "$4::text", "at": "$3::timestamptz"}

_due = f"""
with due as materialized ({{who}})
{_person}, {facts.format(official="$5::bool", day="$2::date", debt=_debt, warned="false")}
  from ({_known} {bond} {_tables} {link_of.format(**_of)} {contract_of} where u.notice_id = $1) as r
  {facts_of.format(at="$3::timestamptz", topic="$4::text", others="$6::bigint[]")}
 order by r.id
"""
"""People who may be told now, with all that must be known anew of them, in one statement."""

DUE = _due.format(who=_of_chunk)
"""Found by their ids alone: one notice may have a million people, which an index by notices does not tell apart."""

DUE_AGAIN = _due.format(who=_put_off)

ONE_BY_ONE = """
select set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)
"""
"""For the next statement only: what belongs to a chunk is found by indexes. A plan that reads all phones and customers
once a chunk looks cheaper in towns of a certain size, and is not."""

LATER = """
update notice_recipients set look_after = new.look_after
  from unnest($1::bigint[], $2::timestamptz[]) as new (id, look_after) where notice_recipients.id = new.id
"""

CHUNK_LATER = """
update notice_chunks set look_after = $3 where notice_id = $1 and first = $2
"""

CHUNK_WORDED = """
update notice_chunks set worded_at = $3 where notice_id = $1 and first = $2 and worded_at is null
"""

WORDED = """
update notice_recipients set outbound_id = new.outbound_id, code = coalesce(new.code, ''), worded_at = $4
  from unnest($1::bigint[], $2::uuid[], $3::text[]) as new (id, outbound_id, code)
 where notice_recipients.id = new.id and notice_recipients.worded_at is null
"""

ROOM = """
select count(*)::int from (select from outbox where state = 'ready' and rank > 0 and class = any($1::text[]) limit $2) o
"""


class Chunk(NamedTuple):
    """People of a notice who are worded together: those with ids from the `first` to the `last`."""

    first: int
    last: int


async def chunk(conn: Connection, notice: Notice, *, at: datetime) -> Chunk | None:
    """The next chunk of a notice of which nobody was told yet, locked; None where nobody else has none."""
    row = await conn.fetchrow(CHUNK, notice.id, at)
    return None if row is None else Chunk(*row)


async def due(
    conn: Connection,
    notice: Notice,
    of: Chunk | None,
    *,
    day: date,
    at: datetime,
    topic: str,
    others: Sequence[int],
    years: int,
    limit: int,
) -> list[Record]:
    """The people of a chunk who are to be told, or where none is given so many of those, locked, who were put off until
    now: of each the columns of a `Person`, and then those of the `Facts`. Debt and plan are looked up for official
    warnings only, no debt that is older than so many `years` (0: all of it)."""
    asked = (notice.id, day, at, topic, notice.cls == "official", others, years)
    await conn.execute(ONE_BY_ONE, "off")
    found = await (conn.fetch(DUE_AGAIN, *asked, limit) if of is None else conn.fetch(DUE, *asked, of.first, of.last))
    await conn.execute(ONE_BY_ONE, "on")
    return list(found)


async def later(conn: Connection, looked: Sequence[tuple[int, datetime]]) -> None:
    """These are put off."""
    if looked:
        await conn.execute(LATER, *zip(*looked, strict=True))


async def chunk_later(conn: Connection, notice_id: int, of: Chunk, at: datetime) -> None:
    """The whole chunk is put off."""
    await conn.execute(CHUNK_LATER, notice_id, of.first, at)


async def chunk_worded(conn: Connection, notice_id: int, of: Chunk, *, at: datetime) -> None:
    """Everybody of the chunk was told who neither is barred nor was put off."""
    done: str = await conn.execute(CHUNK_WORDED, notice_id, of.first, at)
    assert done == "UPDATE 1", "locked, and not worded before"


async def worded(
    conn: Connection, ids: Sequence[int], outbound: Sequence[UUID], codes: Sequence[str], *, at: datetime
) -> int:
    """Ties people to their messages, each by himself, with the codes of official warnings, if it is one; how many."""
    done: str = await conn.execute(WORDED, ids, outbound, codes, at)
    return int(done.rsplit(" ", 1)[-1])


async def waiting(conn: Connection, classes: Sequence[str], limit: int) -> int:
    """How many messages of these classes wait to be carried, up to a limit."""
    found: int = await conn.fetchval(ROOM, classes, limit)
    return found
