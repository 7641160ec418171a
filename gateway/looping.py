"""Looks for what is due, again and again, beside the work on messages."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count

import structlog
from asyncpg import PostgresError

from core.store.failures import GONE

log = structlog.get_logger()


async def again(what: str, look: Callable[[int], Awaitable[object]], *, every: float) -> None:
    """Looks every so many seconds until it is cancelled; `look` is given how many looks there were before. One that
    fails ends no later one; `what` it looks for stands in the log then."""
    for number in count():
        try:
            await look(number)
        except (*GONE, PostgresError) as error:
            log.warning("look.database-error", what=what, error=type(error).__name__)
        except Exception as error:  # a mistake of ours in one look must not end all later ones
            log.error("look.error", what=what, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(every)
