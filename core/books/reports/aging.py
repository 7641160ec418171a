"""How old the debts of a closed day are, by account, house, managing company and company (billing.md 4.5, row G6)."""

from datetime import date, datetime

from asyncpg import Connection

from core.billing import posting
from core.billing.engine import limitation, planning, putting_off, reckoning
from core.billing.engine.facts import Facts
from core.billing.terms import DebtTerms
from core.books.reports import layout, sql
from core.books.reports.actions import closed, kept, named
from core.books.reports.model import Aged, AgedSheet, Level


async def sheet(conn: Connection, day: date, level: Level) -> AgedSheet:
    """The debts at the end of a closed day by the days since they were payable, of every account that the books know.

    By what was booked by then, and by the agreements that were on record when it was sealed.

    :raises NotClosed: the day is not closed.
    """
    known_by = await closed(conn, day, day)
    terms = await posting.debt_terms(conn)
    found: dict[str, Aged] = {}
    total = Aged()
    async for one in sql.booked_facts(conn, day, known_by=known_by):
        aged = age(one.facts, terms, day, balance=one.balance)
        name = named(level, one)
        found[name] = found.get(name, Aged()) + aged
        total += aged
    return AgedSheet(tuple(sorted(found.items())), total)


def age(facts: Facts, terms: DebtTerms, day: date, *, balance: int) -> Aged:
    """The debts of an account at the end of a day; `balance` is what the books say that it owes."""
    settled = reckoning.owing(facts, terms)
    state = planning.as_of(settled, day)
    ages = limitation.ages(putting_off.dated(state, day), today=day)
    sums = tuple(one.amount for one in ages)
    return Aged(sums, sum(sums) - settled.balance, balance, 1)


async def ages(conn: Connection, day: date, level: Level, *, as_csv: bool, at: datetime) -> str:
    """The sheet as text, or as CSV.

    :raises NotClosed: as `sheet`.
    :raises ReportChanged: it is not what it was at its first print.
    """
    made = await sheet(conn, day, level)
    form = "csv" if as_csv else "text"
    text = layout.ages_csv(level, made) if as_csv else layout.ages_text(f"Ages of debts on {day}", level, made)
    return await kept(conn, f"ages {day} by {level} as {form}", text, day, at=at)
