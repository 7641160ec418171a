"""The database is away for half a minute while the machine's clock jumps to and fro, and its disk fills up."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.store.failures import GONE
from demo.carrier_calls import Line
from demo.carrier_faults import Faults
from tests.chaos import planted
from tests.chaos.herd import TREE, Program
from tests.chaos.playing import Plan, play
from tests.chaos.stage import Stage, stage
from tests.flows.conftest import NUMBER

pytestmark = pytest.mark.prove

SEED = int(os.environ.get("METERLINE_SEED", random.SystemRandom().randrange(1_000_000)))
SIZE = 224
"""MiB of the disk that fills up: a new database takes a fifth of them."""

LOOKED = 6.0
"""Seconds after which every process has looked at the disk again."""

FILL = "select pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))"


async def test_half_a_minute_without_a_database_and_a_clock_that_jumps() -> None:  # R4, Q5, R20
    plan = Plan(
        seed=SEED,
        messages=200,
        accounts=40,
        seconds=36.0,
        kills=2,
        database=("stop database",),
        withheld=10,
        program=Program(planted.JUMPS),
    )
    played = await play(plan)
    assert played.calm, played.table
    assert not played.wrong, played.table


@pytest.fixture
def small() -> Iterator[Path]:
    """A disk of its own, in memory."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a disk")
    folder = Path(tempfile.mkdtemp(prefix="meterline-small-"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=711", "tmpfs", folder], check=False)
    if made.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@pytest.fixture
async def there(small: Path) -> AsyncIterator[Stage]:
    watched = {"METERLINE_DISK_PATH": str(small)}
    async with stage(20, faults=Faults(), data=small / "postgresql", more=watched) as made:
        made.carrier.line = Line(f"{made.url}/sms/twilio")
        yield made


async def answer(there: Stage, phone: str, said: str) -> str:
    """What comes back to a phone for a text."""
    before = len(there.carrier.book.conversation(phone))
    assert (await there.carrier.text(sender=phone, to=NUMBER, body=said)).webhook == 200
    async with asyncio.timeout(30):
        while len(there.carrier.book.conversation(phone)) < before + 2:
            await asyncio.sleep(0.02)
    return there.carrier.book.conversation(phone)[-1].body


def fill(disk: Path, *, share: float) -> Path:
    """A file that brings the disk to this share."""
    total, used, free = shutil.disk_usage(disk)
    ballast = disk / "ballast"
    with ballast.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, min(round(total * share) - used, free))
    return ballast


async def by_hand(there: Stage, *arguments: str) -> tuple[int, str]:
    """The exit code of a command of `meterline`, and what it says."""
    environment = {**os.environ, **there.settings}
    command = [sys.executable, "-m", "gateway", *arguments]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=TREE, env=environment, capture_output=True, text=True)
    return ended.returncode, ended.stderr


async def count(there: Stage, question: str) -> int:
    conn = await there.owner()
    try:
        counted: int = await conn.fetchval(question)
    finally:
        await conn.close()
    return counted


async def test_a_disk_that_fills_up(there: Stage, small: Path) -> None:  # R4
    """From 95 % on questions are answered, and readings asked to come again; when nothing goes any more nobody is told
    yes, and with room everything is as it was."""
    one, two = there.people[0].phone, there.people[1].phone
    assert (await answer(there, one, "04400")).startswith("Принято 04400")
    ballast = fill(small, share=0.96)
    await asyncio.sleep(LOOKED)
    assert (await answer(there, two, "04400")).startswith("Пока не можем записать. Пришлите завтра")
    assert (await answer(there, two, "долг")).startswith("К оплате")
    assert (await answer(there, one, "ОТМ")).startswith("Пока не можем записать.")
    assert await count(there, "select count(*) from readings where inbox_id is not null") == 1
    for command in (("close-day",), ("jobs", "run", "prove", "2025-11-20"), ("jobs", "due")):
        code, told = await by_hand(there, *command)
        assert code == 1
        assert "make room" in told
    await _until_nothing_goes(there, small)
    taken = await _texted(there)
    ballast.unlink()
    async with asyncio.timeout(120):
        while (await there.carrier.text(sender=one, to=NUMBER, body="долг")).webhook != 200:
            await asyncio.sleep(0.1)
    await asyncio.sleep(LOOKED)
    assert (await answer(there, two, "04400")).startswith("Принято 04400")
    kept = await _references(there)
    assert taken <= kept, "what was acknowledged is there"
    assert await there.quiet(patience=60)
    book = there.carrier.book.from_number(0, limit=100_000)
    answers = Counter(message.to for message in book if message.direction == "outbound-api")
    texts = Counter(message.sender for message in book if message.sid in kept)
    assert answers == texts, "one answer to each"


async def _until_nothing_goes(there: Stage, small: Path) -> None:
    """Fills the disk to the last byte, and writes until the database cannot any more and ends."""
    fill(small, share=1.0)
    conn = await there.owner()
    written = 0
    with suppress(*GONE):
        while written < SIZE:
            await conn.execute(FILL)
            written += 1
    assert written < SIZE, "there was no room for as much"


async def _texted(there: Stage) -> set[str]:
    """Those of some texts that were acknowledged."""
    told = await asyncio.gather(
        *(there.carrier.text(sender=one.phone, to=NUMBER, body="долг") for one in there.people for _ in range(3))
    )
    assert {one.webhook for one in told} <= {200, 503, None}
    return {one.sid for one in told if one.webhook == 200}


async def _references(there: Stage) -> set[str]:
    conn = await there.owner()
    try:
        return {row[0] for row in await conn.fetch("select reference from inbox")}
    finally:
        await conn.close()
