"""A gateway with its bot on loopback, between the simulated carrier and the simulated messenger."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
from aiohttp import web

from demo.carrier import Carrier
from demo.carrier_calls import Line
from demo.messenger import Messenger
from demo.messenger_book import Line as Message
from demo.messenger_faults import Faults
from gateway import app, serving
from gateway.parts import Parts, opened
from gateway.settings import Settings
from tests.flows import conftest
from tests.flows.conftest import NUMBER, SID, TOKEN, Clock, free_port

BOT, SECRET = "424242:a-token-for-tests-only", "a-secret-for-tests_only"


@dataclass(slots=True)
class Town:
    """The gateway as customers see it who chat and text."""

    carrier: Carrier
    messenger: Messenger
    parts: Parts
    pool: asyncpg.Pool
    url: str
    clock: Clock
    seen: dict[int | str, int] = field(default_factory=dict)

    async def say(self, person: int, text: str) -> list[str]:
        """The answers to a text in a chat, once the gateway has nothing more to send."""
        assert await self.messenger.write(person, text) == 200
        return await self.answers(person)

    async def share(self, person: int, phone: str, **more: int) -> list[str]:
        assert await self.messenger.share(person, phone, **more) == 200
        return await self.answers(person)

    async def press(self, person: int, label: str) -> list[str]:
        """Presses the button of that label, the latest that there is, and returns the answers."""
        found = [(line.id, button) for line in self.lines(person) for row in line.buttons for button in row]
        message, button = next(pair for pair in reversed(found) if pair[1]["text"] == label)
        assert await self.messenger.press(person, message, button["callback_data"]) == 200
        return await self.answers(person)

    async def begin(self, person: int, phone: str, language: str = "Русский") -> list[str]:
        """Opens a chat and shares the number; the answer to that."""
        await self.say(person, "/start")
        await self.press(person, language)
        return await self.share(person, phone)

    async def text(self, phone: str, body: str) -> list[str]:
        """The answers to an SMS."""
        told = await self.carrier.text(sender=phone, to=NUMBER, body=body)
        assert told.webhook == 200
        return await self.texted(phone)

    async def answers(self, person: int) -> list[str]:
        """What came into the chat since the last look."""
        await self.quiet()
        return self._new(person, [line.text for line in self.lines(person)])

    async def texted(self, phone: str) -> list[str]:
        """What came to the phone since the last look."""
        await self.quiet()
        came = [one.body for one in self.carrier.book.conversation(phone) if one.direction == "outbound-api"]
        return self._new(phone, came)

    def lines(self, person: int) -> list[Message]:
        return list(self.messenger.book.from_bot(person))

    def buttons(self, person: int) -> list[str]:
        """The labels under the last message."""
        return [button["text"] for row in self.lines(person)[-1].buttons for button in row]

    def keyboard(self, person: int) -> list[str]:
        return [button["text"] for row in self.messenger.book.talk(person).keyboard for button in row]

    async def quiet(self) -> None:
        """Returns when nothing is on its way any more."""
        async with asyncio.timeout(20):
            await self.messenger.settled()
            while await self.pool.fetchval(
                "select count(*) from outbox where state in ('ready', 'sending', 'unknown')"
            ):
                await asyncio.sleep(0.01)
            await self.carrier.settled()

    def _new(self, whose: int | str, came: list[str]) -> list[str]:
        new = came[self.seen.get(whose, 0) :]
        self.seen[whose] = len(came)
        return new


def settings(carrier: str, messenger: str, port: int, staff_port: int) -> Settings:
    bot = {
        "telegram_token": BOT,
        "telegram_secret": SECRET,
        "telegram_api_base": messenger,
        "telegram_chat_seconds": 0.0,
    }
    told = conftest.settings(carrier, port, staff_port)
    return Settings.model_validate({**told.model_dump(), **bot})


@asynccontextmanager
async def town(
    database: str, pool: asyncpg.Pool, faults: Faults | None = None, *, gap: float = 0.0, polling: bool = False
) -> AsyncIterator[Town]:
    """`polling`: the gateway asks for updates, and nobody brings them."""
    clock, port, staff_port = Clock(), free_port(), free_port()
    line = Line(webhook=f"http://127.0.0.1:{port}/sms/twilio")
    carrier = Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=clock.now, line=line, pace=0.005)
    messenger = Messenger(token=BOT, now=clock.now, faults=faults, pace=0.01, rate=1000.0, gap=gap)
    try:
        told = settings(await carrier.start(), await messenger.start(), port, staff_port)
        async with opened(told, database, now=clock.now) as parts:
            public: web.Application = app.public(parts)
            async with serving.listening(parts, public):
                workers = [
                    asyncio.create_task(one)
                    for one in (serving.sweeping(parts), *serving.chatting(parts, polling=polling))
                ]
                async with asyncio.timeout(20):
                    while parts.bot and len(messenger.book.commands) < 3:
                        await asyncio.sleep(0.01)
                yield Town(carrier, messenger, parts, pool, f"http://127.0.0.1:{port}", clock)
                for worker in workers:
                    worker.cancel()
    finally:
        await messenger.stop()
        await carrier.stop()


def later(there: Town, **by: float) -> None:
    there.clock.at += timedelta(**by)
