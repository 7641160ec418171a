"""What the database is asked when books are closed and when their seals are proven."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.books.model import DayRow, Head, Issued, Line

TRY_TO_CLOSE = """
select pg_try_advisory_lock(hashtextextended('meterline day close', 0))
"""

END_TO_CLOSE = """
select pg_advisory_unlock(hashtextextended('meterline day close', 0))
"""

LAST_HEAD = """
select day, accounts, lines, previous, head from day_heads order by day desc limit 1
"""

HEAD = """
select day, accounts, lines, previous, head from day_heads where day = $1
"""

HEADS = """
select day, accounts, lines, previous, head from day_heads order by day
"""

CUT = """
insert into day_cuts (day, cut_at, tariffs) select $1, $2, coalesce(max(id), 0) from tariffs on conflict do nothing
"""

CUT_AT = """
select cut_at from day_cuts where day = $1
"""

GATHERED = """
select exists (select from day_accounts where day = $1 and account_id = 0)
"""

GATHER = """
insert into day_accounts (day, account_id, taken)
select $1, account_id, max(taken)
  from (select s.account_id, s.fact_no as taken
          from account_states s
          left join lateral (
              select watermark from day_rows where account_id = s.account_id order by day desc limit 1) as last on true
         where s.fact_no > coalesce(last.watermark, 0)
        union all
        select account_id, 0 from entries where booked_on > $2 and booked_on <= $1
        union all
        select account_id, fact_no from account_states
         where issued <> '[]' and (select tariffs from day_cuts where day = $1)
               > coalesce((select tariffs from day_cuts where day < $1 order by day desc limit 1), 0)
        union all
        select account_id, 0 from account_states where coalesce(claims -> 'open', claims) -> 0 ->> 2 < $3
        union all
        select account_id, 0 from account_states where jsonb_path_exists(claims, '$.plans[*] ? (@[2] == null)')
        union all
        select 0, 0) as found
 group by account_id
"""

GATHERED_COUNT = """
select count(*) from day_accounts where day = $1
"""

LEFT = """
select a.account_id from day_accounts a
 where a.day = $1 and a.account_id > $2
   and not exists (select from day_rows r where r.account_id = a.account_id and r.day = $1)
 order by a.account_id limit $3
"""

CHANGED = """
select s.account_id
  from unnest($2::bigint[]) as asked (account_id)
  join account_states s on s.account_id = asked.account_id
  join day_accounts a on a.account_id = s.account_id and a.day = $1
  left join lateral (
      select watermark from day_rows where account_id = s.account_id order by day desc limit 1) as last on true
 where a.taken > 0 or s.fact_no > coalesce(last.watermark, 0)
 order by s.account_id
"""

LINES = """
select e.account_id, e.no, e.line, e.ledger, e.amount, e.on_day, e.booked_on, e.recorded_at
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from entries where account_id = asked.account_id and booked_on = $2 offset 0) as e
 order by e.account_id, e.no, e.line
"""

FIRST_LINES = """
select e.account_id, e.no, e.line, e.ledger, e.amount, e.on_day, e.booked_on, e.recorded_at
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from entries where account_id = asked.account_id offset 0) as e
 where e.booked_on <= $2
 order by e.account_id, e.no, e.line
"""

ISSUED = """
select f.account_id, f.no, case c.kind when 'bill' then c.month end,
       format('claim|%s|%s|%s|%s|%s|%s|%s|%s', c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on, c.agent,
              c.external_id) || coalesce(of_claim.lines, '')
  from unnest($1::bigint[], $2::bigint[]) as f (account_id, no)
 cross join lateral (select * from claims where account_id = f.account_id and no = f.no) as c
 cross join lateral (
    select string_agg(format(E'\\ncharge|%s|%s|%s|%s|%s|%s|%s|%s|%s', line, month, point_id, service, kind, volume,
                             amount, known, tariffs), '' order by line) as lines
      from charges where account_id = f.account_id and no = f.no) as of_claim
 order by f.account_id, f.no
"""

ADD_BILLS = """
insert into bill_seals (account_id, month, no, day, hash)
select account_id, month, no, $1, hash
  from unnest($2::bigint[], $3::date[], $4::bigint[], $5::bytea[]) as new (account_id, month, no, hash)
"""

BILLS = """
select b.account_id, b.no, b.hash
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from bill_seals where account_id = asked.account_id and day = $2) as b
"""

BALANCES = """
select asked.account_id, last.balance
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select balance from day_rows where account_id = asked.account_id and day < $2
                      order by day desc limit 1) as last
"""

ADD_ROWS = """
insert into day_rows (day, account_id, watermark, balance, lines, hash)
select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::bytea[])
"""

ROWS = """
select account_id, watermark, balance, lines, hash from day_rows
 where day = $1 and account_id > $2 order by account_id limit $3
"""

ADD_HEAD = """
insert into day_heads (day, accounts, lines, previous, head, sealed_at) values ($1, $2, $3, $4, $5, $6)
"""

STRAYS = """
select min(e.account_id)
  from (select account_id from entries where booked_on > $1 and booked_on <= $2 offset 0) as e
 where not exists (select from day_rows r where r.account_id = e.account_id and r.day = $2)
