"""Ends what hangs: a process that is told to end waits for nobody for long (R25)."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def within(seconds: float, work: Coroutine[Any, Any, object]) -> None:
    """Waits for the work so long at most; what goes on after that is cancelled and left behind, for to be cancelled can
    take as long: of a database that is silent even the end of a question is waited for."""
    await ended(seconds, [asyncio.ensure_future(work)])


async def ended(seconds: float, tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Waits so long at most for the tasks, and cancels those that are left."""
    going = [task for task in tasks if not task.done()]
    if going:
        await asyncio.wait(going, timeout=seconds)
    for task in going:
        task.cancel()
        task.add_done_callback(_heard)


def _heard(task: asyncio.Task[Any]) -> None:
    """Nobody asks any more how it ended."""
    if not task.cancelled():
        task.exception()
