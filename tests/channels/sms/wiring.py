"""The carrier on loopback, our way out to it, and our receiver where it calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.port import Found
from channels.sms.receive import SmsReceiver
from channels.sms.twilio import TwilioCarrier
from core.inbox.model import Inbound
from core.outbox.model import Report
from demo.carrier import Carrier
from demo.carrier_calls import Line

ACCOUNT = "AC00112233445566778899aabbccddeeff"
TOKEN = "the account's own token"
NUMBER = "+15550001000"
SECOND = "+15550002000"
PHONE = "+79001112233"
START = datetime(2025, 11, 21, 9, tzinfo=UTC)
PUBLIC = "https://meter.example"
NEVER = 3600.0


@dataclass
class Clock:
    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Core:
    inbounds: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    async def answer(self, inbound: Inbound) -> None:
        self.inbounds.append(inbound)

    async def reported(self, report: Report) -> None:
        self.reports.append(report)


@dataclass
class Town:
    """The carrier, our way out to it, and our receiver behind the public address."""

    carrier: Carrier
    wire: TwilioCarrier
    core: Core
    clock: Clock
    base: str

    async def send(self, body: str = "К оплате 433.56", *, address: str = PHONE, key: str = "k") -> str:
        return await self.wire.send(address=address, body=body, key=key)

    async def find(self, body: str = "К оплате 433.56", *, since: datetime = START) -> tuple[Found, ...]:
        return await self.wire.find(address=PHONE, body=body, key="k", since=since)

    async def received(self, since: datetime, *, until: datetime | None = None) -> list[Inbound]:
        """What the list tells, in its order."""
        pages = self.wire.received(since=since, until=until, at=self.clock.at)
        return [one async for page in pages for one in page.inbounds]


def wire(base: str, *, token: str = TOKEN, account: str = ACCOUNT, seconds: float = 10.0) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=account,
        auth_token=token,
        numbers=(NUMBER, SECOND),
        public_url=f"{PUBLIC}/",
        api_base=f"{base}/",
        send_timeout=seconds,
    )


@asynccontextmanager
async def founded(*, pace: float = 0.0, seconds: float = 10.0) -> AsyncIterator[Town]:
    core, clock = Core(), Clock()
    receiver = SmsReceiver(
        public_url=PUBLIC,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        numbers=(NUMBER, SECOND),
        answer=core.answer,
        reported=core.reported,
        now=clock,
    )
    app = web.Application()
    app.add_routes(receiver.routes())
    gateway = TestServer(app)
    await gateway.start_server()
    line = Line(webhook=f"{PUBLIC}/sms/twilio", public=PUBLIC, reach=str(gateway.make_url("/")))
    carrier = Carrier(account_sid=ACCOUNT, auth_token=TOKEN, numbers=(NUMBER, SECOND), now=clock, line=line, pace=pace)
    base = await carrier.start()
    sender = wire(base, seconds=seconds)
    yield Town(carrier, sender, core, clock, base)
    await sender.close()
    await carrier.stop()
    await gateway.close()


@asynccontextmanager
async def provider(answer: Any) -> AsyncIterator[TwilioCarrier]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    stranger = wire(str(server.make_url("/")).rstrip("/"))
    yield stranger
    await stranger.close()
    await server.close()
