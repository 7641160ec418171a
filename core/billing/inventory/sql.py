"""What the database is asked about the accounts whose consumption is gone through for gaps and overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.basics.periods import Month

OURS = """
select a.id, a.number, a.persons, a.opened_on,
       (select max(month) from claims where account_id = a.id and kind = 'opening') as brought
  from accounts a where a.id = any($1::bigint[]) order by a.id
"""


@dataclass(frozen=True, slots=True)
class Ours:
    """An account: its number, how many live there where no fact says, and the first day for which it is ours to charge;
    that is the one behind the months that an older system has billed."""

    number: str
    persons: int
    since: date


async def ours(conn: Connection, account_ids: Sequence[int]) -> dict[int, Ours]:
    """What is known of each of the accounts."""
    return {
        id: Ours(number, persons, opened if brought is None else Month.of(brought).next.first)
        for id, number, persons, opened, brought in await conn.fetch(OURS, account_ids)
    }
