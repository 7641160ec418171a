"""A customer's debt is the sum over all accounts and services that are his (row Q7)."""

from datetime import UTC, date, datetime

import asyncpg

from core.basics.periods import Period
from core.billing import actions, recording
from core.billing.conditions.model import Kind
from core.billing.debts import customers
from core.billing.recording import NewFact
from core.billing.sql import PaymentRow
from tests import make
from tests.make import A, M

DAY = date(2025, 11, 21)
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
LATE = ("2025-10", "300.00", date(2025, 11, 10))
DUE = ("2025-10", "100.00", date(2025, 12, 10))


async def three(conn: asyncpg.Connection) -> list[int]:
    """Three accounts of one customer: electricity and cold water, electricity, cold water; and one of another."""
    await conn.execute("set local role none")
    await make.company(conn)
    water = M("W1", service="cold_water")
    made = (
        A("100001", (M("S1"), water), claims=(LATE,)),
        A("100002", (M("S2"),), claims=(("2025-09", "100.00", date(2025, 12, 10)), LATE)),
        A("100003", (M("W2", service="cold_water"),), claims=(DUE,)),
        A("200001", (M("S9"),), claims=(LATE,)),
    )
    ids = [await make.account(conn, one) for one in made]
    await conn.execute(
        "update accounts set customer_id = (select customer_id from accounts where id = $1) "
        "where id = any($2::bigint[])",
        ids[0],
        ids[:3],
    )
    await conn.execute("set local role meterline_app")
    return ids


async def test_three_accounts_make_one_debt(conn: asyncpg.Connection) -> None:
    await three(conn)
    for number in ("100001", "100003"):
        found = await customers.debt_of(conn, number, today=DAY)
        assert found is not None
        assert [(one.number, one.services) for one in found.accounts] == [
            ("100001", ("cold_water", "electricity")),
            ("100002", ("electricity",)),
            ("100003", ("cold_water",)),
        ]
        assert (found.to_pay, found.overdue, found.credit, found.untold) == (80_000, 60_000, 0, 0)
    assert await customers.debt_of(conn, "9", today=DAY) is None


async def test_what_is_paid_ahead_stays_with_its_account(conn: asyncpg.Connection) -> None:
    ids = await three(conn)
    await actions.post_payments(conn, [PaymentRow(ids[2], None, "", "", "P1", DAY, 25_000)], at=AT)
    found = await customers.debt_of(conn, "100001", today=DAY)
    assert found is not None
    assert (found.to_pay, found.overdue, found.credit) == (70_000, 60_000, 15_000)


async def test_an_account_that_went_to_another_is_not_his(conn: asyncpg.Connection) -> None:
    ids = await three(conn)
    other = await conn.fetchval("select customer_id from accounts where id = $1", ids[3])
    moved = NewFact(ids[1], Kind.HOLDER, Period(date(2025, 11, 20), None), other, "office", "deed 1")
    await recording.record_facts(conn, [moved], by="ivanova", at=AT)
    his = await customers.debt_of(conn, "100001", today=DAY)
    others = await customers.debt_of(conn, "100002", today=DAY)
    assert his is not None
    assert others is not None
    assert [one.number for one in his.accounts] == ["100001", "100003"]
    assert [one.number for one in others.accounts] == ["100002", "200001"]
    assert (his.to_pay, others.to_pay) == (40_000, 70_000)
    before = await customers.debt_of(conn, "100002", today=date(2025, 11, 19))
    assert before is not None
    assert len(before.accounts) == 3
