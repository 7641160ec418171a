"""What the database is asked about people of notices who are due to be told."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

from core.notices.people.sql import facts, facts_of, overdue_of, person_of

DUE = """
select r.id from notice_recipients r
 where r.notice_id = $1 and r.outbound_id is null and r.bar is null and (r.look_after is null or r.look_after <= $2)
 order by r.id limit $3 for update of r skip locked
"""

_state = """
select d.debt from account_states s
"""

_debt = f"""
case when $5::bool then
    ({_state} {overdue_of.format(day="$2::date")} where s.account_id = r.account_id) else 0 end
"""

_asked = """
  from unnest($1::bigint[]) with ordinality as asked (id, place)
  join notice_recipients r on r.id = asked.id
"""

LOOK = f"""
select {person_of}, {facts.format(official="$5::bool", day="$2::date", debt=_debt, warned="false")}
  {_asked}
  {facts_of.format(at="$3::timestamptz", topic="$4::text", others="$6::bigint[]")}
 order by asked.place
"""
"""All that must be known anew of people before they are told, in one statement."""

LATER = """
update notice_recipients set look_after = new.look_after
  from unnest($1::bigint[], $2::timestamptz[]) as new (id, look_after) where notice_recipients.id = new.id
"""

WORDED = """
update notice_recipients set outbound_id = new.outbound_id, code = new.code, worded_at = $4
  from unnest($1::bigint[], $2::uuid[], $3::text[]) as new (id, outbound_id, code)
 where notice_recipients.id = new.id and notice_recipients.outbound_id is null
"""

ROOM = """
select count(*)::int from (select from outbox where state = 'ready' and rank > 0 and class = any($1::text[]) limit $2) o
"""


async def due(conn: Connection, notice_id: int, *, at: datetime, limit: int) -> list[int]:
    """The next people to be told, by id, locked."""
    return [row[0] for row in await conn.fetch(DUE, notice_id, at, limit)]


async def look(
    conn: Connection, ids: Sequence[int], *, day: date, at: datetime, topic: str, official: bool, others: Sequence[int]
) -> list[Record]:
    """The columns of a `Person` and then those of the `Facts`, of each of these people in their order. The debt and the
    plan are looked up for official warnings only."""
    return list(await conn.fetch(LOOK, ids, day, at, topic, official, others))


async def later(conn: Connection, looked: Sequence[tuple[int, datetime]]) -> None:
    if looked:
        await conn.execute(LATER, *zip(*looked, strict=True))


async def worded(
    conn: Connection, ids: Sequence[int], outbound: Sequence[UUID], codes: Sequence[str], *, at: datetime
) -> int:
    """Ties people to their messages; how many."""
    done: str = await conn.execute(WORDED, ids, outbound, codes, at)
    return int(done.rsplit(" ", 1)[-1])


async def waiting(conn: Connection, classes: Sequence[str], limit: int) -> int:
    """How many messages of these classes wait to be carried, up to a limit."""
    found: int = await conn.fetchval(ROOM, classes, limit)
    return found
