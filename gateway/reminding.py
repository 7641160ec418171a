"""Reminds of visits, and lets holds lapse, again and again, beside the work on messages."""

import os

from core.bookings.reminding import actions as reminding
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway import looping
from gateway.parts import Parts, words

EVERY = 5.0
"""Seconds between two looks at the clock."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled."""
    await looping.again("visits", lambda _: look(parts), every=EVERY)


async def look(parts: Parts) -> int:
    """One look; how many messages were put into the outbox."""
    async with acquire(parts.pool) as conn:
        return await reminding.look(conn, Wire(parts.keyring, words(), os.urandom), at=parts.now())
