"""The ages of debts of a closed day: they add up to the debt, and print the same bytes for ever."""

import csv
import io
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given

from core.basics.money import minor
from core.basics.periods import Month
from core.billing.engine import reckoning
from core.books.reports import aging, layout
from core.books.reports.actions import NotClosed
from core.books.reports.model import Aged, AgedSheet, Level
from core.doors import actions as doors
from core.doors.model import Author, Door, Role
from tests import make
from tests.core.billing.engine import test_planning as planning
from tests.core.books.test_closing import DAY, NEXT, at, close, pay
from tests.core.books.test_reports import year
from tests.make import A, M

AGREED = {
    "account": "200000", "agreement": "R-1", "from": "2025-12-01", "months": "2025-05..2025-10", "amount": "200.00",
    "parts": "2", "first": "2025-12-20", "document": "agreement R-1",
}  # fmt: skip


async def old(conn: asyncpg.Connection) -> int:
    """An account that owes 100.00 of each age on 5 December 2025."""
    await conn.execute("set local role none")
    days = (1, 31, 61, 91, 181, 366, 1096)
    claims = tuple(
        (str(Month.of(due).previous), "100.00", due) for due in sorted(DAY - timedelta(days) for days in days)
    )
    made = await make.account(conn, A("200000", (M("S200"),), claims=claims))
    await conn.execute("set local role meterline_app")
    return made


async def test_each_age_has_its_debts(conn: asyncpg.Connection) -> None:
    await year(conn)
    await old(conn)
    await close(conn, date(2025, 12, 7))
    # on the 7th all are two days older: none has come into another age
    made = await aging.sheet(conn, date(2025, 12, 7), Level.ACCOUNT)
    one = dict(made.rows)["200000"]
    penalty = one.debt - 70_000
    assert penalty > 0, "what the close posted for late payment is as old as its claims"
    assert one.ages[:2] == (0, 10_000)
    assert all(amount >= 10_000 for amount in one.ages[1:])
    assert sum(one.ages) == one.debt == one.balance


async def test_the_ages_add_up_at_every_level(conn: asyncpg.Connection) -> None:
    ids = await year(conn)
    await old(conn)
    await pay(conn, ids[0], date(2025, 12, 7), 900_000, "ahead")
    await close(conn, date(2025, 12, 7))
    sheets = {level: await aging.sheet(conn, date(2025, 12, 7), level) for level in Level}
    total = sheets[Level.COMPANY].total
    assert total.accounts == len(ids) + 1
    assert total.ahead > 0
    for one in sheets.values():
        assert one.total == total
        assert all(row.difference == 0 and sum(row.ages) == row.debt for _, row in one.rows)
    owed = await conn.fetchval("select sum(balance)::bigint from account_states")
    assert total.debt - total.ahead == total.balance == owed


@pytest.mark.parametrize("as_csv", [False, True])
async def test_it_prints_the_same_for_ever(conn: asyncpg.Connection, as_csv: bool) -> None:
    ids = await year(conn)
    await old(conn)
    await close(conn, date(2025, 12, 7))

    async def printed() -> str:
        return await aging.ages(conn, date(2025, 12, 7), Level.ACCOUNT, as_csv=as_csv, at=at(date(2025, 12, 8)))

    first = await printed()
    await pay(conn, ids[0], date(2025, 12, 8), 5_000, "late", on=date(2025, 11, 1))
    biller = Author("petrova", frozenset((Role.BILLER,)))
    day = date(2025, 12, 8)
    report = await doors.bring(conn, Door.INSTALMENTS, [AGREED], author=biller, today=day, at=at(day))
    assert report.rows.new == 1, report.problems
    await close(conn, date(2025, 12, 8))
    assert await printed() == first
    with pytest.raises(NotClosed):
        await aging.sheet(conn, date(2025, 12, 9), Level.COMPANY)


async def test_the_csv_has_its_total(conn: asyncpg.Connection) -> None:
    await year(conn)
    text = await aging.ages(conn, NEXT, Level.HOUSE, as_csv=True, at=at(NEXT))
    head, *rows, total = csv.reader(io.StringIO(text))
    assert head[:4] == ["house", "debt", "not due", "0-30"]
    assert head[7:9] == ["181-365", "1-3 years"]
    assert [sum(minor(row[place]) for row in rows) for place in range(1, len(head))] == list(map(minor, total[1:]))


def test_the_layout_of_the_sheet() -> None:
    row = Aged((0, 100, 0, 0, 200, 0, 0, 300), 0, 600, 1)
    assert layout.ages_text("Ages", "house", AgedSheet((("H1", row),), row)).splitlines()[1:3] == [
        "house  debt  not due  0-30  31-60  61-90  91-180  181-365  1-3 years  over 3 years  paid ahead  balance"
        "  difference",
        "H1     6.00     0.00  1.00   0.00   0.00    2.00     0.00       0.00          3.00        0.00     6.00"
        "        0.00",
    ]


@given(money=planning.MONEY, on=planning.DAYS)
def test_the_ages_are_the_debt(money: list[tuple[date, int, Month | None]], on: date) -> None:
    """With plans kept and broken: what a plan puts off is not due."""
    paid = tuple(planning.pay(20 + at, day, amount, month) for at, (day, amount, month) in enumerate(money))
    known = planning.facts(planning.plan(), claims=(*planning.OLD, *planning.CURRENTS), paid=paid)
    balance = reckoning.owing(known, known.terms).balance
    aged = aging.age(known, known.terms, on, balance=balance)
    assert aged.difference == 0
    assert aged.debt == sum(one.remaining for one in reckoning.owing(known, known.terms).claims)
    told = planning.stands(known, on)
    assert min(told.to_pay, max(0, aged.debt - aged.ages[0] + told.penalty)) >= told.overdue
