"""Visits on days on which clocks change or holidays move, over HTTP: refused, asked, never booked at another time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.bookings import sql
from core.bookings.model import Special
from core.bookings.opening import actions as opening
from core.store.pool import acquire
from gateway import offices as commands
from tests import make, offices
from tests.channels.web.conftest import Cabinet, cabinet
from tests.flows.conftest import NOON, Street
from tests.make import A, M

__all__ = ["cabinet"]

HERO, ENGLISH, OTHER = "+79780001705", "+79780001706", "+79780001707"
NIGHT = {"calendar": "", "step": "30", "hours": "sun 00:00-06:00", "windows": "1"}
BERLIN = NIGHT | {
    "code": "berlin", "name": "Берлин", "name_latin": "Berlin", "short": "Берлин", "short_latin": "Berlin",
    "place": "Берлин, Ночная 1", "place_latin": "Berlin, Nacht 1", "timezone": "Europe/Berlin",
}  # fmt: skip
BOSTON = NIGHT | {
    "code": "boston", "name": "Бостон", "name_latin": "Boston", "short": "Бостон", "short_latin": "Boston",
    "place": "Бостон, Речная 2", "place_latin": "Boston, River 2", "timezone": "America/New_York",
}  # fmt: skip
ZONES = {
    "Berlin": (BERLIN, date(2026, 3, 29), "2:30", date(2026, 10, 25), "2:30", "UTC+2", "UTC+1", (0, 1)),
    "New York": (BOSTON, date(2026, 3, 8), "2:30", date(2026, 11, 1), "1:30", "UTC-4", "UTC-5", (5, 6)),
}
"""Of a zone the day and time that its clocks skip, those that they show twice, what they are ahead of UTC then, and the
two moments' hours in UTC (half past)."""


@pytest.fixture
async def people(company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),)))
    await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), language="en"))
    await make.account(company, A("100004323", (M("0098767"),), ((OTHER, "owner"),)))


async def moments(pool: asyncpg.Pool) -> list[datetime]:
    rows = await pool.fetch("select starts_at from visits where state = 'booked' order by starts_at")
    return [row[0] for row in rows]


Zone = tuple[Mapping[str, str], date, str, date, str, str, str, tuple[int, int]]


@pytest.mark.parametrize("zone", ZONES.values(), ids=ZONES)
async def test_a_skipped_time_is_refused_and_of_a_double_one_it_is_asked(
    cabinet: Cabinet, company: asyncpg.Connection, people: None, zone: Zone
) -> None:  # R17
    row, forward, skipped, back, twice, first, second, hours = zone
    town, name = cabinet.street, row["name"].upper()
    town.clock.at = datetime.combine(forward, datetime.min.time(), UTC).replace(day=2, hour=9)
    await offices.set_up(company, row, at=town.clock.at)
    assert await town.text(HERO, f"ЗАПИСЬ {name} {forward:%d.%m.%y} {skipped} счетчик") == [
        f"{forward:%d.%m} нет времени {skipped}: часы переводят вперёд. Назовите другое"
    ]
    assert (await town.text(HERO, f"ЗАПИСЬ {name} {forward:%d.%m.%y} 4:00 счетчик"))[0].startswith("Приём")
    browser = await cabinet.enter(ENGLISH)
    mine = (await browser.get("/my")).to + "/visits"
    slot = {"office": row["code"], "about": "meter"}
    told = await browser.say(mine, slot=f"{forward} 0{skipped}", **slot)
    assert skipped in told
    assert "clocks" in told
    assert f"{forward} 0{skipped}" not in (await browser.get(f"{mine}?office={row['code']}&from={forward}")).text

    town.clock.at = datetime.combine(back, datetime.min.time(), UTC).replace(month=10, day=20, hour=9)
    await offices.set_up(company, row, at=town.clock.at)
    assert await town.text(HERO, f"ЗАПИСЬ {name} {back:%d.%m.%y} {twice} счетчик") == [
        f"{back:%d.%m} {twice} будет дважды: 1) {first} 2) {second}. Ответьте 1 или 2"
    ]
    assert (await town.text(HERO, "2"))[0].startswith(f"Приём {back:%d.%m} в {twice}")
    assert (await browser.say(mine, slot=f"{back} 0{twice}", **slot)).startswith(f"{back.day} ")
    page = await browser.get(f"{mine}?office={row['code']}&from={back}")
    assert f'value="{back} 0{twice} 0"' in page.text
    assert f"0{twice} ({first})" in page.text
    assert f'value="{back} 0{twice} 1"' not in page.text, "that one is taken"
    assert (await browser.say(mine, slot=f"{back} 0{twice} 0", **slot)).startswith("Visit on")
    later = [one for one in await moments(cabinet.pool) if one.month > 9]
    assert later == [datetime(back.year, back.month, back.day, hour, 30, tzinfo=UTC) for hour in hours]


async def test_a_visit_is_moved_to_the_one_of_two_equal_times_that_is_chosen(
    town: Street, company: asyncpg.Connection, people: None
) -> None:
    town.clock.at = datetime(2026, 10, 20, 9, tzinfo=UTC)
    await offices.set_up(company, BERLIN, at=town.clock.at)
    assert (await town.text(HERO, "ЗАПИСЬ БЕРЛИН 25.10.26 4:00 счетчик"))[0].startswith("Приём 25.10 в 4:00")
    ticket = await town.pool.fetchval("select ticket from visits")
    assert (await town.text(HERO, f"ПЕРЕНЕСТИ {ticket} на 25.10.26 2:30"))[0].startswith("25.10 2:30 будет дважды")
    assert (await town.text(HERO, "1"))[0].startswith("Перенесли: 25.10 2:30")
    assert await moments(town.pool) == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
    assert await town.pool.fetchval("select sum(taken) from slots") == 1


async def test_a_holiday_that_was_moved(town: Street, company: asyncpg.Connection, people: None) -> None:
    """In Russia Wednesday 31 December 2025 was free in the place of a Sunday; the staff may work all the same."""
    await offices.set_up(company, {}, at=NOON)
    assert await town.text(HERO, "ЗАПИСЬ 31.12 10:20 счетчик") == [
        "31.12 в 10:20 приёма нет. Свободно: 1) 12.01 10:20 2) 13.01 10:20"
    ]
    async with acquire(town.pool) as conn, conn.transaction():
        [office] = (await sql.offices(conn)).values()
        wire = commands.wire(town.parts.settings)
        special = Special(date(2025, 12, 31), usual=True, reason="by order")
        await opening.make_exception(conn, office, special, wire, by="chief", at=town.clock.now())
    assert (await town.text(HERO, "ЗАПИСЬ 31.12 10:20 счетчик"))[0].startswith("Приём 31.12 в 10:20")
