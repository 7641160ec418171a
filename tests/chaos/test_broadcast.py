"""A broadcast goes on while its workers are killed and the carrier errs: everybody is told once, nobody is missed."""

import asyncio
import os
import random
import signal
from collections import Counter

import asyncpg
import pytest

from core.notices import actions
from core.notices.model import Audience, Draft, Kind, Progress, State
from demo.carrier_faults import Faults
from gateway.clock import now
from gateway.parts import words
from tests.chaos import crowding
from tests.chaos.stage import WORKING, Stage, stage

pytestmark = pytest.mark.prove

SIZE = int(os.environ.get("METERLINE_PEOPLE", "600"))
KILLS = 20
PATIENCE = 240.0 + SIZE / 20
FAULTS = Faults(before_500=0.02, after_500=0.02, after_drop=0.02)
TEXT = {"ru": "Авария на линии, не подходите к проводам", "en": "Emergency: keep away from the wires"}


async def test_everybody_once_whatever_is_killed() -> None:  # R27, R20
    async with stage(0, faults=FAULTS) as there:
        conn = await there.owner()
        try:
            people = await crowding.crowd(conn, SIZE)
            id = await _sent(conn)
            killing = asyncio.create_task(_killed(there))
            await _until(conn, id, SIZE * 4 // 10)
            async with conn.transaction():
                await actions.pause(conn, id, by="author", at=now())
            await _still(there, conn, id)
            await actions.resume(conn, id, by="author", at=now())
            assert await killing == KILLS
            async with asyncio.timeout(PATIENCE):
                while (await actions.one(conn, id)).state is not State.DONE:
                    await asyncio.sleep(0.5)
            told = await actions.progress(conn, id)
        finally:
            await conn.close()
        await there.carrier.settled()
        book = there.carrier.book
        print(f"\n  {SIZE} people, {KILLS} kills, faults {dict(there.carrier.struck)}")
        said = Counter(one.to for one in book.from_number(0, limit=len(book)) if one.body in TEXT.values())
    assert told.people == SIZE
    assert told.barred == {}
    assert told.over == SIZE
    assert set(said) == people
    assert {phone: number for phone, number in said.items() if number != 1} == {}


async def _sent(conn: asyncpg.Connection) -> int:
    """A message for safety to all, which goes at any hour."""
    async with conn.transaction():
        made = await actions.create(
            conn, Draft(Kind.SAFETY, Audience(customer="household"), TEXT, "line down"), by="author", at=now()
        )
        await actions.submit(conn, made.id, by="author", at=now(), words=words())
        await actions.send(conn, made.id, by="author", at=now())
    return made.id


async def _killed(there: Stage) -> int:
    """Kills workers, each once its share of the messages was taken: spread over the whole broadcast, however long."""
    dice, kills = random.Random(7), 0
    while kills < KILLS:
        await asyncio.sleep(dice.uniform(0.2, 1.0))
        if len(there.carrier.book) >= SIZE * kills // (KILLS + 1):
            kills += there.herd.strike(dice.choice(WORKING), signal.SIGKILL)
    return kills


async def _until(conn: asyncpg.Connection, id: int, number: int) -> Progress:
    async with asyncio.timeout(PATIENCE):
        while (told := await actions.progress(conn, id)).over < number:
            await asyncio.sleep(0.2)
    return told


async def _still(there: Stage, conn: asyncpg.Connection, id: int) -> None:
    """What was under way ends, and then nothing is begun any more."""
    async with asyncio.timeout(60):
        while {"sending", "unknown"} & (await actions.progress(conn, id)).states.keys():
            await asyncio.sleep(0.2)
    before = await actions.progress(conn, id)
    await asyncio.sleep(3)
    after = await actions.progress(conn, id)
    assert (after.waiting, after.states.get("ready")) == (before.waiting, before.states.get("ready"))
    assert before.over < SIZE, "it was paused in the middle"