"""

NUMBERS = """
select id, number from accounts where id = any($1::bigint[])
"""

BEGINNING = date(1, 1, 1)
"""Stands for the day before the first closed one."""


async def try_to_close(conn: Connection) -> bool:
    """Whether this connection may close days now; no other can until it says that it has ended."""
    return bool(await conn.fetchval(TRY_TO_CLOSE))


async def end_to_close(conn: Connection) -> None:
    await conn.execute(END_TO_CLOSE)


async def last_head(conn: Connection) -> Head | None:
    """The seal of the last closed day."""
    row = await conn.fetchrow(LAST_HEAD)
    return None if row is None else Head(*row)


async def head_of(conn: Connection, day: date) -> Head | None:
    """The seal of the day, None where it is not closed."""
    row = await conn.fetchrow(HEAD, day)
    return None if row is None else Head(*row)


async def heads(conn: Connection) -> tuple[Head, ...]:
    """All seals, oldest first."""
    return tuple(Head(*row) for row in await conn.fetch(HEADS))


async def cut(conn: Connection, day: date, *, at: datetime) -> datetime:
    """Lets nothing more be booked on the day but by its close; when that was done first. The caller holds the day."""
    await conn.execute(CUT, day, at)
    found: datetime = await conn.fetchval(CUT_AT, day)
    return found


async def gather(conn: Connection, day: date, *, since: date | None, costly_before: date | None = None) -> int:
    """How many accounts the day's close goes through: those with facts or bookings behind the last close, `since`, the
    company, where there are new tariffs all whose bills may still change, those with an open claim that was payable
    before the day `costly_before`, and those with an instalment plan of which no end is known. They are chosen once."""
    if not await conn.fetchval(GATHERED, day):
        await conn.execute(GATHER, day, since or BEGINNING, costly_before and costly_before.isoformat())
    count: int = await conn.fetchval(GATHERED_COUNT, day)
    return count


async def left(conn: Connection, day: date, *, after: int, limit: int) -> list[int]:
    """The next accounts that the day's close has not done yet, 0 the company."""
    return [row[0] for row in await conn.fetch(LEFT, day, after, limit)]


async def changed(conn: Connection, day: date, account_ids: Sequence[int]) -> list[int]:
    """Those of the accounts of a day's close whose bills may have changed since the close before: by facts, or by
    tariffs. The accounts are locked by the caller."""
    return [row[0] for row in await conn.fetch(CHANGED, day, account_ids)]


async def lines(
    conn: Connection, account_ids: Sequence[int], *, since: date | None, day: date
) -> dict[int, tuple[Line, ...]]:
    """What was booked for each of the accounts on the day; where none was closed before it, `since` being None, on the
    days before it too.

    Days are closed without a gap. To ask for a span of days would be to look, for each account, at all that was booked
    on them: the index by day has its accounts in order on a single day alone.
    """
    found: dict[int, list[Line]] = {}
    for account, *line in await conn.fetch(FIRST_LINES if since is None else LINES, account_ids, day):
        found.setdefault(account, []).append(Line(*line))
    return {account: tuple(of_account) for account, of_account in found.items()}


async def issued(conn: Connection, booked: Mapping[int, Sequence[Line]]) -> dict[int, tuple[Issued, ...]]:
    """The claims that the lines of each account book, as they are hashed."""
    facts = sorted({(account, line.no) for account, of_account in booked.items() for line in of_account})
    found: dict[int, list[Issued]] = {}
    if facts:
        for account, *claim in await conn.fetch(ISSUED, *zip(*facts, strict=True)):
            found.setdefault(account, []).append(Issued(*claim))
    return {account: tuple(of_account) for account, of_account in found.items()}


async def add_bills(conn: Connection, day: date, bills: Sequence[tuple[int, date, int, bytes]]) -> None:
    """Freezes bills: (account id, first day of the month, the claim's number, hash)."""
    if bills:
        await conn.execute(ADD_BILLS, day, *zip(*bills, strict=True))


async def bills(conn: Connection, account_ids: Sequence[int], day: date) -> dict[tuple[int, int], bytes]:
    """The hashes of the bills that the day's close froze, by account and number."""
    return {(row[0], row[1]): row[2] for row in await conn.fetch(BILLS, account_ids, day)}


async def balances(conn: Connection, account_ids: Sequence[int], *, before: date) -> dict[int, int]:
    """What each of the accounts owed by its last row before the day; one without a row is missing."""
    return {row[0]: row[1] for row in await conn.fetch(BALANCES, account_ids, before)}


async def add_rows(conn: Connection, day: date, rows: Sequence[DayRow]) -> None:
    columns = [(row.account_id, row.watermark, row.balance, row.lines, row.hash) for row in rows]
    await conn.execute(ADD_ROWS, day, *zip(*columns, strict=True))


async def rows(conn: Connection, day: date, *, after: int, limit: int) -> tuple[DayRow, ...]:
    """The rows of the day behind an account, in the order of the accounts."""
    return tuple(DayRow(*row) for row in await conn.fetch(ROWS, day, after, limit))


async def add_head(conn: Connection, head: Head, *, at: datetime) -> None:
    await conn.execute(ADD_HEAD, head.day, head.accounts, head.lines, head.previous, head.head, at)


async def stray(conn: Connection, *, since: date | None, day: date) -> int | None:
    """An account with lines on the day's books that the day's close did not go through."""
    found: int | None = await conn.fetchval(STRAYS, since or BEGINNING, day)
    return found


async def numbers(conn: Connection, account_ids: Sequence[int]) -> dict[int, str]:
    """The accounts' numbers by their ids."""
    return {row[0]: row[1] for row in await conn.fetch(NUMBERS, account_ids)}
