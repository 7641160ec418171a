"""Odd, forged and slow HTTP against a running gateway: refused clearly, without effect, and the next one is served."""

import asyncio
import gzip
from collections.abc import Callable

import asyncpg
import pytest

from tests import make
from tests.flows import raw
from tests.flows.conftest import Street, street
from tests.flows.raw import LAST
from tests.make import A, M

HERO = "+79780001705"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),)))


Shape = Callable[[Street, bytes], bytes]
"""A request made of a right body."""


def right(*more: str, host: str | None = "Host: gate", said: tuple[bytes, bytes] = (b"", b"")) -> Shape:
    """A right webhook with further lines in its head, or with something in it said otherwise."""
    return lambda town, body: raw.webhook(town, body, *more, host=host).replace(*said)


def length(written: str) -> Shape:
    """A right webhook that tells another length."""
    return lambda town, body: raw.webhook(town, body).replace(
        f"Content-Length: {len(body)}".encode(), written.format(len(body)).encode()
    )


def chunked(encoding: str = "Transfer-Encoding: chunked", body: bytes = b"%x\r\n%s\r\n0\r\n\r\n") -> Shape:
    """A right webhook in chunks."""

    def made(town: Street, plain: bytes) -> bytes:
        head = length(encoding)(town, plain)[: -len(plain)]
        return head + (body % (len(plain), plain) if body.count(b"%") == 2 else body.replace(b"%s", plain))

    return made


def compressed(body: bytes) -> Shape:
    lines = f"POST /sms/twilio HTTP/1.1\r\nHost: gate\r\n{FORM}\r\nContent-Encoding: gzip\r\n"
    return lambda _, __: f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def line(text: bytes) -> Shape:
    return lambda _, __: text + b"\r\nHost: gate\r\n\r\n"


