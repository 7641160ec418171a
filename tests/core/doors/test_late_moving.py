"""Meters whose coming or going is told after months were billed without it."""

from collections.abc import Sequence

import pytest
from asyncpg import Connection

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.engine import protocol
from core.billing.engine.statement import Kind, Line
from core.checking import checker
from core.doors.model import Door
from core.importing.model import Counts
from tests.core.doors.bringing import TODAY, bring, close
from tests.core.doors.test_counting import town
from tests.core.doors.test_moving import NEW, OLD
from tests.core.doors.test_withdrawing import summed
from tests.make import M

AUGUST, SEPTEMBER, OCTOBER = Month(2025, 8), Month(2025, 9), Month(2025, 10)

REMOVED = OLD | {"date": "2025-09-10"}
UNREAD = {name: value for name, value in REMOVED.items() if name != "reading"}
INSTALLED = NEW | {"date": "2025-09-10"}

Acts = Sequence[dict[str, str]]


async def begun(conn: Connection) -> None:
    """4521 stood at 1000 on 31 August; usual use 100 a month."""
    await town(conn, M("4521", readings=("1000",), usual=("100",), day=AUGUST.last), month=f"{AUGUST}")


async def lines(conn: Connection) -> tuple[Line, ...]:
    """The protocol of the account, which holds by the checker too."""
    told = await billing.explain(conn, "100000", TODAY)
    assert told is not None
    report = checker.check(protocol.as_json(told))
    assert report.holds, [str(one) for one in report.faults]
    return told.lines


@pytest.mark.parametrize("billed", [1, 2])
@pytest.mark.parametrize("acts", [(REMOVED, INSTALLED), (UNREAD, INSTALLED), (REMOVED,), (UNREAD,)])
async def test_late_is_early(conn: Connection, acts: Acts, billed: int) -> None:  # R16
    """The same sums month by month, whichever months were billed before the act came: of a meter that is gone nothing
    is charged behind its last day, also where nobody read it then. Each bill can be computed as it was made, and each
    correction names its cause. Where the act brings no count of the old meter the answer until then says the same; with
    one the usual use is another from the next bill on."""
    months = (SEPTEMBER, OCTOBER)
    await begun(conn)
    await conn.execute("savepoint before")
    assert (await bring(conn, Door.METERS, *acts)).rows == Counts(new=len(acts))
    for month in months:
        await close(conn, month)
    early = await summed(conn)
    await conn.execute("rollback to savepoint before")
    for month in months[:billed]:
        await close(conn, month)
    assert (await bring(conn, Door.METERS, *acts)).rows == Counts(new=len(acts))
    if billed == len(months) and acts[0] == UNREAD:
        pending = {f"{one.month}": one.amount for one in await lines(conn) if one.kind is Kind.PENDING}
        demanded = await summed(conn)
        changed = {month: early.get(month, 0) - amount for month, amount in demanded.items()}
        assert pending == {month: amount for month, amount in changed.items() if amount}
    for month in (*months[billed:], OCTOBER.next):
        await close(conn, month)
    late = await summed(conn)
    assert {month: late.get(month, 0) for month in ("2025-09", "2025-10")} == {"2025-10": 0} | early
    told = await lines(conn)
    assert all(line.reproduced for line in told)
    assert all(line.causes for line in told if line.kind is Kind.RECALCULATION)
