"""Sets the stage of the kill test: a database that keeps its word, a carrier that errs, and real processes."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import aiohttp
import asyncpg

from core.store import migrate
from core.store import pool as store
from demo.carrier import Carrier
from demo.carrier_faults import Faults
from demo.messenger import Messenger
from gateway.clock import now
from gateway.embedded import EmbeddedPostgres
from tests import make
from tests.chaos import chatting, looking, village
from tests.chaos.herd import Herd, Program
from tests.chaos.observing import Account
from tests.flows.conftest import AUDIT, NUMBER, SID, TOKEN, free_port

LEASE, CALL = 2.0, 1.0
"""Seconds that a message is held, and that one call of the carrier may take."""

POLL = 5.0
"""Seconds between two readings of the carrier's list of what phones wrote."""

PATIENCE = 4.0
"""Seconds that a phone's carrier waits for an answer."""

FAULTS = Faults(
    before_429=0.02,
    before_500=0.02,
    before_drop=0.02,
    after_500=0.02,
    after_502=0.02,
    after_drop=0.02,
    after_stall=0.02,
    after_garbled=0.02,
    receipt_lost=0.5,
    receipt_doubled=0.1,
    receipt_delayed=0.2,
    receipts_reordered=0.1,
    stall_seconds=2.0,
    delay_seconds=3.0,
)

PROGRAM = Program()

SERVING, WORKING = ("serve-1", "serve-2"), ("work-1", "work-2")


@dataclass(frozen=True, slots=True)
class Stage:
    """`owner` is a connection that sees everything; it breaks when the database is killed, so it is opened anew."""

    database: EmbeddedPostgres
    carrier: Carrier
    messenger: Messenger
    herd: Herd
    session: aiohttp.ClientSession
    people: tuple[Account, ...]
    url: str
    staff_url: str
    settings: Mapping[str, str]

    async def owner(self) -> asyncpg.Connection:
        return await store.connect(self.database.url, role=None)

    def database_processes(self) -> list[int]:
        """The server's own process and those that it has started, where the system tells them."""
        pid = self.database.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [pid, *(int(child) for child in children)]

    async def audit(self) -> dict[str, int]:
        return await looking.audit(self.session, self.staff_url)

    async def quiet(self, *, patience: float) -> bool:
        """Waits until no message is on its way any more, as long as they become fewer within this time; whether it came
        to that."""
        try:
            async with asyncio.timeout(patience) as limit:
                fewest = float("inf")
                while (left := (await self.audit()).get("outbox_open", fewest)) != 0:
                    if left < fewest:
                        fewest = left
                        limit.reschedule(asyncio.get_running_loop().time() + patience)
                    await asyncio.sleep(0.2)
                await self.carrier.settled()
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def stage(
    size: int,
    *,
    faults: Faults = FAULTS,
    program: Program = PROGRAM,
    damage: str = "",
    data: Path | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Stage]:
    """Everything running, with so many accounts; `damage` is done to the schema beforehand, `data` is where
    the database lies, `more` are settings."""
    folder = _folder()
    port, staff_port = free_port(), free_port()
    carrier = Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=now, faults=faults, patience=PATIENCE)
    base = await carrier.start()
    messenger = chatting.messenger()
    bots = chatting.settings(await messenger.start())
    database = EmbeddedPostgres(data or folder / "postgresql")
    await asyncio.to_thread(database.start)
    try:
        people = await _peopled(database.url, size, damage)
        chatting.open_chats(messenger, people)
        settings = environment(database.url, base, port, staff_port) | bots | dict(more)
        herd = Herd(settings, folder / "logs", program)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
            staff = f"http://127.0.0.1:{staff_port}"
            url = f"http://127.0.0.1:{port}"
            made = Stage(database, carrier, messenger, herd, session, people, url, staff, settings)
            try:
                await herd.keep((*SERVING, *WORKING))
                async with asyncio.timeout(120):
                    while not await made.audit():
                        await asyncio.sleep(0.1)
                yield made
            finally:
                await herd.stop()
    finally:
        carrier.stop_stalling()
        await carrier.stop()
        await messenger.stop()
        await asyncio.to_thread(database.stop)
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    """A temporary folder that the user of PostgreSQL can enter, with a place for the logs."""
    folder = Path(tempfile.mkdtemp(prefix="meterline-chaos-"))
    folder.chmod(0o711)
    (folder / "logs").mkdir()
    return folder


async def _peopled(url: str, size: int, damage: str) -> tuple[Account, ...]:
    conn = await store.connect(url, role=None)
    try:
        assert await conn.fetchval(looking.SYNCED), "what is acknowledged must be on disk"
        await migrate.migrate(conn)
        if damage:
            await conn.execute(damage)
        async with conn.transaction():
            return await village.populate(conn, size, today=now().date())
    finally:
        await conn.close()


def environment(database: str, carrier: str, port: int, staff_port: int) -> dict[str, str]:
    return {
        "METERLINE_DATABASE_URL": database,
        "METERLINE_PORT": str(port),
        "METERLINE_STAFF_PORT": str(staff_port),
        "METERLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "METERLINE_TWILIO_ACCOUNT_SID": SID,
        "METERLINE_TWILIO_AUTH_TOKEN": TOKEN,
        "METERLINE_TWILIO_NUMBERS": NUMBER,
        "METERLINE_TWILIO_API_BASE": carrier,
        "METERLINE_KEY": make.KEY,
        "METERLINE_PEPPER": make.PEPPER,
        "METERLINE_AUDIT_TOKEN": AUDIT,
        "METERLINE_RETRY_SECONDS": "0.3",
        "METERLINE_SEND_TIMEOUT": str(CALL),
        "METERLINE_LEASE_SECONDS": str(LEASE),
        "METERLINE_POLL_SECONDS": str(POLL),
    }
