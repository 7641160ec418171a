"""Dated facts through the doors: whose they are, what is refused, what the next close makes of late ones."""

from datetime import date

import pytest
from asyncpg import Connection

from core.basics.periods import Month, Period
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Benefit, Kind, conditions_of
from core.doors.model import TABLE, Door
from core.importing import actions as importing
from core.importing.model import Counts
from core.importing.report import Report
from tests.core.doors.bringing import AT, bring, claims, close, told
from tests.core.doors.test_counting import customers_reading, town
from tests.core.importing import files
from tests.make import M

OCTOBER = Month(2025, 10)
AGREED = {"agreement": "R-1", "months": "2025-05", "amount": "100.00", "parts": "2", "first": "2025-11-15"}
NO_TERMS = "not of a document that ends an agreement, or resumes it"
ENDED = {"agreement": "R-1", "state": "terminated"}
SINCE = {"account": "100000", "from": "2025-10-01", "document": "paper 1"}
HUNG = {
    "account": "100000", "device": "QF-1", "change": "installed", "date": "2025-09-30", "model": "breaker C25, 25 A",
    "document": "act 118",
}  # fmt: skip
READ = M("4521", readings=("1000",), usual=("100",), day=Month(2025, 9).last)


async def brought(conn: Connection, door: Door, *rows: dict[str, str]) -> Report:
    return await bring(conn, door, *rows, role=sorted(TABLE[door])[0])


async def billed(conn: Connection, *, tariff: str = "RU-FLAT", used: int = 200) -> int:
    """October is billed by a reading of so much more than 1000 on its last day."""
    made = M("4521", readings=("1000",), usual=("100",), day=Month(2025, 9).last, tariff=tariff)
    account = await town(conn, made, month="2025-09")
    await customers_reading(conn, account, "2025-10-31", 1000 + used)
    await close(conn, OCTOBER)
    return account


async def test_what_is_told_is_kept_with_its_author(conn: Connection) -> None:
    account = await town(conn)
    given = SINCE | {"persons": "3", "area": "54,2", "category": "stove", "to": "2025-12-31"}
    assert (await brought(conn, Door.OCCUPANCY, given)).rows == Counts(new=1)
    facts = (await conditions.of_accounts(conn, [account]))[account]
    assert [(one.kind, one.value) for one in facts] == [
        (Kind.PERSONS, 3), (Kind.AREA, 54_200), (Kind.CATEGORY, "stove"),
    ]  # fmt: skip
    assert {one.days for one in facts} == {Period(OCTOBER.first, Month(2026, 1).first)}
    row = await conn.fetchrow("select distinct author, document, source from conditions")
    assert row is not None
    assert tuple(row) == ("clerk1", "paper 1", "office")
    assert (await brought(conn, Door.OCCUPANCY, given)).rows == Counts(unchanged=1)


async def test_a_benefit_and_its_end(conn: Connection) -> None:
    account = await town(conn)
    given = SINCE | {"benefit": "VETERAN", "share": "50", "limit": "100"}
    ended = SINCE | {"benefit": "VETERAN", "share": "0", "from": "2025-11-01"}
    assert (await brought(conn, Door.BENEFITS, given, ended)).rows == Counts(new=2)
    facts = (await conditions.of_accounts(conn, [account]))[account]
    assert [one.value for one in facts] == [Benefit(share=500, limit=100_000), None]


async def test_what_no_sum_depends_on_leaves_the_state_as_it_is(conn: Connection) -> None:
    """Control devices now and past (row Q4), the route and the place on it (row Q5)."""
    account = await town(conn)
    before = await conn.fetchval("select conditions from account_states where account_id = $1", account)
    taken = HUNG | {"change": "removed", "model": "", "date": "2025-10-09"}
    other = HUNG | {"device": "QF-2", "model": "breaker C32, 32 A", "date": "2025-10-09"}
    assert (await brought(conn, Door.DEVICES, HUNG, taken, other)).rows == Counts(new=3)
    assert (await brought(conn, Door.DEVICES, HUNG)).rows == Counts(unchanged=1)
    assert (await brought(conn, Door.ROUTES, SINCE | {"route": "12", "sequence": "34"})).rows == Counts(new=1)
    assert (await brought(conn, Door.PROTECTIONS, SINCE | {"protection": "life_support"})).rows == Counts(new=1)
    facts = conditions_of((await conditions.of_accounts(conn, [account]))[account])
    point = await conn.fetchval("select id from points where account_id = $1", account)
    held = [(one.days, one.value) for one in facts.said(Kind.DEVICE, point, "QF-1")]
    assert held == [(Period(date(2025, 9, 30), date(2025, 10, 9)), "breaker C25, 25 A")]
    assert [one.value for one in facts.said(Kind.SEQUENCE, account)] == [34]
    assert await conn.fetchval("select conditions from account_states where account_id = $1", account) == before


