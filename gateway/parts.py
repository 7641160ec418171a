"""Builds the parts of a running gateway from the settings, by plain constructor calls."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from asyncpg import Pool

from channels.port import Carrier, Mailbox
from channels.sms.message import PROVIDER
from channels.sms.receive import SmsReceiver
from channels.sms.twilio import TwilioCarrier
from channels.telegram.receive import TelegramReceiver
from core.answer import companies
from core.answer.desk import Desk
from core.answer.door import Answerer
from core.answer.model import Carry
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.billing.terms import Messenger
from core.inbox.model import Unavailable
from core.outbox import actions as outbox
from core.outbox.model import Outbound, Report
from core.selfservice.model import Company
from core.store import pool as store
from core.store.failures import GONE
from core.wording.words import Words
from gateway import chatting, disk, ending, guarding
from gateway.clock import Now
from gateway.delivery import Delivery, Pace
from gateway.polling import Polling
from gateway.settings import Settings
from gateway.watching import Watched, WatchedCarrier

LOCALES = Path(__file__).parents[1] / "locales"

POOL = 8
"""Connections beside the one of the door (performance.md section 3, rule 2)."""

SENDING = 4
"""Those by which messages are carried: what comes in, receipts of a broadcast above all, must not make them wait."""

CLOSING = 1.0
"""Seconds that each of the parts may take to close (R25)."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process runs: `sms`, `delivery` and `polling` where SMS is switched on, `bot` and `telegram` where the
    Telegram bot is."""

    settings: Settings
    dsn: str
    now: Now
    pool: Pool
    keyring: Keyring
    answerer: Answerer
    delivery: Delivery | None
    polling: Polling | None
    sms: SmsReceiver | None
    watched: Watched
    company: Company
    bot: chatting.Bot | None = None
    telegram: TelegramReceiver | None = None

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The ways out of every channel that is on."""
        found = (self.delivery, self.bot.delivery if self.bot else None)
        return tuple(one for one in found if one)


@asynccontextmanager
async def opened(settings: Settings, dsn: str, *, now: Now) -> AsyncIterator[Parts]:
    """The parts, opened and in the end closed: first what comes in, then what goes out, then the database.

    :raises asyncpg.PostgresError, OSError: the database is not there or not migrated.
    """
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    watched = Watched()
    delivery = answerer = bot = None
    async with _pools(dsn) as (pool, sending):
        try:
            carrier = carrier_of(settings)
            if carrier:
                delivery = _delivery(settings, WatchedCarrier(carrier, watched), sending, keyring, owner, now)
            async with store.acquire(pool) as conn:
                company = await companies.of_installation(conn, zone=settings.timezone, pack=settings.profile)
            if settings.telegram_token and company.telegram is not Messenger.OFF:
                bot = chatting.bot(settings, sending, keyring, words(), owner, now, watched)
            desk = _desk(settings, keyring, company, owner)
            deliveries = {Channel.SMS: delivery} if delivery else {}
            deliveries |= {Channel.TELEGRAM: bot.delivery} if bot else {}
            carry = carrying(deliveries)
            answerer = Answerer(connect=partial(store.connect_for_batches, dsn), desk=desk, carry=carry)
            polling = _polling(settings, carrier, answerer, pool, owner, now) if carrier else None
            sms = _sms(settings, answerer, pool, keyring, now, watched)
            telegram = _telegram(bot, answerer, carry, pool, keyring, owner, now, company, watched) if bot else None
            yield Parts(
                settings,
                dsn,
                now,
                pool,
                keyring,
                answerer,
                delivery,
                polling,
                sms,
                watched,
                company,
                bot=bot,
                telegram=telegram,
            )
        finally:
            if answerer:
                await ending.within(CLOSING, answerer.close())
            for one in (delivery, bot.delivery if bot else None):
                if one:
                    await one.close()


