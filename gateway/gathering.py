"""Makes tasks of what came, and tells employees of them, again and again, beside the work on messages."""

import asyncio
import os
from datetime import timedelta

import structlog
from asyncpg import PostgresError

from core.outbox.noticing import Wire
from core.store.failures import GONE
from core.store.pool import acquire
from core.tasks.gathering import actions as gathering
from core.tasks.noticing import actions as noticing
from gateway.parts import Parts, words

log = structlog.get_logger()

EVERY = 2.0
"""Seconds between two looks for what came."""

SETTLE = 10
"""After so many of them it is looked what waits no more, and employees are told."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled; only one process does at a time."""
    looks = 0
    while True:
        try:
            await look(parts, settle=looks % SETTLE == 0)
        except (*GONE, PostgresError) as error:
            log.warning("tasks.database-error", error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one look must not end all later ones
            log.error("tasks.error", error=type(error).__name__, exc_info=error)
        looks += 1
        await asyncio.sleep(EVERY)


async def look(parts: Parts, *, settle: bool) -> None:
    """One look; `settle`: also for what waits no more, and employees are told."""
    at, settings = parts.now(), parts.settings
    async with acquire(parts.pool) as conn:
        company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
        await gathering.gather(conn, company, at=at)
        if settle:
            await gathering.settle(conn, at=at)
            wire = Wire(parts.keyring, words(), os.urandom)
            await noticing.tell(conn, wire, every=timedelta(minutes=settings.task_sms_minutes), at=at)
