"""Facts that are taken back: as if they had never been said, with both of them on record and every bill corrected."""

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Kind, conditions_of
from core.billing.model import ClaimKind
from core.doors import judging
from core.doors.model import Door, Role
from core.importing.model import Counts
from core.importing.report import Report
from tests.core.doors.bringing import TODAY, bring, claims, close, told
from tests.core.doors.test_counting import READ, town
from tests.core.doors.test_moving import NEW, OLD
from tests.make import M

AUGUST, SEPTEMBER, OCTOBER = Month(2025, 8), Month(2025, 9), Month(2025, 10)
BACK = {"account": "100000", "reason": "wrong meter", "document": "memo 14"}
FEWER = {"account": "100000", "persons": "3", "from": "2025-09-01", "document": "claim 1"}
GRACE = {"account": "100000", "benefit": "VETERAN", "share": "50", "from": "2025-09-01", "document": "claim 2"}


async def back(conn: Connection, *facts: str, role: Role = Role.CONTROLLER, **other: str) -> Report:
    return await bring(conn, Door.WITHDRAWALS, *(BACK | other | {"fact": fact} for fact in facts), role=role)


async def last_no(conn: Connection) -> str:
    return str(await conn.fetchval("select max(no) from conditions"))


async def summed(conn: Connection) -> dict[str, int]:
    """What was demanded for each month, kopecks."""
    found: dict[str, int] = {}
    for month, _, amount in await claims(conn):
        found[month] = found.get(month, 0) + amount
    return found


async def august(conn: Connection) -> int:
    """4521 stood at 1000 on 31 August; usual use 100 a month."""
    return await town(conn, M("4521", readings=("1000",), usual=("100",), day=AUGUST.last), month=f"{AUGUST}")


async def replaced(conn: Connection) -> None:
    old, new = OLD | {"date": "2025-09-10"}, NEW | {"date": "2025-09-10"}
    assert (await bring(conn, Door.METERS, old, new)).rows == Counts(new=2)


@pytest.mark.parametrize("billed", [(), (SEPTEMBER,), (SEPTEMBER, OCTOBER)])
async def test_a_wrong_replacement_taken_back(conn: Connection, billed: tuple[Month, ...]) -> None:  # R16
    """The same sums, month by month, as if the act had never come: whichever months were billed by it."""
    await august(conn)
    await conn.execute("savepoint before")
    for month in (SEPTEMBER, OCTOBER):
        await close(conn, month)
    never = await summed(conn)
    await conn.execute("rollback to savepoint before")
    await replaced(conn)
    for month in billed:
        await close(conn, month)
    demanded = await claims(conn)
    report = await back(conn, "M1", "M2")
    assert report.rows == Counts(new=2), list(report.lines())
    assert await claims(conn) == demanded
    for month in (SEPTEMBER, OCTOBER):
        await close(conn, month)
    await close(conn, OCTOBER.next)
    found = await summed(conn)
    assert {month: found[month] for month in never} == never
    assert (await back(conn, "M1", "M2")).rows == Counts(unchanged=2)
    assert await conn.fetchval("select count(*) from movements") == 2
    assert await conn.fetchval("select count(*) from withdrawals where author = 'controller1' and reason <> ''") == 2
    assert (await bring(conn, Door.METERS, OLD | {"date": "2025-11-10"}, NEW)).rows == Counts(new=2)


async def test_every_line_can_be_computed_again(conn: Connection) -> None:
    """The bill by the act, its correction and the forecast after: the protocol tells each as it was known then."""
    await august(conn)
    await replaced(conn)
    await close(conn, SEPTEMBER)
    assert (await back(conn, "M2", "M1")).rows.new == 2
    await close(conn, OCTOBER)
    told_now = await billing.explain(conn, "100000", TODAY)
    assert told_now is not None
    lines = [line for line in told_now.lines if line.kind.value in (ClaimKind.BILL, ClaimKind.RECALCULATION)]
    assert len(lines) == 3
    assert all(line.reproduced for line in lines)
    [corrected] = [line for line in lines if line.kind.value == ClaimKind.RECALCULATION]
    assert any(cause.startswith("condition:") for cause in corrected.causes)


async def test_what_came_later_is_taken_back_first(conn: Connection) -> None:
    await august(conn)
    await replaced(conn)
    assert [reason for _, _, reason in told(await back(conn, "M1"))] == [
        "the meter '77' stands in its place since 2025-09-10, movement M2"
    ]
    later = {"account": "100000", "meter": "77", "date": "2025-09-30", "reading": "45"}
    assert (await bring(conn, Door.CONTROL, later)).rows.new == 1
    no = await conn.fetchval("select max(no) from readings")
    assert [reason for _, _, reason in told(await back(conn, "M2"))] == [f"it was read on 2025-09-30, fact {no}"]
    assert (await back(conn, str(no))).rows == Counts(new=1)
    seal = {"account": "100000", "meter": "77", "event": "sealed", "date": "2025-09-11", "seal": "П-1"}
    assert (await bring(conn, Door.METERS, seal)).rows.new == 1
    sealed = await last_no(conn)
    assert [reason for _, _, reason in told(await back(conn, "M2"))] == [f"the fact {sealed} is about it"]
    assert (await back(conn, sealed)).rows.new == 1
    act = await conn.fetchval("select no from readings where source = 4 and meter_id = (select max(id) from meters)")
    assert [reason for _, _, reason in told(await back(conn, str(act)))] == ["it was told with the movement M2"]
    assert (await back(conn, "M2", "M1")).rows == Counts(new=2)


