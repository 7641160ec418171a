"""Facts to be brought in tests."""

from datetime import UTC, date, datetime

from asyncpg import Connection

from core.basics.periods import Month
from core.billing import actions as billing
from core.doors import actions
from core.doors.model import Author, Door, Role
from core.importing.report import Report

TODAY = date(2025, 11, 21)
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
AUTHORS = {role: Author(f"{role}1", frozenset((role,))) for role in Role}


async def bring(
    conn: Connection, door: Door, *given: dict[str, str], role: Role = Role.CONTROLLER, today: date = TODAY
) -> Report:
    return await actions.bring(conn, door, given, author=AUTHORS[role], today=today, at=AT)


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in report.problems]


async def close(conn: Connection, month: Month) -> billing.Closed:
    """The month is billed on the first day of the next one."""
    first = month.next.first
    return await billing.close_month(conn, month, issued_on=first, due_on=first.replace(day=10), at=AT)


async def claims(conn: Connection) -> list[tuple[str, str, int]]:
    """What was demanded but by an older system: (month, kind, kopecks), in order."""
    rows = await conn.fetch(
        "select to_char(month, 'YYYY-MM'), kind, amount from claims where kind <> 'opening' order by no"
    )
    return [(row[0], row[1], row[2]) for row in rows]
