"""The gateway under load, a process of its own: the program's parts without delivery, or a stand-in behind its wire.

`python -m bench.gateway answering|textbook|signature|sending|working` with the settings of the environment; prints
"ready" when it listens, and ends with SIGTERM.
"""

import asyncio
import os
import signal
import sys
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from asyncpg import Connection

from bench import textbook, town, updates, webhooks
from channels.sms.receive import SmsReceiver
from channels.telegram.receive import TelegramReceiver
from core.billing import profiles
from core.billing import sql as billing
from core.chats.actions import Chats
from core.chats.rowing import Wire
from core.selfservice.model import Company
from core.store import pool as store
from core.wording.words import Words
from gateway import app, guarding, observe
from gateway.clock import Now
from gateway.parts import LOCALES, Parts, opened
from gateway.serving import listening, working
from gateway.settings import load_settings

KINDS = ("answering", "textbook", "signature", "sending", "working")


async def serve(kind: str) -> None:
    """Listens until SIGTERM. `answering` is the program itself; `textbook` answers each message alone with the same
    business code; `signature` answers nothing and only checks who calls; `sending` is the program with its delivery;
    `working` carries as well what nobody carries, words notices and so on, as `serve --work` does, without jobs."""
    settings = load_settings()
    assert settings.database_url is not None
    observe.configure()
    # Without a carrier's account there is no delivery; what receives is put in by hand then.
    async with opened(settings, settings.database_url.get_secret_value(), now=_clock()) as parts:
        if kind not in ("sending", "working"):
            parts = replace(parts, sms=await _receiver(kind, parts), telegram=_chats(parts))
        async with listening(parts, app.public(parts)):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            stopped = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
            work = asyncio.create_task(working(parts)) if kind == "working" else None
            await stopped.wait()
            if work is not None:
                work.cancel()


async def _receiver(kind: str, parts: Parts) -> SmsReceiver:
    assert parts.answerer is not None
    answers = {"answering": parts.answerer.answer, "signature": _nothing}
    return SmsReceiver(
        public_url=webhooks.PUBLIC_URL,
        account_sid=webhooks.ACCOUNT_SID,
        auth_token=webhooks.TOKEN,
        numbers=[webhooks.NUMBER],
        answer=(await _textbook(parts)).answer if kind == "textbook" else answers[kind],
        reported=_nothing,
        now=parts.now,
    )


def _chats(parts: Parts) -> TelegramReceiver:
    """The wire of the chat, with nobody to carry its answers."""

    def acquire() -> AbstractAsyncContextManager[Connection]:
        return store.acquire(parts.pool)

    wire = Wire(parts.keyring, Words.read(LOCALES), os.urandom, "bench", parts.settings.lease_seconds, "", 0)
    chats = Chats(acquire=acquire, wire=wire, answer=parts.answerer.answer, carry=_dropped)
    return TelegramReceiver(
        bot=updates.TOKEN.partition(":")[0],
        secret=updates.SECRET,
        heard=chats.heard,
        now=parts.now,
        client=guarding.client,
        refused=_dropped,
    )


def _dropped(_: object) -> None:
    return


async def _textbook(parts: Parts) -> textbook.Textbook:
    async with store.acquire(parts.pool) as conn:
        tariffs = await billing.tariffs(conn)
    words = Words.read(LOCALES)
    company = Company(phone="", due=partial(profiles.due_on, town.PACK))
    return textbook.Textbook(parts.pool, parts.keyring, words, company, tariffs)


async def _nothing(_: object) -> None:
    return


def _clock() -> Now:
    """A clock that stands on the bench's day, and goes on from there."""
    began = time.monotonic()
    return lambda: town.TODAY + timedelta(seconds=time.monotonic() - began)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
