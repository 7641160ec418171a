"""What the database is asked about people of notices who are due to be told."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

from core.contracts.standing.sql import bond, contract_of, link_of
from core.notices.model import Notice
from core.notices.people.sql import facts, facts_of, overdue_of

_due = """
select r.id, r.notice_id, r.phone_hash, r.subject, r.account_id, r.customer_id, r.language, r.debt, r.code,
       r.outbound_id
  from notice_recipients r
 where r.notice_id = $1 and r.id > $8 and r.outbound_id is null and r.bar is null
   and (r.look_after is null or r.look_after <= $3)
 order by r.id limit $7 for update of r skip locked
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
    ({_state} {overdue_of.format(day="$2::date")} where s.account_id = r.account_id) else 0 end
"""

_of = {"phone": "u.phone_hash", "account": "u.account_id", "topic": "$4::text", "at": "$3::timestamptz"}

DUE = f"""
with due as materialized ({_due})
{_person}, {facts.format(official="$5::bool", day="$2::date", debt=_debt, warned="false")}
  from ({_known} {bond} {_tables} {link_of.format(**_of)} {contract_of}) as r
  {facts_of.format(at="$3::timestamptz", topic="$4::text", others="$6::bigint[]")}
 order by r.id
"""
"""The next people to be told, locked, with all that must be known anew of them, in one statement."""

ONE_BY_ONE = """
select set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)
"""
"""For the next statement only: what belongs to a chunk is found by indexes. A plan that reads all phones and customers
once a chunk looks cheaper in towns of a certain size, and is not."""

LATER = """
update notice_recipients set look_after = new.look_after
  from unnest($1::bigint[], $2::timestamptz[]) as new (id, look_after) where notice_recipients.id = new.id
"""

WORDED = """
update notice_recipients set outbound_id = new.outbound_id, code = coalesce(new.code, ''), worded_at = $4
  from unnest($1::bigint[], $2::uuid[], $3::text[]) as new (id, outbound_id, code)
 where notice_recipients.id = new.id and notice_recipients.outbound_id is null
"""

ROOM = """
select count(*)::int from (select from outbox where state = 'ready' and rank > 0 and class = any($1::text[]) limit $2) o
"""


async def due(
    conn: Connection,
    notice: Notice,
    *,
    day: date,
    at: datetime,
    topic: str,
    others: Sequence[int],
    limit: int,
    after: int,
) -> list[Record]:
    """The next people to be told with larger ids, locked: of each the columns of a `Person`, and then those of the
    `Facts`. Debt and plan are looked up for official warnings only."""
    official = notice.cls == "official"
    await conn.execute(ONE_BY_ONE, "off")
    found = await conn.fetch(DUE, notice.id, day, at, topic, official, others, limit, after)
    await conn.execute(ONE_BY_ONE, "on")
    return list(found)


async def later(conn: Connection, looked: Sequence[tuple[int, datetime]]) -> None:
    if looked:
        await conn.execute(LATER, *zip(*looked, strict=True))


async def worded(
    conn: Connection, ids: Sequence[int], outbound: Sequence[UUID], codes: Sequence[str], *, at: datetime
) -> int:
    """Ties people to their messages, with the codes of official warnings, if it is one; how many."""
    done: str = await conn.execute(WORDED, ids, outbound, codes, at)
    return int(done.rsplit(" ", 1)[-1])


async def waiting(conn: Connection, classes: Sequence[str], limit: int) -> int:
    """How many messages of these classes wait to be carried, up to a limit."""
    found: int = await conn.fetchval(ROOM, classes, limit)
    return found
