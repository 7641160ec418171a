"""Makes tasks of what came, and tells employees of them, again and again, beside the work on messages."""

import os
from datetime import timedelta

from core.outbox.noticing import Wire
from core.store.pool import acquire
from core.tasks.gathering import actions as gathering
from core.tasks.noticing import actions as noticing
from gateway import looping
from gateway.parts import Parts, words

EVERY = 2.0
"""Seconds between two looks for what came."""

SETTLE = 10
"""After so many of them it is looked what waits no more, and employees are told."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled; only one process does at a time."""
    await looping.again("tasks", lambda number: look(parts, settle=number % SETTLE == 0), every=EVERY)


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
