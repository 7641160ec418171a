"""Penalties on record: posted once, by deltas, balanced in the ledger, and told in answers before that."""

from datetime import UTC, date, datetime

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing import actions, sql
from core.billing.penalties import Accrued, costly_before, post_accrued
from core.billing.sql import PaymentRow
from core.books import closing
from tests import make
from tests.make import A, M

AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
DUE = date(2025, 9, 10)
CLAIMS = (
    ("2025-08", "1000.00", DUE),
    ("2025-09", "500.00", date(2025, 10, 10)),
    ("2025-10", "0.00", date(2025, 11, 10)),
)


async def town(conn: asyncpg.Connection, count: int = 2) -> list[int]:
    """Accounts that owe 1000.00 since 10 September and 500.00 since 10 October."""
    await conn.execute("set local role none")
    await make.company(conn)
    ids = [await make.account(conn, A(f"10000{no}", (M(f"S{no}"),), claims=CLAIMS)) for no in range(count)]
    await conn.execute("set local role meterline_app")
    return ids


async def owed(conn: asyncpg.Connection, account: int) -> int:
    return (await sql.read_states(conn, [account]))[account].balance


async def pay(conn: asyncpg.Connection, account: int, day: date, amount: int, name: str) -> None:
    await actions.post_payments(conn, [PaymentRow(account, None, "", "bank", name, day, amount)], at=AT)


async def test_they_are_posted_once_and_by_what_is_new(conn: asyncpg.Connection) -> None:
    """70 days of 1000.00: 40 of 1/300 are 12.67; 40 of 500.00: ten are 1.58."""
    first, second = await town(conn)
    day = date(2025, 11, 19)
    assert await post_accrued(conn, [first, second], day=day, at=AT) == Accrued(4, 2 * (1_267 + 158))
    assert await post_accrued(conn, [first, second], day=day, at=AT) == Accrued()
    assert await owed(conn, first) == 150_000 + 1_267 + 158
    assert await post_accrued(conn, [first], day=date(2025, 11, 20), at=AT) == Accrued(2, 1_298 - 1_267 + 174 - 158)
    assert await actions.rebuild(conn, [first, second]) == 0
    claims = [one for one in (await sql.claims(conn, [first]))[first] if one.about is not None]
    assert [(str(one.month), one.due_on, one.issued_on.day) for one in claims[:2]] == [
        ("2025-08", DUE, 19), ("2025-09", date(2025, 10, 10), 19),
    ]  # fmt: skip
    lines = await conn.fetch(
        "select ledger, amount from entries where account_id = $1 and no = $2", first, claims[0].no
    )
    assert sorted(map(tuple, lines)) == [("penalty", -1_267), ("receivable", 1_267)]


