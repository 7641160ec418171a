"""What Twilio's list tells of texts: the same as the webhooks, and what no webhook told."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from channels.port import ListUnavailable, Mailbox
from channels.sms.twilio import TwilioCarrier
from demo.carrier_faults import Faults
from tests.channels.sms.wiring import NUMBER, PHONE, SECOND, START, Town, founded, provider


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with founded() as made:
        yield made


def test_fits_the_port() -> None:
    port: type[Mailbox] = TwilioCarrier
    assert port is TwilioCarrier


async def test_texts_that_no_webhook_told_are_listed(town: Town) -> None:  # R5
    town.carrier.faults = Faults.of({"text_lost": 1.0})
    for number in range(50):
        to = SECOND if number % 5 == 0 else NUMBER
        texted = await town.carrier.text(sender=PHONE, to=to, body=f"{number:05d}")
        assert texted.webhook is None
        town.clock.later(seconds=1)
    await town.send()
    listed = sorted(await town.received(START), key=lambda inbound: inbound.at)
    assert town.core.inbounds == []
    assert [inbound.said for inbound in listed] == [f"{number:05d}" for number in range(50)]
    assert [inbound.at for inbound in listed] == [START + timedelta(seconds=number) for number in range(50)]
    since = (START + timedelta(seconds=40)).astimezone().replace(microsecond=0)
    assert len(await town.received(since)) == 10
    assert len(await town.received(since, until=since + timedelta(seconds=4))) == 5


async def test_a_list_of_several_pages_is_read_to_its_end(town: Town) -> None:  # R5
    for number in range(2100):
        town.carrier.book.add(direction="inbound", sender=PHONE, to=NUMBER, body=f"{number:05d}", at=town.clock.at)
    pages = [page async for page in town.wire.received(since=START, at=START)]
    assert [len(page.inbounds) for page in pages] == [1000, 1000, 100, 0], "and the other number's"
    told = [one.said for page in pages for one in page.inbounds]
    assert told == [f"{number:05d}" for number in reversed(range(2100))], "the newest first"
    assert {page.told_at for page in pages} == {START}


async def test_the_list_tells_the_same_message_as_the_webhook(town: Town) -> None:  # R2, R5
    for body in ("04512", "и\u0306 04\x00512", "", "12345From+79001112233"):
        await town.carrier.text(sender=PHONE, to=NUMBER, body=body)
    listed = {inbound.reference: inbound for inbound in await town.received(START)}
    assert len(town.core.inbounds) == len(listed) == 4
    for told in town.core.inbounds:
        twin = listed[told.reference]
        assert (twin.channel, twin.provider, twin.address, twin.said, twin.content, twin.at) == (
            (told.channel, told.provider, told.address, told.said, told.content, told.at)
        )


async def test_a_listed_text_is_as_old_as_the_providers_clock_says(town: Town) -> None:
    """Whatever the difference between the clocks: by ours it is never from the future."""
    await town.carrier.text(sender=PHONE, to=NUMBER, body="04512")
    town.clock.later(minutes=7)
    for ours in (START - timedelta(days=1), START + timedelta(days=1)):
        [page] = [page async for page in town.wire.received(since=START - timedelta(days=1), at=ours)][:1]
        assert [one.at for one in page.inbounds] == [ours - timedelta(minutes=7)]


@pytest.mark.parametrize(
    "odd", [{"sid": None}, {"sid": "SM1"}, {"date_created": None}, {"date_created": "yesterday"}], ids=str
)
async def test_a_listed_text_without_sense_hides_no_other(town: Town, odd: dict[str, object]) -> None:  # R5
    told = [
        town.carrier.book.as_json(
            town.carrier.book.add(direction="inbound", sender=PHONE, to=NUMBER, body=body, at=START)
        )
        for body in ("04512", "04513", "04514")
    ]
    told[1] |= odd

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"messages": told, "next_page_uri": None, "page_size": 1000})

    async with provider(answer) as stranger:
        pages = [page async for page in stranger.received(since=START, at=START)]
    assert [one.said for one in pages[0].inbounds] == ["04512", "04514"]


@pytest.mark.parametrize("fault", ["list_500", "list_drop"])
async def test_a_list_that_cannot_be_read(town: Town, fault: str) -> None:  # R5
    town.carrier.faults = Faults.of({fault: 1.0})
    with pytest.raises(ListUnavailable):
        await town.received(START)
    with pytest.raises(ListUnavailable):
        await town.find()
