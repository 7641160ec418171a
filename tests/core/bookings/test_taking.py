"""Many tasks book, move and call off at random: every place holds as many visits as it says, and never too many."""

import asyncio
import random
from datetime import timedelta

import asyncpg
import pytest

from core.audit import sql as audit
from core.bookings import actions, rules, sql
from core.bookings.actions import Taken
from core.bookings.model import Office, Person
from core.store.pool import acquire
from tests import make, offices
from tests.flows.conftest import NOON
from tests.make import A, M

TASKS, STEPS = 50, 20


@pytest.fixture
async def people(owner: asyncpg.Connection) -> list[Person]:
    await make.company(owner)
    found = []
    for no in range(TASKS):
        account = await make.account(owner, A(f"4{no:08d}", (M(f"8{no:06d}", months=0),)))
        found.append(Person(account, None, None, "ru", "web"))
    return found


async def one(pool: asyncpg.Pool, person: Person, office: Office, seed: int) -> None:
    """Books, moves and calls off among the same dozen of places as all others."""
    dice, at = random.Random(seed), NOON
    for _ in range(STEPS):
        at += timedelta(seconds=1)
        async with acquire(pool) as conn, conn.transaction():
            await conn.execute("select from accounts where id = $1 for no key update", person.account_id)
            to = await actions.known(conn)
            mine = await actions.coming(conn, person, to, at=at)
            if mine and dice.random() < 0.4:
                await actions.cancel(conn, dice.choice(mine), by="customer", at=at)
                continue
            days = [(office.id, NOON.date() + timedelta(days=day)) for day in (3, 4)]
            slots = (await sql.slots(conn, days))[:12]
            run = dice.choice(list(rules.runs(slots, dice.choice((1, 2)), office.step)) or [(slots[0],)])
            moving = dice.choice(mine) if mine and dice.random() < 0.5 else None
            await actions.take(conn, person, Taken(run, to.services[1], moving), to, at=at)


@pytest.mark.prove
async def test_taken_is_what_is_there(
    pool: asyncpg.Pool, people: list[Person], owner: asyncpg.Connection
) -> None:  # R17
    office = (await offices.set_up(owner, {"windows": "2"}, at=NOON))["feodosia"]
    before = await owner.fetchval("select deadlocks from pg_stat_database where datname = current_database()")
    await asyncio.gather(*(one(pool, person, office, seed) for seed, person in enumerate(people)))
    assert (await audit.count(owner))["overbooked"] == 0
    assert await owner.fetchval("select count(*) from slots where taken > capacity") == 0
    assert await owner.fetchval("select count(*) from visits where state = 'booked'") > 0
    after = await owner.fetchval("select deadlocks from pg_stat_database where datname = current_database()")
    assert after == before
