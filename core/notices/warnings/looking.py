"""The warnings of a notice as a list shows them."""

from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.notices.warnings import sql


@dataclass(frozen=True, slots=True)
class Line:
    """A warning in a list: kopecks, the state of its message, and what became of it."""

    number: int
    account: str
    debt: int
    state: str | None
    worded_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    promised_until: date | None
    letter_at: datetime | None
    ended_at: datetime | None


async def by_letter(conn: Connection, account_id: int | None) -> list[int]:
    """The numbers of an account's warnings that stand and have to go by letter."""
    return [] if account_id is None else await sql.by_letter(conn, account_id)


async def of_notice(conn: Connection, notice_id: int, *, after: int, most: int) -> tuple[Line, ...]:
    """Those of a notice who are told, with numbers above `after`."""
    return tuple(Line(*row) for row in await sql.of_notice(conn, notice_id, after=after, limit=most))
