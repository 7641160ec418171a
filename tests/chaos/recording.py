"""Looks, at the moment of an acknowledgement, whether what was acknowledged is on record (R1)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import asyncpg

from core.store.failures import GONE

COUNTED = "select count(*) from inbox where reference = any($1::text[])"


class Record:
    """Asks over a connection of its own; where the database is away, as soon as it is back: what was acknowledged
    before must be there then as well."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self._connect = connect
        self._conn: asyncpg.Connection | None = None
        self._asking = asyncio.Lock()

    async def hold(self, sids: Collection[str]) -> bool:
        """Whether each of the texts is on record."""
        wanted = list(sids)
        async with self._asking:
            while True:
                try:
                    self._conn = self._conn or await self._connect()
                    found: int = await self._conn.fetchval(COUNTED, wanted)
                except GONE:
                    await self.close()
                    await asyncio.sleep(0.05)
                else:
                    return found >= len(wanted)

    async def close(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.terminate()
