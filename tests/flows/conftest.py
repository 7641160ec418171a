"""A whole gateway on loopback: its web application, its database, and the simulated carrier in front of it."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import asyncpg
import pytest
from aiohttp import web

from demo.carrier import Carrier
from demo.carrier_calls import Line
from demo.carrier_faults import Faults
from gateway import app, serving
from gateway.parts import Parts, opened
from gateway.settings import Settings, load_settings
from tests import make

SID, TOKEN, NUMBER = "AC" + "0" * 32, "a token for tests only", "+79780000000"
NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
AUDIT = "an audit token for tests"


@dataclass(slots=True)
class Clock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(slots=True)
class Street:
    """The gateway as customers see it: they text, and look at what came."""

    carrier: Carrier
    parts: Parts
    pool: asyncpg.Pool
    url: str
    clock: Clock
    seen: dict[str, int] = field(default_factory=dict)

    async def text(self, phone: str, body: str) -> list[str]:
        """The answers to a text, once the gateway has nothing more to send."""
        told = await self.carrier.text(sender=phone, to=NUMBER, body=body)
        assert told.webhook == 200, told
        return await self.answers(phone)

    async def answers(self, phone: str) -> list[str]:
        """What came to the phone since the last look."""
        await self.quiet()
        came = [one.body for one in self.carrier.book.conversation(phone) if one.direction == "outbound-api"]
        new = came[self.seen.get(phone, 0) :]
        self.seen[phone] = len(came)
        return new

    async def quiet(self) -> None:
        """Returns when no message is on its way any more."""
        async with asyncio.timeout(20):
            while await self.pool.fetchval(
                "select count(*) from outbox where state in ('ready', 'sending', 'unknown')"
            ):
                await asyncio.sleep(0.01)
            await self.carrier.settled()

    async def audit(self) -> dict[str, int]:
        headers = {"Authorization": f"Bearer {AUDIT}"}
        staff = f"http://127.0.0.1:{self.parts.settings.staff_port}/audit"
        async with aiohttp.ClientSession() as session, session.get(staff, headers=headers) as response:
            assert response.status == 200
            counted: dict[str, int] = await response.json()
            return counted


def free_port() -> int:
    """A port that is free, below those that connections going out are given."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


ANSWERS = 100
"""How many messages of a phone are answered in a day."""


def settings(carrier: str, port: int, staff_port: int) -> Settings:
    return load_settings(
        {
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
            "METERLINE_SESSION_KEY": "a session key for tests only",
            "METERLINE_RETRY_SECONDS": "0.2",
            "METERLINE_SEND_TIMEOUT": "2",
            "METERLINE_LEASE_SECONDS": "5",
            "METERLINE_POLL_SECONDS": "0.6",
            "METERLINE_ANSWERS_PER_DAY": str(ANSWERS),
        }
    )


@asynccontextmanager
async def street(database: str, pool: asyncpg.Pool, faults: Faults | None = None) -> AsyncIterator[Street]:
    clock, port, staff_port = Clock(), free_port(), free_port()
    line = Line(webhook=f"http://127.0.0.1:{port}/sms/twilio")
    carrier = Carrier(
        account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=clock.now, line=line, faults=faults, pace=0.005
    )
    base = await carrier.start()
    try:
        told = settings(base, port, staff_port)
        async with opened(told, database, now=clock.now) as parts:
            public: web.Application = app.public(parts)
            async with serving.listening(parts, public):
                worker = asyncio.create_task(serving.sweeping(parts))
                yield Street(carrier, parts, pool, f"http://127.0.0.1:{port}", clock)
                worker.cancel()
    finally:
        await carrier.stop()


@pytest.fixture
async def company(owner: asyncpg.Connection) -> asyncpg.Connection:
    """The owner's connection to a database with a company and its tariffs."""
    await make.company(owner)
    return owner


@pytest.fixture
async def town(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Street]:
    """A gateway in front of an empty town; `company` makes its people."""
    async with street(database, pool) as there:
        yield there
