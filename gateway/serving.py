"""Runs the parts as processes: listening, working, or both in one tree, until told to stop."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from aiohttp import http_parser, web
from asyncpg import PostgresError

from core.store.failures import GONE
from gateway import app, ending, gathering, guarding, moving, noticing, reminding, timing
from gateway.chatting import photographed, polled
from gateway.clock import Now
from gateway.metrics import Metrics
from gateway.parts import Parts, opened
from gateway.settings import Settings

log = structlog.get_logger()

SWEEP = 0.5
"""Seconds between two looks for messages that nobody carries."""

GRACE = 2.5
"""Seconds in which the requests of a port may end: as long as a provider is let wait (R4)."""

YOUNG = 20_000
"""New objects between two looks of the collector for cycles: a batch of messages makes thousands, and hardly any cycle.
"""

LAST = 9
"""Seconds after which a process that was told to end is ended by the system (R25: ten in all)."""


class SlowHttp(Exception):
    """aiohttp was installed without its compiled parser, which costs a third of the speed."""


async def serve(settings: Settings, dsn: str, *, now: Now, works: bool, polling: bool = False) -> None:
    """Listens on both ports, and works as well where asked, until SIGTERM or SIGINT. With `polling` the bot asks for
    updates, which else are brought to it."""
    async with opened(settings, dsn, now=now) as parts, listening(parts, app.public(parts)):
        log.info("serve.started", port=settings.port, staff_port=settings.staff_port, works=works)
        await _until_stopped(parts, works=works, polling=polling)
    log.info("serve.stopped")


async def work(settings: Settings, dsn: str, *, now: Now) -> None:
    """Carries what is due until SIGTERM or SIGINT."""
    async with opened(settings, dsn, now=now) as parts:
        guard = _guard(settings)
        async with monitored(parts, Metrics(parts, {"metrics": guard}), guard):
            settle()
            log.info("work.started")
            await _until_stopped(parts, works=True, listens=False)
    log.info("work.stopped")


@asynccontextmanager
async def listening(
    parts: Parts, public: web.Application, for_staff: Iterable[web.AbstractRouteDef] = ()
) -> AsyncIterator[None]:
    """Both applications on their ports, that of the staff with more pages where they are given; several processes may
    share the ports where the database is a server's."""
    if http_parser.HttpRequestParser is http_parser.HttpRequestParserPy:
        raise SlowHttp("aiohttp runs without its C extensions; install a wheel that has them")
    settings, shared = parts.settings, parts.settings.database_url is not None
    guards = {name: _guard(settings) for name in ("public", "staff", "metrics")}
    told = Metrics(parts, guards)
    async with AsyncExitStack() as open_:
        for name, application, port in (
            ("public", public, settings.port),
            ("staff", app.staff(parts, told, for_staff), settings.staff_port),
        ):
            await open_.enter_async_context(_listening(application, settings, guards[name], port, shared=shared))
        await open_.enter_async_context(monitored(parts, told, guards["metrics"]))
        settle()
        yield


def settle() -> None:
    """What was made so far is not looked at by the collector for cycles any more, and it looks more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


@asynccontextmanager
async def monitored(parts: Parts, told: Metrics, guard: guarding.Guard) -> AsyncIterator[None]:
    """The port of this process alone for monitors, where one is set."""
    port = parts.settings.metrics_port
    if port is None:
        yield
        return
    async with _listening(app.monitoring(parts, told), parts.settings, guard, port, shared=False):
        yield


def _guard(settings: Settings) -> guarding.Guard:
    https = settings.public_url.startswith("https://")
    return guarding.Guard(proxies=settings.trusted_proxies, https=https, most=guarding.room())


@asynccontextmanager
async def _listening(
    application: web.Application, settings: Settings, guard: guarding.Guard, port: int, *, shared: bool
) -> AsyncIterator[None]:
    """One application on its port, behind its guard."""
    runner = web.AppRunner(application, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        async with guard.listening(runner, host=settings.host, port=port, shared=shared):
            yield
    finally:
        await ending.within(GRACE + 0.25, runner.cleanup())


async def working(parts: Parts) -> None:
    """Carries what nobody carries, words notices, makes tasks of what is a person's to see to, reminds of visits, lets
    new phones take the place of old ones, again and again."""
    async with asyncio.TaskGroup() as all_:
        all_.create_task(sweeping(parts))
        all_.create_task(gathering.run(parts))
        all_.create_task(noticing.run(parts))
        all_.create_task(reminding.run(parts))
        all_.create_task(moving.run(parts))


async def sweeping(parts: Parts) -> None:
    """Carries what nobody carries, again and again."""
    loop = asyncio.get_running_loop()
    while True:
        until = loop.time() + SWEEP
        try:
            for delivery in parts.deliveries:
                await delivery.sweep()
        except (*GONE, PostgresError) as error:
            log.warning("work.database-error", error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one sweep must not end all later ones
            log.error("work.sweep-error", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(max(until - loop.time(), 0.0))


def chatting(parts: Parts, *, polling: bool = False) -> tuple[Coroutine[Any, Any, None], ...]:
    """What the bot does by itself: it is introduced, and asks for updates where Telegram is to bring none."""
    if parts.bot is None or parts.telegram is None:
        return ()
    own = parts.bot.introduced(polling=polling), photographed(parts.bot, parts.pool, parts.keyring, parts.now)
    return (*own, polled(parts.bot, parts.telegram)) if polling else own


async def _until_stopped(parts: Parts, *, works: bool, listens: bool = True, polling: bool = False) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    work = (working(parts), timing.timing(parts.pool, parts.settings)) if works else ()
    fetching: tuple[Coroutine[Any, Any, None], ...] = (parts.polling.run(),) if parts.polling else ()
    fetching += chatting(parts, polling=polling) if listens else ()
    workers = [asyncio.create_task(one) for one in (*work, *fetching)]
    await stopped.wait()
    # Whatever hangs from here on, the database or a look-up of a name: it is safe to die at any moment.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LAST)
    for delivery in parts.deliveries:
        delivery.stop()
    for worker in workers:
        worker.cancel()
    await ending.ended(0.5, workers)
