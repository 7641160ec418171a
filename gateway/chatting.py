"""The parts of the Telegram bot, built only where it is switched on: its library is slow to import."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from asyncpg import Connection, Pool

from channels.port import Found, NoList
from channels.telegram import reading
from channels.telegram.receive import PATH, Refused, TelegramReceiver
from core.answer.door import Answerer
from core.answer.model import Carry
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.billing.terms import Messenger
from core.chats import actions as chats
from core.chats import photos
from core.chats.rowing import Wire
from core.inbox.model import Unavailable
from core.selfservice.model import Company
from core.store import pool as store
from core.wording.chatting import DESCRIPTIONS
from core.wording.words import Words
from gateway import guarding
from gateway.clock import Now
from gateway.delivery import Delivery, Pace
from gateway.settings import Settings
from gateway.watching import Watched, WatchedCarrier

if TYPE_CHECKING:
    from channels.telegram.carry import TelegramCarrier

log = structlog.get_logger()

RATE = 30.0
"""Messages a second that Telegram lets one bot send."""

PAUSE = 5.0
"""Seconds after which the bot is introduced again, or updates are asked for again, where Telegram did not answer."""

LOOK = 1.0
"""Seconds between two looks for photos that are to be fetched."""

ATTEMPTS = 5
"""So often is an update taken that the program fails on."""

LONGEST = 25
"""Seconds for which Telegram holds a request for updates open where there are none."""


class Late:
    """The bot's way out, made aside when it is first needed: a gateway listens at once, and answers wait in the outbox
    for the seconds that the library takes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._making: asyncio.Task[TelegramCarrier] | None = None

    async def ready(self) -> "TelegramCarrier":
        if self._making is None:
            self._making = asyncio.create_task(asyncio.to_thread(_carrier, self._settings), name="telegram-library")
        return await asyncio.shield(self._making)

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        return await (await self.ready()).send(address=address, body=body, key=key, extras=extras)

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> Sequence[Found]:
        """:raises NoList: always."""
        raise NoList

    async def close(self) -> None:
        if (
            self._making is not None
            and self._making.done()
            and not self._making.cancelled()
            and not self._making.exception()
        ):
            await self._making.result().close()


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot: its wire in, its way out, and what it is called by."""

    settings: Settings
    late: Late
    delivery: Delivery
    words: Words

    def receiver(
        self, *, pool: Pool, keyring: Keyring, answerer: Answerer, carry: Carry, owner: str, now: Now, company: Company,
        watched: Watched,
    ) -> TelegramReceiver:  # fmt: skip
        """The wire in, before the one door."""

        def acquire() -> AbstractAsyncContextManager[Connection]:
            return store.acquire(pool)

        settings = self.settings
        wire = Wire(
            keyring, self.words, os.urandom, owner, settings.lease_seconds, company.phone, settings.codes_per_hour,
            full=company.telegram is Messenger.FULL,
        )  # fmt: skip
        all_chats = chats.Chats(acquire=acquire, wire=wire, answer=answerer.answer, carry=carry)
        assert settings.telegram_token is not None
        assert settings.telegram_secret is not None
        return TelegramReceiver(
            bot=settings.telegram_token.get_secret_value().partition(":")[0],
            secret=settings.telegram_secret.get_secret_value(),
            heard=all_chats.heard,
            now=now,
            client=guarding.client,
            refused=watched.refuses,
        )

    async def introduced(self, *, polling: bool) -> None:
        """Tells Telegram where updates go and what the commands are, again until it has heard. A gateway that cannot
        reach Telegram answers what comes all the same."""
        while True:
            try:
                await self._introduce(polling=polling)
                return
            except Exception as error:
                log.warning("telegram.not-introduced", error=type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def _introduce(self, *, polling: bool) -> None:
        carrier = await self.late.ready()
        if polling:
            await carrier.listen_to_nobody()
        else:
            assert self.settings.telegram_secret is not None
            url = self.settings.public_url + PATH
            await carrier.listen(url, secret=self.settings.telegram_secret.get_secret_value())
        languages = self.words.languages
        for language in (None, *languages):
            said = language or self.words.default
            commands = [(name, self.words.label(DESCRIPTIONS[name], said)) for name in reading.COMMANDS]
            await carrier.describe(commands, language)


def bot(settings: Settings, pool: Pool, keyring: Keyring, words: Words, owner: str, now: Now, watched: Watched) -> Bot:
    """The bot of the settings, which name one."""
    late = Late(settings)

    async def lost(conn: Connection, messages: Sequence[Any], *, dead: bool) -> None:
        await chats.lost(conn, messages, dead=dead, at=now())

    delivery = Delivery(
        channel=Channel.TELEGRAM,
        carrier=WatchedCarrier(late, watched),
        pool=pool,
        keyring=keyring,
        now=now,
        owner=owner,
        pace=Pace(
            settings.lease_seconds, settings.send_timeout, settings.retry_seconds, RATE, settings.telegram_chat_seconds
        ),
        lost=lost,
        ready=late.ready,
    )
    return Bot(settings, late, delivery, words)


def _carrier(settings: Settings) -> "TelegramCarrier":
    from channels.telegram.carry import TelegramCarrier  # noqa: PLC0415

    assert settings.telegram_token is not None
    return TelegramCarrier(
        token=settings.telegram_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        send_timeout=settings.send_timeout,
        chat_pace=settings.telegram_chat_seconds,
    )


async def photographed(bot: Bot, pool: Pool, keyring: Keyring, now: Now) -> None:
    """Fetches the photos that came with readings, one after another, and keeps them."""
    carrier = await bot.late.ready()
    while True:
        try:
            async with store.acquire(pool) as conn:
                photo = await photos.due(conn, keyring)
            if photo is None:
                await asyncio.sleep(LOOK)
                continue
            came = await carrier.fetched(photo.file, most=reading.LARGEST_PHOTO)
            plain = await asyncio.to_thread(carrier.plain, came)
            async with store.acquire(pool) as conn:
                await photos.keep(conn, photo, came, plain, keyring, at=now())
        except Exception as error:
            log.warning("telegram.no-photo", error=type(error).__name__)
            await asyncio.sleep(LOOK)


async def polled(bot: Bot, receiver: TelegramReceiver) -> None:
    """Asks for updates again and again, for trials where nobody can call the gateway; each is asked for until it is on
    record. One on which the program fails time and again is passed over, so that others are heard (R13)."""
    carrier, after, failures = await bot.late.ready(), 0, 0
    while True:
        at_work = False
        try:
            for update in await carrier.updates(after=after, seconds=LONGEST):
                at_work = True
                with suppress(Refused):
                    await receiver.take(update)
                after, failures, at_work = max(after, int(update["update_id"]) + 1), 0, False
                if (query := reading.query(update)) is not None:
                    await carrier.acknowledge(query)
        except Unavailable:
            await asyncio.sleep(PAUSE)
        except Exception as error:
            failures += at_work
            if failures >= ATTEMPTS:
                log.error("telegram.update-passed-over", update=update["update_id"], exc_info=error)
                after, failures = int(update["update_id"]) + 1, 0
            else:
                log.warning("telegram.no-updates", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
