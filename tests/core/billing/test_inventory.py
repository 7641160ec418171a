"""Gaps and overlaps in the consumption of accounts on record are found, priced and counted (row M10a)."""

from datetime import UTC, date, datetime

import asyncpg

from core.basics.periods import Month, Period
from core.billing import actions
from core.billing.engine.covering import Lack
from core.billing.inventory import actions as inventory
from core.billing.inventory.actions import Counted
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow
from tests import make
from tests.make import A, M

NOVEMBER = Month(2025, 11)
AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
DAYS = Period(date(2024, 12, 1), date(2025, 12, 1))
SECOND = """
insert into meters (account_id, point_id, serial, digits, zones, installed_on)
select account_id, point_id, $2, 5, '{total}', $3 from meters where account_id = $1 returning id
"""


async def town(conn: asyncpg.Connection, count: int) -> list[int]:
    await conn.execute("set local role none")
    await make.company(conn)
    return [await make.account(conn, A(f"10000{no}", (M(f"S{no}"),))) for no in range(count)]


async def found(conn: asyncpg.Connection) -> list[tuple[str, date, date | None, Lack, int, int]]:
    return [
        (one.account, one.hole.days.start, one.hole.days.end, one.hole.lack, one.hole.volume, one.hole.amount)
        async for one in inventory.find(conn, DAYS, chunk=2)
    ]


async def test_a_clean_ledger_has_none(conn: asyncpg.Connection) -> None:
    await town(conn, 5)
    await actions.close_month(conn, NOVEMBER, issued_on=date(2025, 12, 1), due_on=date(2025, 12, 10), at=AT)
    assert await found(conn) == []
    assert await inventory.count(conn, DAYS) == Counted()


async def test_days_between_two_meters_and_days_of_both_are_found(conn: asyncpg.Connection) -> None:
    """Of five accounts one has a meter that was never read behind the old one's last day, whose days nobody tells of,
    and one a second meter that counts the same use as the first for ten days."""
    ids = await town(conn, 5)
    gap, twice = ids[1], ids[3]
    await conn.execute("update meters set removed_on = '2025-11-11' where account_id = any($1::bigint[])", [gap, twice])
    new = await conn.fetchval(SECOND, twice, "NEW", date(2025, 10, 31))
    old = await conn.fetchval("select min(id) from meters where account_id = $1", twice)
    rows = [(new, date(2025, 10, 31), 0), (new, date(2025, 11, 30), 90_000), (old, date(2025, 11, 10), 4_400_000)]
    await metering.add_readings(
        conn,
        [
            ReadingRow(twice, 50 + no, meter, 1, day, value, Source.ACT, None, None, (), AT)
            for no, (meter, day, value) in enumerate(rows)
        ],
    )
    await actions.rebuild(conn, ids)
    bare, double = await found(conn)
    assert bare[:4] == ("100001", date(2025, 11, 11), date(2025, 12, 1), Lack.NO_METER)
    assert bare[4] == 122_959  # twenty days of 2244 in 365
    assert bare[5] == 40_822
    assert double == ("100003", date(2025, 11, 1), date(2025, 11, 11), Lack.TWICE, -30_000, -9_960)
    assert await inventory.count(conn, DAYS) == Counted(1, 1, 122_959 - 30_000, 40_822 - 9_960)
