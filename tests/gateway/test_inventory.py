"""`meterline holes` lists what it finds and ends in 1; where there is nothing it ends in 0."""

from datetime import date

import asyncpg
import pytest

from gateway import commands, inventory
from tests import make
from tests.gateway.test_commands import settings
from tests.make import A, M

SINCE, UNTIL = date(2025, 11, 1), date(2025, 11, 30)


async def test_a_meter_that_is_gone_leaves_a_gap(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await make.company(owner)
    for no in range(3):
        await make.account(owner, A(f"10000{no}", (M(f"S{no}"),)))
    assert await commands.told(inventory.listed(settings(database), SINCE, UNTIL)) == 0
    assert capsys.readouterr().out == "2025-11-01 to 2025-11-30: 0 gaps, 0 overlaps, about 0, 0.00\n"
    await owner.execute("update meters set removed_on = '2025-11-11' where serial = 'S1'")
    point = await owner.fetchval("select point_id from meters where serial = 'S1'")
    assert await commands.told(inventory.listed(settings(database), SINCE, UNTIL)) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"100001, point {point}, 2025-11-11 to 2025-11-30: no meter and no norm, about 122.959, 408.22",
        "2025-11-01 to 2025-11-30: 1 gaps, 0 overlaps, about 122.959, 408.22",
    ]
