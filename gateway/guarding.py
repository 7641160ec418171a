"""Who calls, and how long he keeps us waiting: slow clients are shown out, and only trusted proxies are believed who it
is that calls (R8, R37, R38)."""

import asyncio
import ipaddress
import re
import resource
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import structlog
from aiohttp import hdrs, web
from aiohttp.http_exceptions import BadHttpMethod

from gateway.settings import Network

log = structlog.get_logger()

LIMIT = 10.0
"""Seconds in which a request must have come whole, from its first byte; and in which a client must take what we say."""

GRACE = 1.0
"""Seconds for which nobody counts as slow."""

OF_ONE = 50
"""Requests of one client that may come slowly at a time; of more, those that began first are shown out."""

MOST = 2000
"""Connections of a process at most; for one more, who has kept us waiting longest goes."""

BACKLOG = 1024
"""Connections that may wait to be accepted."""

IDLE = 75.0
"""Seconds for which a connection may wait for its next request: longer than proxies keep theirs."""

SWEEP = 1.0
"""Seconds between two looks at who is slow."""

TURNS = 4
"""Turns of the loop before such a look, in which what has come is read: nobody goes because we are behind."""

_OPTIONS: dict[str, Any] = {
    "access_log": None,
    # Who reads a body refuses what is compressed; unpacked before, a broken one would break the request.
    "auto_decompress": False,
    "keepalive_timeout": IDLE,
    "lingering_time": 2.0,
    "max_headers": 64,
}
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nServer: Meterline\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_HOST = re.compile(r"(?:[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_FEW = ((hdrs.SERVER, "Meterline"), ("X-Content-Type-Options", "nosniff"))
_WAITING, _IN_HAND, _IDLE, _LEAVING = range(4)

_Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Guard:
    """Knows every connection of one port: who still owes us a part of his request, and since when."""

    def __init__(self, *, proxies: Sequence[Network] = (), https: bool = False, most: int = MOST) -> None:
        self._proxies = tuple(proxies)
        self._most = most
        self._present: set[Caller] = set()
        self._waiting: dict[Caller, float] = {}
        self._idle: dict[Caller, None] = {}
        self._stalled: dict[Caller, float] = {}
        self._closing: dict[asyncio.Transport, float] = {}
        self._headers = tuple(_headers(https=https).items())
        self._client = lru_cache(maxsize=1024)(self._nearest)
        self.shown_out: Counter[str] = Counter()  # by the reason

    @asynccontextmanager
    async def listening(self, runner: web.AppRunner, *, host: str, port: int, shared: bool) -> AsyncIterator[int]:
        """Listens for the application of a runner that is set up, and keeps its guard; the port."""
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None
        server.request_handler = self._admitting(server.request_handler)
        listener = await loop.create_server(
            lambda: Caller(server, self, loop), host, port, reuse_port=shared or None, backlog=BACKLOG
        )
        keeping = asyncio.create_task(self._keep(), name=f"guard-{port}")
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            keeping.cancel()
            listener.close()

    def connections(self) -> dict[str, int]:
        """How many connections there are, by how they stand."""
        deaf = len(self._stalled)
        reading = sum(1 for one in self._waiting if one not in self._stalled)
        idle = sum(1 for one in self._idle if one not in self._stalled)
        answering = max(0, len(self._present) - deaf - reading - idle)
        return {"reading": reading, "answering": answering, "idle": idle, "deaf": deaf}

    def trusts(self, address: str) -> bool:
        """Whether a peer is one of our proxies, so that it is believed who called it."""
        found = _address(address)
        return found is not None and any(found in network for network in self._proxies)

    def _nearest(self, forwarded: str, peer: str) -> str:
        """The right-most address that is none of our proxies; whatever stands left of it anybody may have written."""
        client = peer
        for one in reversed(forwarded.split(",")):
            found = _address(one)
            if found is None:
                break
            client = str(found)
            if not any(found in network for network in self._proxies):
                break
        return client

    def came(self, caller: "Caller", at: float) -> None:
        if len(self._present) >= self._most:
            leaver = next(iter(self._waiting), None) or next(iter(self._idle), None)
            self._show_out(leaver or caller, "full")
            if leaver is None:
                return
        self._present.add(caller)
        self._waiting[caller] = at

    def gone(self, caller: "Caller") -> None:
        self._present.discard(caller)
        self._waiting.pop(caller, None)
        self._idle.pop(caller, None)
        self._stalled.pop(caller, None)

    def owes(self, caller: "Caller", at: float) -> None:
        """A request of his has begun."""
        self._idle.pop(caller, None)
        self._waiting[caller] = at

    def owes_nothing(self, caller: "Caller") -> None:
        """His request is here whole."""
        self._waiting.pop(caller, None)

    def rests(self, caller: "Caller") -> None:
        """He was answered and has not begun anew."""
        self._idle[caller] = None

    def takes_nothing(self, caller: "Caller", at: float) -> None:
        """He does not read what we say, or at last does (`at` is then 0)."""
        if at:
            self._stalled.setdefault(caller, at)
        else:
            self._stalled.pop(caller, None)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(SWEEP)
            now = loop.time()
            absent, before = now - before - SWEEP, now
            if absent > SWEEP:
                self.excuse(absent)
            try:
                await self.look_round(now)
            except Exception as error:  # the guard must not leave his post
                log.error("http.guard-error", error=type(error).__name__, exc_info=error)

    async def look_round(self, at: float) -> None:
        """The sweep, once what lies unread has been read."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self.sweep(at)

    def excuse(self, seconds: float) -> None:
        """For so long it was we who were not there, halted or kept from the processor: what clients sent lies unread,
        and they are not to blame."""
        for since in (self._waiting, self._stalled):
            for caller in since:
                since[caller] += seconds

    def sweep(self, at: float) -> None:
        """Shows out who has kept us waiting for too long by `at`, on the loop's clock."""
        before = sum(self.shown_out.values())
        for caller in [one for one, since in self._waiting.items() if at - since > LIMIT]:
            self._show_out(caller, "slow", at)
        for caller in [one for one, since in self._stalled.items() if at - since > LIMIT]:
            self._show_out(caller, "takes nothing", at)
        slow: defaultdict[str, list[Caller]] = defaultdict(list)
        for caller, since in self._waiting.items():
            if caller.client and at - since > GRACE:
                slow[caller.client].append(caller)
        for callers in slow.values():
            for caller in callers[: max(0, len(callers) - OF_ONE)]:
                self._show_out(caller, "many", at)
        for transport in [one for one, since in self._closing.items() if at - since > LIMIT]:
            del self._closing[transport]
            transport.abort()
        if number := sum(self.shown_out.values()) - before:
            log.warning("http.shown-out", connections=number)

    def _show_out(self, caller: "Caller", why: str, at: float | None = None) -> None:
        self.shown_out[why] += 1
        transport = caller.transport
        self.gone(caller)
        if transport is None:
            return
        if at is None or why == "takes nothing":
            transport.abort()
            return
        if caller.state == _WAITING:
            transport.write(_TOO_SLOW)
        self._closing[transport] = at
        caller.force_close()

    def closed(self, transport: asyncio.BaseTransport | None) -> None:
        if isinstance(transport, asyncio.Transport):
            self._closing.pop(transport, None)

    def _admitting(self, handler: _Handler) -> _Handler:
        async def admit(request: web.BaseRequest) -> web.StreamResponse:
            """Marks how far the request has come, refuses an odd Host, and puts the headers of safety on the answer."""
            caller, content = request.protocol, request.content
            assert isinstance(caller, Caller)
            if caller.is_proxy:
                forwarded = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ()))
                caller.client = self._client(forwarded, caller.peer)
            if content.is_eof():
                caller.heard()
            else:
                content.on_eof(caller.heard)
            try:
                response = await handler(request) if _is_clear(request) else web.Response(status=400)
            except web.HTTPException as error:
                self._finish(caller, request, error)
                raise
            self._finish(caller, request, response)
            return response

        return admit

    def _finish(self, caller: "Caller", request: web.BaseRequest, response: web.StreamResponse) -> None:
        # An acknowledged webhook is empty and seen by no browser: all the headers would cost it 12 µs.
        empty = response.status == 200 and isinstance(response, web.Response) and response.body is None
        for name, value in _FEW if empty else self._headers:
            response.headers.setdefault(name, value)
        if not request.content.is_eof():
            response.force_close()  # what is left of the body is no next request
        caller.answered()

    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every answer says to a browser."""
        return self._headers


class Caller(web.RequestHandler):
    """One connection, of which the guard knows whether it is waited for."""

    __slots__ = ("_begun", "_guard", "client", "is_proxy", "peer", "state", "way")

    def __init__(self, server: web.Server, guard: Guard, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, **_OPTIONS)
        self._guard = guard
        self._begun = False
        self.state = _WAITING
        self.peer = ""
        self.is_proxy = False
        self.way: asyncio.BaseTransport | None = None
        self.client = ""
        """Who calls; of a proxy it is known only while a request of it is in hand."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.way = transport
        name = self.peername
        self.peer = str(name[0]) if isinstance(name, tuple) else ""
        self.is_proxy = self._guard.trusts(self.peer)
        self.client = "" if self.is_proxy else self.peer
        self._guard.came(self, self._loop.time())

    def connection_lost(self, exc: BaseException | None) -> None:
        self._guard.gone(self)
        self._guard.closed(self.way)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.state == _IDLE:
            self._wait()
        elif self.state == _IN_HAND and data:
            self._begun = True
        super().data_received(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._guard.takes_nothing(self, self._loop.time())

    def resume_writing(self) -> None:
        super().resume_writing()
        self._guard.takes_nothing(self, 0)

    def heard(self) -> None:
        """The request in hand is here whole."""
        if self.state == _IDLE:  # it came in one piece with the one before it
            self._wait()
        if self.state == _WAITING:
            self.state, self._begun = _IN_HAND, False
            self._guard.owes_nothing(self)

    def answered(self) -> None:
        """The request in hand has its answer."""
        if self.is_proxy:
            self.client = ""
        if self.state != _IN_HAND:
            self.state = _LEAVING
        elif self._begun:
            self._wait()
        else:
            self.state = _IDLE
            self._guard.rests(self)

    def _wait(self) -> None:
        self.state, self._begun = _WAITING, False
        self._guard.owes(self, self._loop.time())

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """A request that could not be read, or on which the program failed: an answer that says nothing of us."""
        if isinstance(exc, ConnectionError):
            raise exc
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        if status == 400:
            self._guard.shown_out["unreadable"] += 1
            # A method that HTTP does not know is refused as one that we do not have.
            status = 405 if isinstance(exc, BadHttpMethod) else 400
        else:
            log.error("http.failed", status=status, exc_info=exc)
        response = web.Response(status=status, headers=dict(self._guard.headers()))
        if status == 405:
            response.headers[hdrs.ALLOW] = "GET, HEAD, POST"
        response.force_close()
        return response


def room(most: int = MOST) -> int:
    """How many connections a port of this process may have: files that the system lets us open are for other things
    too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * most + 256
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else min(most, max(16, (soft - 256) // 2))


def client(request: web.Request) -> str:
    """Who calls: the peer, or where that is a trusted proxy whom it says it speaks for."""
    caller = request.protocol
    return caller.client if isinstance(caller, Caller) else (request.remote or "")


def _headers(*, https: bool) -> dict[str, str]:
    return {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        hdrs.CACHE_CONTROL: "no-store",
        hdrs.SERVER: "Meterline",
    } | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def _is_clear(request: web.BaseRequest) -> bool:
    """Whether every proxy reads the request as we do: it names one host, and its body is framed in a plain way."""
    if request.headers.get(hdrs.TRANSFER_ENCODING, "chunked").lower() != "chunked":
        return False
    hosts = request.headers.getall(hdrs.HOST, ())
    if not hosts:
        return request.version < (1, 1)
    return len(hosts) == 1 and _is_host(hosts[0])


@lru_cache(maxsize=64)
def _is_host(text: str) -> bool:
    return len(text) <= 255 and _HOST.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _address(text: str) -> _Address | None:
    """An address as X-Forwarded-For has it, with or without a port; None where it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
