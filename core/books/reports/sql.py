"""What the database is asked for the reports of closed days."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime

from asyncpg import Connection

from core.billing import sql as billing
from core.billing.conditions import sql as conditions
from core.billing.engine.facts import Facts
from core.books.reports.model import AccountTurnover, BookedFacts, BookedLine, Turnover

SEALED_AT = """
select sealed_at from day_heads where day = $1
"""

TURNOVER = """
select a.id, a.number, coalesce(b.code, ''), coalesce(managed.code, ''),
       coalesce(before.balance, earlier.owed, 0)::bigint, moved.charged, moved.penalties, moved.paid,
       moved.written_off, after.balance
  from accounts a
 cross join lateral (
    select balance from day_rows where account_id = a.id and day <= $2 order by day desc limit 1) as after
  left join lateral (
    select balance from day_rows where account_id = a.id and day < $1 order by day desc limit 1) as before on true
  left join lateral (
    select sum(amount) as owed from entries
     where account_id = a.id and ledger = 'receivable' and booked_on < $1 and before.balance is null) as earlier on true
 cross join lateral (
    select -coalesce(sum(amount) filter (where ledger in ('revenue', 'opening', 'interest')), 0)::bigint as charged,
           -coalesce(sum(amount) filter (where ledger = 'penalty'), 0)::bigint as penalties,
           coalesce(sum(amount) filter (where ledger in ('bank', 'agents', 'suspense')), 0)::bigint as paid,
           coalesce(sum(amount) filter (where ledger = 'written_off'), 0)::bigint as written_off
      from entries where account_id = a.id and booked_on >= $1 and booked_on <= $2 offset 0) as moved
  left join buildings b on b.id = a.building_id
  left join lateral (
    select o.code from building_managers m join organisations o on o.id = m.organisation_id
     where m.building_id = a.building_id and m.valid_from <= $2 and m.recorded_at <= $3
     order by m.valid_from desc, m.id desc limit 1) as managed on true
 where a.id > $4
 order by a.id limit $5
"""

OWING = """
select a.id, a.number, coalesce(b.code, ''), coalesce(managed.code, ''), after.balance
  from accounts a
 cross join lateral (
    select balance from day_rows where account_id = a.id and day <= $1 order by day desc limit 1) as after
  left join buildings b on b.id = a.building_id
  left join lateral (
    select o.code from building_managers m join organisations o on o.id = m.organisation_id
     where m.building_id = a.building_id and m.valid_from <= $1 and m.recorded_at <= $2
     order by m.valid_from desc, m.id desc limit 1) as managed on true
 where a.id > $3
 order by a.id limit $4
"""

BOOKED_NUMBERS = """
select distinct e.account_id, e.no from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select no, account_id from entries
                      where account_id = asked.account_id and booked_on <= $2 offset 0) as e
"""

AGREED = """
select account_id, no from conditions
 where account_id = any($1::bigint[]) and kind in ('instalments', 'instalments_end') and recorded_at <= $2
"""

BOOKED = """
select e.booked_on, e.on_day, coalesce(a.number, ''), e.no, e.line, e.ledger, e.amount
  from entries e left join accounts a on a.id = e.account_id
 where e.booked_on >= $1 and e.booked_on <= $2
 order by e.booked_on, e.account_id, e.no, e.line
"""

PRINTED = """
select digest from printed_reports where name = $1
"""

ADD_PRINTED = """
insert into printed_reports (name, digest, head, printed_at) values ($1, $2, $3, $4) on conflict do nothing
"""

_CHUNK = 5000
_FACTS = 1000
"""Accounts whose facts are held at a time."""


async def sealed_at(conn: Connection, day: date) -> datetime | None:
    """When the day was sealed, None where it is not closed."""
    found: datetime | None = await conn.fetchval(SEALED_AT, day)
    return found


async def turnover(conn: Connection, start: date, end: date, *, known_by: datetime) -> AsyncIterator[AccountTurnover]:
    """The turnover of the days from `start` to `end`, a closed day, of each account that ever had any; the managers of
    houses are those known by a time."""
    after = 0
    while rows := await conn.fetch(TURNOVER, start, end, known_by, after, _CHUNK):
        for id, number, house, manager, *sums in rows:
            yield AccountTurnover(id, number, house, manager, replace(Turnover(*sums), accounts=1))
        after = rows[-1][0]


async def booked_facts(conn: Connection, day: date, *, known_by: datetime) -> AsyncIterator[BookedFacts]:
    """What was booked by the end of a closed day, of each account that the books know; managers of houses, and
    instalment plans, are those known by a time."""
    after = 0
    while rows := await conn.fetch(OWING, day, known_by, after, _FACTS):
        ids = [row[0] for row in rows]
        numbers = {(row[0], row[1]) for row in await conn.fetch(BOOKED_NUMBERS, ids, day)}
        numbers |= {(row[0], row[1]) for row in await conn.fetch(AGREED, ids, known_by)}
        claims, payments = await billing.claims(conn, ids), await billing.payments(conn, ids)
        dated = await conditions.of_accounts(conn, ids)
        for id, number, house, manager, balance in rows:
            facts = Facts(
                id,
                claims=tuple(one for one in claims.get(id, ()) if (id, one.no) in numbers),
                payments=tuple(one for one in payments.get(id, ()) if (id, one.no) in numbers),
                conditions=tuple(one for one in dated.get(id, ()) if (id, one.no) in numbers),
            )
            yield BookedFacts(id, number, house, manager, balance, facts)
        after = ids[-1]


async def booked(conn: Connection, start: date, end: date) -> AsyncIterator[BookedLine]:
    """The ledger's lines that were booked on the days from `start` to `end`, by day and account."""
    async with conn.transaction():
        async for booked_on, on_day, *line in conn.cursor(BOOKED, start, end, prefetch=_CHUNK):
            yield BookedLine(booked_on.isoformat(), on_day.isoformat(), *line)


async def printed(conn: Connection, name: str) -> bytes | None:
    """The hash of the report of that name as it was first printed."""
    found: bytes | None = await conn.fetchval(PRINTED, name)
    return found


async def add_printed(conn: Connection, name: str, digest: bytes, head: bytes, *, at: datetime) -> None:
    await conn.execute(ADD_PRINTED, name, digest, head, at)
