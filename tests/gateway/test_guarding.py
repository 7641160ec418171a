"""The guard of a port, over real sockets: who is shown out and when, and whom proxies may speak for."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from gateway import guarding

LATE = guarding.LIMIT + 1
HEAD = b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Place:
    """An application behind a guard that nobody hurries: the test says when it looks round."""

    guard: guarding.Guard
    port: int
    callers: list[str] = field(default_factory=list)

    async def call(self, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        await writer.drain()
        return reader, writer

    async def stands(self, **wanted: int) -> None:
        """Returns when so many connections stand so."""
        async with asyncio.timeout(10):
            while {name: self.guard.connections()[name] for name in wanted} != wanted:
                await asyncio.sleep(0)

    def look(self, after: float) -> None:
        """The guard's look round after so many seconds."""
        self.guard.sweep(asyncio.get_running_loop().time() + after)


@pytest.fixture
async def place(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(guarding, "SWEEP", 3600.0)
    guard = guarding.Guard(proxies=[ipaddress.ip_network("127.0.0.1")], most=80)
    made = Place(guard, 0)

    async def root(request: web.Request) -> web.Response:
        made.callers.append(guarding.client(request))
        return web.Response(text="ok")

    async def body(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def unread(_: web.Request) -> web.Response:
        return web.Response(status=413)

    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 50_000_000)

    app = web.Application()
    app.add_routes([web.get("/", root), web.post("/body", body), web.post("/unread", unread), web.get("/large", large)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    async with guard.listening(runner, host="127.0.0.1", port=0, shared=False) as port:
        made.port = port
        yield made
    await runner.cleanup()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the connection is closed."""
    async with asyncio.timeout(10):
        with suppress(ConnectionError):
            return await reader.read()
        return b""


def assert_told_or_cut(said: bytes) -> None:
    """The connection is closed; what was said at the end is lost where something was still on its way to us."""
    assert said == b"" or said.startswith(b"HTTP/1.1 408 ")


async def test_nobody_is_slow_whose_words_lie_unread(place: Place) -> None:  # R38, R43
    """What came while the program was busy with others is read before anybody is shown out."""
    number = guarding.OF_ONE + 10
    head = HEAD.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
    with ExitStack() as open_:
        callers = [open_.enter_context(socket.create_connection(("127.0.0.1", place.port))) for _ in range(number)]
        for caller in callers:
            caller.sendall(head)
        await place.stands(reading=number)
        for caller in callers:
            caller.sendall(b"12345")
        await place.guard.look_round(asyncio.get_running_loop().time() + LATE)
        await place.stands(reading=0)
    assert not place.guard.shown_out


@pytest.mark.parametrize("said", [b"", b"P", HEAD[:-2], HEAD, HEAD + b"1234"])
async def test_who_keeps_us_waiting_is_shown_out(place: Place, said: bytes) -> None:  # R38
    reader, writer = await place.call(said)
    await place.stands(reading=1)
    place.look(guarding.LIMIT - 1)
    await place.stands(reading=1)
    place.look(LATE)
    assert_told_or_cut(await rest(reader))
    assert place.guard.shown_out == {"slow": 1}
    writer.close()


async def test_nobody_is_shown_out_for_the_time_that_we_were_halted(place: Place) -> None:  # R38
    reader, writer = await place.call(HEAD)
    await place.stands(reading=1)
    place.guard.excuse(LATE)
    place.look(LATE)
    await place.stands(reading=1)
    place.look(2 * LATE)
    assert_told_or_cut(await rest(reader))
    writer.close()


async def test_each_request_of_a_connection_has_its_own_time(place: Place) -> None:  # R38
    reader, writer = await place.call(GET)
    await reader.readuntil(b"ok")
    await place.stands(idle=1)
    place.look(LATE)
    writer.write(GET + GET[:10])
    await reader.readuntil(b"ok")
    await place.stands(reading=0)
    writer.write(GET[10:])
    await reader.readuntil(b"ok")
    writer.write(GET[:10])
    await place.stands(reading=1)
    place.look(LATE)
    assert_told_or_cut(await rest(reader))
    writer.close()


async def test_what_is_left_of_a_refused_body_is_no_request(place: Place) -> None:  # R38
    head = HEAD.replace(b"/body", b"/unread").replace(b": 5", b": 500")
    reader, writer = await place.call(head + GET)
    said = await reader.readuntil(b"\r\n\r\n")
    assert b" 413 " in said
    assert b"Connection: close" in said
    writer.write_eof()
    assert await rest(reader) == b""
    assert place.callers == []
    writer.close()


async def test_who_does_not_listen_is_shown_out(place: Place) -> None:  # R38
    reader, writer = await place.call(GET.replace(b"GET /", b"GET /large"))
    await reader.readuntil(b"\r\n\r\n")
    await place.stands(deaf=1)
    place.look(LATE)
    assert place.guard.shown_out == {"takes nothing": 1}
    assert len(await rest(reader)) < 50_000_000
    await place.stands(deaf=0)
    writer.close()


def forwarded(client: str) -> bytes:
    return HEAD.replace(b"\r\n\r\n", f"\r\nX-Forwarded-For: {client}\r\n\r\n".encode())


async def test_one_client_may_be_slow_only_so_often(place: Place) -> None:  # R38
    callers = [await place.call(forwarded("192.0.2.7")) for _ in range(guarding.OF_ONE + 5)]
    other = await place.call(forwarded("192.0.2.8"))
    await place.stands(reading=guarding.OF_ONE + 6)
    place.look(guarding.GRACE / 2)
    await place.stands(reading=guarding.OF_ONE + 6)
    place.look(guarding.GRACE * 2)
    assert place.guard.shown_out == {"many": 5}
    for reader, _ in callers[:5]:
        assert_told_or_cut(await rest(reader))
    for reader, writer in [*callers[5:], other]:
        writer.write(b"12345")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n5")
    for _, writer in [*callers, other]:
        writer.close()


async def test_a_full_house_lets_in_who_comes_and_shows_out_who_waits(place: Place) -> None:  # R38
    callers = [await place.call(b"P") for _ in range(80)]
    await place.stands(reading=80)
    reader, writer = await place.call(GET)
    await reader.readuntil(b"ok")
    assert place.guard.shown_out == {"full": 1}
    assert await rest(callers[0][0]) == b""
    for _, one in [*callers, (reader, writer)]:
        one.close()


PROXY = "127.0.0.1"


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        ([], PROXY),
        (["192.0.2.7"], "192.0.2.7"),
        (["192.0.2.7:51111"], "192.0.2.7"),
        (["[2001:db8::7]:443"], "2001:db8::7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["::ffff:192.0.2.7"], "192.0.2.7"),
        (["6.6.6.6, 192.0.2.7"], "192.0.2.7"),
        (["6.6.6.6", "192.0.2.7"], "192.0.2.7"),
        (["6.6.6.6, 192.0.2.7, 127.0.0.1"], "192.0.2.7"),
        (["127.0.0.1"], PROXY),
        (["unknown"], PROXY),
        (["192.0.2.7, unknown"], PROXY),
        (["192.0.2.7, "], PROXY),
        (["192.0.2.7' or 1=1"], PROXY),
        (["9" * 4000], PROXY),
    ],
)
async def test_a_proxy_says_who_called_it(place: Place, lines: list[str], client: str) -> None:  # R8
    headers = "".join(f"X-Forwarded-For: {line}\r\n" for line in lines)
    reader, writer = await place.call(GET.replace(b"\r\n\r\n", f"\r\n{headers}\r\n".encode()))
    await reader.readuntil(b"ok")
    assert place.callers == [client]
    writer.close()


async def test_nobody_else_is_believed(place: Place) -> None:  # R8
    stranger = ("127.0.0.9", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port, local_addr=stranger)
    writer.write(GET.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 192.0.2.7\r\nForwarded: for=192.0.2.7\r\n\r\n"))
    await reader.readuntil(b"ok")
    assert place.callers == ["127.0.0.9"]
    writer.close()


def test_there_is_room_for_other_files() -> None:  # R38
    assert 16 <= guarding.room() <= guarding.MOST
