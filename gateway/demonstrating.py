"""The demo: a small town in a database of its own, the simulated carrier and messenger in front of the real gateway."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.basics.sealing import Keyring
from core.store import migrate as migrations
from core.store import pool as store
from demo import entering, script, site, stocking, town
from demo.carrier import Carrier
from demo.carrier_calls import Line
from demo.clock import START, Clock
from demo.messenger import Messenger
from gateway import app, embedded, observe, serving
from gateway.clock import now
from gateway.parts import Parts, opened
from gateway.settings import PREFIX, Settings, load_settings
from staff.site import Outside

SID, TOKEN = "AC" + "de" * 16, "the demo carrier's token"
NUMBER = "+79780000000"
BOT = "424242:the-token-of-the-demos-bot"
SECRETS = {
    "KEY": "the demo's key, which is no secret",
    "PEPPER": "the demo's pepper, which is no secret",
    "AUDIT_TOKEN": "the demo's audit token",
    "SESSION_KEY": "the demo's session key",
}
"""Only for invented people: an installation has its own."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demo."""

    settings: Settings
    parts: Parts
    carrier: Carrier
    messenger: Messenger
    clock: Clock
    dsn: str


async def demo(*, only_script: bool) -> int:
    """Loads the town, has the conversation and, unless only that is wanted, serves until it is told to stop; the exit
    code."""
    observe.configure(level=logging.ERROR)
    console = Console(highlight=False)
    with ExitStack() as kept:
        dsn = kept.enter_context(embedded.throwaway())
        await _furnished(dsn)
        async with staged(dsn, any_port=only_script) as stage:
            went_well = await script.converse(stage.carrier, number=NUMBER, console=console)
            if only_script or not went_well:
                return 0 if went_well else 1
            console.print(
                f"\nText with the town yourself: [bold]{stage.settings.public_url}/demo[/bold]  (Ctrl+C ends)"
            )
            await _until_told()
    return 0


@asynccontextmanager
async def staged(dsn: str, *, any_port: bool) -> AsyncIterator[Stage]:
    """The gateway with its worker, the carrier and the page, all on loopback."""
    clock = Clock()
    # The carrier keeps the world's time, as the database does by whose clock messages are looked for on its list.
    carrier = Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=now)
    base = await carrier.start()
    messenger = Messenger(token=BOT, now=clock.now)
    chats = await messenger.start()
    settings = load_settings(_environment(base, chats, any_port=any_port))
    carrier.line = Line(webhook=f"{settings.public_url}/sms/twilio")
    try:
        async with opened(settings, dsn, now=clock.now) as parts:
            page: web.Application = site.build(
                pool=parts.pool,
                keyring=parts.keyring,
                carrier=base,
                messenger=chats,
                number=NUMBER,
                clock=clock,
                staff_port=settings.staff_port,
                cabinet=app.cabinet_house(parts, SECRETS["SESSION_KEY"]),
            )
            public = app.public(parts, site.front())
            public.add_subapp("/demo", page)
            async with serving.listening(parts, public, entering.routes(app.house(parts), Outside())):
                workers = [asyncio.create_task(serving.working(parts), name="worker")]
                workers += [asyncio.create_task(one) for one in serving.chatting(parts)]
                if parts.polling:
                    workers.append(asyncio.create_task(parts.polling.run(), name="polling"))
                try:
                    yield Stage(settings, parts, carrier, messenger, clock, dsn)
                finally:
                    for worker in workers:
                        worker.cancel()
    finally:
        await messenger.stop()
        await carrier.stop()


def _environment(carrier: str, messenger: str, *, any_port: bool) -> dict[str, str]:
    """The settings of the demo; only its ports are taken from the environment."""
    told = {name: value for name, value in os.environ.items() if name in (PREFIX + "PORT", PREFIX + "STAFF_PORT")}
    if any_port:
        told = {PREFIX + "PORT": str(_free_port()), PREFIX + "STAFF_PORT": str(_free_port())}
    own = {
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBERS": NUMBER,
        "TWILIO_API_BASE": carrier,
        "TELEGRAM_TOKEN": BOT,
        "TELEGRAM_SECRET": "the-demo-messengers-secret",
        "TELEGRAM_API_BASE": messenger,
        "POLL_SECONDS": "3",
        "SEND_TIMEOUT": "2",
        "LEASE_SECONDS": "8",
        "RETRY_SECONDS": "3",
        "SEGMENT_PRICE": "450",
        "TIMEZONE": town.COMPANY.timezone,
        "PROFILE": town.COMPANY.pack,
        **SECRETS,
    }
    return told | {PREFIX + name: value for name, value in own.items()}


async def _furnished(dsn: str) -> None:
    owner = await store.connect(dsn, role=None)
    try:
        await migrations.migrate(owner)
    finally:
        await owner.close()
    conn = await store.connect(dsn)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("furnishing a town", total=None)
            keyring = Keyring(key=SECRETS["KEY"], pepper=SECRETS["PEPPER"])
            await town.load(conn, keyring, progress=lambda done, total: bar.update(task, completed=done, total=total))
            async with conn.transaction():
                await entering.employ(conn, keyring, at=now())
                await stocking.stock(conn, today=START.date(), at=START)
                await stocking.place(conn, today=START.date(), at=START)
    finally:
        await conn.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_told() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
