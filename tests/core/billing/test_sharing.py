"""What a house used in common is parted by areas, to the last thousandth, and billed with the month."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month, Period
from core.billing import actions, packreading, profiles, recording, sharing
from core.billing.conditions.model import Condition, Kind, conditions_of
from core.billing.engine import houses
from core.billing.engine.houses import Negative
from core.billing.recording import NewFact
from core.billing.sharing import Shared
from tests import make
from tests.make import A, M

AT = datetime(2025, 11, 5, 9, tzinfo=UTC)
OCTOBER = Month(2025, 10)
EVER = Period(date(2020, 1, 1), None)


async def house(conn: asyncpg.Connection) -> tuple[int, list[int]]:
    """Three flats of 30, 30 and 40 m² of which each used 130 in October, in a house of 120 m²."""
    await conn.execute("set local role none")
    await make.company(conn)
    building = await conn.fetchval("insert into buildings (code) values ('LEN-5') returning id")
    claims = (("2025-09", "0.00", date(2025, 10, 10)),)
    ids = [
        await make.account(conn, A(f"10000{number}", (M(f"S{number}", usual=("130",)),), claims=claims))
        for number in range(3)
    ]
    await conn.execute("update accounts set building_id = $1 where id = any($2::bigint[])", building, ids)
    await conn.execute("set local role meterline_app")
    facts = [NewFact(id, Kind.AREA, EVER, area * 1000, "plan") for id, area in zip(ids, (30, 30, 40), strict=True)]
    facts.append(NewFact(building, Kind.TOTAL_AREA, EVER, 120_000, "plan"))
    facts.append(NewFact(building, Kind.HOUSE_VOLUME, OCTOBER.period, 490_000, "house meter", "act 9"))
    await recording.record_facts(conn, facts, by="ivanova", at=AT)
    return building, ids


async def shares(conn: asyncpg.Connection) -> list[int]:
    rows = await conn.fetch("select value::text from conditions where kind = 'common' order by account_id, no")
    return [int(row[0]) for row in rows]


async def test_a_house_is_parted_and_billed_once(conn: asyncpg.Connection) -> None:
    building, _ = await house(conn)
    on = date(2025, 11, 1)
    assert await sharing.share_common(conn, OCTOBER, on=on, at=AT) == Shared(1, 3, 100_000)
    assert await shares(conn) == [25_000, 25_000, 33_333]  # 16 667 of 20 m² that belong to no account
    assert await sharing.share_common(conn, OCTOBER, on=on, at=AT) == Shared(1, 0, 100_000)
    await actions.close_month(conn, OCTOBER, issued_on=on, due_on=date(2025, 11, 10), at=AT)
    lines = await conn.fetch("select kind, amount from charges where month = '2025-10-01' order by account_id, line")
    assert [tuple(row) for row in lines] == [
        ("energy", 43_160), ("common", 8_300), ("energy", 43_160), ("common", 8_300), ("energy", 43_160),
        ("common", 11_067),
    ]  # fmt: skip
    corrected = NewFact(building, Kind.HOUSE_VOLUME, OCTOBER.period, 390_000, "house meter", "act 10")
    await recording.record_facts(conn, [corrected], by="ivanova", at=AT)
    assert await sharing.share_common(conn, OCTOBER, on=on, at=AT) == Shared(1, 3, 0)
    again = await actions.close_month(conn, Month(2025, 11), issued_on=date(2025, 12, 1), due_on=on, at=AT)
    assert again.recalculations == 3
    taken = await conn.fetchval("select sum(amount)::bigint from claims where kind = 'recalculation'")
    assert taken == -(8_300 + 8_300 + 11_067)


async def test_a_month_is_parted_once_it_has_ended(conn: asyncpg.Connection) -> None:
    await house(conn)
    with pytest.raises(actions.NotEnded):
        await sharing.share_common(conn, OCTOBER, on=date(2025, 10, 31), at=AT)


async def test_a_house_without_a_meter_goes_by_the_norm(conn: asyncpg.Connection) -> None:
    building, _ = await house(conn)
    november = Month(2025, 11)
    facts = [
        NewFact(building, Kind.COMMON_NORM, EVER, 600, "order"),
        NewFact(building, Kind.COMMON_AREA, EVER, 200_000, "plan"),
    ]
    await recording.record_facts(conn, facts, by="ivanova", at=AT)
    assert (await sharing.share_common(conn, november, on=date(2025, 12, 1), at=AT)).volume == 120_000
    assert (await sharing.share_common(conn, OCTOBER, on=date(2025, 12, 1), at=AT)).volume == 100_000


def test_a_house_that_used_less_than_its_accounts() -> None:
    """490 of the house, 500 of its flats: nothing in common, or 10 given back; by areas of 3 and 7 they are 3 and 7."""
    of_house = Condition(1, Kind.HOUSE_VOLUME, 9, OCTOBER.period, 490_000)
    known = conditions_of([of_house])
    assert sharing.common_volume(known, 9, OCTOBER, 500_000) == 0
    assert sharing.common_volume(known, 9, OCTOBER, 500_000, Negative.BACK) == -10_000
    assert houses.shares(-10_000, [3, 7]) == (-3_000, -7_000)
    assert profiles.profile("RU-household").habits.gives_back is False
    text = profiles.text("RU-household").replace('negative_common = "nothing"', 'negative_common = "back"')
    assert packreading.parse(text).habits.gives_back


async def test_what_is_given_back_lessens_the_bill(conn: asyncpg.Connection) -> None:
    """130 used and 3 given back: 127 × 3.32."""
    _, (first, *_) = await house(conn)
    point = await conn.fetchval("select id from points where account_id = $1", first)
    back = NewFact(first, Kind.COMMON, OCTOBER.period, -3_000, "house meter", "building 1", point)
    await recording.record_facts(conn, [back], by="billing", at=AT)
    await actions.close_month(conn, OCTOBER, issued_on=date(2025, 11, 1), due_on=date(2025, 11, 10), at=AT)
    lines = await conn.fetch("select kind, amount from charges where account_id = $1 order by line", first)
    assert [tuple(row) for row in lines] == [("energy", 43_160), ("common", -996)]