@pytest.mark.parametrize(
    ("door", "row", "column", "reason"),
    [
        (Door.OCCUPANCY, {}, "persons", "empty, as owners, area and category are"),
        (Door.OCCUPANCY, {"persons": "many"}, "persons", "not a whole number in the bounds"),
        (Door.OCCUPANCY, {"persons": "2", "account": "9"}, "account", "no such account"),
        (Door.OCCUPANCY, {"persons": "2", "to": "2025-09-01"}, "to", "before 2025-10-01"),
        (Door.OCCUPANCY, {"persons": "2", "from": ""}, "from", "empty"),
        (Door.HOLDERS, {"holder": "9"}, "holder", "no such account"),
        (Door.BENEFITS, {"benefit": "V"}, "share", "neither a share nor an amount"),
        (Door.BENEFITS, {"benefit": "V", "share": "120"}, "share", "not a share in per cent"),
        (Door.BENEFITS, {"benefit": "V", "share": "50", "amount": "5"}, "share", "a share and an amount"),
        (Door.BENEFITS, {"benefit": "V", "amount": "-5"}, "amount", "not above zero"),
        (Door.INSTALMENTS, AGREED | {"months": "2025-12..2025-01"}, "months", "the last month lies before the first"),
        (Door.INSTALMENTS, AGREED | {"amount": "0"}, "amount", "not above zero"),
        (Door.INSTALMENTS, AGREED | {"parts": "0"}, "parts", "not a whole number in the bounds"),
        (Door.INSTALMENTS, AGREED | {"first": "2025-09-01"}, "first", "before 2025-10-01, when the agreement begins"),
        (Door.INSTALMENTS, AGREED | {"percent": "101"}, "percent", "more than 100 per cent a year"),
        (Door.INSTALMENTS, AGREED | {"document": ""}, "document", "empty"),
        (Door.INSTALMENTS, AGREED | {"state": "over"}, "state", "not what becomes of an agreement"),
        (Door.INSTALMENTS, AGREED, "months", "nothing was demanded for them that was payable before 2025-10-01"),
        (
            Door.INSTALMENTS,
            ENDED | {"amount": "5"},
            "amount",
            "not of a document that ends an agreement, or resumes it",
        ),
        (Door.INSTALMENTS, ENDED, "agreement", "no such agreement is on record"),
        (Door.PLANS, {"plan": "NONE"}, "plan", "no such tariff plan is stored"),
        (Door.PLANS, {"plan": "RU-DN"}, "plan", "no price for each register of 4521"),
        (Door.PLANS, {"plan": "RU-FLAT", "meter": "9"}, "meter", "not a meter of the account"),
        (Door.MULTIPLIERS, {"meter": "4521", "multiplier": "0"}, "multiplier", "not a number above zero"),
        (Door.MULTIPLIERS, {"meter": "9", "multiplier": "4"}, "meter", "not a meter of the account"),
        (Door.DEMANDS, {"demand": "-4"}, "demand", "not a number above zero"),
        (Door.DEMANDS, {"demand": "1000001"}, "demand", "more than can be meant"),
        (Door.DEMANDS, {"demand": "4", "meter": "9"}, "meter", "not a meter of the account"),
        (Door.DEVICES, HUNG | {"model": ""}, "model", "empty for a device that was installed"),
        (Door.DEVICES, HUNG | {"change": "lost"}, "change", "not what becomes of a control device"),
        (Door.DEVICES, HUNG | {"date": "2035-10-01"}, "date", "a date in the future"),
        (Door.DEVICES, HUNG | {"meter": "9"}, "meter", "not a meter of the account"),
        (Door.DEVICES, HUNG | {"change": "removed"}, "model", "says nothing of a device that was removed"),
        (Door.DEVICES, HUNG | {"change": "removed", "model": ""}, "device", "no such device is on record"),
        (Door.ROUTES, {"route": "12", "sequence": "0"}, "sequence", "not a whole number in the bounds"),
        (Door.ROUTES, {"sequence": "34"}, "route", "empty"),
        (Door.PROTECTIONS, {"protection": "poor"}, "protection", "not why a supply is not cut"),
        (Door.PROTECTIONS, {"protection": "hospital", "document": ""}, "document", "empty"),
        (Door.PROTECTIONS, {"protection": "hospital", "status": "over"}, "status", "not what becomes of a protection"),
        (Door.PROTECTIONS, {"protection": "hospital", "to": "2025-09-01"}, "to", "before 2025-10-01"),
        (Door.HOUSES, {"building": "X", "what": "volume", "value": "1"}, "building", "no such building"),
        (Door.HOUSES, {"building": "X", "what": "height", "value": "1"}, "what", "not what is known of a building"),
    ],
)
async def test_what_cannot_be_is_told(
    conn: Connection, door: Door, row: dict[str, str], column: str, reason: str
) -> None:
    await town(conn)
    assert told(await brought(conn, door, SINCE | row)) == [(1, column, reason)]
    assert await conn.fetchval("select count(*) from conditions") == 0