@pytest.mark.parametrize(
    ("door", "row", "role"),
    [
        (Door.BENEFITS, GRACE, Role.CLERK),
        (Door.OCCUPANCY, FEWER, Role.CLERK),
        (Door.METERS, {"account": "100000", "meter": "4521", "event": "failed", "date": "2025-09-05"}, Role.CONTROLLER),
        (
            Door.METERS,
            {"account": "100000", "meter": "4521", "event": "verified", "date": "2025-09-01", "until": "2025-09-20"},
            Role.CONTROLLER,
        ),
        (
            Door.MULTIPLIERS,
            {"account": "100000", "meter": "4521", "multiplier": "40", "from": "2025-09-01"},
            Role.CONTROLLER,
        ),
        (Door.POINTS, {"account": "100000", "supply": "suspended", "from": "2025-09-01"}, Role.CONTROLLER),
    ],
)
async def test_a_dated_fact_taken_back(conn: Connection, door: Door, row: dict[str, str], role: Role) -> None:  # R16
    """September is billed with it; once it is taken back, as if it had never been said."""
    await august(conn)
    await conn.execute("savepoint before")
    for month in (SEPTEMBER, OCTOBER):
        await close(conn, month)
    never = await summed(conn)
    await conn.execute("rollback to savepoint before")
    assert (await bring(conn, door, row, role=role)).rows.new == 1
    await close(conn, SEPTEMBER)
    first = await conn.fetchval("select min(no) from conditions")
    other = Role.BILLER if role is Role.CLERK else Role.CLERK
    assert "not yours to take back" in told(await back(conn, str(first), role=other))[0][2]
    assert (await back(conn, str(first), role=role)).rows == Counts(new=1)
    assert (await back(conn, str(first), role=role)).rows == Counts(unchanged=1)
    again = told(await back(conn, str(first), role=role, document="memo 15"))
    assert again[0][2] == f"taken back on 2025-11-21 by {role}1"
    await close(conn, OCTOBER)
    found = await summed(conn)
    assert {month: found[month] for month in never} == never
    assert "takes another fact back" in told(await back(conn, await last_no(conn), role=role))[0][2]
    assert (await bring(conn, door, row, role=role)).rows.new == 1


async def test_a_benefit_that_ends_before_it_began(conn: Connection) -> None:
    """The same volume by the same tariff, and another sum: the month is charged again."""
    await august(conn)
    assert (await bring(conn, Door.BENEFITS, GRACE, role=Role.CLERK)).rows.new == 1
    await close(conn, SEPTEMBER)
    [half] = (await summed(conn)).values()
    assert (await bring(conn, Door.BENEFITS, GRACE | {"share": "0"}, role=Role.CLERK)).rows.new == 1
    await close(conn, OCTOBER)
    assert (await summed(conn))["2025-09"] == 2 * half


async def test_a_reading_taken_back(conn: Connection) -> None:
    await town(conn, M("4521", readings=("1000",)))
    assert (await bring(conn, Door.CONTROL, READ | {"date": "2025-11-10"})).rows.new == 1
    no = str(await conn.fetchval("select max(no) from readings"))
    assert (await back(conn, no)).rows == Counts(new=1)
    assert (await bring(conn, Door.CONTROL, READ)).rows == Counts(new=1)
    rows = await conn.fetch("select distinct no from readings where no <> $1 order by no", int(no))
    *others, last = [str(row["no"]) for row in rows]
    assert (await back(conn, *others)).rows == Counts(new=len(others))
    reason = told(await back(conn, last))[0][2]
    assert reason == "nothing else is known of what the meter showed"


async def test_a_fact_of_a_building_taken_back(conn: Connection) -> None:
    await town(conn)
    house = await conn.fetchval("insert into buildings (code) values ('B-1') returning id")
    row = {"building": "B-1", "what": "volume", "value": "5120.5", "from": "2025-10-01", "to": "2025-10-31"}
    assert (await bring(conn, Door.HOUSES, row, role=Role.BILLER)).rows.new == 1
    assert (await back(conn, "1", account="", building="B-1", role=Role.BILLER)).rows == Counts(new=1)
    assert (await back(conn, "1", account="", building="B-1", role=Role.BILLER)).rows == Counts(unchanged=1)
    known = (await conditions.of_buildings(conn, [house]))[house]
    assert len(known) == 2
    assert not conditions_of(known)
    assert (await bring(conn, Door.HOUSES, row, role=Role.BILLER)).rows.new == 1


async def test_what_cannot_be_taken_back(conn: Connection) -> None:
    await august(conn)
    assert [one[1:] for one in told(await back(conn, "999", "M9", "x"))] == [
        ("fact", "no such fact is on record"),
        ("fact", "no such fact is on record"),
        ("fact", "not the number of a fact"),
    ]
    assert told(await back(conn, "1", account=""))[0][1] == "account"
    assert told(await back(conn, "1", account="9"))[0][2] == "no such account"
    assert told(await back(conn, "1", reason=""))[0][1] == "reason"
    debt = {"account": "100000", "agreement": "A1", "from": "2025-11-01", "months": "2025-09", "amount": "10",
            "parts": "2", "first": "2025-12-10", "document": "a 1"}  # fmt: skip
    await close(conn, SEPTEMBER)
    assert (await bring(conn, Door.INSTALMENTS, debt, role=Role.BILLER)).rows.new == 1
    reason = told(await back(conn, await last_no(conn), role=Role.BILLER))[0][2]
    assert reason == "an agreement is not taken back"


def test_whatever_comes_through_a_door_can_be_taken_back() -> None:
    """What a house used in common is reckoned; all else somebody has brought."""
    assert set(Kind) - set(judging.DOORS) == {Kind.COMMON}
