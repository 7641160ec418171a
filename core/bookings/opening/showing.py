"""How an office opens, for those who look at it."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.bookings.model import Hours, Special
from core.bookings.opening import sql

SHOWN = 20


async def hours(conn: Connection, office_id: int) -> tuple[Hours, ...]:
    """The usual hours, Monday first."""
    return tuple((await sql.hours(conn, office_id)).values())


async def specials(conn: Connection, office_id: int, *, since: date) -> tuple[Special, ...]:
    """What differs on days from one on, in their order."""
    return tuple((await sql.specials(conn, office_id, since=since)).values())


async def changes(conn: Connection, office_id: int) -> Sequence[tuple[datetime, str, str]]:
    """The last changes as (when, by whom, what), the latest first."""
    return await sql.changes(conn, office_id, limit=SHOWN)
