"""A pipe to PostgreSQL that can be shut: what is behind it is then neither there nor gone, only silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_PORT = "5432"


class Valve:
    """Shuts by itself after so many more pieces of the server's answers, where it is told so."""

    def __init__(self) -> None:
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._left: int | None = None

    @property
    def is_shut(self) -> bool:
        return not self._flowing.is_set()

    def open(self, *, for_answers: int | None = None) -> None:
        self._left = for_answers
        self._flowing.set()

    def shut(self) -> None:
        self._left = None
        self._flowing.clear()

    async def passes(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool) -> None:
        while piece := await source.read(65536):
            if answers and self._left is not None:
                self._left -= 1
                if self._left < 0:
                    self.shut()
            await self._flowing.wait()
            sink.write(piece)
            await sink.drain()


@asynccontextmanager
async def before(database: str, folder: Path) -> AsyncIterator[tuple[str, Valve]]:
    """An address of the same database that leads through a valve, whose socket is made in the folder."""
    valve, split = Valve(), urlsplit(database)
    told = parse_qs(split.query)
    target = f"{told['host'][0]}/.s.PGSQL.{told['port'][0]}"
    ends: set[asyncio.StreamWriter] = set()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(target)
        ends.update((writer, far_writer))
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
        for end in ends:
            with suppress(OSError):
                end.transport.abort()
