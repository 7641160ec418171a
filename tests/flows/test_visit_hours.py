"""When people are told of their visits, and what who waits at the office is told."""

from datetime import timedelta

import asyncpg

from core.bookings import sql
from core.bookings.receiving import actions as receiving
from core.store.pool import acquire
from gateway import offices as commands
from tests import make
from tests.flows.conftest import NOON, Street
from tests.flows.test_visits import HERO, OTHER, feodosia, local, moved_on, people, said

__all__ = ["feodosia", "people"]


async def test_nobody_is_reminded_who_has_said_stop_since_he_booked(
    town: Street, people: None, feodosia: None
) -> None:  # R28
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20 счетчик")
    await said(town, OTHER, "СТОП", "ЗАПИСЬ 24.11 10:40 счетчик")
    town.clock.forward(minutes=1)
    assert (await said(town, HERO, "СТОП"))[0].startswith("Новости отключены")
    assert await moved_on(town, local(23, 10, 5)) == 1, "who booked afterwards wants to be reminded"
    assert (await town.answers(OTHER))[0].startswith("Завтра 24.11 10:40 приём")
    await said(town, HERO, "СТАРТ")
    assert await moved_on(town, local(24, 8, 25)) == 1
    assert (await town.answers(HERO))[0].startswith("Сегодня в 10:20 приём")


async def test_reminders_keep_to_the_hours_of_the_rule_pack(
    town: Street, company: asyncpg.Connection, people: None, feodosia: None
) -> None:  # R28
    """Before a Monday one is told on Sunday, a day off, until eight; his own hours are kept, too."""
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20 счетчик")
    await said(town, OTHER, "ЗАПИСЬ 24.11 10:40 счетчик")
    phone = make.keyring().phone_hash(OTHER)
    await company.execute("update phones set told_from = 14, told_till = 19 where hash = $1", phone)
    assert await moved_on(town, local(23, 20, 1)) == 0, "quiet on a day off"
    town.clock.at = NOON
    assert await moved_on(town, local(23, 10, 1)) == 1
    assert (await town.answers(HERO))[0].startswith("Завтра 24.11 10:20")
    assert await moved_on(town, local(23, 13, 59)) == 0
    assert await moved_on(town, local(23, 14)) == 1
    assert (await town.answers(OTHER))[0].startswith("Завтра 24.11 10:40")


async def test_who_waits_is_told_his_place_in_line(town: Street, people: None, feodosia: None) -> None:
    for who, time in ((HERO, "10:20"), (OTHER, "10:40")):
        await said(town, who, f"ЗАПИСЬ 24.11 {time} счетчик")
    town.clock.at = local(24, 10, 50) - timedelta(hours=3)
    wire = commands.wire(town.parts.settings)
    async with acquire(town.pool) as conn, conn.transaction():
        for id_ in [row[0] for row in await conn.fetch("select id from visits order by id")]:
            await receiving.arrive(conn, id_, wire, by="clerk", at=town.clock.now())
    await town.answers(OTHER)
    assert await said(town, OTHER, "МОИ ВИЗИТЫ") == ["Талон В32: перед вами 1, ждать около 20 мин."]
    async with acquire(town.pool) as conn, conn.transaction():
        [office] = (await sql.offices(conn)).values()
        await receiving.call_next(conn, office, "1", wire, by="clerk", at=town.clock.now())
    assert await said(town, OTHER, "МОИ ВИЗИТЫ") == ["Талон В32: перед вами 0, ждать около 0 мин."]
    await town.answers(HERO)
    assert await said(town, HERO, "МОИ ВИЗИТЫ") == ["Талон В31: ваша очередь, окно 1"]
