"""Chunks of accounts one behind the other: with two connections, one is read and reckoned while the one before it is
written, and no two are ever written at a time."""

import asyncio
import gc
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from asyncpg import Connection

Turn = Callable[[], Awaitable[None]]
"""Comes back when the chunk before this one is committed; raises what that one has raised."""

Following = Callable[[Connection, int], Awaitable[Sequence[int]]]
"""The ids of the next accounts behind this one, none at the end."""

Work = Callable[[Connection, Sequence[int], Turn], Coroutine[Any, Any, None]]
"""Does a chunk in a transaction, and writes nothing before its turn."""

_COLLECTED = 100
"""Chunks after which cycles are looked for."""


async def at_once() -> None:
    """The turn of a chunk that is not behind another one."""


async def in_turn(conns: Sequence[Connection], following: Following, work: Work, *, after: int) -> None:
    """Does the work of all accounts behind `after`, each chunk by the connection that is free.

    :raises Exception: what the first chunk that failed has raised; none behind it was written.
    """
    with _uncollected():
        await _in_turn(deque(conns), following, work, after)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A chunk makes a hundred thousand lists and hardly a cycle of them: to look for one again and again takes a
    quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


async def _in_turn(free: deque[Connection], following: Following, work: Work, after: int) -> None:
    running: deque[tuple[Connection, asyncio.Task[None]]] = deque()
    chunks = 0
    try:
        while True:
            if not free:
                conn, task = running.popleft()
                await task
                free.append(conn)
            conn = free.popleft()
            ids = await following(conn, after)
            if not ids:
                break
            before = running[-1][1] if running else None
            running.append((conn, asyncio.create_task(work(conn, ids, _behind(before)))))
            after = ids[-1]
            chunks += 1
            if chunks % _COLLECTED == 0:
                gc.collect()
        while running:
            await running.popleft()[1]
    finally:
        for _, task in running:
            task.cancel()
        await asyncio.gather(*[task for _, task in running], return_exceptions=True)


def _behind(before: asyncio.Task[None] | None) -> Turn:
    if before is None:
        return at_once

    async def turn() -> None:
        # Shielded: whoever waits may be cancelled, the chunk that is being written may not.
        await asyncio.shield(before)

    return turn
