"""What the database is asked about visits of which people have to be told, and about those that time has ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from asyncpg import Connection

from core.bookings.model import Office, Visit
from core.bookings.sql import visit, visit_of

TOMORROW = f"""
{visit}
  join offices o on o.id = v.office_id
 where v.state = 'booked' and v.reminded = 0 and v.starts_at > $1::timestamptz
   and v.starts_at < $1::timestamptz + interval '48 hours'
   and v.day = ($1::timestamptz at time zone o.timezone)::date + 1
   and ($1::timestamptz at time zone o.timezone)::time >= '10:00' and v.office_id = any($3::bigint[])
 order by v.id limit $2 for no key update of v skip locked
"""

SOON = f"""
{visit}
 where v.state = 'booked' and v.reminded < 2 and v.starts_at > $1::timestamptz
   and v.starts_at <= $1::timestamptz + interval '2 hours'
   and v.office_id = any($3::bigint[])
 order by v.id limit $2 for no key update of v skip locked
"""

REMINDED = """
update visits set reminded = $2 where id = any($1::bigint[])
"""

LAPSING = """
select id, slots from visits where state = 'held' and held_until < $1 order by id limit $2
"""

LAPSE = """
update visits set state = 'lapsed', since = $2, held_until = null
 where id = any($1::bigint[]) and state = 'held' and held_until < $2
returning id
"""

PAST = """
update visits set state = case state when 'booked' then 'missed' else 'done' end, since = $1
 where id in (select id from visits
               where state in ('booked', 'arrived', 'called') and starts_at < $1::timestamptz - interval '12 hours'
               order by id limit $2 for no key update skip locked)
returning id, state
"""


async def tomorrow(conn: Connection, offices: Mapping[int, Office], *, at: datetime, limit: int) -> tuple[Visit, ...]:
    """Visits of the next day at these offices, from ten o'clock on there, of which nobody was reminded; locked."""
    return tuple(visit_of(row, offices) for row in await conn.fetch(TOMORROW, at, limit, list(offices)))


async def soon(conn: Connection, offices: Mapping[int, Office], *, at: datetime, limit: int) -> tuple[Visit, ...]:
    """Visits within two hours at these offices that want their second reminder; locked."""
    return tuple(visit_of(row, offices) for row in await conn.fetch(SOON, at, limit, list(offices)))


async def reminded(conn: Connection, ids: Sequence[int], number: int) -> None:
    """So many reminders went out, or were not needed."""
    await conn.execute(REMINDED, list(ids), number)


async def lapsing(conn: Connection, *, at: datetime, limit: int) -> list[tuple[int, list[int]]]:
    """Holds that have run out, with their places."""
    return [(row["id"], row["slots"]) for row in await conn.fetch(LAPSING, at, limit)]


async def lapse(conn: Connection, ids: Sequence[int], *, at: datetime) -> list[int]:
    """Ends those of the holds that still are and have run out; which they were. Their places are locked before."""
    return [row["id"] for row in await conn.fetch(LAPSE, list(ids), at)]


async def past(conn: Connection, *, at: datetime, limit: int) -> list[tuple[int, str]]:
    """Ends visits of another day on which nobody said what became of them: who was not seen did not come."""
    return [(row["id"], row["state"]) for row in await conn.fetch(PAST, at, limit)]
