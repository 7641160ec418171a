"""Absence of people who are charged by a norm: full days, the term of the application, and the sum that comes back."""

import json

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.engine import protocol
from core.checking import checker
from core.doors.model import Door, Role
from core.importing.model import Counts
from tests.core.doors.bringing import TODAY, bring, claims, close, told
from tests.core.doors.test_counting import town
from tests.core.doors.test_withdrawing import back, last_no
from tests.make import M

AUGUST, SEPTEMBER, OCTOBER = Month(2025, 8), Month(2025, 9), Month(2025, 10)
AWAY = {"account": "100000", "persons": "2", "left": "2025-09-05", "returned": "2025-09-16", "applied": "2025-10-16",
        "document": "tickets 118"}  # fmt: skip
BARE = {"account": "100000", "metering": "impossible", "from": "2025-09-01", "document": "act 3"}
LIVING = {"account": "100000", "persons": "3", "from": "2025-09-01", "document": "claim 1"}


async def bare(conn: Connection) -> None:
    """The meter is taken down on 31 August; three live there, and there can be no other meter."""
    await town(conn, M("4521", readings=("1000",), usual=("100",), day=AUGUST.last), month=f"{AUGUST}")
    gone = {"account": "100000", "meter": "4521", "event": "removed", "date": "2025-08-31", "document": "act 2"}
    assert (await bring(conn, Door.METERS, gone)).rows.new == 1
    assert (await bring(conn, Door.POINTS, BARE)).rows.new == 1
    assert (await bring(conn, Door.OCCUPANCY, LIVING, role=Role.CLERK)).rows.new == 1


async def away(conn: Connection, **other: str) -> list[tuple[int, str, str]]:
    return told(await bring(conn, Door.ABSENCES, AWAY | other, role=Role.CLERK))


async def test_the_norm_is_taken_of_who_stayed(conn: Connection) -> None:
    """The norm of 85 kWh a person and month: 255 × 3.32 = 846.60 for three. Two are away from 6 to 15 September, ten
    full days: 2 × 85 × 10/30 = 56.667 kWh less, 198.333 × 3.32 = 658.47. Taken back, they are charged again."""
    await bare(conn)
    await close(conn, SEPTEMBER)
    ((_, _, whole),) = await claims(conn)
    assert whole == 84_660
    assert await away(conn) == []
    absence = await last_no(conn)
    assert len(await claims(conn)) == 1
    assert (await bring(conn, Door.ABSENCES, AWAY, role=Role.CLERK)).rows == Counts(unchanged=1)
    await close(conn, OCTOBER)
    found = await claims(conn)
    assert ("2025-09", "recalculation", 65_847 - whole) in found
    assert ("2025-10", "bill", whole) in found
    statement = await billing.explain(conn, "100000", TODAY)
    assert statement is not None
    [line] = [one for one in statement.lines if one.kind.value == "recalculation"]
    assert line.reproduced
    assert line.causes == (f"condition:{absence}",)
    assert checker.check(json.loads(json.dumps(protocol.as_json(statement)))).holds
    assert (await back(conn, absence, role=Role.CLERK)).rows == Counts(new=1)
    await close(conn, OCTOBER.next)
    assert ("2025-09", "recalculation", whole - 65_847) in await claims(conn)


async def test_more_are_not_away_than_live_there(conn: Connection) -> None:
    await bare(conn)
    assert await away(conn, persons="9") == []
    await close(conn, SEPTEMBER)
    ((_, _, rest),) = await claims(conn)
    assert (await back(conn, await last_no(conn), role=Role.CLERK)).rows == Counts(new=1)
    await close(conn, OCTOBER)
    assert ("2025-09", "recalculation", rest // 2) in await claims(conn)


@pytest.mark.parametrize(
    ("other", "column", "reason"),
    [
        ({"returned": "2025-09-11", "applied": "2025-09-11"}, "returned", "5 full days of absence"),
        ({"applied": "2025-10-17"}, "applied", "later than 30 days after 2025-09-16"),
        ({"left": "2025-08-25"}, "account", "no point at which there can be no meter on these days"),
        ({"document": ""}, "document", "empty"),
    ],
)
async def test_what_changes_nothing_is_told(conn: Connection, other: dict[str, str], column: str, reason: str) -> None:
    await bare(conn)
    assert await away(conn, returned="2025-09-12", applied="2025-09-12") == []
    assert [one[1:] for one in await away(conn, **other)] == [(column, reason)]


async def test_who_has_a_meter_pays_by_it(conn: Connection) -> None:
    await town(conn)
    assert [one[2] for one in await away(conn)] == ["no point at which there can be no meter on these days"]
