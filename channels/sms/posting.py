"""Posts forms to one place, over connections that are kept and have one request at a time each."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType, start_connection

from channels.sms import answer
from channels.sms.answer import Answer, NoSense

KEPT = 15.0
"""Seconds after which a connection that had nothing to do is given up: the other side may have done so."""

FRESH = 10.0
"""Seconds for which it is remembered where the host is."""

_CONNECTING = 0.8
"""The part of a call's time in which it must be connected, so that a request which never left is known for one."""

_NEXT_FAMILY = 0.25
"""Seconds after which another of the host's addresses is tried beside one that does not answer."""


class NeverLeft(Exception):
    """There was no connection: the other side has nothing of the request."""


class Posting:
    """Posts to `url` with these headers; made inside a running event loop. No post takes longer than `seconds`. How
    many there are at a time is decided by who makes them: none waits for another's connection.

    :raises ValueError: the address is none of HTTP's.
    """

    def __init__(self, url: str, headers: Mapping[str, str], *, seconds: float) -> None:
        place = urlsplit(url)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ValueError("an address begins with http:// or https:// and names a host")
        self._host = place.hostname
        self._tls = _tls() if place.scheme == "https" else None
        self._port = place.port or (443 if self._tls else 80)
        self._seconds = seconds
        named = {"Host": place.netloc.rpartition("@")[2], "User-Agent": "meterline", **headers}
        lines = (f"POST {place.path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()))
        self._head = ("\r\n".join(lines) + "\r\nContent-Length: ").encode("ascii")
        self._free: deque[_Line] = deque()
        self._tidying: asyncio.TimerHandle | None = None
        self._looking = asyncio.Lock()
        self._addresses: list[AddrInfoType] = []
        self._fresh = float("-inf")

    async def post(self, form: bytes) -> Answer:
        """The answer to one request with this form, which is made once.

        :raises NeverLeft: nothing was sent.
        :raises TimeoutError, OSError, NoSense: it left, and no answer came that can be read.
        """
        async with asyncio.timeout(self._seconds):
            line = self._kept() or await self._connected()
            try:
                told = await line.asked(b"%s%d\r\n\r\n%s" % (self._head, len(form), form))
            except BaseException:
                line.drop()  # its answer may still come
                raise
        if told.stays:
            self._keep(line)
        else:
            line.drop()
        return told

    async def close(self) -> None:
        """Gives up the connections."""
        if self._tidying is not None:
            self._tidying.cancel()
        while self._free:
            self._free.pop().drop()

    def _kept(self) -> "_Line | None":
        """The connection that was used last, which is the likeliest to be still there."""
        oldest = asyncio.get_running_loop().time() - KEPT
        while self._free:
            line = self._free.pop()
            if line.is_open and line.free_since > oldest:
                return line
            line.drop()
        return None

    def _keep(self, line: "_Line") -> None:
        loop = asyncio.get_running_loop()
        line.free_since = loop.time()
        self._free.append(line)
        if self._tidying is None:
            self._tidying = loop.call_later(KEPT, self._tidy)

    def _tidy(self) -> None:
        loop = asyncio.get_running_loop()
        while self._free and self._free[0].free_since <= loop.time() - KEPT:
            self._free.popleft().drop()
        self._tidying = loop.call_later(KEPT, self._tidy) if self._free else None

    async def _connected(self) -> "_Line":
        loop = asyncio.get_running_loop()
        name = self._host if self._tls else None
        try:
            async with asyncio.timeout(self._seconds * _CONNECTING):
                found = await start_connection(await self._places(), happy_eyeballs_delay=_NEXT_FAMILY)
                _, line = await loop.create_connection(_Line, sock=found, ssl=self._tls, server_hostname=name)
        except (OSError, UnicodeError) as error:
            raise NeverLeft(type(error).__name__) from error
        return line

    async def _places(self) -> list[AddrInfoType]:
        """Where the host is, asked by one at a time."""
        loop = asyncio.get_running_loop()
        async with self._looking:
            if loop.time() >= self._fresh:
                self._addresses = [*await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)]
                self._fresh = loop.time() + FRESH
            return self._addresses


class _Line(asyncio.Protocol):
    """A connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._came = b""
        self.free_since = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it can be asked, as far as is known."""
        return self._transport is not None and not self._transport.is_closing()

    async def asked(self, request: bytes) -> Answer:
        """The answer to the request; before it has come nothing else may be asked."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def drop(self) -> None:
        """Hangs up."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._waiting is None or self._waiting.done():
            self.drop()  # whatever is said unasked must not be taken for the next answer
            return
        self._came += data
        self._read(self._waiting)

    def eof_received(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._read(self._waiting, ended=True)

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionResetError("hung up"))

    def _read(self, waiting: "asyncio.Future[Answer]", *, ended: bool = False) -> None:
        try:
            told = answer.read(self._came, ended=ended)
        except NoSense as error:
            waiting.set_exception(error)
            return
        if told is not None:
            self._came = b""
            waiting.set_result(told)


def _tls() -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.set_alpn_protocols(["http/1.1"])
    return made
