"""What the database is asked about how offices open, and about the places that follow from it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.bookings.model import Hours, Office, Slot, Special, State, Visit, Wanted
from core.bookings.sql import visit, visit_of

LOCK_OFFICE = """
select id from offices where id = $1 for no key update
"""

PUT = """
insert into offices (code, name, name_latin, short, short_latin, address, place, place_latin, phone, timezone, windows,
                     step, calendar, services, receives)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (code) do update
   set name = excluded.name, name_latin = excluded.name_latin, short = excluded.short,
       short_latin = excluded.short_latin, address = excluded.address, place = excluded.place,
       place_latin = excluded.place_latin, phone = excluded.phone, timezone = excluded.timezone,
       windows = excluded.windows, step = excluded.step, calendar = excluded.calendar, services = excluded.services,
       receives = excluded.receives
returning id
"""

HOURS = """
select weekday, opens, closes, pause, resumes from office_hours where office_id = $1 order by weekday
"""

NO_HOURS = """
delete from office_hours where office_id = $1
"""

ADD_HOURS = """
insert into office_hours (office_id, weekday, opens, closes, pause, resumes)
select $1, * from unnest($2::smallint[], $3::time[], $4::time[], $5::time[], $6::time[])
"""

SPECIALS = """
select distinct on (day) day, opens, closes, windows, usual, reason from office_days
 where office_id = $1 and day >= $2 order by day, id desc
"""

ALL_HOURS = """
select office_id, weekday, opens, closes, pause, resumes from office_hours order by office_id, weekday
"""

ALL_SPECIALS = """
select distinct on (office_id, day) office_id, day, opens, closes, windows, usual, reason from office_days
 where day between $1 and $2 order by office_id, day, id desc
"""

ADD_SPECIAL = """
insert into office_days (office_id, day, opens, closes, windows, usual, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

CHANGE = """
insert into office_changes (office_id, at, by, what) values ($1, $2, $3, $4)
"""

CHANGES = """
select at, by, what from office_changes where office_id = $1 order by id desc limit $2
"""

AHEAD = """
select id, office_id, day, no, starts, starts_at, capacity, taken from slots
 where office_id = $1 and day >= $2 and starts_at > $3 order by starts_at
"""

ADD = """
insert into slots (office_id, day, no, starts, starts_at, capacity)
select $1, * from unnest($2::date[], $3::smallint[], $4::time[], $5::timestamptz[], $6::smallint[])
on conflict (office_id, starts_at) do nothing
"""

CAPACITIES = """
update slots set capacity = new.capacity from unnest($1::bigint[], $2::smallint[]) as new (id, capacity)
 where slots.id = new.id
"""

GONE = """
delete from slots where id = any($1::bigint[]) and taken = 0
"""

IN_SLOTS = f"""
{visit} where v.slots && $1::bigint[] and v.state = any($2::text[]) order by v.made_at desc, v.id desc
"""

REVOKE = """
update visits set state = 'revoked', since = $2, held_until = null where id = any($1::bigint[])
"""


async def lock_office(conn: Connection, office_id: int) -> None:
    """Lets nobody else change the office or its places until the transaction ends; bookings go on."""
    await conn.execute(LOCK_OFFICE, office_id)


async def put(conn: Connection, office: Office) -> int:
    """The office as it is from now on; its id. One with the code is changed."""
    return int(
        await conn.fetchval(
            PUT, office.code, office.name, office.name_latin, office.short, office.short_latin, office.address,
            office.place, office.place_latin, office.phone, office.zone.key, office.windows, office.step,
            office.calendar, list(office.services), office.receives,
        )
    )  # fmt: skip


async def hours(conn: Connection, office_id: int) -> dict[int, Hours]:
    """The usual hours by weekday."""
    return {row["weekday"]: Hours(**row) for row in await conn.fetch(HOURS, office_id)}


async def set_hours(conn: Connection, office_id: int, new: Sequence[Hours]) -> None:
    """These hours in place of those before."""
    await conn.execute(NO_HOURS, office_id)
    if new:
        rows = [(one.weekday, one.opens, one.closes, one.pause, one.resumes) for one in new]
        await conn.execute(ADD_HOURS, office_id, *zip(*rows, strict=True))


async def specials(conn: Connection, office_id: int, *, since: date) -> dict[date, Special]:
    """What differs from the usual on days from one on."""
    return {row["day"]: Special(**row) for row in await conn.fetch(SPECIALS, office_id, since)}


async def all_hours(conn: Connection) -> dict[int, list[Hours]]:
    """The usual hours of every office, Monday first."""
    found: dict[int, list[Hours]] = {}
    for office, *row in await conn.fetch(ALL_HOURS):
        found.setdefault(office, []).append(Hours(*row))
    return found


async def all_specials(conn: Connection, first: date, last: date) -> dict[int, list[Special]]:
    """What differs at every office on these days."""
    found: dict[int, list[Special]] = {}
    for office, *row in await conn.fetch(ALL_SPECIALS, first, last):
        found.setdefault(office, []).append(Special(*row))
    return found


async def add_special(conn: Connection, office_id: int, special: Special, *, by: str, at: datetime) -> None:
    """Writes down what differs on a day."""
    await conn.execute(
        ADD_SPECIAL, office_id, special.day, special.opens, special.closes, special.windows, special.usual,
        special.reason, by, at,
    )  # fmt: skip


async def changed(conn: Connection, office_id: int, what: str, *, by: str, at: datetime) -> None:
    """Writes down who changed what of an office."""
    await conn.execute(CHANGE, office_id, at, by, what)


async def changes(conn: Connection, office_id: int, *, limit: int) -> list[tuple[datetime, str, str]]:
    """The last changes of an office as (when, by whom, what), the latest first."""
    return [(row["at"], row["by"], row["what"]) for row in await conn.fetch(CHANGES, office_id, limit)]


async def ahead(conn: Connection, office_id: int, *, since: date, after: datetime) -> tuple[Slot, ...]:
    """The places of an office that begin after a time, by time."""
    return tuple(Slot(*row) for row in await conn.fetch(AHEAD, office_id, since, after))


async def add(conn: Connection, office_id: int, new: Sequence[Wanted]) -> None:
    """Adds places; one that is there already stays."""
    if new:
        rows = [(one.day, one.no, one.starts, one.starts_at, one.capacity) for one in new]
        await conn.execute(ADD, office_id, *zip(*rows, strict=True))


async def set_capacities(conn: Connection, new: Mapping[int, int]) -> None:
    """Gives places other capacities; the caller has locked them and made room."""
    if new:
        await conn.execute(CAPACITIES, list(new), list(new.values()))


async def drop(conn: Connection, ids: Sequence[int]) -> None:
    """Takes away places in which there is no visit."""
    if ids:
        await conn.execute(GONE, list(ids))


async def in_slots(
    conn: Connection, ids: Collection[int], offices: Mapping[int, Office], states: Collection[State]
) -> tuple[Visit, ...]:
    """The visits in these states that take any of the places, the last made first."""
    return tuple(visit_of(row, offices) for row in await conn.fetch(IN_SLOTS, list(ids), list(states)))


async def revoke(conn: Connection, ids: Sequence[int], *, at: datetime) -> None:
    """The office cannot receive them."""
    await conn.execute(REVOKE, list(ids), at)
