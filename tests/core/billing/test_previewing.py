"""What a change of rules or tariffs would do to accounts, before it is made."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import asyncpg
import pytest

from core.basics.periods import Month, Period
from core.billing import previewing, profiles, recording, sql
from core.billing.conditions.model import Kind
from core.billing.model import Block
from core.billing.previewing import Compared, Rules, Touched
from core.billing.recording import NewFact
from gateway import rulebook
from tests import make
from tests.make import A, M

DAY = date(2025, 11, 19)
STATES = "select * from account_states order by account_id"
CLAIMS = (("2025-08", "1000.00", date(2025, 9, 10)), ("2025-10", "0.00", date(2025, 11, 10)))


async def town(conn: asyncpg.Connection) -> Rules:
    """An account that owes 1000.00 since 10 September, and one that owes nothing and was read in November."""
    await conn.execute("set local role none")
    await make.company(conn)
    await make.account(conn, A("100001", (M("S1"),), claims=CLAIMS))
    read = M("S2", readings=("4425",), day=date(2025, 11, 15))
    await make.account(conn, A("100002", (read,), claims=CLAIMS[1:]))
    await conn.execute("set local role meterline_app")
    return Rules(profiles.profile("RU-household"), await sql.tariffs(conn))


async def test_the_same_rules_touch_nobody(conn: asyncpg.Connection) -> None:
    now = await town(conn)
    found = await previewing.compare(conn, now, now, today=DAY)
    assert (found.accounts, found.touched, found.before) == (2, 0, found.after)
    assert previewing.overlaid(now.tariffs, [one for plan in now.tariffs.values() for one in plan]) == now.tariffs


async def test_another_pack_touches_who_is_late(conn: asyncpg.Connection) -> None:
    """70 days of 1000.00 at 9.5 %: forty of 1/300 are 12.67, seventy of 1/130 are 51.15."""
    now = await town(conn)
    legal = replace(now, pack=profiles.profile("RU-legal"))
    found = await previewing.compare(conn, now, legal, today=DAY)
    assert found.touched == 1
    assert found.largest == (Touched("100001", 101_267, 105_115),)
    assert rulebook.differences(found)[1] == "100001: 1012.67 -> 1051.15 (38.48)"


async def test_a_new_tariff_touches_what_is_not_billed(conn: asyncpg.Connection) -> None:
    now = await town(conn)
    before = await conn.fetch(STATES)
    (old,) = now.tariffs["RU-FLAT"]
    dearer = replace(old, id=0, valid=Period(date(2025, 11, 1), None), blocks=(Block(None, {"total": 10_000_000}),))
    later = replace(now, tariffs=previewing.overlaid(now.tariffs, [dearer]))
    found = await previewing.compare(conn, now, later, today=DAY)
    (one,) = found.largest
    assert one.number == "100002"
    assert one.after * 332 == one.before * 1000
    assert await conn.fetch(STATES) == before, "nothing is written"


async def test_a_tariff_of_next_year_shows_in_a_bill_to_come(conn: asyncpg.Connection) -> None:
    """Nothing that is to be paid today is of January, whose bill goes from 3.32 to 10.00 a kWh."""
    now = await town(conn)
    (old,) = now.tariffs["RU-FLAT"]
    dearer = replace(old, id=0, valid=Period(date(2026, 1, 1), None), blocks=(Block(None, {"total": 10_000_000}),))
    later = replace(now, tariffs=previewing.overlaid(now.tariffs, [dearer]))
    month = previewing.turning(now, later, today=DAY)
    assert month == Month(2026, 1)
    found = await previewing.compare(conn, now, later, today=DAY, month=month)
    assert (found.touched, found.before) == (0, found.after)
    assert found.bills is not None
    assert (found.bills.month, found.bills.touched, found.bills.failed) == (month, 2, 0)
    for one in found.bills.largest:
        assert one.after == pytest.approx(Fraction(one.before * 1000, 332), abs=2)
    told = rulebook.differences(found)
    assert told[1].startswith("bills of 2026-01, if all use goes on as usual: 2 touched, ")
    assert len(told) == 4


async def test_a_tariff_that_a_change_of_vat_leaves_behind_is_named(conn: asyncpg.Connection) -> None:
    now = await town(conn)
    (old,) = now.tariffs["RU-FLAT"]
    said = replace(old, vat=200, valid=Period(date(2025, 1, 1), None))
    later = Rules(profiles.profile("RU-legal"), {"RU-FLAT": (said,)})
    (told,) = rulebook.left_behind(later)
    assert told.startswith("RU-FLAT of 2025-01-01 goes on at 20 % VAT behind 2026-01-01, when it is 22 %: import its ")
    assert list(rulebook.left_behind(now)) == []


async def test_a_second_part_of_a_tariff_shows_in_a_bill_to_come(conn: asyncpg.Connection) -> None:
    """40 kW × 950.00 beside the energy, of the one account of which a power is known."""
    now = await town(conn)
    (old,) = now.tariffs["RU-FLAT"]
    two = replace(old, id=0, valid=Period(date(2026, 1, 1), None), demand=950_000_000)
    later = replace(now, tariffs=previewing.overlaid(now.tariffs, [two]))
    account, point = await conn.fetchrow("select account_id, id from points order by id limit 1") or (0, 0)
    power = NewFact(account, Kind.DEMAND, Period(date(2025, 11, 1), None), 40_000, "office", "contract 15", point)
    await recording.record_facts(conn, [power], by="ivanova", at=datetime(2025, 11, 19, tzinfo=UTC))
    found = await previewing.compare(conn, now, later, today=DAY, month=Month(2026, 1))
    assert found.bills is not None
    (one,) = found.bills.largest
    assert (one.number, one.after - one.before, found.touched) == ("100001", 3_800_000, 0)


async def test_a_norm_shows_in_the_bill_of_who_has_no_meter(conn: asyncpg.Connection) -> None:
    """85 kWh × 3.32 go to 170 kWh: a garage on the point of a meter that is gone."""
    now = await town(conn)
    norms = tuple(
        replace(one, volume=2 * one.volume) if one.service == "electricity" else one
        for one in now.pack.estimation.norms
    )
    more = replace(now, pack=replace(now.pack, estimation=replace(now.pack.estimation, norms=norms)))
    assert previewing.turning(now, more, today=DAY) == Month.of(DAY)
    account, point = await conn.fetchrow("select account_id, id from points order by id limit 1") or (0, 0)
    await conn.execute("set local role none")
    await conn.execute("update meters set removed_on = '2025-11-01' where point_id = $1", point)
    await conn.execute("set local role meterline_app")
    bare = NewFact(account, Kind.METERING, Period(date(2025, 11, 1), None), "impossible", "act", "act 7", point)
    await recording.record_facts(conn, [bare], by="ivanova", at=datetime(2025, 11, 19, tzinfo=UTC))
    found = await previewing.compare(conn, now, more, today=DAY, month=Month.of(DAY))
    assert found.bills is not None
    assert found.bills.largest == (Touched("100001", 28_220, 56_440),)


def test_what_cannot_be_reckoned_is_told() -> None:
    assert "2 accounts cannot be reckoned" in rulebook.differences(Compared(5, 2, 0, 0, 0, ()))[-1]