async def test_a_benefit_granted_back_dated(conn: Connection) -> None:
    """200 × 3.32 = 664.00 were billed; half of the first 100 are taken off: −50 × 3.32 = −166.00."""
    await billed(conn)
    await brought(conn, Door.BENEFITS, SINCE | {"benefit": "VETERAN", "share": "50", "limit": "100"})
    assert await claims(conn) == [("2025-10", "bill", 66_400)]
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", -16_600) in await claims(conn)


async def test_a_multiplier_back_dated(conn: Connection) -> None:
    """200 counted are 400 used from the day after that of the reading on: 400 × 3.32 = 1328.00, 664.00 more."""
    await billed(conn)
    await brought(conn, Door.MULTIPLIERS, SINCE | {"meter": "4521", "multiplier": "2"})
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", 66_400) in await claims(conn)


async def _stepped(conn: Connection) -> None:
    """A plan of two blocks a person: 100 at 3.00, the rest at 5.00."""
    step = {"plan": "STEP", "valid_from": "2025-01-01", "scaling": "persons", "source": "order 1"}
    rows = (step | {"rates": "total=3.00", "up_to": "100"}, step | {"rates": "total=5.00"})
    report = await importing.import_tariffs(conn, files.table(*rows), at=AT)
    assert report.problems == ()


async def test_persons_changed_back_dated(conn: Connection) -> None:
    """One person: 100 × 3.00 + 100 × 5.00 = 800.00. Two since the first of October: 200 × 3.00 = 600.00."""
    await _stepped(conn)
    await billed(conn, tariff="STEP")
    assert await claims(conn) == [("2025-10", "bill", 80_000)]
    await brought(conn, Door.OCCUPANCY, SINCE | {"persons": "2"})
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", -20_000) in await claims(conn)


async def test_a_power_back_dated_and_corrected(conn: Connection) -> None:
    """Two parts: 200 × 2.00 = 400.00; 40 kW × 950.00 = 38 000.00 more since the first of October, and 37.5 kW, as was
    measured in the month, 2375.00 less."""
    two = {"plan": "POWER", "valid_from": "2025-01-01", "rates": "total=2.00", "demand": "950", "source": "order 2"}
    assert (await importing.import_tariffs(conn, files.table(two), at=AT)).problems == ()
    await billed(conn, tariff="POWER")
    assert await claims(conn) == [("2025-10", "bill", 40_000)]
    assert (await brought(conn, Door.DEMANDS, SINCE | {"demand": "40"})).rows == Counts(new=1)
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", 3_800_000) in await claims(conn)
    assert (await brought(conn, Door.DEMANDS, SINCE | {"demand": "40"})).rows == Counts(unchanged=1)
    await brought(conn, Door.DEMANDS, SINCE | {"demand": "37,5", "to": "2025-10-31", "document": "act 131"})
    await close(conn, OCTOBER.next.next)
    found = await claims(conn)
    assert found.count(("2025-10", "recalculation", -237_500)) == 1
    assert [one for one in found if one[0] != "2025-10" and one[1] == "recalculation"] == []


async def test_a_plan_back_dated(conn: Connection) -> None:
    """From 200 × 3.32 = 664.00 to 100 × 3.00 + 100 × 5.00 = 800.00."""
    await _stepped(conn)
    await billed(conn)
    await brought(conn, Door.PLANS, SINCE | {"plan": "STEP"})
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", 13_600) in await claims(conn)


async def test_a_tariff_order_that_comes_late(conn: Connection) -> None:
    """200 × 3.00 = 600.00 were billed. By the order 4.00 holds from the 16th on: of 200 in 31 days 97 are used by the
    end of the 15th: 97 × 3.00 + 103 × 4.00 = 703.00."""
    version = {"plan": "LATE", "valid_from": "2025-01-01", "rates": "total=3.00", "source": "order 1"}
    await importing.import_tariffs(conn, files.table(version), at=AT)
    await billed(conn, tariff="LATE")
    later = version | {"valid_from": "2025-10-16", "rates": "total=4.00", "source": "order 2"}
    await importing.import_tariffs(conn, files.table(later), at=AT)
    assert await claims(conn) == [("2025-10", "bill", 60_000)]
    await close(conn, OCTOBER.next)
    assert ("2025-10", "recalculation", 10_300) in await claims(conn)
