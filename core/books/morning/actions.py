"""The morning report to the administrator (row MA2): what ran, counts, sums, differences, anomalies, heads."""

from collections.abc import Iterable, Sequence
from datetime import date

from asyncpg import Connection

from core.basics.periods import Month
from core.books import sql as books
from core.books.morning import sql, telling
from core.books.morning.model import Books, Morning
from core.books.payments import sql as payments
from core.books.reports import actions as reports
from core.books.reports.model import Level
from core.jobs.model import Run

JOB = "morning-report"
"""The job that makes it, which does not tell of itself."""


async def report(conn: Connection, day: date, runs: Sequence[Run]) -> str:
    """The report of a day, after these jobs, in plain lines. Of a day that is not closed it says so."""
    return telling.text(await looked(conn, day, runs))


async def looked(conn: Connection, day: date, runs: Sequence[Run]) -> Morning:
    """The report of a day, after these jobs."""
    head = await books.head_of(conn, day)
    closed = None
    if head is not None:
        total = (await reports.sheet(conn, day, day, Level.COMPANY)).total
        closed = Books(head, total, await sql.booked(conn, day))
    return Morning(
        day,
        tuple(runs),
        closed,
        await sql.waiting(conn),
        await sql.chains(conn, day),
        tuple(await payments.balance(conn, day)),
        await sql.failed_sends(conn, day),
        await sql.alarms(conn, day),
    )


def of_day(runs: Iterable[Run], day: date) -> tuple[Run, ...]:
    """Those that were for the day or its month, or began since it ended, the earliest first; `runs` come the latest
    first."""
    periods = (day.isoformat(), str(Month.of(day)))
    mine = (one for one in runs if one.name != JOB and (one.period in periods or one.started_at.date() > day))
    return tuple(mine)[::-1]
