"""TwilioCarrier against the simulated carrier over real HTTP: every way a call can end."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from channels.port import Carrier as Port
from channels.port import Found, ListUnavailable, SendFailed, SendUnclear
from channels.sms.receive import SmsReceiver
from channels.sms.twilio import TwilioCarrier
from core.inbox.model import Inbound
from core.outbox.model import Report, State
from demo.carrier import Carrier
from demo.carrier_calls import Line
from demo.carrier_faults import Faults

ACCOUNT = "AC00112233445566778899aabbccddeeff"
TOKEN = "the account's own token"
NUMBER = "+15550001000"
SECOND = "+15550002000"
PHONE = "+79001112233"
START = datetime(2025, 11, 21, 9, tzinfo=UTC)
PUBLIC = "https://meter.example"
NEVER = 3600.0


@dataclass
class Clock:
    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Core:
    inbounds: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    async def answer(self, inbound: Inbound) -> None:
        self.inbounds.append(inbound)

    async def reported(self, report: Report) -> None:
        self.reports.append(report)


@dataclass
class Town:
    """The carrier, our way out to it, and our receiver behind the public address."""

    carrier: Carrier
    wire: TwilioCarrier
    core: Core
    clock: Clock
    base: str

    async def send(self, body: str = "К оплате 433.56", *, address: str = PHONE, key: str = "k") -> str:
        return await self.wire.send(address=address, body=body, key=key)

    async def find(self, body: str = "К оплате 433.56", *, since: datetime = START) -> tuple[Found, ...]:
        return await self.wire.find(address=PHONE, body=body, key="k", since=since)


def wire(base: str, *, token: str = TOKEN, account: str = ACCOUNT, seconds: float = 10.0) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=account,
        auth_token=token,
        numbers=(NUMBER, SECOND),
        public_url=f"{PUBLIC}/",
        api_base=f"{base}/",
        send_timeout=seconds,
    )


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with founded() as made:
        yield made


@asynccontextmanager
async def founded(*, pace: float = 0.0, seconds: float = 10.0) -> AsyncIterator[Town]:
    core, clock = Core(), Clock()
    receiver = SmsReceiver(
        public_url=PUBLIC,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        numbers=(NUMBER, SECOND),
        answer=core.answer,
        reported=core.reported,
        now=clock,
    )
    app = web.Application()
    app.add_routes(receiver.routes())
    gateway = TestServer(app)
    await gateway.start_server()
    line = Line(webhook=f"{PUBLIC}/sms/twilio", public=PUBLIC, reach=str(gateway.make_url("/")))
    carrier = Carrier(account_sid=ACCOUNT, auth_token=TOKEN, numbers=(NUMBER, SECOND), now=clock, line=line, pace=pace)
    base = await carrier.start()
    sender = wire(base, seconds=seconds)
    yield Town(carrier, sender, core, clock, base)
    await sender.close()
    await carrier.stop()
    await gateway.close()


def test_fits_the_port() -> None:
    port: type[Port] = TwilioCarrier
    assert port is TwilioCarrier


async def test_a_message_is_sent_and_reported_back(town: Town) -> None:  # R19
    key = uuid4()
    reference = await town.send("К оплате 433.56", key=str(key))
    await town.carrier.settled()
    (sent,) = town.carrier.book.conversation(PHONE)
    assert (sent.sid, sent.sender, sent.body, sent.status) == (reference, NUMBER, "К оплате 433.56", "delivered")
    assert sent.callback == f"{PUBLIC}/sms/twilio/status?oid={key}"
    assert [(report.key, report.reference, report.state) for report in town.core.reports] == [
        (key, reference, None),
        (key, reference, State.SENT),
        (key, reference, State.DELIVERED),
    ]


@pytest.mark.parametrize(
    ("address", "body", "code", "again"),
    [
        ("", "a", "21604", False),
        (PHONE, "", "21602", False),
        ("89001112233", "a", "21211", False),
        (PHONE, "a" * 1601, "21617", False),
        (NUMBER, "a", "21266", False),
        ("+15005550001", "a", "21211", False),
        ("+15005550002", "a", "21612", False),
        ("+15005550003", "a", "21408", False),
        ("+15005550004", "a", "21610", False),
        ("+15005550009", "a", "21614", False),
    ],
)
async def test_a_refused_message(town: Town, address: str, body: str, code: str, again: bool) -> None:
    with pytest.raises(SendFailed) as caught:
        await town.wire.send(address=address, body=body, key="k")
    assert (caught.value.code, caught.value.again, caught.value.retry_after) == (code, again, None)
    assert len(town.carrier.book) == 0
    if len(address) > 6:
        assert address.lstrip("+") not in str(caught.value) + caught.value.detail


async def test_one_who_opted_out_at_the_carrier(town: Town) -> None:
    await town.carrier.text(sender=PHONE, to=NUMBER, body="stop")
    with pytest.raises(SendFailed) as caught:
        await town.send()
    assert (caught.value.code, caught.value.again) == ("21610", False)
    await town.carrier.text(sender=PHONE, to=NUMBER, body="Start")
    assert await town.send()


@pytest.mark.parametrize(("token", "account", "code"), [("wrong", ACCOUNT, "20003"), (TOKEN, ACCOUNT[::-1], "20003")])
async def test_not_let_in(town: Town, token: str, account: str, code: str) -> None:
    stranger = wire(town.base, token=token, account=account)
    with pytest.raises(SendFailed) as caught:
        await stranger.send(address=PHONE, body="a", key="k")
    with pytest.raises(ListUnavailable, match="401"):
        await stranger.find(address=PHONE, body="a", key="k", since=START)
    await stranger.close()
    assert (caught.value.code, caught.value.again) == (code, True)


@pytest.mark.parametrize(("fault", "code"), [("before_429", "20429"), ("before_503", "20503")])
async def test_too_much_at_once(town: Town, fault: str, code: str) -> None:  # R20
    town.carrier.faults = Faults.of({fault: 1.0, "retry_after": 7})
    with pytest.raises(SendFailed) as caught:
        await town.send()
    assert (caught.value.code, caught.value.again, caught.value.retry_after) == (code, True, 7.0)
    assert (len(town.carrier.book), town.carrier.struck) == (0, {fault: 1})


BEFORE = ("before_500", "before_drop", "before_stall")
AFTER = ("after_500", "after_502", "after_drop", "after_stall", "after_garbled")


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
async def test_no_clear_answer_is_unclear_and_never_repeated(fault: str) -> None:  # R20
    async with founded(seconds=1.0 if "stall" in fault else 10.0) as town:
        town.carrier.faults = Faults.of({fault: 1.0})
        with pytest.raises(SendUnclear):
            await town.send()
        assert town.carrier.struck == {fault: 1}
        found = await town.find()
    assert len(found) == len(town.carrier.book) == (1 if fault in AFTER else 0)


@pytest.mark.parametrize("fault", AFTER)
async def test_nothing_is_lost_or_sent_twice_by_looking_first(fault: str) -> None:  # R20
    messages, seconds = (8, 0.5) if fault == "after_stall" else (40, 10.0)
    async with founded(seconds=seconds) as town:
        town.carrier.faults = Faults.of({fault: 0.5, "seed": 7})
        known = set[str]()
        for number in range(messages):
            body = f"Сообщение {number % 3}"
            town.clock.later(minutes=2)
            known.add(await sent_once(town, body, known))
        assert len(known) == len(town.carrier.book) == messages
        assert town.carrier.struck[fault] > messages // 4


async def sent_once(town: Town, body: str, known: set[str]) -> str:
    """Sends as a worker does: after an unclear answer it looks, and knows what it has sent before."""
    began = town.clock.at
    try:
        return await town.send(body)
    except SendUnclear:
        found = await town.find(body, since=began)
        (mine,) = (message for message in found if message.reference not in known)
        return mine.reference


async def test_a_message_still_queued_is_found() -> None:  # R20
    async with founded(pace=NEVER) as town:
        reference = await town.send()
        assert await town.find() == (Found(reference, State.SENT, START),)
        assert town.carrier.book.conversation(PHONE)[0].sent is None


@pytest.mark.parametrize(
    ("faults", "state"),
    [({}, State.DELIVERED), ({"undelivered": 1.0}, State.UNDELIVERED), ({"failed": 1.0}, State.FAILED)],
)
async def test_what_became_of_it_is_found(town: Town, faults: dict[str, float], state: State) -> None:
    town.carrier.faults = Faults.of(faults)
    reference = await town.send()
    await town.carrier.settled()
    assert await town.find() == (Found(reference, state, START),)


async def test_other_messages_are_not_found(town: Town) -> None:
    await town.send("К оплате 433.56")
    town.clock.later(hours=2)
    since = town.clock.at
    await town.send("К оплате 433.57")
    await town.send("К оплате 433.56", address="+79001112234")
    await town.carrier.text(sender=PHONE, to=NUMBER, body="К оплате 433.56")
    assert await town.find(since=since) == ()
    assert len(await town.find(since=since - timedelta(hours=2))) == 1


async def test_clocks_may_differ_a_little(town: Town) -> None:
    reference = await town.send()
    since = town.clock.later(seconds=50, microseconds=700)
    assert [found.reference for found in await town.find(since=since)] == [reference]
    assert await town.find(since=since + timedelta(seconds=20)) == ()


async def test_many_pages_are_read_oldest_first(town: Town) -> None:
    references = []
    for _ in range(120):
        references.append(await town.send())
        await town.send("Другое")
        town.clock.later(seconds=1)
    assert [found.reference for found in await town.find()] == references


async def test_a_trial_account_puts_words_before_ours(town: Town) -> None:
    reference = await town.send("Sent from your Twilio trial account - К оплате 433.56")
    assert [found.reference for found in await town.find()] == [reference]


async def test_nobody_listens() -> None:
    stranger = wire(f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(SendFailed) as caught:
        await stranger.send(address=PHONE, body="a", key="k")
    assert (caught.value.code, caught.value.again) == ("connect", True)
    with pytest.raises(ListUnavailable):
        await stranger.find(address=PHONE, body="a", key="k", since=START)
    await stranger.close()


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("text", ["", "[]", "null", "7", '"SM"', "{}", '{"sid": null}', '{"sid": "CA1"}', "{", "\xff"])
async def test_an_answer_that_is_no_message(status: int, text: str) -> None:  # R20
    calls: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        calls.append(request.method)
        return web.Response(status=status, body=text.encode("latin-1"), content_type="application/json")

    async with provider(answer) as stranger:
        with pytest.raises(SendUnclear):
            await stranger.send(address=PHONE, body="a", key="k")
        with pytest.raises(ListUnavailable):
            await stranger.find(address=PHONE, body="a", key="k", since=START)
    assert calls == ["POST", "GET"]


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    calls: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with provider(answer) as stranger:
        with pytest.raises(SendUnclear):
            await stranger.send(address=PHONE, body="a", key="k")
    assert len(calls) == 1


@asynccontextmanager
async def provider(answer: Any) -> AsyncIterator[TwilioCarrier]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    stranger = wire(str(server.make_url("/")).rstrip("/"))
    yield stranger
    await stranger.close()
    await server.close()


async def test_another_region_in_the_environment_does_not_matter(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    other = wire(town.base)
    assert await other.send(address=PHONE, body="a", key="k")
    await other.close()


async def test_texts_that_no_webhook_told_are_listed(town: Town) -> None:  # R5
    town.carrier.faults = Faults.of({"text_lost": 1.0})
    for number in range(50):
        to = SECOND if number % 5 == 0 else NUMBER
        texted = await town.carrier.text(sender=PHONE, to=to, body=f"{number:05d}")
        assert texted.webhook is None
        town.clock.later(seconds=1)
    await town.send()
    listed = await town.wire.inbound_since(START, at=town.clock.at)
    assert town.core.inbounds == []
    assert [inbound.said for inbound in listed] == [f"{number:05d}" for number in range(50)]
    assert [inbound.at for inbound in listed] == [START + timedelta(seconds=number) for number in range(50)]
    since = (START + timedelta(seconds=40)).astimezone().replace(microsecond=0)
    assert len(await town.wire.inbound_since(since, at=town.clock.at)) == 10


async def test_the_list_tells_the_same_message_as_the_webhook(town: Town) -> None:  # R2, R5
    for body in ("04512", "и\u0306 04\x00512", "", "12345From+79001112233"):
        await town.carrier.text(sender=PHONE, to=NUMBER, body=body)
    listed = {inbound.reference: inbound for inbound in await town.wire.inbound_since(START, at=town.clock.at)}
    assert len(town.core.inbounds) == len(listed) == 4
    for told in town.core.inbounds:
        twin = listed[told.reference]
        assert (twin.channel, twin.provider, twin.address, twin.said, twin.content, twin.at) == (
            (told.channel, told.provider, told.address, told.said, told.content, told.at)
        )


async def test_a_listed_text_is_never_from_the_future(town: Town) -> None:
    await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    early = START - timedelta(days=1)
    (listed,) = await town.wire.inbound_since(early, at=early)
    assert listed.at == early


@pytest.fixture
def spoken(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_the_library_logs_nothing_of_what_is_sent(town: Town, spoken: pytest.LogCaptureFixture) -> None:  # R41
    await town.send("Долг 433.56")
    await town.find("Долг 433.56")
    await town.wire.inbound_since(START, at=START)
    assert not any(secret in spoken.text for secret in (PHONE[1:], NUMBER[1:], "433.56", TOKEN))
