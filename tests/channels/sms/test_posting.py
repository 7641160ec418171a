"""Connections that are kept, over real sockets: which are used again, and what comes of those that fail."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels.sms import posting
from channels.sms.answer import NoSense
from channels.sms.posting import NeverLeft, Posting

OK = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
FORM = b"Body=%D0%90"


@dataclass
class Other:
    """The other side: what it was asked on each connection; `say` answers each request, None hangs up."""

    say: Callable[[int], Awaitable[bytes | None]]
    lines: list[list[bytes]] = field(default_factory=list)
    number: int = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: list[bytes] = []
        self.lines.append(asked)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked.append(head + await reader.readexactly(len(FORM)))
                self.number += 1
                said = await self.say(self.number)
                if said is None:
                    break
                writer.write(said)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def spoken_to(
    say: Callable[[int], Awaitable[bytes | None]], *, seconds: float = 5.0, secret: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Other, Posting]]:
    other = Other(say)
    server = await asyncio.start_server(other.connected, "127.0.0.1", 0, ssl=secret)
    port = server.sockets[0].getsockname()[1]
    scheme = "https" if secret else "http"
    ours = Posting(f"{scheme}://127.0.0.1:{port}/a/b.json", {"Authorization": "Basic eA=="}, seconds=seconds)
    yield other, ours
    await ours.close()
    server.close()


async def ok(_: int) -> bytes:
    return OK


async def test_one_connection_is_used_again() -> None:
    async with spoken_to(ok) as (other, ours):
        for _ in range(3):
            told = await ours.post(FORM)
            assert (told.status, told.body) == (201, b"ok")
    ((first, *_),) = other.lines
    assert len(other.lines[0]) == 3
    assert first.startswith(b"POST /a/b.json HTTP/1.1\r\nHost: 127.0.0.1:")
    assert first.endswith(b"\r\nAuthorization: Basic eA==\r\nContent-Length: 11\r\n\r\n" + FORM)


async def test_those_at_a_time_have_each_their_own() -> None:
    all_, together = 5, asyncio.Event()

    async def say(number: int) -> bytes:
        if number == all_:
            together.set()
        await together.wait()
        return OK

    async with spoken_to(say) as (other, ours):
        await asyncio.gather(*(ours.post(FORM) for _ in range(all_)))
        assert len(other.lines) == all_
        await ours.post(FORM)
        assert len(other.lines) == all_


@pytest.mark.parametrize(
    "said",
    [OK.replace(b"Content", b"Connection: close\r\nContent"), OK.replace(b"1.1", b"1.0"), OK + OK],
    ids=["it closes", "an older version", "more than was asked for"],
)
async def test_a_connection_that_does_not_stay(said: bytes) -> None:
    async def say(_: int) -> bytes:
        return said

    async with spoken_to(say) as (other, ours):
        for _ in range(2):
            assert (await ours.post(FORM)).body == b"ok"
    assert [len(asked) for asked in other.lines] == [1, 1]


async def test_what_is_said_unasked_answers_nothing() -> None:
    """A second answer that comes late must not be taken for that to the next request."""
    late: asyncio.StreamWriter | None = None

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal late
        late = late or writer
        while await reader.read(1 << 16):
            writer.write(OK)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    ours = Posting(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {}, seconds=5.0)
    await ours.post(FORM)
    assert late is not None
    late.write(OK.replace(b"ok", b"no"))
    await late.drain()
    while not late.is_closing():  # until we have hung up
        await asyncio.sleep(0.01)
    assert (await ours.post(FORM)).body == b"ok"
    await ours.close()
    server.close()


async def test_one_who_hangs_up() -> None:
    async def say(number: int) -> bytes | None:
        return OK if number % 2 else None

    async with spoken_to(say) as (other, ours):
        for _ in range(2):
            await ours.post(FORM)
            with pytest.raises(ConnectionResetError):
                await ours.post(FORM)
    assert [len(asked) for asked in other.lines] == [2, 2], "nothing is repeated"


async def test_half_an_answer_is_none() -> None:
    async def say(number: int) -> bytes | None:
        return OK[:-1] if number == 1 else None

    async with spoken_to(say, seconds=0.2) as (_, ours):
        with pytest.raises(TimeoutError):
            await ours.post(FORM)


async def test_nonsense() -> None:
    async def say(_: int) -> bytes:
        return b"220 smtp.example.org\r\n\r\n"

    async with spoken_to(say) as (other, ours):
        for _ in range(2):
            with pytest.raises(NoSense):
                await ours.post(FORM)
    assert len(other.lines) == 2


async def test_a_connection_that_was_idle_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "KEPT", 0.02)
    async with spoken_to(ok) as (other, ours):
        await ours.post(FORM)
        while ours._free:  # given up without being asked for
            await asyncio.sleep(0.01)
        await ours.post(FORM)
        assert len(other.lines) == 2


async def test_a_name_that_nobody_knows() -> None:
    ours = Posting("http://nobody.invalid/", {}, seconds=5.0)
    with pytest.raises(NeverLeft):
        await ours.post(FORM)
    await ours.close()


@pytest.mark.parametrize("url", ["", "example.org", "ftp://example.org/", "http:///a"])
async def test_no_address(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Posting(url, {}, seconds=5.0)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    from_, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, from_, until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("elsewhere.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kept = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return kept


@pytest.mark.parametrize("trusted", [False, True])
async def test_a_stranger_in_the_place_of_the_host_is_told_nothing(
    certificate: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a certificate that nobody vouches for, and with one for another name."""
    if trusted:
        ours_trusting = ssl.create_default_context(cafile=certificate)
        monkeypatch.setattr(posting, "_tls", lambda: ours_trusting)
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    async with spoken_to(ok, secret=theirs) as (other, ours):
        with pytest.raises(NeverLeft, match="SSLCertVerificationError"):
            await ours.post(FORM)
        assert not any(other.lines)
