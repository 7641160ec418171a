"""Meters installed, removed, failed, verified and sealed: what is kept, what is refused, what it changes in bills."""

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Kind
from core.doors.model import Door
from core.importing.model import Counts
from tests.core.doors.bringing import bring, claims, close, told
from tests.core.doors.test_counting import town
from tests.make import M

OLD = {"account": "100000", "meter": "4521", "event": "removed", "date": "2025-11-10", "reading": "01050"}
NEW = {
    "account": "100000",
    "meter": "77",
    "event": "installed",
    "date": "2025-11-10",
    "reading": "5",
    "replaces": "4521",
}
SEPTEMBER = Month(2025, 9)


async def test_a_meter_takes_the_place_of_another(conn: Connection) -> None:
    account = await town(conn)
    report = await bring(conn, Door.METERS, OLD, NEW)
    assert report.rows == Counts(new=2), list(report.lines())
    rows = await conn.fetch("select serial, point_id, digits, installed_on, removed_on from meters order by id")
    old, new = rows
    assert (old["point_id"], old["digits"]) == (new["point_id"], new["digits"])
    assert (f"{old['removed_on']}", f"{new['installed_on']}") == ("2025-11-11", "2025-11-10")
    moved = await conn.fetch("select event, author from movements where account_id = $1 order by id", account)
    assert [tuple(row) for row in moved] == [("removed", "controller1"), ("installed", "controller1")]
    assert (await bring(conn, Door.METERS, OLD, NEW)).rows == Counts(unchanged=2)


async def test_a_meter_replaced_in_a_month_long_billed(conn: Connection) -> None:
    """Usual use 100 a month. September is billed by forecast from 1000 on 31 August. Then the act of 10 September
    comes: 4521 was taken down at 1050, 77 put up at 5, read 45 on 30 September: 50 + 40 = 90 × 3.32 = 298.80."""
    august = SEPTEMBER.previous
    await town(conn, M("4521", readings=("1000",), usual=("100",), day=august.last), month=f"{august}")
    await close(conn, SEPTEMBER)
    ((_, _, forecast),) = await claims(conn)
    old, new = OLD | {"date": "2025-09-10"}, NEW | {"date": "2025-09-10"}
    assert (await bring(conn, Door.METERS, old, new)).rows.new == 2
    later = {"account": "100000", "meter": "77", "date": "2025-09-30", "reading": "45"}
    assert (await bring(conn, Door.CONTROL, later)).rows.new == 1
    assert len(await claims(conn)) == 1
    await close(conn, SEPTEMBER.next)
    assert ("2025-09", "recalculation", 29_880 - forecast) in await claims(conn)


async def test_a_meter_whose_last_count_nobody_knows(conn: Connection) -> None:
    """Usual use 100 a month. 4521 stood at 1000 on 31 August and was found burnt on 15 September; 77 was put up at 5
    and read 55 on 30 September: half a month at the average and 50, which are 99 × 3.32 or 100 × 3.32."""
    august = SEPTEMBER.previous
    await town(conn, M("4521", readings=("1000",), usual=("100",), day=august.last), month=f"{august}")
    burnt = OLD | {"date": "2025-09-15", "reading": ""}
    assert (await bring(conn, Door.METERS, burnt, NEW | {"date": "2025-09-15"})).rows == Counts(new=2)
    assert (await bring(conn, Door.METERS, burnt)).rows == Counts(unchanged=1)
    later = {"account": "100000", "meter": "77", "date": "2025-09-30", "reading": "55"}
    assert (await bring(conn, Door.CONTROL, later)).rows.new == 1
    await close(conn, SEPTEMBER)
    ((month, kind, amount),) = await claims(conn)
    assert (month, kind) == ("2025-09", "bill")
    assert amount in (99 * 332, 100 * 332)


async def test_a_meter_at_a_new_point(conn: Connection) -> None:
    await town(conn)
    new = NEW | {"replaces": "", "service": "electricity", "tariff": "RU-FLAT", "registers": "total", "digits": "6"}
    assert (await bring(conn, Door.METERS, new)).rows == Counts(new=1)
    assert await conn.fetchval("select count(distinct point_id) from meters") == 2


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (NEW, "replaces", "it stands there on 2025-11-10"),
        (NEW | {"replaces": "9"}, "replaces", "not a meter of the account"),
        (NEW | {"replaces": ""}, "service", "empty for a meter that replaces none"),
        (NEW | {"meter": "4521"}, "meter", "the account has a meter of this serial"),
        (NEW | {"reading": ""}, "reading", "empty, though the meter was installed"),
        (OLD | {"meter": "9"}, "meter", "not a meter of the account"),
        (OLD | {"reading": "900"}, "reading", "lower than 1000 of 2025-10-31"),
        (OLD | {"seal": "7"}, "seal", "says nothing of a meter that was removed"),
        (OLD | {"event": "stolen"}, "event", "not an event of a meter"),
        (OLD | {"event": "verified", "reading": ""}, "until", "empty, though the meter was verified"),
        (OLD | {"event": "failed", "reading": "", "until": "2025-11-01"}, "until", "before 2025-11-10"),
    ],
)
async def test_what_cannot_be_is_told(conn: Connection, row: dict[str, str], column: str, reason: str) -> None:
    await town(conn)
    report = await bring(conn, Door.METERS, row)
    assert told(report) == [(1, column, reason)]
    assert await conn.fetchval("select count(*) from movements") == 0
    assert await conn.fetchval("select count(*) from meters where removed_on is not null") == 0


async def test_a_meter_is_removed_once(conn: Connection) -> None:
    await town(conn)
    await bring(conn, Door.METERS, OLD)
    report = await bring(conn, Door.METERS, OLD | {"date": "2025-11-12"})
    assert told(report) == [(1, "date", "the meter was removed on 2025-11-10")]


async def test_failures_verifications_and_seals_are_dated_facts(conn: Connection) -> None:
    account = await town(conn)
    given = [
        OLD | {"event": event, "reading": "", "document": "act 9"} | more
        for event, more in (
            ("failed", {}),
            ("repaired", {"date": "2025-11-15"}),
            ("verified", {"until": "2041-11-10"}),
            ("sealed", {"seal": "П-1"}),
            ("seal_broken", {"seal": "П-1", "date": "2025-11-12"}),
        )
    ]
    assert (await bring(conn, Door.METERS, *given)).rows == Counts(new=5)
    facts = (await conditions.of_accounts(conn, [account]))[account]
    assert [(one.kind, one.value, one.name) for one in facts] == [
        (Kind.FAILED, "failed", ""),
        (Kind.FAILED, None, ""),
        (Kind.VERIFIED, "verified", ""),
        (Kind.VERIFIED, "expired", ""),
        (Kind.SEAL, "set", "П-1"),
        (Kind.SEAL, "broken", "П-1"),
    ]
    assert (await bring(conn, Door.METERS, *given)).rows == Counts(unchanged=5)
