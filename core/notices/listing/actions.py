"""Who is told by a notice, who is not and why, one by one; and who sleeps now. Nothing of it stays."""

from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.notices import sql as notices
from core.notices import texts
from core.notices.listing import sql
from core.notices.model import RULES, Notice, State
from core.notices.people import actions as people
from core.notices.people.actions import Company

TOLD = "told"
"""Of a list: those who are told, instead of those with a bar."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the people of a notice: kopecks of overdue debt, as it was frozen where the notice asks for debts, the day
    since which something is overdue, None where nothing is; `bar` None where he is told."""

    account: str
    house: str
    language: str
    debt: int
    since: date | None
    bar: str | None


async def listed(
    conn: Connection, notice: Notice, *, bar: str, behind: int, most: int, at: datetime
) -> tuple[Listed, ...]:
    """The people behind so many, by account. Before the approval they are found anew, as it would find them."""
    of = await people.company(conn)
    day = at.astimezone(of.zone).date()
    found = conn.transaction()
    await found.start()
    try:
        if notice.state in (State.DRAFT, State.SUBMITTED):
            await notices.lock(conn, notice.id)
            await people.freeze(conn, notice, of, at=at)
        asked = texts.asks_for_debt(notice.draft)
        years = of.years(notice)
        rows = await sql.people(conn, notice.id, bar, day=day, behind=behind, limit=most, frozen=asked, years=years)
    finally:
        await found.rollback()
    return tuple(
        Listed(row["account"], row["house"], row["language"], row["debt"], row["oldest"], row["bar"]) for row in rows
    )


async def quiet(conn: Connection, notice: Notice, of: Company, *, at: datetime) -> tuple[int, datetime | None]:
    """How many of those who are to be told are in their quiet hours now, and when those end for the first of them."""
    if not RULES[notice.cls].quiet:
        return 0, None
    number, opens = 0, []
    for row in await sql.zones(conn, notice.id):
        hours = row["timezone"], row["told_from"], row["told_till"]
        if people.until(notice.kind, hours, of, at) is None:
            number += row["people"]
            opens.append(people.opening(hours, of, at))
    return number, min(opens, default=None)
