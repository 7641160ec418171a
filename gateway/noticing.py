"""Words the next people of notices, and follows official warnings, again and again, beside the work on messages."""

import asyncio
import os

from core.notices.people import actions as people
from core.notices.people import second
from core.notices.telling import actions as telling
from core.notices.warnings import actions as warnings
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway import looping
from gateway.parts import Parts, words

EVERY = 1.0
"""Seconds between two looks for what is due."""

AT_ONCE = 3
"""Chunks of people worded at a time: while the database takes one the next is put into words."""

FOLLOW = 5
"""After so many of them receipts, terms and payments of official warnings are followed."""


async def run(parts: Parts) -> None:
    """Looks until it is cancelled."""
    await looping.again("notices", lambda number: look(parts, follow=number % FOLLOW == 0), every=EVERY)


async def look(parts: Parts, *, follow: bool = True) -> int:
    """One look: all that is due is worded; how much was done. `follow`: warnings are followed too."""
    wire, done, chats = Wire(parts.keyring, words(), os.urandom), 0, parts.bot is not None
    async with acquire(parts.pool) as conn:
        await people.advance(conn, at=parts.now())
        await people.reopen(conn, at=parts.now())
        if chats:
            done += await second.by_chat(conn, wire, at=parts.now())
        done += sum(await asyncio.gather(*(_worded(parts, wire) for _ in range(AT_ONCE))))
        if follow:
            done += await people.miss_checks(conn, at=parts.now())
            done += await warnings.follow(conn, wire, at=parts.now(), chats=chats)
    return done


async def _worded(parts: Parts, wire: Wire) -> int:
    """Words what is due, chunk after chunk; how much."""
    done = 0
    async with acquire(parts.pool) as conn:
        while worded := await telling.word_due(conn, wire, at=parts.now()):
            done += worded
    return done
