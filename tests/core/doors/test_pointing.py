"""Supply points through their door: supply cut, no meter, an account that never had one, access, owners."""

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Kind
from core.doors.model import Door, Role
from core.importing.model import Counts
from tests import make
from tests.core.doors.bringing import bring, claims, close, told
from tests.core.doors.test_counting import town
from tests.make import A, M

NOVEMBER = Month(2025, 11)
GONE = {"account": "100000", "meter": "4521", "event": "removed", "date": "2025-10-31", "reading": "01000"}
SINCE = {"account": "100000", "from": "2025-11-01", "document": "act 7"}
WATER = {"service": "cold_water", "tariff": "RU-FLAT", "metering": "impossible"}


async def bare(conn: Connection) -> int:
    """An account whose meter is gone since 31 October."""
    account = await town(conn)
    assert (await bring(conn, Door.METERS, GONE)).rows == Counts(new=1)
    return account


@pytest.mark.parametrize(("metering", "amount"), [("impossible", 28_220), ("possible", 42_330), ("unknown", 0)])
async def test_a_point_without_a_meter_goes_by_the_norm(conn: Connection, metering: str, amount: int) -> None:
    """85 kWh × 3.32, half as much again where there could be a meter."""
    await bare(conn)
    assert (await bring(conn, Door.POINTS, SINCE | {"metering": metering})).rows == Counts(new=1)
    assert (await close(conn, NOVEMBER)).amount == amount


async def test_what_was_said_of_a_point_is_taken_back(conn: Connection) -> None:
    await bare(conn)
    await bring(conn, Door.POINTS, SINCE | {"metering": "possible"})
    await close(conn, NOVEMBER)
    assert (await bring(conn, Door.POINTS, SINCE | {"metering": "unknown", "document": "act 8"})).rows.new == 1
    await close(conn, NOVEMBER.next)
    assert [one for one in await claims(conn) if one[1] == "recalculation"] == [("2025-11", "recalculation", -42_330)]


async def test_nothing_is_used_by_the_norm_while_supply_is_cut(conn: Connection) -> None:
    """Ten of thirty days: 85 × 20/30 = 56.667 kWh."""
    await bare(conn)
    cut = SINCE | {"from": "2025-11-11", "to": "2025-11-20", "supply": "suspended"}
    assert (await bring(conn, Door.POINTS, SINCE | {"metering": "impossible"}, cut)).rows == Counts(new=2)
    assert (await close(conn, NOVEMBER)).amount == 18_813


async def test_an_account_that_never_had_a_meter_is_billed(conn: Connection) -> None:
    """4.5 m³ × 3.32 = 14.94."""
    await conn.execute("set local role none")
    await make.company(conn)
    account = await make.account(conn, A("100000", ()), billed=False)
    await conn.execute("set local role meterline_app")
    row = SINCE | WATER
    assert (await bring(conn, Door.POINTS, row)).rows == Counts(new=1)
    assert (await bring(conn, Door.POINTS, row)).rows == Counts(unchanged=1)
    (point,) = await conn.fetch("select account_id, service, tariff from points")
    assert tuple(point) == (account, "cold_water", "RU-FLAT")
    assert (await close(conn, NOVEMBER)).amount == 1_494


async def test_owners_are_counted_where_nobody_is_registered(conn: Connection) -> None:
    """Rule 56(2): three owners, 85 kWh each, from the 16th on, when the last resident has left."""
    await bare(conn)
    await bring(conn, Door.POINTS, SINCE | {"metering": "impossible"})
    people = ({"persons": "2", "owners": "3"}, {"from": "2025-11-16", "persons": "0"})
    for one in people:
        assert (await bring(conn, Door.OCCUPANCY, SINCE | one, role=Role.CLERK)).rows == Counts(new=1)
    assert (await close(conn, NOVEMBER)).amount == 70_550, "85 × (2 × 15 + 3 × 15)/30 = 212.5 × 3.32"


async def test_who_lets_no_inspector_in_goes_by_the_norm_after_three_months(conn: Connection) -> None:
    account = await town(conn, M("4521", readings=("1000",), usual=("100",), day=Month(2025, 7).last), month="2025-07")
    shut = {"account": "100000", "meter": "4521", "event": "no_access", "date": "2025-08-01", "document": "act 9"}
    opened = shut | {"event": "access", "date": "2025-11-20", "document": "act 10"}
    assert (await bring(conn, Door.METERS, shut, opened)).rows == Counts(new=2)
    facts = (await conditions.of_accounts(conn, [account]))[account]
    assert [(one.kind, one.value) for one in facts] == [(Kind.ACCESS, "refused"), (Kind.ACCESS, None)]
    assert told(await bring(conn, Door.METERS, shut | {"reading": "5"})) == [
        (1, "reading", "says nothing of a meter that was not accessible")
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({}, "supply", "empty, as metering is"),
        ({"supply": "off"}, "supply", "not a state of supply"),
        ({"metering": "maybe"}, "metering", "not said of a point without a meter"),
        ({"supply": "suspended", "account": "9"}, "account", "no such account"),
        ({"supply": "suspended", "meter": "9"}, "meter", "not a meter of the account"),
        ({"supply": "suspended", "meter": "4521", "service": "gas"}, "service", "a meter names the point already"),
        ({"supply": "suspended", "service": "gas"}, "tariff", "empty for a point that is new"),
        ({"supply": "suspended", "tariff": "RU-FLAT"}, "tariff", "the plan of a new point, whose service is not said"),
        (WATER | {"metering": "", "supply": "connected"}, "metering", "empty for a point that is new"),
        (WATER | {"tariff": "NO-PLAN"}, "tariff", "no such tariff plan is stored"),
        (WATER | {"tariff": "RU-DN"}, "metering", "rates by zones in the plan RU-DN"),
        (
            WATER | {"service": "electricity", "tariff": "CRIMEA-CITY"},
            "tariff",
            "not that of the point, which is there already",
        ),
        (WATER | {"to": "2025-10-01"}, "to", "before 2025-11-01"),
    ],
)
async def test_what_cannot_be_is_told(conn: Connection, row: dict[str, str], column: str, reason: str) -> None:
    await town(conn)
    report = await bring(conn, Door.POINTS, SINCE | row)
    assert told(report) == [(1, column, reason)]
    assert await conn.fetchval("select count(*) from points") == 1
