"""Control readings: they stand above what customers send, and what they change in bills is posted by the next close."""

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.doors.model import Door, NotAllowed, Role
from core.importing.model import Counts
from core.metering.model import Source
from tests import make
from tests.core.doors.bringing import bring, claims, close, told
from tests.make import A, M

READ = {"account": "100000", "meter": "4521", "date": "2025-11-20", "reading": "01300", "document": "act 7"}
OCTOBER = Month(2025, 10)


async def town(conn: Connection, meter: M | None = None, *, month: str = "2025-10") -> int:
    await conn.execute("set local role none")
    await make.company(conn)
    claim = (month, "0.00", Month.parse(month).next.first)
    made = await make.account(
        conn, A("100000", (meter or M("4521", readings=("1000",), usual=("100",)),), claims=(claim,))
    )
    await conn.execute("set local role meterline_app")
    return made


async def customers_reading(conn: Connection, account: int, day: str, value: int) -> None:
    """What the customer sent, as messages store it."""
    no = await conn.fetchval("select fact_no + 1 from account_states where account_id = $1", account)
    meter = await conn.fetchval("select id from meters where account_id = $1", account)
    await conn.execute(
        """insert into readings (account_id, no, meter_id, register, day, value, source, recorded_at)
           values ($1, $2, $3, 1, $4::text::date, $5, $6, now())""",
        account, no, meter, day, value, Source.CUSTOMER,
    )  # fmt: skip
    await conn.execute("update account_states set fact_no = $2 where account_id = $1", account, no)


async def test_it_names_its_author_and_document(conn: Connection) -> None:
    await town(conn)
    assert (await bring(conn, Door.CONTROL, READ)).rows == Counts(new=1)
    row = await conn.fetchrow("select source, document, author from readings order by no desc limit 1")
    assert row is not None
    assert tuple(row) == (Source.CONTROL, "act 7", "controller1")


async def test_the_same_again_brings_nothing_new(conn: Connection) -> None:
    await town(conn)
    other = READ | {"reading": "01310", "document": "act 8"}
    assert (await bring(conn, Door.CONTROL, READ, other)).rows == Counts(new=2)
    assert (await bring(conn, Door.CONTROL, READ, other)).rows == Counts(unchanged=2)
    assert await conn.fetchval("select count(*) from readings where source = 5") == 2


@pytest.mark.parametrize(
    ("wrong", "column", "reason"),
    [
        ({"account": "100009"}, "account", "no such account"),
        ({"meter": "9"}, "meter", "not a meter of the account"),
        ({"date": "2025-11-22"}, "date", "a date in the future"),
        ({"date": "2020-01-01"}, "date", "the meter did not stand there"),
        ({"reading": "many"}, "reading", "not a count of a meter"),
        ({"reading": "1/2"}, "reading", "2 value(s) for 1 register(s)"),
        ({"reading": "00900"}, "reading", "lower than 1000 of 2025-10-31"),
        ({"date": "2025-09-15", "reading": "01001"}, "reading", "higher than 900 of 2025-09-30"),
    ],
)
async def test_what_cannot_be_is_told(conn: Connection, wrong: dict[str, str], column: str, reason: str) -> None:
    await town(conn)
    report = await bring(conn, Door.CONTROL, READ | wrong)
    assert told(report) == [(1, column, reason)]
    assert report.rows == Counts(bad=1)
    assert await conn.fetchval("select count(*) from readings where source = 5") == 0


async def test_the_clerk_has_no_such_door(conn: Connection) -> None:
    await town(conn)
    with pytest.raises(NotAllowed, match="brought by: controller"):
        await bring(conn, Door.CONTROL, READ, role=Role.CLERK)


async def test_a_late_control_reading_corrects_the_bill_at_the_next_close(conn: Connection) -> None:
    """1000 on 30 September, the customer says 1300 on 31 October: 300 × 3.32 = 996.00 billed. The inspector reads 1130
    on 31 October: the bill is corrected by (130 − 300) × 3.32 = −564.40."""
    account = await town(conn, M("4521", readings=("1000",), usual=("100",), day=Month(2025, 9).last), month="2025-09")
    await customers_reading(conn, account, "2025-10-31", 1300)
    await close(conn, OCTOBER)
    assert await claims(conn) == [("2025-10", "bill", 99_600)]
    await bring(conn, Door.CONTROL, READ | {"date": "2025-10-31", "reading": "01130"})
    assert await claims(conn) == [("2025-10", "bill", 99_600)]
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", -56_440) in await claims(conn)


async def test_a_later_count_that_it_makes_impossible_counts_no_more(conn: Connection) -> None:
    """The customer says 1500 on 31 October, the inspector 1230 on 15 November: 1500 cannot have been. From 1000 on 30
    September to 1230 are 46 days, 5 a day: October is 31 × 5 = 155 × 3.32 = 514.60, not 500 × 3.32 = 1660.00."""
    account = await town(conn, M("4521", readings=("1000",), usual=("100",), day=Month(2025, 9).last), month="2025-09")
    await customers_reading(conn, account, "2025-10-31", 1500)
    await close(conn, OCTOBER)
    assert await claims(conn) == [("2025-10", "bill", 166_000)]
    await bring(conn, Door.CONTROL, READ | {"date": "2025-11-15", "reading": "01230"})
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", 51_460 - 166_000) in await claims(conn)


AMR = {"meter": "4521", "register": "1", "date": "2025-11-10", "reading": "01050"}


async def test_a_metering_system_reads_a_register_once_a_day(conn: Connection) -> None:
    await town(conn)
    again = AMR | {"register": "total", "account": "100000"}
    said = (again, again | {"register": "общий"}, again | {"register": "Т1"})
    assert (await bring(conn, Door.AMR, AMR, *said, role=Role.AMR)).rows == Counts(new=1, unchanged=3)
    report = await bring(conn, Door.AMR, AMR | {"reading": "01051"}, role=Role.AMR)
    assert told(report) == [(1, "reading", "1050 is on record for that day")]
    row = await conn.fetchrow("select source, author from readings order by no desc limit 1")
    assert row is not None
    assert tuple(row) == (Source.AMR, "amr1")


@pytest.mark.parametrize(
    ("wrong", "column", "reason"),
    [
        ({"meter": "9"}, "meter", "no such meter"),
        ({"register": "night"}, "register", "not a register of it"),
        ({"reading": "00900"}, "reading", "lower than 1000 of 2025-10-31"),
    ],
)
async def test_what_a_metering_system_cannot_have_read(
    conn: Connection, wrong: dict[str, str], column: str, reason: str
) -> None:
    await town(conn)
    assert told(await bring(conn, Door.AMR, AMR | wrong, role=Role.AMR)) == [(1, column, reason)]
