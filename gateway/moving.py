"""Lets new phones take the place of old ones when their time has come, again and again, beside the work on messages."""

import os

from core.cabinet.household import moving
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway import clock, looping
from gateway.parts import Parts, words

EVERY = 5.0
"""Seconds between two looks at the clock."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled."""
    await looping.again("phones", lambda _: look(parts), every=EVERY)


async def look(parts: Parts) -> int:
    """One look; how many phones took the place of others."""
    wire = Wire(parts.keyring, words(), os.urandom)
    async with acquire(parts.pool) as conn:
        return await moving.look(conn, wire, at=parts.now(), wall=clock.now())
