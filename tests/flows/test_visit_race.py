"""Many want one place at one instant (R17): one has it, all others are told and offered the nearest."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from tests import make, offices
from tests.flows.conftest import NOON, Street
from tests.flows.test_network import post, sid
from tests.make import A, M

CLIENTS = 100
CLIENTS_PROVED = 500
IN_FLIGHT = 120
"""Requests that a client opens at a time, as many as one provider's front does."""


async def crowd(conn: asyncpg.Connection, number: int) -> list[str]:
    """The phones of so many owners."""
    phones = [f"+7978100{no:04d}" for no in range(number)]
    for no, phone in enumerate(phones):
        account = A(f"3{no:08d}", (M(f"7{no:06d}", months=0),), ((phone, "owner"),))
        await make.account(conn, account)
    return phones


async def race(town: Street, phones: list[str], body: str, *, first: int) -> None:
    """Everybody sends the same words at once."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def send(no: int, phone: str) -> int:
        async with gate:
            return await post(town, body, sid=sid(first + no), sender=phone)

    statuses = await asyncio.gather(*(send(no, phone) for no, phone in enumerate(phones)))
    assert set(statuses) == {200}
    await town.quiet()


async def one_wins(town: Street, company: asyncpg.Connection, number: int) -> None:
    await offices.set_up(company, {}, at=NOON)
    phones = await crowd(company, number)
    for no, phone in enumerate(phones):
        await post(town, "ЗАПИСЬ 24.11", sid=sid(no), sender=phone)
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    before = await town.pool.fetchval(deadlocks)
    await race(town, phones, "2", first=10_000)
    rows = await town.pool.fetch("select kind, count(*) from outbox group by kind")
    kinds = {row[0]: row[1] for row in rows}
    assert kinds["VisitHeld"] == 1
    assert kinds["VisitsOffered"] == 2 * number - 1
    assert await town.pool.fetchval("select count(*) from visits") == 1
    assert await town.pool.fetchval("select sum(taken) from slots") == 1
    assert await town.pool.fetchval(deadlocks) == before
    winner = await town.pool.fetchval("select phone_hash from visits")
    (phone,) = [one for one in phones if make.keyring().phone_hash(one) == winner]
    loser = phones[0] if phone != phones[0] else phones[1]
    told = await town.answers(loser)
    assert told[-1] == "9:00 уже занято. Свободно: 1) 8:40 2) 9:20 3) 25.11 9:00"
    await town.answers(phone)
    town.clock.forward(seconds=5)
    assert (await town.text(phone, "2"))[0].startswith("24.11 9:00 уже за вами.")
    fates = await town.pool.fetch("select distinct fate from inbox")
    assert [row[0] for row in fates] == ["answered"]
    assert (await town.audit())["overbooked"] == 0


async def test_one_of_a_hundred_has_the_place(town: Street, company: asyncpg.Connection) -> None:  # R17
    await one_wins(town, company, CLIENTS)


@pytest.mark.prove
async def test_one_of_five_hundred_has_the_place(town: Street, company: asyncpg.Connection) -> None:  # R17
    await one_wins(town, company, CLIENTS_PROVED)


async def test_all_who_choose_from_one_offer_at_once_find_their_places(
    town: Street, company: asyncpg.Connection
) -> None:  # R17
    """Nine texts for three places in whatever order: each place has one visit, and none has two."""
    await offices.set_up(company, {}, at=NOON)
    phones = await crowd(company, 9)
    for no, phone in enumerate(phones):
        await post(town, "ЗАПИСЬ 24.11", sid=sid(no), sender=phone)
    texts = [post(town, str(no % 3 + 1), sid=sid(100 + no), sender=phone) for no, phone in enumerate(phones)]
    assert set(await asyncio.gather(*texts)) == {200}
    await town.quiet()
    rows = await town.pool.fetch("select starts_at, count(*) from visits group by starts_at")
    assert [row[1] for row in rows] == [1, 1, 1]
    town.clock.at += timedelta(minutes=1)
    assert (await town.audit())["overbooked"] == 0
