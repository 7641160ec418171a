"""The ledger's lines as the database is asked to keep them, and the business day on whose books they go."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.billing.model import Ledger

COMPANY = 0
"""In place of an account: the company's own books, for money that belongs to no account."""

SHARE_DAY = """
select pg_advisory_xact_lock_shared(hashtextextended('meterline business day', 0))
"""

HOLD_DAY = """
select pg_advisory_xact_lock(hashtextextended('meterline business day', 0))
"""

BUSINESS_DAY = """
select ($1::timestamptz at time zone coalesce((select timezone from company), 'UTC'))::date
"""

OPEN_DAY = """
select greatest(
    ($1::timestamptz at time zone coalesce((select timezone from company), 'UTC'))::date,
    (select max(day) + 1 from day_cuts))
"""

COMPANY_NUMBERS = """
select nextval('company_facts') from generate_series(1, $1::int)
"""

SEALED = """
select exists (select from day_heads where day >= $1)
"""

ADD_ENTRIES = """
insert into entries (account_id, no, line, ledger, amount, on_day, booked_on, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::bigint[], $6::date[], $7::date[],
                     $8::timestamptz[])
"""


class Unbalanced(Exception):
    """The lines of a fact do not sum to zero; nothing was written."""


class DaySealed(Exception):
    """The books of the day are sealed; nothing was written."""

    def __init__(self, day: date) -> None:
        super().__init__(f"the books of {day} are sealed: nothing more can be booked on that day")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of the ledger, kopecks, debit positive; `on_day` is the day for which it counts."""

    account_id: int
    no: int
    ledger: Ledger
    amount: int
    on_day: date


async def business_day(conn: Connection, at: datetime) -> date:
    """The company's date at that moment."""
    found: date = await conn.fetchval(BUSINESS_DAY, at)
    return found


async def open_day(conn: Connection, at: datetime) -> date:
    """The day on which is booked what is booked at that moment: the company's date, or the first day behind those whose
    books are closed. It stays open until the transaction ends."""
    await conn.execute(SHARE_DAY)
    found: date = await conn.fetchval(OPEN_DAY, at)
    return found


async def hold_day(conn: Connection) -> None:
    """Waits for all who are booking; nobody books until the transaction ends."""
    await conn.execute(HOLD_DAY)


async def company_numbers(conn: Connection, count: int) -> list[int]:
    """Numbers for so many new facts on the company's own books."""
    return [row[0] for row in await conn.fetch(COMPANY_NUMBERS, count)] if count else []


async def add_entries(
    conn: Connection, rows: Sequence[EntryRow], *, at: datetime, booked_on: date | None = None
) -> None:
    """Writes ledger lines, those of each fact numbered in their order, on the books of the open day; `booked_on` is for
    the close of that day alone.

    :raises Unbalanced: the lines of a fact do not sum to zero.
    :raises DaySealed: the books of `booked_on` are sealed.
    """
    sums: dict[tuple[int, int], int] = {}
    for row in rows:
        sums[row.account_id, row.no] = sums.get((row.account_id, row.no), 0) + row.amount
    if any(sums.values()):
        raise Unbalanced
    if not rows:
        return
    if booked_on is not None and await conn.fetchval(SEALED, booked_on):
        raise DaySealed(booked_on)
    day = booked_on or await open_day(conn, at)
    lines = dict.fromkeys(sums, 0)
    columns = []
    for row in rows:
        key = row.account_id, row.no
        lines[key] += 1
        columns.append((*key, lines[key], row.ledger, row.amount, row.on_day, day, at))
    await conn.execute(ADD_ENTRIES, *zip(*columns, strict=True))
