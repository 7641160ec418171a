"""What the database is asked about registries, payments in suspense, and what the bank says has come."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection, Record

from core.basics.periods import Month
from core.books.payments.model import DayBalance, Known, Loaded, Registry, Statement

REGISTRY = """
select id, digest, agent, number, day, rows, amount, commission from registries
 where digest = $1 or (number <> '' and number = $3 and agent = $2)
"""

ADD_REGISTRY = """
insert into registries (digest, agent, number, day, rows, amount, commission, company_no, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
"""

PAYMENT = """
select p.id, p.agent, p.external_id, coalesce(p.account_id, found.account_id), p.account_text, p.paid_on, p.amount,
       p.month, found.id is not null, back.id is not null
  from payments p
  left join payments found on found.original_id = p.id and found.kind = 'matched'
  left join payments back on back.original_id = p.id and back.kind = 'reversal'
 where p.agent = $1 and p.external_id = $2 and p.kind = 'received'
"""

SUSPENSE = """
select id, agent, external_id, null::bigint, account_text, paid_on, amount, month, false, false
  from payments_in_suspense order by paid_on, id
"""

KNOWN_STATEMENTS = """
select external_id, agent, came_on, for_day, amount from statements where external_id = any($1::text[])
"""

ADD_STATEMENTS = """
insert into statements (external_id, agent, came_on, for_day, amount, company_no, recorded_at)
select * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::bigint[], $6::bigint[], $7::timestamptz[])
"""

BALANCE = """
with money as (
    select id, agent, amount, account_id from payments p
     where paid_on = $1 and kind = 'received'
       and not exists (select from registries where id = p.registry_id and day is not null)
    union all
    select p.id, p.agent, p.amount, p.account_id
      from registries r
     cross join lateral (select * from payments where registry_id = r.id offset 0) as p
     where r.day = $1
)
select agent, coalesce(sum(accepted), 0)::bigint, coalesce(sum(suspense), 0)::bigint,
       sum(commission)::bigint, sum(bank)::bigint
  from (select m.agent, case when found.account_id is not null then left_over end as accepted,
               case when found.account_id is null then left_over end as suspense, 0 as commission, 0 as bank
          from money m
         cross join lateral (
             select coalesce(m.account_id, max(account_id) filter (where kind = 'matched')) as account_id,
                    m.amount + coalesce(sum(amount) filter (where kind = 'reversal'), 0) as left_over
               from payments where original_id = m.id offset 0) as found
        union all
        select agent, 0, 0, commission, 0 from registries where day = $1
        union all
        select agent, 0, 0, 0, amount from statements where for_day = $1) as facts
 group by agent order by agent
"""


async def registry(conn: Connection, digest: bytes, registry: Registry) -> Loaded | None:
    """The registry on record with these bytes, or else with this agent and number."""
    rows = await conn.fetch(REGISTRY, digest, registry.agent, registry.number)
    found = [Loaded(row[0], row[1], Registry(*row[2:])) for row in rows]
    return next((one for one in found if one.digest == digest), found[0] if found else None)


async def add_registry(
    conn: Connection, digest: bytes, registry: Registry, *, company_no: int | None, at: datetime
) -> int:
    """The id of the new registry."""
    id: int = await conn.fetchval(
        ADD_REGISTRY,
        digest,
        registry.agent,
        registry.number,
        registry.day,
        registry.rows,
        registry.amount,
        registry.commission,
        company_no,
        at,
    )
    return id


async def payment(conn: Connection, agent: str, external_id: str) -> Known | None:
    """The payment of that agent with that name."""
    row = await conn.fetchrow(PAYMENT, agent, external_id)
    return None if row is None else _known(row)


async def suspense(conn: Connection) -> tuple[Known, ...]:
    """The payments whose account nobody has found, oldest first."""
    return tuple(_known(row) for row in await conn.fetch(SUSPENSE))


def _known(row: Record) -> Known:
    id, agent, external_id, account, text, paid_on, amount, month, matched, reversed_ = row
    of_month = None if month is None else Month.of(month)
    return Known(id, agent, external_id, account, text, paid_on, amount, of_month, matched, reversed_)


async def statements(conn: Connection, external_ids: Sequence[str]) -> dict[str, Statement]:
    """The lines of statements on record, by their names."""
    return {row[0]: Statement(*row) for row in await conn.fetch(KNOWN_STATEMENTS, external_ids)}


async def add_statements(conn: Connection, lines: Sequence[Statement], numbers: Sequence[int], *, at: datetime) -> None:
    """Writes new lines of statements; `numbers` are those of their facts on the company's books."""
    rows = [
        (line.external_id, line.agent, line.came_on, line.for_day, line.amount, number, at)
        for line, number in zip(lines, numbers, strict=True)
    ]
    await conn.execute(ADD_STATEMENTS, *zip(*rows, strict=True))


async def balance(conn: Connection, day: date) -> tuple[DayBalance, ...]:
    """The payments of the day beside the bank's statement, by agent."""
    return tuple(DayBalance(day, *row) for row in await conn.fetch(BALANCE, day))
