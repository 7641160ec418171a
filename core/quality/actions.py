"""Counting faults in the data, and listing them and the verifications that end."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.basics.periods import Month
from core.quality import sql
from core.quality.model import MOST, Counted, Due, DueMeter, Fault, Found

_FIRST = date.min
_BEFORE = -(2**62)
"""Less than any id of a meter."""


async def count(conn: Connection, *, today: date, at: datetime) -> list[tuple[Fault, int]]:
    """Counts each fault and keeps what was counted; MOST + 1 where there are more."""
    counted = [(fault, await _count(conn, fault, today)) for fault in Fault]
    async with conn.transaction():
        for fault, number in counted:
            await sql.keep(conn, fault, number, day=today, at=at)
    return counted


async def _count(conn: Connection, fault: Fault, today: date) -> int:
    number = 0
    async for some in _all(conn, fault, today):
        number += len(some)
        if number > MOST:
            return MOST + 1
    return number


async def _all(conn: Connection, fault: Fault, today: date) -> AsyncIterator[Sequence[Found]]:
    after = 0
    while some := await sql.found(conn, fault, today=today, after=after, limit=1000):
        yield some
        after = some[-1].account_id


async def counted(conn: Connection) -> list[Counted]:
    """What was counted last of each fault."""
    return await sql.last(conn)


async def found(conn: Connection, fault: Fault, *, today: date, after: int, most: int) -> list[Found]:
    """Accounts with the fault behind that id, in the order of their ids."""
    return await sql.found(conn, fault, today=today, after=after, limit=most)


async def due(conn: Connection, *, today: date, months: int, store: int | None = None) -> list[Due]:
    """How many meters have to be verified in each of so many months from this one on; those that are late stand in the
    month before. `store`: those that lie there or go from there, 0: those of customers, None: all."""
    first = Month.of(today)
    last = first
    for _ in range(months - 1):
        last = last.next
    return await sql.due(conn, since=first.first, until=last.next.first, store=store)


async def due_in(
    conn: Connection,
    month: Month | None,
    *,
    today: date,
    service: str,
    after: tuple[date, int] | None,
    most: int,
    store: int | None = None,
) -> list[DueMeter]:
    """The meters to be verified in a month, all that are late where none is given, the earliest first; `store` as for
    `due`."""
    since, until = (_FIRST, Month.of(today).first) if month is None else (month.first, month.next.first)
    return await sql.due_meters(
        conn, since=since, until=until, service=service, store=store, after=after or (_FIRST, _BEFORE), limit=most
    )