SHAPES: dict[str, tuple[Shape, list[int]]] = {
    "right": (right(), [200]),
    "chunks": (chunked(), [200]),
    "chunks, each with an extension": (chunked(body=b"%x;a=b\r\n%s\r\n0\r\n\r\n"), [200]),
    "a signature in the trailer": (chunked(body=b"%x\r\n%s\r\n0\r\nX-Twilio-Signature: a\r\n\r\n"), [200]),
    "told to go on": (right("Expect: 100-continue"), [100, 200]),
    "another's host": (right(host="Host: evil.example"), [200]),
    "two of them at once": (lambda town, body: raw.webhook(town, body) * 2, [200, 200]),
    # Hosts
    "no host": (right(host=None), [400]),
    "two hosts": (right("Host: other"), [400]),
    "half an address for a host": (right(host="Host: [::1"), [400]),
    "a blank in the host": (right(host="Host: a b"), [400]),
    "a port of letters": (right(host="Host: a:abc"), [400]),
    "an empty host": (right(host="Host: "), [400]),
    # Where a body ends
    "a length and chunks": (right("Transfer-Encoding: chunked"), [400]),
    "chunks called identity": (chunked("Transfer-Encoding: identity"), [400]),
    "chunks called xchunked": (chunked("Transfer-Encoding: xchunked"), [400]),
    "chunks said to be packed": (chunked("Transfer-Encoding: gzip, chunked"), [400]),
    "chunks, then identity": (chunked("Transfer-Encoding: chunked, identity"), [400]),
    "chunks twice": (chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), [400]),
    "a blank before the colon": (chunked("Transfer-Encoding : chunked"), [400]),
    "a negative chunk": (chunked(body=b"-5\r\n%s\r\n0\r\n\r\n"), [400]),
    "a chunk of 0x5": (chunked(body=b"0x5\r\n%s\r\n0\r\n\r\n"), [400]),
    "a chunk without its end": (chunked(body=b"5\r\n%sXX0\r\n\r\n"), [400]),
    "the length twice": (length("Content-Length: {0}\r\nContent-Length: {0}"), [400]),
    "two lengths": (right("Content-Length: 5"), [400]),
    "a list of lengths": (length("Content-Length: {0}, 5"), [400]),
    "a length with a plus": (length("Content-Length: +{0}"), [400]),
    "a negative length": (length("Content-Length: -1"), [400]),
    "a length in hexadecimal": (length("Content-Length: 0x10"), [400]),
    "a length beyond measure": (length("Content-Length: 99999999999999999999999"), [400]),
    "a large length": (length("Content-Length: 999999999"), [413]),
    "no length": (length("X-A: {0}"), [405]),
    # Heads
    "a folded line": (right("X-A: 1\r\n 2"), [400]),
    "line feeds alone": (right(said=(b"\r\n", b"\n")), [400]),
    "a carriage return in a name": (right("X\rA: 1"), [400]),
    "a NUL in a value": (right("X-A: 1\x002"), [400]),
    "a line without a colon": (right("XA"), [400]),
    "a blank in a name": (right("X A: 1"), [400]),
    "the type twice": (right("Content-Type: text/plain"), [400]),
    "a hundred lines": (right(*(f"X-{number}: 1" for number in range(100))), [400]),
    "a long line": (right("X-A: " + "a" * 10_000), [400]),
    "a long address": (right(said=(b"/twilio", b"/twilio?" + b"a" * 10_000)), [400]),
    "a megabyte of head": (right(*("X-A: " + "a" * 8000 for _ in range(130))), [400]),
    # Versions, methods, addresses
    "HTTP/2.0": (right(said=(b"HTTP/1.1", b"HTTP/2.0")), [400]),
    "HTTP/0.9": (lambda _, __: b"GET /health\r\n\r\n", [400]),
    "another site's address": (right(said=(b"POST /sms", b"POST http://evil.example/sms")), [403]),
    "an encoded path": (right(said=(b"/sms/twilio", b"/sms/%74wilio")), [403]),
    "a path with dots": (right(said=(b"/sms/twilio", b"/sms/../sms/twilio")), [404]),
    "no path of text": (right(said=(b"/sms/twilio", b"/sms/\xff\xfe")), [400]),
    "a NUL in the path": (right(said=(b"/sms/twilio", b"/sms/\0")), [400]),
    "OPTIONS *": (line(b"OPTIONS * HTTP/1.1"), [404]),
    "CONNECT": (line(b"CONNECT a:1 HTTP/1.1"), [404]),
    "TRACE": (line(b"TRACE /sms/twilio HTTP/1.1"), [405]),
    "no method of HTTP": (right(said=(b"POST", b"FOO")), [405]),
    "TLS on a port of HTTP": (lambda _, __: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [405]),
    # Bodies
    "compressed": (compressed(gzip.compress(raw.form())), [415]),
    "compressed and broken": (compressed(b"\x1f\x8b\x08broken"), [415]),
    "ten megabytes in ten kilobytes": (compressed(gzip.compress(b"a" * 10_000_000)), [415]),
    "UTF-7": (right(said=(FORM.encode(), FORM.encode() + b"; charset=utf-7")), [415]),
    "UTF-16": (right(said=(FORM.encode(), FORM.encode() + b"; charset=utf-16")), [415]),
    "a form with a file": (right(said=(FORM.encode(), b"Content-Type: multipart/form-data; boundary=x")), [415]),
    "something to be nothing": (right("Expect: nothing"), [417]),
}


async def test_every_shape_is_answered_clearly_and_once(town: Street, hero: int) -> None:  # R3, R10, R38
    """What a request may look like; the one behind it on the same connection is never read as a part of it."""
    wrong: list[tuple[str, object]] = []
    for number, (name, (shape, wanted)) in enumerate(SHAPES.items()):
        told = await raw.say(town, shape(town, raw.form(sid=number)) + LAST)
        came = raw.statuses(told)
        if came not in (wanted, [*wanted, 404]):
            wrong.append((name, came))
        if b"aiohttp" in told or b"Python" in told or b"Traceback" in told:
            wrong.append((name, told))
        kept = await town.pool.fetchval("select count(*) from inbox where reference = $1", f"SM{number:032x}")
        if kept != (1 if 200 in wanted else 0):
            wrong.append((name, f"{kept} times on record"))
    assert wrong == []
    assert "04600" in (await town.text(HERO, "04600"))[-1]


async def test_a_proxy_that_speaks_the_old_way_is_served(town: Street, hero: int) -> None:
    old = raw.webhook(town, raw.form(), "Connection: close").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert raw.statuses(await raw.say(town, old)) == [200]


