"""What is known of chats, read for many at once: those that ask while one question is on its way share the next."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from asyncpg import Connection, PostgresError, Record

from core.chats import sql
from core.inbox.model import Unavailable
from core.store.failures import GONE

LARGEST = 128
"""Chats in one question at most, as many as messages in a batch of the door."""

_Waiting = tuple[bytes, asyncio.Future[Record]]


class Knowing:
    """Hashes of chats → their rows. One alone waits for nobody; `patience` seconds for a question."""

    def __init__(self, acquire: Callable[[], AbstractAsyncContextManager[Connection]], patience: float) -> None:
        self._acquire = acquire
        self._patience = patience
        self._line: deque[_Waiting] = deque()
        self._running: asyncio.Task[None] | None = None

    async def of(self, digest: bytes) -> Record:
        """The row of the chat with this hash, as `sql.known` gives it.

        :raises Unavailable: the database did not answer.
        """
        future: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
        self._line.append((digest, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="chats-known")
        return await future

    async def _run(self) -> None:
        while self._line:
            batch = [self._line.popleft() for _ in range(min(len(self._line), LARGEST))]
            try:
                rows = await self._asked([digest for digest, _ in batch])
            except (*GONE, PostgresError) as error:
                _tell(batch, Unavailable(type(error).__name__))
            except BaseException as error:
                _tell(batch, Unavailable(type(error).__name__))
                raise
            else:
                for (_, future), row in zip(batch, rows, strict=True):
                    if not future.done():
                        future.set_result(row)

    async def _asked(self, digests: Sequence[bytes]) -> Sequence[Record]:
        async with asyncio.timeout(self._patience), self._acquire() as conn:
            return await sql.known(conn, digests)


def _tell(batch: Sequence[_Waiting], error: Unavailable) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
