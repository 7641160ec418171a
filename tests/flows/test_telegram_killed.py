"""kill -9 right after an update was acknowledged: it has happened, and is answered once or, counted, twice."""

import asyncio
import os
import signal
import sys
from datetime import date

import asyncpg
import pytest

from demo.messenger import Messenger
from tests import make
from tests.channels.telegram.updates import OWN, PERSON, message
from tests.flows.chatting import BOT, SECRET
from tests.flows.conftest import NOON, free_port
from tests.make import A, M

pytestmark = pytest.mark.prove

OWNER = "+79780001701"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
OPEN = "select count(*) from outbox where state in ('ready', 'sending', 'unknown')"
ROUNDS = 3


async def _started(environment: dict[str, str], port: int) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway",
        "serve",
        "--work",
        env=os.environ | environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(40):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return process


async def test_what_was_acknowledged_has_happened(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:
    # R9 R21
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    messenger = Messenger(token=BOT, now=lambda: NOON, rate=1000.0, gap=0.0)
    port = free_port()
    environment = {
        "METERLINE_DATABASE_URL": database,
        "METERLINE_PORT": str(port),
        "METERLINE_STAFF_PORT": str(free_port()),
        "METERLINE_KEY": make.KEY,
        "METERLINE_PEPPER": make.PEPPER,
        "METERLINE_TELEGRAM_TOKEN": BOT,
        "METERLINE_TELEGRAM_SECRET": SECRET,
        "METERLINE_TELEGRAM_API_BASE": await messenger.start(),
        "METERLINE_TELEGRAM_CHAT_SECONDS": "0",
        "METERLINE_SEND_TIMEOUT": "1",
        "METERLINE_LEASE_SECONDS": "2",
        "METERLINE_RETRY_SECONDS": "0.5",
    }
    messenger.book.talk(PERSON)
    messenger.connect(f"http://127.0.0.1:{port}/telegram", SECRET)
    process = await _started(environment, port)
    try:
        assert await messenger.bring(message(1, contact=OWN)) == 200
        for number in range(ROUNDS):
            assert await messenger.bring(message(10 + number, text="долг")) == 200
            process.send_signal(signal.SIGKILL)
            await process.wait()
            process = await _started(environment, port)
        assert await messenger.bring(message(10, text="долг")) == 200
        async with asyncio.timeout(60):
            while await pool.fetchval(OPEN):
                await asyncio.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 15)
        await messenger.stop()
    told = [line.text for line in messenger.book.from_bot(PERSON) if line.text.startswith("К оплате")]
    doubts = await pool.fetchval("select coalesce(sum(doubts), 0) from outbox where kind = 'BalanceTold'")
    assert await pool.fetchval("select count(*) from inbox where command = 'Balance'") == ROUNDS
    assert await pool.fetchval("select count(*) from outbox where kind = 'BalanceTold' and state = 'sent'") == ROUNDS
    assert ROUNDS <= len(told) <= ROUNDS + doubts
