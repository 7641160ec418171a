"""Closing business days: what is posted and sealed, and that nothing changes a closed one."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.billing.sql import PaymentRow
from core.books import closing, sql, verifying
from core.books.closing import ClosingNow, DayNotEnded, OutOfOrder
from core.books.model import DayClosed
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow
from core.store import pool as store
from tests import make
from tests.make import A, M

DAY = date(2025, 12, 5)
NEXT = date(2025, 12, 6)
DUE = date(2026, 1, 10)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def night(day: date) -> datetime:
    """A little after the end of the day."""
    return at(day, 22)


async def town(conn: asyncpg.Connection, count: int = 3) -> list[int]:
    """Accounts read at the end of October whose November was billed by forecast on the first of December."""
    await conn.execute("set local role none")
    await make.company(conn)
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    ids = [
        await make.account(conn, A(f"10000{number}", (M(f"S{number}", usual=("130",)),), claims=claims))
        for number in range(count)
    ]
    await conn.execute("set local role meterline_app")
    november = Month(2025, 11)
    issued = november.next.first
    await billing.close_month(conn, november, issued_on=issued, due_on=date(2025, 12, 10), at=at(issued))
    return ids


async def read(conn: asyncpg.Connection, account: int, day: date, value: int) -> None:
    state = (await billing_sql.read_states(conn, [account]))[account]
    (meter,) = (await metering.meters(conn, [account]))[account]
    row = ReadingRow(
        account, state.fact_no + 1, meter.id, 1, day, value * 1000, Source.CUSTOMER, None, None, (), at(day)
    )
    await metering.add_readings(conn, [row])
    await billing.rebuild(conn, [account])


async def pay(
    conn: asyncpg.Connection, account: int, day: date, amount: int, name: str, *, on: date | None = None
) -> None:
    await billing.post_payments(conn, [PaymentRow(account, None, "", "bank", name, on or day, amount)], at=at(day))


async def close(conn: asyncpg.Connection, day: date, *, chunk: int = 2) -> DayClosed:
    return await closing.close_day(conn, day, due_on=DUE, at=night(day), chunk=chunk)


async def test_what_answers_told_is_posted_and_sealed(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    before = await billing_sql.read_states(conn, ids)
    await read(conn, ids[0], date(2025, 11, 30), 4455)
    await read(conn, ids[1], date(2025, 11, 30), 4465)
    closed = await close(conn, DAY)
    after = await billing_sql.read_states(conn, ids)
    changed = [after[account].balance - before[account].balance for account in ids]
    assert closed.corrections == sum(1 for change in changed if change)
    assert closed.amount == sum(changed) != 0
    assert changed[2] == 0
    booked = await conn.fetch("select distinct booked_on from entries where on_day = $1", DAY)
    assert [row[0] for row in booked] == [DAY]
    rows = {one.account_id: one for one in await sql.rows(conn, DAY, after=-1, limit=10)}
    assert {account: rows[account].balance for account in ids} == {one: after[one].balance for one in ids}
    assert closed.head.accounts == len(rows) == 4


async def test_each_bill_is_frozen_once(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, DAY)
    await close(conn, NEXT)
    frozen = await conn.fetch("select account_id, month, day from bill_seals order by account_id")
    assert [tuple(row) for row in frozen] == [(account, date(2025, 11, 1), DAY) for account in ids]


async def test_closing_again_does_nothing(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await read(conn, ids[0], date(2025, 11, 30), 4460)
    first = await close(conn, DAY)
    count = await conn.fetchval("select count(*) from entries")
    again = await close(conn, DAY)
    assert again == DayClosed(first.head, again=True)
    assert await conn.fetchval("select count(*) from entries") == count


async def test_a_quiet_day_goes_through_the_company_alone(conn: asyncpg.Connection) -> None:
    await town(conn)
    first = await close(conn, DAY)
    second = await close(conn, NEXT)
    assert (second.head.accounts, second.head.lines, second.corrections) == (1, 0, 0)
    assert second.head.previous == first.head.head != second.head.head


async def test_a_new_tariff_lets_everybody_be_gone_through(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, DAY)
    await conn.execute(
        """insert into tariffs (plan, valid_from, terms, source)
           select plan, '2025-11-16', terms, 'late' from tariffs where plan = 'RU-FLAT' order by valid_from limit 1"""
    )
    closed = await close(conn, NEXT)
    assert closed.head.accounts == 1 + len(ids)


async def test_the_order_of_chunks_does_not_matter(conn: asyncpg.Connection) -> None:
    heads = []
    for chunk in (1, 3, 100):
        savepoint = conn.transaction()
        await savepoint.start()
        ids = await town(conn)
        heads.append((await close(conn, DAY, chunk=chunk)).head.lines)
        assert len(ids) == 3
        await savepoint.rollback()
    assert len(set(heads)) == 1


async def test_late_money_is_booked_on_an_open_day(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, DAY)
    await pay(conn, ids[0], DAY, 5000, "late", on=date(2025, 11, 20))
    line = await conn.fetchrow("select on_day, booked_on from entries where ledger = 'agents'")
    assert line is not None
    assert tuple(line) == (date(2025, 11, 20), NEXT)
    assert (await verifying.verify(conn)).broken is None


async def test_a_day_is_closed_once_it_has_ended_and_in_order(conn: asyncpg.Connection) -> None:
    await town(conn)
    with pytest.raises(DayNotEnded, match="from 2025-12-06 on"):
        await closing.close_day(conn, DAY, due_on=DUE, at=at(DAY))
    await close(conn, DAY)
    for wrong in (DAY - timedelta(days=1), NEXT + timedelta(days=1)):
        with pytest.raises(OutOfOrder, match="2025-12-06"):
            await close(conn, wrong)


async def test_one_closes_at_a_time(conn: asyncpg.Connection, shared: str) -> None:
    await town(conn)
    other = await store.connect(shared)
    try:
        assert await sql.try_to_close(other)
        with pytest.raises(ClosingNow):
            await close(conn, DAY)
        await sql.end_to_close(other)
        await close(conn, DAY)
    finally:
        await other.close()


async def closed_town(conn: asyncpg.Connection) -> list[int]:
    ids = await town(conn)
    await close(conn, DAY)
    await pay(conn, ids[1], NEXT, 7000, "1")
    await close(conn, NEXT)
    await conn.execute("set local role none")
    return ids


async def test_sound_books_are_proven(conn: asyncpg.Connection) -> None:  # R30
    await closed_town(conn)
    proven = await verifying.verify(conn)
    assert (proven.days, proven.rows, proven.broken) == (2, 4 + 2, None)


@pytest.mark.parametrize(
    ("damage", "day", "account"),
    [
        ("update entries set amount = amount + 1 where account_id = {1} and ledger = 'agents'", NEXT, "100001"),
        ("update entries set ledger = 'opening' where account_id = {1} and ledger = 'agents'", NEXT, "100001"),
        ("update entries set on_day = on_day - 1 where account_id = {0}", DAY, "100000"),
        ("update entries set recorded_at = recorded_at + interval '1 microsecond' where account_id = {2}",
         DAY, "100002"),
        ("delete from entries where account_id = {2} and no = (select max(no) from entries where account_id = {2})",
         DAY, "100002"),
        ("insert into entries select account_id, no + 100, line, ledger, amount, on_day, recorded_at, booked_on"
         " from entries where account_id = {0}", DAY, "100000"),
        ("insert into entries select account_id, no + 100, line, ledger, amount, on_day, recorded_at, '2025-12-06'"
         " from entries where account_id = {0}", NEXT, "100000"),
        ("update claims set due_on = due_on + 1 where account_id = {1} and kind = 'bill'", DAY, "100001"),
        ("update charges set volume = volume + 1 where account_id = {2}", DAY, "100002"),
        ("update bill_seals set hash = sha256('x') where account_id = {0}", DAY, "100000"),
        ("delete from bill_seals where account_id = {0}", DAY, "100000"),
        ("update day_rows set balance = balance + 1 where account_id = {1} and day = '2025-12-05'", DAY, "100001"),
        ("update day_rows set hash = sha256('x') where account_id = {1} and day = '2025-12-06'", NEXT, "100001"),
        ("delete from day_rows where account_id = {1} and day = '2025-12-06'", NEXT, "100001"),
        ("update day_heads set head = sha256('x') where day = '2025-12-05'", DAY, ""),
        ("delete from day_heads where day = '2025-12-05'", NEXT, ""),
        ("update day_heads set previous = sha256('x') where day = '2025-12-06'", NEXT, ""),
    ],
)  # fmt: skip
async def test_a_change_in_a_closed_day_is_named(
    conn: asyncpg.Connection, damage: str, day: date, account: str
) -> None:  # R30
    ids = await closed_town(conn)
    await conn.execute(damage.format(*ids))
    broken = (await verifying.verify(conn)).broken
    assert broken is not None
    assert (broken.day, broken.account) == (day, account)
