"""What a change of rules or tariffs would do to accounts, before it is made."""

from dataclasses import replace
from datetime import date

import asyncpg

from core.basics.periods import Period
from core.billing import previewing, profiles, sql
from core.billing.model import Block
from core.billing.previewing import Compared, Rules, Touched
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


def test_what_cannot_be_reckoned_is_told() -> None:
    assert "2 accounts cannot be reckoned" in rulebook.differences(Compared(5, 2, 0, 0, 0, ()))[-1]
