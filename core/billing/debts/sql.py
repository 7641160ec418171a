"""What the database is asked about written-off debts and debts that lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Connection

from core.basics.periods import Month

ADD_WRITE_OFFS = """
insert into write_offs (account_id, no, document, reason, by, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
"""

OWING = """
select a.id, a.number from account_states s join accounts a on a.id = s.account_id
 where s.claims <> '[]' and a.id > $1 order by a.id limit $2
"""

PEOPLE = """
select id, number, persons from accounts where id = any($1::bigint[])
"""


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """The document behind the claim numbered `no` of an account, the reason, and who decided."""

    account_id: int
    no: int
    document: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Owing:
    """An account with open claims."""

    id: int
    number: str


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What is open of an account's month, kopecks, and how many days its limitation still has."""

    number: str
    month: Month
    amount: int
    days: int


async def add_write_offs(conn: Connection, rows: Sequence[WriteOffRow], *, at: datetime) -> None:
    columns = [(row.account_id, row.no, row.document, row.reason, row.by, at) for row in rows]
    if columns:
        await conn.execute(ADD_WRITE_OFFS, *zip(*columns, strict=True))


async def owing(conn: Connection, *, after: int, limit: int) -> list[Owing]:
    """The next accounts with open claims, by their ids."""
    return [Owing(*row) for row in await conn.fetch(OWING, after, limit)]


async def people(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """The number of each account, and the persons living there."""
    return {row[0]: (row[1], row[2]) for row in await conn.fetch(PEOPLE, account_ids)}
