"""What a customer sees of an account over time: the book, the days, the bills, and why a sum changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from asyncpg import Connection

from core.basics.money import milli
from core.basics.periods import DAY, Month
from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.billing.estimation import ESTIMATED
from core.billing.model import Tariffs
from core.dossier.model import Status
from core.dossier.own import sql, telling
from core.dossier.own.model import Life
from core.metering import sql as metering
from core.metering.model import Meter, Source
from core.metering.sql import ReadingRow
from tests import make
from tests.core.dossier import town
from tests.core.dossier.town import TODAY
from tests.make import A, M

Known = tuple[Life, tuple[Meter, ...], Tariffs]


async def known(conn: Connection, account: int) -> Known:
    life = await sql.life(conn, account)
    assert life is not None
    return life, (await metering.meters(conn, [account]))[account], await billing_sql.tariffs(conn)


@pytest.fixture
async def old(conn: Connection) -> int:
    return await town.old(conn)


async def test_ten_years_are_read_in_one_statement(conn: Connection, old: int) -> None:
    async with town.counted(conn) as sent:
        life = await sql.life(conn, old)
    assert len(sent) == 1
    assert life is not None
    assert (len(life.facts.claims), len(life.facts.payments), len(life.facts.readings)) == (120, 119, 121)
    assert await sql.life(conn, -1) is None


async def test_the_book_has_a_row_a_month(conn: Connection, old: int) -> None:  # row M7c
    life, meters, _ = await known(conn, old)
    rows = telling.book(life, meters)
    assert [str(row.month) for row in rows[:2]] == ["2025-10", "2025-09"]
    assert [(one.charged, one.paid, one.left) for one in rows[:2]] == [(43160, 43160, 43160)] * 2
    [count] = rows[0].counts
    assert (count.day, count.shown) == (date(2025, 10, 31), ("15700",))
    assert len(rows) == 121
    state = (await billing_sql.read_states(conn, [old]))[old]
    assert rows[0].left == state.balance


async def test_bills_tell_what_is_open(conn: Connection, old: int) -> None:
    life, _, _ = await known(conn, old)
    state = (await billing_sql.read_states(conn, [old]))[old]
    first, second, *_ = telling.bills(life, state, TODAY)
    assert (first.no, first.left, first.status) == (121, 43160, Status.OVERDUE)
    assert (second.left, second.status) == (0, Status.PAID)


async def test_the_days_add_up_to_the_readings_and_the_band_lies_around_them(conn: Connection, old: int) -> None:
    life, meters, tariffs = await known(conn, old)
    found = telling.days(life, meters, tariffs, today=TODAY, first=date(2025, 10, 1), end=date(2025, 12, 1))
    assert found is not None
    assert (found.service, found.month, found.volume) == ("electricity", Month(2025, 11), 130_000)
    october = [one for one in found.days if one.day.month == 10]
    assert len(october) == 31
    assert abs(sum(one.volume for one in october) - 130_000) <= 31
    assert found.read == 130_000
    assert not any(one.foretold or one.most is not None for one in october)
    november = [one for one in found.days if one.day.month == 11]
    assert len(november) == 30
    for one in november:
        assert one.foretold
        assert one.least is not None
        assert one.most is not None
        assert one.least <= one.volume <= one.most


async def test_what_is_unknown_has_no_band(conn: Connection) -> None:
    await make.company(conn)
    account = await make.account(conn, A("0077", (M("S1", usual=(), months=0),)))
    life, meters, tariffs = await known(conn, account)
    found = telling.days(life, meters, tariffs, today=TODAY, first=date(2025, 11, 1), end=date(2026, 1, 1))
    assert found is not None
    assert found.volume is None
    assert all(one.most is None for one in found.days)


async def test_why_a_billed_month_changed(conn: Connection) -> None:
    """A reading behind two bills made by forecast changes them; the causes are named by meter, count and day."""
    await make.company(conn)
    account = await make.account(
        conn, A("0078", (M("S1", readings=("4325",)),), claims=(("2025-10", "0.00", date(2025, 11, 10)),))
    )
    at = datetime(2025, 12, 3, 9, tzinfo=UTC)
    november = Month(2025, 11)
    await billing.close_month(conn, november, issued_on=date(2025, 12, 3), due_on=date(2025, 12, 10), at=at)
    life, meters, tariffs = await known(conn, account)
    reading = ReadingRow(
        account, life.facts.last_no + 1, meters[0].id, 1, date(2025, 12, 20), milli("4999"), Source.CUSTOMER, None,
        None, (), at + timedelta(days=17),
    )  # fmt: skip
    await metering.add_readings(conn, [reading])
    await conn.execute("update account_states set fact_no = $2 where account_id = $1", account, reading.no)
    await billing.rebuild(conn, [account])
    life, meters, tariffs = await known(conn, account)
    day = date(2025, 12, 21)
    found = telling.explained(life, meters, tariffs, ESTIMATED, day)
    [change] = telling.changes(found, life, meters)
    assert (change.month, change.no) == (november, None)
    assert change.after != change.before
    [cause] = change.causes
    assert (cause.kind, cause.serial, cause.shown, cause.day) == ("reading", "S1", "04999", day - DAY)
