"""TwilioCarrier against the simulated carrier over real HTTP: every way a call can end."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from channels.port import Carrier as Port
from channels.port import Found, ListUnavailable, SendFailed, SendUnclear
from channels.sms.twilio import TwilioCarrier
from core.outbox.model import State
from demo.carrier_faults import Faults
from tests.channels.sms.wiring import ACCOUNT, NEVER, NUMBER, PHONE, PUBLIC, START, TOKEN, Town, founded, provider, wire


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with founded() as made:
        yield made


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


@pytest.mark.parametrize(("fault", "refused"), [("before_429", "20429"), ("before_503", None)])
async def test_too_much_at_once_is_not_believed_before_the_list(town: Town, fault: str, refused: str | None) -> None:
    # R20
    town.carrier.faults = Faults.of({fault: 1.0, "retry_after": 7})
    with pytest.raises(SendUnclear) as caught:
        await town.send()
    assert (caught.value.refused, caught.value.retry_after) == (refused, 7.0)
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


async def test_another_region_in_the_environment_does_not_matter(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    other = wire(town.base)
    assert await other.send(address=PHONE, body="a", key="k")
    await other.close()


@pytest.fixture
def spoken(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_the_library_logs_nothing_of_what_is_sent(town: Town, spoken: pytest.LogCaptureFixture) -> None:  # R41
    await town.send("Долг 433.56")
    await town.find("Долг 433.56")
    await town.received(START)
    assert not any(secret in spoken.text for secret in (PHONE[1:], NUMBER[1:], "433.56", TOKEN))
