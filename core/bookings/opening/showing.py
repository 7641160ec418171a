"""How an office opens, for those who look at it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.bookings.model import Hours, Special
from core.bookings.opening import sql

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """How an office opens: its usual hours, Monday first, and days that differ."""

    hours: tuple[Hours, ...] = ()
    specials: tuple[Special, ...] = ()


async def hours(conn: Connection, office_id: int) -> tuple[Hours, ...]:
    """The usual hours, Monday first."""
    return tuple((await sql.hours(conn, office_id)).values())


async def specials(conn: Connection, office_id: int, *, since: date) -> tuple[Special, ...]:
    """What differs on days from one on, in their order."""
    return tuple((await sql.specials(conn, office_id, since=since)).values())


async def everywhere(conn: Connection, first: date, last: date) -> Mapping[int, Opening]:
    """How each office opens, by its id: the usual hours, and what differs on these days. Two statements."""
    hours, specials = await sql.all_hours(conn), await sql.all_specials(conn, first, last)
    return {
        one: Opening(tuple(hours.get(one, ())), tuple(specials.get(one, ()))) for one in hours.keys() | specials.keys()
    }


async def changes(conn: Connection, office_id: int) -> Sequence[tuple[datetime, str, str]]:
    """The last changes as (when, by whom, what), the latest first."""
    return await sql.changes(conn, office_id, limit=SHOWN)