async def test_a_payment_told_late_takes_back_what_was_too_much(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    day = date(2025, 11, 19)
    await post_accrued(conn, [account], day=day, at=AT)
    await pay(conn, account, date(2025, 10, 20), 100_000, "late")
    assert await post_accrued(conn, [account], day=day, at=AT) == Accrued(1, 317 - 1_267)
    assert await owed(conn, account) == 50_000 + 317 + 158
    back = PaymentRow(account, None, "", "bank", "back", date(2025, 11, 1), -100_000)
    await actions.post_payments(conn, [back], at=AT)
    assert await post_accrued(conn, [account], day=day, at=AT) == Accrued(1, 1_267 - 317)
    assert await actions.rebuild(conn, [account]) == 0


async def test_who_pays_all_owes_nothing_for_ever(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    day = date(2025, 11, 19)
    told = await actions.explain(conn, "100000", day)
    assert told is not None
    assert told.standing.to_pay == 150_000 + 1_267 + 158
    assert sum(line.amount for line in told.lines) == told.standing.to_pay
    await pay(conn, account, day, told.standing.to_pay, "all")
    for later in (day, date(2026, 11, 1)):
        again = await actions.explain(conn, "100000", later)
        assert again is not None
        assert (again.standing.to_pay, again.standing.credit) == (0, 0)
    assert await post_accrued(conn, [account], day=date(2026, 1, 1), at=AT) == Accrued(2, 1_267 + 158)
    assert await owed(conn, account) == 0


async def test_the_close_of_a_day_posts_them(conn: asyncpg.Connection) -> None:
    ids = await town(conn, 3)
    day = date(2025, 11, 19)
    night = datetime(2025, 11, 19, 22, tzinfo=UTC)
    closed = await closing.close_day(conn, day, due_on=date(2025, 12, 10), at=night)
    assert closed.penalties == 3 * (1_267 + 158)
    following = await closing.close_day(
        conn, date(2025, 11, 20), due_on=date(2025, 12, 10), at=datetime(2025, 11, 20, 22, tzinfo=UTC)
    )
    assert (following.head.accounts, following.penalties) == (4, 3 * (31 + 16))
    booked = await conn.fetch(
        "select booked_on, sum(amount)::bigint from entries where ledger = 'penalty' group by 1 order by 1"
    )
    assert [tuple(row) for row in booked] == [(day, -closed.penalties), (date(2025, 11, 20), -following.penalties)]
    assert await actions.rebuild(conn, ids) == 0


async def test_bills_go_on_beside_them(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    await post_accrued(conn, [account], day=date(2025, 11, 30), at=AT)
    november = Month(2025, 11)
    done = await actions.close_month(conn, november, issued_on=november.next.first, due_on=date(2025, 12, 10), at=AT)
    assert done.bills == 1
    assert (await sql.read_states(conn, [account]))[account].billed_through == november.last
    assert await actions.rebuild(conn, [account]) == 0


async def test_days_that_cost_nothing_are_those_of_the_pack(conn: asyncpg.Connection) -> None:
    await town(conn, 1)
    assert await costly_before(conn, date(2025, 11, 19)) == date(2025, 10, 20)
    await conn.execute("set local role none")
    await conn.execute("update company set profile = 'GENERIC'")
    assert await costly_before(conn, date(2025, 11, 19)) == date(2025, 11, 9)
    assert await conn.execute("delete from company") == "DELETE 1"
    assert await costly_before(conn, date(2025, 11, 19)) is None


NOVEMBER, DECEMBER = Month(2025, 11), Month(2025, 12)


async def close_month(conn: asyncpg.Connection, month: Month) -> None:
    on = month.next.first
    await actions.close_month(conn, month, issued_on=on, due_on=on.replace(day=10), at=AT)


async def test_the_close_of_a_month_leaves_them_to_that_of_its_last_day(conn: asyncpg.Connection) -> None:
    """Through 30 November: 51 days of 1000.00 at 1/300 of 9.5 % are 16.15, 21 of 500.00 are 3.33."""
    (account,) = await town(conn, 1)
    await close_month(conn, NOVEMBER)
    assert (await post_accrued(conn, [account], day=NOVEMBER.last, at=AT)).amount == 1_615 + 333
    await close_month(conn, NOVEMBER)
    assert await post_accrued(conn, [account], day=NOVEMBER.last, at=AT) == Accrued()
    assert await actions.rebuild(conn, [account]) == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_days_and_months_in_any_order_post_each_day_once(conn: asyncpg.Connection, data: st.DataObject) -> None:
    """Whatever is closed and paid in between, what was posted in the end is what one close at the end posts."""
    transaction = conn.transaction()
    await transaction.start()
    try:
        several, once = await town(conn)
        days = data.draw(st.lists(st.dates(date(2025, 11, 1), date(2025, 12, 31)), max_size=5))
        events: list[date | Month] = [*days, NOVEMBER, DECEMBER]
        closes = data.draw(st.permutations(events))
        paid = data.draw(st.none() | st.tuples(st.dates(DUE, date(2025, 12, 31)), st.integers(1, 150_000)))
        at = data.draw(st.integers(0, len(closes)))
        for number, event in enumerate(closes):
            if paid and number == at:
                await pay(conn, several, *paid, "several")
            if isinstance(event, Month):
                await close_month(conn, event)
            else:
                await post_accrued(conn, [several], day=event, at=AT)
        if paid:
            if at == len(closes):
                await pay(conn, several, *paid, "several")
            await pay(conn, once, *paid, "once")
        last = max([DECEMBER.last, *days])
        await post_accrued(conn, [several, once], day=last, at=AT)
        assert await post_accrued(conn, [several, once], day=last, at=AT) == Accrued()
        assert await owed(conn, several) == await owed(conn, once)
        assert await actions.rebuild(conn, [several, once]) == 0
    finally:
        await transaction.rollback()
