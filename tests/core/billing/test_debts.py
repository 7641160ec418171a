"""Debts written off by a document, demanded again, and debts that lapse."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions, sql
from core.billing.debts import actions as debts
from core.billing.debts.actions import NothingOpen
from core.billing.debts.sql import Lapsing
from core.billing.penalties import post_accrued
from core.billing.sql import PaymentRow
from tests import make
from tests.make import A, M

AUGUST, SEPTEMBER = Month(2025, 8), Month(2025, 9)
DAY = date(2025, 11, 19)
AT = datetime(2025, 11, 19, 9, tzinfo=UTC)
PAPER = {"document": "order 7", "reason": "the debtor has died", "by": "Petrova"}


async def house(conn: asyncpg.Connection) -> int:
    await conn.execute("set local role none")
    await make.company(conn)
    claims = (("2025-08", "1000.00", date(2025, 9, 10)), ("2025-09", "500.00", date(2025, 10, 10)))
    account = await make.account(conn, A("100000", (M("S1"),), claims=claims))
    await conn.execute("set local role meterline_app")
    return account


async def test_a_month_is_written_off_with_its_penalty_and_demanded_again(conn: asyncpg.Connection) -> None:
    account = await house(conn)
    await post_accrued(conn, [account], day=DAY, at=AT)
    before = (await sql.read_states(conn, [account]))[account]
    assert await debts.write_off(conn, account, AUGUST, on=DAY, at=AT, **PAPER) == 100_000 + 1_267
    state = (await sql.read_states(conn, [account]))[account]
    assert {one.month for one in state.claims} == {SEPTEMBER}
    assert state.balance == before.balance - 101_267
    lines = await conn.fetch(
        "select ledger, sum(amount)::bigint from entries where account_id = $1 and no = $2 group by 1 order by 1",
        account,
        state.fact_no,
    )
    assert [tuple(row) for row in lines] == [("receivable", -101_267), ("written_off", 101_267)]
    paper = await conn.fetchrow("select document, reason, by from write_offs where no = $1", state.fact_no)
    assert paper is not None
    assert dict(paper) == PAPER
    assert (await post_accrued(conn, [account], day=date(2025, 11, 30), at=AT)).penalties == 1, "of September alone"
    assert await debts.take_back(conn, account, AUGUST, on=DAY, at=AT, **PAPER) == 101_267
    assert {one.month for one in (await sql.read_states(conn, [account]))[account].claims} == {AUGUST, SEPTEMBER}
    assert await actions.rebuild(conn, [account]) == 0


async def test_what_is_not_open_is_not_written_off(conn: asyncpg.Connection) -> None:
    account = await house(conn)
    with pytest.raises(NothingOpen):
        await debts.write_off(conn, account, Month(2024, 1), on=DAY, at=AT, **PAPER)
    with pytest.raises(NothingOpen):
        await debts.take_back(conn, account, AUGUST, on=DAY, at=AT, **PAPER)
    await actions.post_payments(conn, [PaymentRow(account, None, "", "bank", "1", DAY, 100_000)], at=AT)
    with pytest.raises(NothingOpen):
        await debts.write_off(conn, account, AUGUST, on=DAY, at=AT, **PAPER)


async def test_money_settles_what_has_lapsed_last(conn: asyncpg.Connection) -> None:
    """By the pack that is in force, wherever money is settled: as it comes, by the close, and derived anew."""
    account = await house(conn)
    late = date(2028, 9, 11)  # three years and a day behind August's due date
    await actions.post_payments(conn, [PaymentRow(account, None, "", "bank", "1", late, 60_000)], at=AT)
    (state,) = (await sql.read_states(conn, [account])).values()
    assert [(one.month, one.remaining) for one in state.claims] == [(AUGUST, 90_000)]
    assert state.behind
    assert await actions.rebuild(conn, [account]) == 0
    told = await actions.explain(conn, "100000", late)
    assert told is not None
    assert [one.limitation_on for one in told.lines if one.month == AUGUST and one.fact] == [date(2028, 9, 10)]
    await actions.post_payments(conn, [PaymentRow(account, None, "", "bank", "2", late, 5_000, AUGUST)], at=AT)
    (state,) = (await sql.read_states(conn, [account])).values()
    assert [(one.month, one.remaining) for one in state.claims] == [(AUGUST, 85_000)]


async def test_what_lapses_soon_is_listed(conn: asyncpg.Connection) -> None:
    await house(conn)
    assert await debts.lapsing(conn, today=DAY, within=60) == ()
    assert await debts.lapsing(conn, today=date(2028, 8, 15), within=60) == (
        Lapsing("100000", AUGUST, 100_000, 26),
        Lapsing("100000", SEPTEMBER, 50_000, 56),
    )


async def test_the_limits_of_an_account_are_told_by_months(conn: asyncpg.Connection) -> None:
    account = await house(conn)
    told = await debts.limits(conn, account, "100000", today=date(2028, 9, 11))
    assert [(one.month, one.amount, one.days) for one in told] == [(AUGUST, 100_000, -1), (SEPTEMBER, 50_000, 29)]
    assert debts.by_month([*told, Lapsing("100000", AUGUST, 7, -1)])[0].amount == 100_007, "a penalty lapses with it"
