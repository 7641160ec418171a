"""The webhooks over real HTTP: captured payloads, forged ones, odd ones, and a database that is away."""

import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs
from yarl import URL

from channels.sms import form, signature
from channels.sms.receive import SmsReceiver
from core.basics.channel import Channel
from core.inbox.model import Inbound, Unavailable
from core.outbox.model import Report, State

PUBLIC = "https://meter.example/gate"
ACCOUNT = "AC00112233445566778899aabbccddeeff"
TOKEN = "the account's own token"
NUMBER = "+15550001000"
SID = "SM0123456789abcdef0123456789abcdef"
OID = UUID("0199a5f0-1111-7abc-8def-001122334455")
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
PAYLOADS = Path(__file__).parent / "payloads"


@dataclass
class Core:
    """The far side of the port: records what it is given, or cannot."""

    away: bool = False
    inbounds: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    async def answer(self, inbound: Inbound) -> None:
        if self.away:
            raise Unavailable
        self.inbounds.append(inbound)

    async def reported(self, report: Report) -> None:
        if self.away:
            raise Unavailable
        self.reports.append(report)


@dataclass
class Wire:
    client: TestClient[Any, Any]
    core: Core

    async def post(
        self,
        body: bytes,
        *,
        path: str = "/sms/twilio",
        signed: str | None = None,
        signature_: str | None = "",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Posts as Twilio does; the signature is right unless another, or None for none, is given."""
        if signature_ == "":
            signature_ = sign(body, path if signed is None else signed)
        given = {"Content-Type": FORM, **(headers or {})}
        if signature_ is not None:
            given[signature.HEADER] = signature_
        async with self.client.post(URL(path, encoded=True), data=body, headers=given) as answer:
            return answer.status, await answer.read(), answer.headers


def sign(body: bytes, path: str = "/sms/twilio", token: str = TOKEN) -> str:
    try:
        return signature.sign(PUBLIC + path, form.parse(body), token)
    except form.Malformed:
        return signature.sign(PUBLIC + path, (), token)


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.txt").read_bytes()


@pytest.fixture
async def wire(aiohttp_client: Callable[[TestServer], Awaitable[TestClient[Any, Any]]]) -> Wire:
    core = Core()
    receiver = SmsReceiver(
        public_url=PUBLIC,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        numbers=(NUMBER,),
        answer=core.answer,
        reported=core.reported,
        now=lambda: AT,
    )
    app = web.Application()
    app.add_routes(receiver.routes())
    # As the gateway serves it: a compressed body is refused, so it must not be unpacked either.
    server = TestServer(app)
    await server.start_server(auto_decompress=False)
    return Wire(await aiohttp_client(server), core)


TEXTS = [
    ("reading", "+79001112233", "04512"),
    ("cyrillic", "+79001112233", "Долг по 4321?"),
    ("decomposed", "+79001112233", "й"),
    ("nul_and_surrogate", "+79001112233", "04512\ufffd\ufffd\ufffd"),
    ("plus_and_percent", "+79001112233", "100% + 2&2"),
    ("no_body", "+79001112233", ""),
    ("picture", "+79001112233", ""),
    ("fallback", "+79001112233", "04512"),
    ("opt_out", "+79001112233", "STOP"),
    ("alphanumeric_sender", "BANK", "Hello"),
    ("foreign_digits", "+７９001112233", "04512"),
    ("no_sender", "", "04512"),
]


@pytest.mark.parametrize(("name", "address", "said"), TEXTS)
async def test_a_text_is_handed_on(wire: Wire, name: str, address: str, said: str) -> None:  # R7, R10
    status, answer, _ = await wire.post(payload(name))
    assert (status, answer) == (200, b"")
    (inbound,) = wire.core.inbounds
    assert inbound.channel is Channel.SMS
    assert inbound.provider == "twilio"
    assert inbound.reference == (SID.replace("SM", "MM") if name == "picture" else SID)
    assert (inbound.address, inbound.said, inbound.at) == (address, said, AT)
    assert payload(name) in inbound.payload


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("repeated_from", 400),
        ("repeated_body", 400),
        ("repeated_to", 400),
        ("repeated_sid", 400),
        ("repeated_account", 400),
        ("bad_sid", 400),
        ("no_sid", 400),
        ("other_account", 403),
        ("other_number", 403),
    ],
)
async def test_signed_but_not_for_us(wire: Wire, name: str, status: int) -> None:  # R7
    assert (await wire.post(payload(name)))[0] == status
    assert wire.core.inbounds == []


@pytest.mark.parametrize("name", [path.stem for path in sorted(PAYLOADS.glob("*.txt"))])
@pytest.mark.parametrize("path", ["/sms/twilio", f"/sms/twilio/status?oid={OID}"])
async def test_every_payload_needs_its_signature(wire: Wire, name: str, path: str) -> None:  # R6
    body = payload(name)
    for given in (None, " ", "é", "A" * 28, "A" * 5000, sign(body, path, "another token"), sign(b"a=1", path)):
        assert (await wire.post(body, path=path, signature_=given))[0] == 403
    assert (await wire.post(body, path=path, signed="/sms"))[0] == 403
    assert (wire.core.inbounds, wire.core.reports) == ([], [])


async def test_two_signatures_are_none(wire: Wire) -> None:
    body = payload("reading")
    headers = [("Content-Type", FORM), (signature.HEADER, sign(body)), (signature.HEADER, sign(body))]
    async with wire.client.post("/sms/twilio", data=body, headers=headers) as answer:
        assert answer.status == 403


async def test_a_resplit_text_is_refused(wire: Wire) -> None:  # R6, R7
    """What is signed has no delimiters, so an own text can carry the signature of a repeated field."""
    own = payload("reading").replace(b"%2B79001112233", b"%2B79001112299")
    honest = own.replace(b"Body=04512", b"Body=12345From%2B79001112233")
    forged = own.replace(b"Body=04512", b"Body=12345&From=%2B79001112233")
    assert sign(honest) == sign(forged)
    assert (await wire.post(forged))[0] == 400
    assert (await wire.post(honest))[0] == 200
    assert [inbound.address for inbound in wire.core.inbounds] == ["+79001112299"]


async def test_a_repeat_has_the_same_name_and_content(wire: Wire) -> None:  # R2
    for name in ("reading", "reading", "fallback"):
        await wire.post(payload(name), headers={"I-Twilio-Idempotency-Token": name})
    first, second, third = wire.core.inbounds
    assert first.reference == second.reference == third.reference
    assert first.content == second.content == third.content


@pytest.mark.parametrize("change", [(b"04512", b"04513"), (b"79001112233", b"79001112234")])
async def test_other_content_under_the_same_name_shows(wire: Wire, change: tuple[bytes, bytes]) -> None:  # R2
    await wire.post(payload("reading"))
    await wire.post(payload("reading").replace(*change))
    first, second = wire.core.inbounds
    assert first.reference == second.reference
    assert first.content != second.content


@pytest.mark.parametrize("path", ["/sms/twilio", f"/sms/twilio/status?oid={OID}"])
async def test_nothing_is_acknowledged_without_a_record(wire: Wire, path: str) -> None:  # R1, R4
    wire.core.away = True
    status, answer, headers = await wire.post(payload("reading"), path=path)
    assert (status, answer, headers["Retry-After"]) == (503, b"", "5")


async def test_what_is_kept_holds_no_secret(wire: Wire) -> None:  # R1
    body = payload("reading")
    secrets = {"Cookie": "session=1", "Authorization": "Basic eA==", "Proxy-Authorization": "Basic eQ=="}
    await wire.post(body, headers={**secrets, "User-Agent": "TwilioProxy/1.1"})
    await wire.post(payload("status_delivered"), path="/sms/twilio/status", headers=secrets)
    kept = wire.core.inbounds[0].payload, wire.core.reports[0].raw
    for blob in kept:
        assert not any(word in blob.lower() for word in (b"session=1", b"basic", b"signature", sign(body).encode()))
    assert kept[0].startswith(b"POST /sms/twilio\r\n")
    assert b"User-Agent: TwilioProxy/1.1" in kept[0]
    assert kept[0].endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "meter.example:abc"},
        {"Host": "[::1"},
        {"Host": ""},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "1.2.3.4"},
        {"Forwarded": "for=1.2.3.4;host=evil.example;proto=gopher"},
        {"X-Forwarded-Port": "99999", "X-Original-URL": "/admin"},
    ],
)
async def test_forwarding_headers_do_not_matter(wire: Wire, headers: Mapping[str, str]) -> None:  # R8
    assert (await wire.post(payload("reading"), headers=headers))[0] == 200
    assert (await wire.post(payload("reading"), headers=headers, signature_="A" * 28))[0] == 403


@pytest.mark.parametrize("query", ["?a=%41", "?a=A", "?a=+", "?a=%2B", "?a=%zz", "?a", "?", "?a=%D0%96", "?a=1#b=%20"])
async def test_the_query_is_signed_as_it_came(wire: Wire, query: str) -> None:  # R6
    path = f"/sms/twilio{query}"
    assert (await wire.post(payload("reading"), path=path, signed=path.partition("#")[0].removesuffix("?")))[0] == 200


async def test_a_decoded_query_is_another(wire: Wire) -> None:  # R6
    assert (await wire.post(payload("reading"), path="/sms/twilio?a=%41", signed="/sms/twilio?a=A"))[0] == 403


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (payload("reading"), {"Content-Type": f"{FORM}; charset=utf-8"}, 200),
        (payload("reading"), {"Content-Type": f"{FORM}; charset=utf-7"}, 415),
        (payload("reading").decode().encode("utf-16"), {"Content-Type": f"{FORM}; charset=utf-16"}, 415),
        (payload("reading").decode().encode("utf-16"), {}, 400),
        (payload("reading"), {"Content-Type": "application/json"}, 415),
        (payload("reading"), {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b'--x\r\nContent-Disposition: form-data; name="Body"; filename="a"\r\n\r\n1\r\n--x--\r\n', {}, 403),
        (b"\x1f\x8b\x08broken", {"Content-Encoding": "gzip"}, 415),
        (gzip.compress(payload("reading")), {"Content-Encoding": "gzip"}, 415),
        (b"a=1&" * 100 + b"b=2", {}, 400),
        (b"a=" + b"x" * (64 * 1024 - 1), {}, 413),
        (b"a=" + b"x" * (64 * 1024 - 2), {}, 403),
        (b"", {}, 403),
        (b"&", {}, 400),
        (b"Body=%", {}, 400),
        (b"\xff\xfe\x00", {}, 400),
    ],
)
async def test_odd_bodies(wire: Wire, body: bytes, headers: Mapping[str, str], status: int) -> None:  # R3, R10
    given = None if status == 403 else sign(payload("reading"))
    assert (await wire.post(body, headers=headers, signature_=given))[0] == status
    assert (await wire.post(payload("cyrillic")))[0] == 200


async def test_a_long_body_of_unknown_length(wire: Wire) -> None:  # R10
    async def endless() -> Any:
        for _ in range(20):
            yield b"a" * 8192

    async with wire.client.post("/sms/twilio", data=endless(), headers={"Content-Type": FORM}) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "PROPFIND"])
@pytest.mark.parametrize("path", ["/sms/twilio", "/sms/twilio/status"])
async def test_other_methods(wire: Wire, method: str, path: str) -> None:
    async with wire.client.request(method, path) as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [
        ("accepted", None, None),
        ("queued", None, None),
        ("sending", None, None),
        ("sent", State.SENT, None),
        ("delivered", State.DELIVERED, None),
        ("undelivered", State.UNDELIVERED, "30003"),
        ("failed", State.FAILED, "30007"),
        ("canceled", State.FAILED, None),
        ("strange", None, None),
    ],
)
async def test_a_report_is_handed_on(wire: Wire, name: str, state: State | None, code: str | None) -> None:  # R19, R23
    body = payload(f"status_{name}")
    status, answer, _ = await wire.post(body, path=f"/sms/twilio/status?oid={OID}")
    assert (status, answer) == (200, b"")
    (report,) = wire.core.reports
    assert (report.key, report.reference, report.state, report.code, report.at) == (OID, SID, state, code, AT)
    assert report.raw.endswith(body)


@pytest.mark.parametrize(
    "query", ["", "?oid=", "?oid=7", f"?oid={OID}&oid={OID}", f"?oid={OID.hex}", f"?oid=%7B{OID}%7D", "?oid=%FF"]
)
async def test_a_report_without_our_mark(wire: Wire, query: str) -> None:  # R23
    assert (await wire.post(payload("status_sent"), path=f"/sms/twilio/status{query}"))[0] == 200
    assert [report.key for report in wire.core.reports] == [None]


@pytest.mark.parametrize(("name", "status"), [("status_repeated", 400), ("status_other_account", 403), ("no_sid", 400)])
async def test_reports_that_are_not_for_us(wire: Wire, name: str, status: int) -> None:  # R7
    assert (await wire.post(payload(name), path=f"/sms/twilio/status?oid={OID}"))[0] == status
    assert wire.core.reports == []


async def test_the_mark_is_signed(wire: Wire) -> None:
    other = f"/sms/twilio/status?oid={UUID(int=7)}"
    assert (await wire.post(payload("status_sent"), path=other, signed=f"/sms/twilio/status?oid={OID}"))[0] == 403


async def test_logs_hold_no_phone_text_or_signature(wire: Wire) -> None:  # R41
    body = payload("cyrillic")
    with capture_logs() as logs:
        await wire.post(body)
        await wire.post(body, signature_=sign(body, token="another token"))
        await wire.post(payload("other_number"))
        await wire.post(payload("repeated_from"))
        await wire.post(payload("status_sent"), path=f"/sms/twilio/status?oid={OID}")
        wire.core.away = True
        await wire.post(body)
    assert len(logs) == 4
    told = repr(logs)
    for secret in ("9001112233", "0001000", "0009999", "Долг", "4321", sign(body), sign(body, token="another token")):
        assert secret not in told