async def test_a_declined_upgrade_smuggles_nothing(town: Street, hero: int) -> None:  # R38
    for protocol in ("h2c", "websocket"):
        said = raw.webhook(town, raw.form(), "Connection: Upgrade", f"Upgrade: {protocol}")
        told = await raw.say(town, said + LAST, patience=1.0)
        assert raw.statuses(told) in ([200], [200, 404])
    assert await town.pool.fetchval("select count(*) from inbox") == 1


HEADERS = [
    "Host: evil.example",
    "Host: evil.example:443",
    "Host: [2001:db8::1]:80",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: gopher",
    "X-Forwarded-Port: 99999",
    "X-Forwarded-For: 1.2.3.4",
    "X-Forwarded-For: ' or 1=1 --",
    "X-Forwarded-For: " + "1.2.3.4, " * 500,
    "X-Forwarded-Prefix: /evil",
    "X-Original-URL: /audit",
    "X-HTTP-Method-Override: DELETE",
    "Forwarded: for=1.2.3.4;host=evil.example;proto=https",
    'Forwarded: for="[::1";;;',
]


async def test_headers_of_proxies_decide_nothing(town: Street, hero: int) -> None:  # R8
    for number, header in enumerate(HEADERS):
        own = {"host": header} if header.startswith("Host") else {"host": "Host: gate"}
        more = () if header.startswith("Host") else (header,)
        said = raw.webhook(town, raw.form(sid=number), *more, "Connection: close", **own)
        told = await raw.say(town, said)
        assert raw.statuses(told) == [200], header
        assert b"evil" not in told
        forged = said.replace(b"X-Twilio-Signature: ", b"X-Twilio-Signature: A")
        assert raw.statuses(await raw.say(town, forged)) == [403], header
    assert await town.pool.fetchval("select count(*) from inbox") == len(HEADERS)


async def test_every_answer_has_the_headers_of_safety(town: Street, hero: int) -> None:  # R37
    asked = [LAST, LAST.replace(b"/last", b"/health"), LAST.replace(b"GET /last", b"DELETE /sms/twilio")]
    asked += [b"FOO / HTTP/1.1\r\n\r\n", raw.webhook(town, raw.form(), "Connection: close").replace(b"SM0", b"SM1")]
    for one in asked:
        told = (await raw.say(town, one)).lower()
        for header in (
            b"content-security-policy: default-src 'none'",
            b"frame-ancestors 'none'",
            b"x-content-type-options: nosniff",
            b"referrer-policy: same-origin",
            b"cache-control: no-store",
            b"server: meterline",
        ):
            assert header in told, one
    empty = (await raw.say(town, raw.webhook(town, raw.form(), "Connection: close"))).lower()
    assert b"server: meterline" in empty
    assert b"x-content-type-options: nosniff" in empty


SLOW = 300


@pytest.mark.prove
async def test_three_hundred_slow_ones_harm_nobody(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, hero: int
) -> None:  # R38
    """A third says nothing, a third a byte of its head a second, a third a byte of its body a second."""
    async with street(database, pool) as town:
        whole = raw.webhook(town, raw.form(sid=9000))
        starts = [b"", whole[:40], whole[:-100]]
        slow = [asyncio.create_task(_slow(town, starts[number % 3])) for number in range(SLOW)]
        async with asyncio.timeout(30):
            number = 0
            while not all(one.done() for one in slow):
                number += 1
                said = raw.webhook(town, raw.form(f"{4512 + number:05}", sid=number), "Connection: close")
                assert raw.statuses(await raw.say(town, said, patience=5.0)) == [200]
                await asyncio.sleep(0.2)
        assert sum(await asyncio.gather(*slow)) == SLOW
        assert number > 20, "they were there while the others were served"
        assert await town.pool.fetchval("select count(*) from inbox") == number
        assert len(await town.answers(HERO)) == number


async def _slow(town: Street, start: bytes) -> int:
    """1 once the gateway has hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.parts.settings.port)
    writer.write(start)
    closed = asyncio.create_task(reader.read())
    try:
        while not (await asyncio.wait([closed], timeout=1.0))[0]:
            if start:
                writer.write(b"0")
        assert b" 200 " not in closed.result()
    except ConnectionError:
        pass
    finally:
        writer.close()
    return 1
