"""What the database is asked about facts on record that somebody wants to take back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asyncpg import Connection

from core.basics.periods import Period
from core.billing.conditions import stored
from core.billing.conditions.model import Condition, Kind
from core.doors.records.model import Dated, Moved, Read
from core.metering.model import Source

DATED = """
select no, kind, subject, name, valid_from, valid_to, value::text, coalesce(withdraws, 0), document, author, recorded_at
  from conditions where account_id = $1 order by no
"""

DATED_OF_BUILDING = """
select no, kind, building_id, '', valid_from, valid_to, value::text, coalesce(withdraws, 0), document, author,
       recorded_at
  from building_conditions where building_id = $1 order by no
"""

MOVED = """
select id, meter_id, event, day, document, author, recorded_at from movements where account_id = $1 order by id
"""

READ = """
select r.no, r.meter_id, r.register, r.day, r.source, r.author, r.recorded_at,
       w.recorded_at as taken_at, coalesce(w.author, ''), coalesce(w.document, '')
  from readings r
  left join withdrawals w on w.account_id = r.account_id and w.reading_no = r.no
 where r.account_id = $1 and r.source > 0
 order by r.day, r.no, r.meter_id, r.register
"""

TAKE_BACK = """
insert into withdrawals (account_id, no, reading_no, recorded_at, author, document, reason)
values ($1, $2, $3, $4, $5, $6, $7)
"""

STAND_AGAIN = """
update meters set removed_on = null where account_id = $1 and id = $2
"""

NEVER_STOOD = """
update meters set removed_on = installed_on where account_id = $1 and id = $2
"""


def _dated(row: Any) -> Dated:
    no, kind, subject, name, start, end, value, withdraws, document, author, at = row
    decoded = stored.decode(json.loads(value))
    return Dated(Condition(no, Kind(kind), subject, Period(start, end), decoded, name, withdraws), document, author, at)


async def dated(conn: Connection, account_id: int) -> list[Dated]:
    """The dated facts of an account, by their numbers."""
    return [_dated(row) for row in await conn.fetch(DATED, account_id)]


async def dated_of_building(conn: Connection, building_id: int) -> list[Dated]:
    """The dated facts of a building, by their numbers."""
    return [_dated(row) for row in await conn.fetch(DATED_OF_BUILDING, building_id)]


async def moved(conn: Connection, account_id: int) -> list[Moved]:
    """The installations and removals of an account, in the order in which they were brought."""
    return [Moved(place, *row) for place, row in enumerate(await conn.fetch(MOVED, account_id), 1)]


async def read(conn: Connection, account_id: int) -> list[Read]:
    """The readings of an account that say anything of its use, by day."""
    return [
        Read(no, meter, register, day, Source(source), author, at, taken_at, taken_by, document)
        for no, meter, register, day, source, author, at, taken_at, taken_by, document in await conn.fetch(
            READ, account_id
        )
    ]


async def take_back(
    conn: Connection,
    account_id: int,
    numbers: Sequence[tuple[int, int]],
    *,
    document: str,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Takes readings of a locked account back: the number of each withdrawal, and that of its reading."""
    await conn.executemany(TAKE_BACK, [(account_id, no, reading, at, by, document, reason) for no, reading in numbers])


async def stand_again(conn: Connection, account_id: int, meter_id: int) -> None:
    """A meter was not removed."""
    await conn.execute(STAND_AGAIN, account_id, meter_id)


async def never_stood(conn: Connection, account_id: int, meter_id: int) -> None:
    """A meter was not installed."""
    await conn.execute(NEVER_STOOD, account_id, meter_id)
