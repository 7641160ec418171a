"""A close that is killed again and again ends in the head that it would have had."""

import asyncio
import random
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.books import closing, verifying
from core.store import pool as store
from tests.core.books.test_closing import DAY, DUE, night, pay, read, town

ACCOUNTS, KILLS = 120, 20
MONTH = Month.of(DAY)


@pytest.fixture
async def twins(server: str, database: str) -> AsyncIterator[tuple[str, str]]:
    """Two databases with the same town in them."""
    conn = await store.connect(database, role=None)
    ids = await town(conn, ACCOUNTS)
    for place, account in enumerate(ids):
        if place % 3 == 0:
            await read(conn, account, DAY - timedelta(days=5), 4440 + place)
        if place % 4 == 0:
            await pay(conn, account, DAY, 1000 + place, f"p{place}")
    await conn.close()
    name, copy = urlsplit(database).path[1:], f"meterline_twin_{secrets.token_hex(4)}"
    over: asyncpg.Connection = await asyncpg.connect(server)
    await over.execute(f"create database {copy} template {name}")
    yield database, urlsplit(server)._replace(path=f"/{copy}").geturl()
    await over.execute(f"drop database {copy} with (force)")
    await over.close()


async def killed(dsn: str, period: object, at: datetime, chunks: int) -> str | None:
    """What a close in a process of its own tells at its end, None where it was killed after so many chunks."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.core.books.closer",
        dsn,
        str(period),
        at.isoformat(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    head = None
    done = 0
    async for line in process.stdout:
        done += 1
        if line.startswith(b"head"):
            head = line.decode().removeprefix("head").strip()
        elif done > chunks:
            process.kill()
            break
    await process.wait()
    return head


@pytest.mark.prove
async def test_twenty_kills_end_in_the_same_head(twins: tuple[str, str]) -> None:  # R30
    steady, shaken = twins
    conn = await store.connect(steady)
    expected = await closing.close_day(conn, DAY, due_on=DUE, at=night(DAY), chunk=1000)
    await conn.close()
    kills, dice = 0, random.Random(4)
    head = None
    while head is None:
        head = await killed(shaken, DAY, night(DAY) + timedelta(minutes=kills), dice.choice((0, 0, 1)))
        kills += head is None
    conn = await store.connect(shaken)
    assert (await verifying.verify(conn)).broken is None
    lines = await conn.fetchval("select count(*) from entries")
    await conn.close()
    conn = await store.connect(steady)
    assert await conn.fetchval("select count(*) from entries") == lines
    await conn.close()
    assert kills >= KILLS
    assert head == expected.head.head.hex()


@pytest.mark.prove
async def test_a_month_killed_twenty_times_ends_in_the_same_bills(twins: tuple[str, str]) -> None:  # R30
    """The bills of December, with the corrections of November; then both days are closed, and the heads are one."""
    steady, shaken = twins
    at, last = night(MONTH.last), MONTH.last - MONTH.last.replace(day=DAY.day)
    conn = await store.connect(steady)
    issued = MONTH.next.first
    await billing.close_month(conn, MONTH, issued_on=issued, due_on=issued + timedelta(days=9), at=at)
    await conn.close()
    kills, dice = 0, random.Random(5)
    told = None
    while told is None:
        told = await killed(shaken, MONTH, at, dice.choice((0, 0, 1)))
        kills += told is None
    assert kills >= KILLS
    heads, counts = [], []
    for dsn in twins:
        conn = await store.connect(dsn)
        counts.append(await conn.fetchval("select counts::text from jobs where name = 'close_month'"))
        for back in range(last.days, -2, -1):
            closed = await closing.close_day(conn, MONTH.last - timedelta(back), due_on=DUE, at=at + timedelta(days=1))
        heads.append(closed.head.head)
        assert (await verifying.verify(conn)).broken is None
        await conn.close()
    assert heads[0] == heads[1]
    assert counts[0] == counts[1], "the report counts the whole month, however many runs it took"
