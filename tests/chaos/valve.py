"""A pipe to PostgreSQL that can be shut: the server hears and does what it is asked, and its answers do not come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_PORT = "5432"


class Valve:
    """Shut, it lets questions through and holds the answers back, so that nobody knows what was done.

    It shuts by itself after so many more pieces of the server's answers, where it is told so.
    """

    def __init__(self) -> None:
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._left: int | None = None
        self.ends: set[asyncio.StreamWriter] = set()

    @property
    def is_shut(self) -> bool:
        return not self._flowing.is_set()

    def open(self, *, for_answers: int | None = None) -> None:
        self._left = for_answers
        self._flowing.set()

    def shut(self) -> None:
        self._left = None
        self._flowing.clear()

    def cut(self) -> None:
        """Breaks what is connected."""
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()

    async def passes(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool) -> None:
        while piece := await source.read(65536):
            if answers and self._left is not None:
                self._left -= 1
                if self._left < 0:
                    self.shut()
            if answers:
                await self._flowing.wait()
            sink.write(piece)
            await sink.drain()


@asynccontextmanager
async def before(database: str, folder: Path) -> AsyncIterator[tuple[str, Valve]]:
    """An address of the same database that leads through a valve, whose socket is made in the folder."""
    valve, split = Valve(), urlsplit(database)
    told = parse_qs(split.query)
    target = f"{told['host'][0]}/.s.PGSQL.{told['port'][0]}"

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(target)
        valve.ends.update((writer, far_writer))
        ways = {
            asyncio.create_task(valve.passes(reader, far_writer, answers=False)),
            asyncio.create_task(valve.passes(far_reader, writer, answers=True)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, far_writer):
                end.close()

    server = await asyncio.start_unix_server(joined, folder / f".s.PGSQL.{_PORT}")
    try:
        yield split._replace(query=f"host={quote(str(folder), safe='')}&port={_PORT}").geturl(), valve
    finally:
        server.close()
        valve.cut()
