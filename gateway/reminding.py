"""Reminds of visits, and lets holds lapse, again and again, beside the work on messages."""

import asyncio
import os

import structlog
from asyncpg import PostgresError

from core.bookings.reminding import actions as reminding
from core.outbox.noticing import Wire
from core.store.failures import GONE
from core.store.pool import acquire
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
            log.warning("visits.database-error", error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one look must not end all later ones
            log.error("visits.error", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(EVERY)


async def look(parts: Parts) -> int:
    """One look; how many messages were put into the outbox."""
    async with acquire(parts.pool) as conn:
        return await reminding.look(conn, Wire(parts.keyring, words(), os.urandom), at=parts.now())