@asynccontextmanager
async def _pools(dsn: str) -> AsyncIterator[tuple[Pool, Pool]]:
    """The pool for everything, and that of what goes out."""
    made = [await store.pool(dsn, size=POOL)]
    try:
        made.append(await store.pool(dsn, size=SENDING, resets=False))
        yield made[0], made[1]
    finally:
        await asyncio.gather(*(ending.within(CLOSING, one.close()) for one in made))
        for one in made:
            one.terminate()


def carrying(deliveries: Mapping[Channel, Delivery]) -> Carry:
    """What hands each message to the delivery of its channel; one of a channel that is off waits in the outbox."""

    def carry(outbounds: Sequence[Outbound]) -> None:
        for channel, delivery in deliveries.items():
            if mine := [one for one in outbounds if one.channel is channel]:
                delivery.carry(mine)

    return carry


@cache
def words() -> Words:
    """The company's words, read once."""
    return Words.read(LOCALES)


def _desk(settings: Settings, keyring: Keyring, company: Company, owner: str) -> Desk:
    return Desk(
        keyring=keyring,
        words=words(),
        company=company,
        countries=frozenset(settings.countries),
        codes_per_hour=settings.codes_per_hour,
        answers_per_day=settings.answers_per_day,
        owner=owner,
        lease=settings.lease_seconds,
        chance=os.urandom,
        full=disk.Watch(settings).is_full,
    )


def carrier_of(settings: Settings) -> TwilioCarrier | None:
    if not settings.twilio_account_sid or not settings.twilio_auth_token:
        return None
    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        numbers=settings.twilio_numbers,
        public_url=settings.public_url,
        api_base=settings.twilio_api_base,
        send_timeout=settings.send_timeout,
    )


def _delivery(settings: Settings, carrier: Carrier, pool: Pool, keyring: Keyring, owner: str, now: Now) -> Delivery:
    pace = Pace(
        lease=settings.lease_seconds,
        timeout=settings.send_timeout,
        retry=settings.retry_seconds,
        rate=settings.sends_per_second,
    )
    return Delivery(channel=Channel.SMS, carrier=carrier, pool=pool, keyring=keyring, now=now, owner=owner, pace=pace)


def _polling(settings: Settings, mailbox: Mailbox, answerer: Answerer, pool: Pool, owner: str, now: Now) -> Polling:
    return Polling(
        provider=PROVIDER,
        mailbox=mailbox,
        pool=pool,
        answer=answerer.answer,
        now=now,
        owner=owner,
        every=settings.poll_seconds,
        lease=settings.lease_seconds,
    )


def _sms(
    settings: Settings, answerer: Answerer, pool: Pool, keyring: Keyring, now: Now, watched: Watched
) -> SmsReceiver | None:
    if not settings.twilio_account_sid or not settings.twilio_auth_token:
        return None
    return SmsReceiver(
        public_url=settings.public_url,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        numbers=settings.twilio_numbers,
        answer=answerer.answer,
        reported=_reporting(pool, keyring),
        now=now,
        client=guarding.client,
        refused=watched.refuses,
    )


def _telegram(
    bot: chatting.Bot, answerer: Answerer, carry: Carry, pool: Pool, keyring: Keyring, owner: str, now: Now,
    company: Company, watched: Watched,
) -> TelegramReceiver:  # fmt: skip
    return bot.receiver(
        pool=pool, keyring=keyring, answerer=answerer, carry=carry, owner=owner, now=now, company=company,
        watched=watched,
    )  # fmt: skip


def _reporting(pool: Pool, keyring: Keyring) -> Callable[[Report], Awaitable[None]]:
    """What keeps a receipt of an SMS.

    :raises Unavailable: from the returned function, when the database is not there.
    """

    async def reported(report: Report) -> None:
        try:
            async with store.acquire(pool) as conn:
                await outbox.reported(conn, report, keyring, Channel.SMS)
        except GONE as error:
            raise Unavailable(type(error).__name__) from error

    return reported
