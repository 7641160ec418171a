"""Lets new phones take the place of old ones when their time has come, again and again, beside the work on messages."""

import asyncio
import os

import structlog
from asyncpg import PostgresError

from core.cabinet.household import moving
from core.outbox.noticing import Wire
from core.store.failures import GONE
from core.store.pool import acquire
from gateway import clock
from gateway.parts import Parts, words

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between two looks at the clock."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled."""
    while True:
        try:
            await look(parts)
        except (*GONE, PostgresError) as error:
            log.warning("phones.database-error", error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one look must not end all later ones
            log.error("phones.error", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(EVERY)


async def look(parts: Parts) -> int:
    """One look; how many phones took the place of others."""
    wire = Wire(parts.keyring, words(), os.urandom)
    async with acquire(parts.pool) as conn:
        return await moving.look(conn, wire, at=parts.now(), wall=clock.now())
