"""Real processes that are halted longer than their leases, and that are told to end while everything hangs."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from core.store import migrate
from core.store import pool as store
from demo.carrier import Carrier
from demo.carrier_faults import Faults
from gateway.clock import now
from gateway.embedded import EmbeddedPostgres
from tests.chaos import stage
from tests.chaos.herd import TREE
from tests.core.outbox import rows
from tests.flows.conftest import NUMBER, SID, TOKEN, free_port

pytestmark = pytest.mark.prove

PHONES = tuple(f"+7978001{number:04d}" for number in range(100))
LATER = tuple(f"+7978002{number:04d}" for number in range(10))
HELD = "select count(*) from outbox where state = 'ready' and lease_until > now()"
STANDS = "select state, attempt, reference, changed_at from outbox"
ENOUGH = 10.0
"""Seconds in which a process that is told to end has ended (R25)."""


@dataclass(slots=True)
class Scene:
    """A database, a carrier, and processes on them."""

    database: EmbeddedPostgres
    carrier: Carrier
    environment: dict[str, str]
    owner: asyncpg.Connection
    running: list[asyncio.subprocess.Process]

    async def start(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "gateway", *arguments),
            cwd=TREE,
            env={**os.environ, **self.environment, **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self.running.append(process)
        return process

    async def until(self, true: str) -> None:
        async with asyncio.timeout(60):
            while not await self.owner.fetchval(true):
                await asyncio.sleep(0.02)

    async def waiting(self, *phones: str) -> None:
        """A message to each phone, which nobody holds."""
        async with self.owner.transaction():
            for phone in phones:
                await rows.add(self.owner, phone=phone, owner="one that is gone")
            await self.owner.execute("update outbox set lease_until = null where state = 'ready'")

    async def struck(self, fault: str, times: int = 1) -> None:
        async with asyncio.timeout(60):
            while self.carrier.struck.get(fault, 0) < times:
                await asyncio.sleep(0.01)

    def halt_database(self, number: signal.Signals) -> None:
        pid = self.database.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, number)


async def said(process: asyncio.subprocess.Process, event: str) -> None:
    """Returns when the process has logged this event."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while line := await process.stderr.readline():
            if f'"event": "{event}"' in line.decode():
                return
    raise AssertionError(f"ended without {event}")


async def ended(process: asyncio.subprocess.Process) -> int:
    """The exit code of a process that is told to end, in time."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(ENOUGH):
        _, code = await asyncio.gather(process.communicate(), process.wait())
    return code


@pytest.fixture
async def there() -> AsyncIterator[Scene]:
    folder = Path(tempfile.mkdtemp(prefix="meterline-signals-"))
    os.chmod(folder, 0o711)
    carrier = Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=now)
    base = await carrier.start()
    database = EmbeddedPostgres(folder / "postgresql")
    await asyncio.to_thread(database.start)
    owner = await store.connect(database.url, role=None)
    await migrate.migrate(owner)
    made = Scene(database, carrier, stage.environment(database.url, base, free_port(), free_port()), owner, [])
    try:
        yield made
    finally:
        for process in made.running:
            if process.returncode is None:
                process.kill()
                await process.wait()
        await owner.close()
        carrier.stop_stalling()
        await carrier.stop()
        await asyncio.to_thread(database.stop)
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_worker_that_was_halted_writes_over_nothing(there: Scene) -> None:  # R20, R24
    """Halted in the middle of a call that comes to nothing, for twice its lease; meanwhile another sends the message.
    When it wakes, its own failure is not put down, and it sends nothing."""
    there.carrier.faults = Faults(before_stall=1.0, stall_seconds=60.0)
    await there.waiting(PHONES[0])
    first = await there.start("work")
    await there.struck("before_stall")
    first.send_signal(signal.SIGSTOP)
    there.carrier.faults = Faults()
    await asyncio.sleep(2 * stage.LEASE)
    second = await there.start("work")
    await there.until("select count(*) = 1 from outbox where state in ('sent', 'delivered')")
    sent = await there.owner.fetchrow(STANDS)
    first.send_signal(signal.SIGCONT)
    await said(first, "delivery.unclear")
    assert await ended(first) == 0
    assert await ended(second) == 0
    assert await there.owner.fetchrow(STANDS) == sent
    assert sent is not None
    assert sent["attempt"] == 2
    assert len(there.carrier.book.conversation(PHONES[0])) == 1


@pytest.mark.parametrize("arguments", [("work",), ("serve", "--work")], ids=" ".join)
@pytest.mark.parametrize("halted", [False, True], ids=["", "and the database is silent"])
async def test_told_to_end_while_the_carrier_hangs(
    there: Scene, arguments: tuple[str, ...], halted: bool
) -> None:  # R25
    """It takes nothing more, ends in ten seconds, and what it had not begun goes out at once by another's hand."""
    there.carrier.faults = Faults(before_stall=1.0, stall_seconds=60.0)
    await there.waiting(*PHONES)
    first = await there.start(*arguments, METERLINE_SEND_TIMEOUT="10", METERLINE_LEASE_SECONDS="12")
    await there.struck("before_stall", 20)
    await there.waiting(*LATER)
    if halted:
        there.halt_database(signal.SIGSTOP)
    try:
        code = await ended(first)
    finally:
        if halted:
            there.halt_database(signal.SIGCONT)
    assert code == 0
    assert await there.owner.fetchval("select count(*) from outbox where attempt > 0") == 20, "no more was begun"
    if not halted:
        assert not await there.owner.fetchval(
            "select count(*) from outbox where state = 'ready' and lease_until > now()"
        )
    there.carrier.faults = Faults()
    second = await there.start(*arguments)
    await there.until("select count(*) = 110 from outbox where state in ('sent', 'delivered')")
    assert await ended(second) == 0
    assert Counter(one.to for one in there.carrier.book.from_number(0, limit=1000)) == (
        Counter(dict.fromkeys((*PHONES, *LATER), 1))
    )
