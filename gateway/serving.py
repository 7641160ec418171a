"""Runs the parts as processes: listening, working, or both in one tree, until told to stop."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import http_parser, web
from asyncpg import PostgresError

from core.store.failures import GONE
from gateway import app, timing
from gateway.clock import Now
from gateway.parts import Parts, opened
from gateway.settings import Settings

log = structlog.get_logger()

SWEEP = 0.5
"""Seconds between two looks for messages that nobody carries."""

GRACE = 8.0
"""Seconds in which requests under way may end (R25: ten in all)."""


class SlowHttp(Exception):
    """aiohttp was installed without its compiled parser, which costs a third of the speed."""


async def serve(settings: Settings, dsn: str, *, now: Now, works: bool) -> None:
    """Listens on both ports, and works as well where asked, until SIGTERM or SIGINT."""
    async with opened(settings, dsn, now=now, receives=True) as parts, listening(parts, app.public(parts)):
        log.info("serve.started", port=settings.port, staff_port=settings.staff_port, works=works)
        await _until_stopped(parts, works=works)
    log.info("serve.stopped")


async def work(settings: Settings, dsn: str, *, now: Now) -> None:
    """Carries what is due until SIGTERM or SIGINT."""
    async with opened(settings, dsn, now=now, receives=False) as parts:
        log.info("work.started")
        await _until_stopped(parts, works=True)
    log.info("work.stopped")


@asynccontextmanager
async def listening(parts: Parts, public: web.Application) -> AsyncIterator[None]:
    """Both applications on their ports; several processes may share them where the database is a server's."""
    if http_parser.HttpRequestParser is http_parser.HttpRequestParserPy:
        raise SlowHttp("aiohttp runs without its C extensions; install a wheel that has them")
    settings, shared = parts.settings, parts.settings.database_url is not None
    runners = [(public, settings.port), (app.staff(parts), settings.staff_port)]
    started: list[web.AppRunner] = []
    try:
        for application, port in runners:
            # Who reads a body refuses what is compressed; unpacked before, a broken one would break the request.
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=GRACE, auto_decompress=False)
            await runner.setup()
            started.append(runner)
            await web.TCPSite(runner, settings.host, port, reuse_port=shared or None).start()
        gc.collect()
        gc.freeze()
        yield
    finally:
        for runner in started:
            await runner.cleanup()


async def working(parts: Parts) -> None:
    """Carries what nobody carries, again and again."""
    while True:
        try:
            if parts.delivery:
                await parts.delivery.sweep()
        except (*GONE, PostgresError) as error:
            log.warning("work.database-error", error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one sweep must not end all later ones
            log.error("work.sweep-error", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(SWEEP)


async def _until_stopped(parts: Parts, *, works: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    work = (working(parts), timing.timing(parts.pool, parts.settings)) if works else ()
    workers = [asyncio.create_task(one) for one in work]
    await stopped.wait()
    for worker in workers:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
