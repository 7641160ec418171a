"""Every request of the carrier fits the description of its interface that Twilio publishes, as Prism judges it.

`make prism` fetches both from npm: Prism, and the library of Twilio's own command line, which carries the description.
Neither is part of this repository; without them these tests are skipped.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from channels.port import SendFailed
from channels.sms.twilio import TwilioCarrier
from core.inbox.model import Inbound
from tests.channels.sms.wiring import ACCOUNT, NUMBER, PHONE, START, TOKEN, wire
from tests.flows.conftest import free_port

pytestmark = pytest.mark.prove

PLACE = Path(os.environ.get("METERLINE_PRISM", Path(__file__).parents[3] / ".prism")) / "node_modules"
PRISM = PLACE / ".bin" / "prism"
DESCRIPTION = PLACE / "@twilio" / "cli-core" / "src" / "services" / "twilio-api" / "twilio_api_v2010.json"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """Prism, which answers as described and refuses what does not fit."""
    node = shutil.which("node")
    if node is None or not PRISM.exists() or not DESCRIPTION.exists():
        pytest.skip("Prism and the description of Twilio's interface are not here: make prism")
    port = free_port()
    # Without --errors: examples of the description itself do not fit it, and only requests are judged here.
    asked = [node, str(PRISM), "mock", "--host", "127.0.0.1", "--port", str(port), str(DESCRIPTION)]
    with subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + PATIENCE
            while not _listens(port):
                assert process.poll() is None, "Prism ended"
                assert time.monotonic() < until, "Prism does not listen"
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
async def carrier(base: str) -> AsyncIterator[TwilioCarrier]:
    made = wire(base)
    yield made
    await made.close()


@pytest.mark.parametrize("body", ["К оплате 433.56", "To pay 433.56", "а" * 1600, "+&=%\n{}"])
async def test_a_message_fits(carrier: TwilioCarrier, body: str) -> None:
    assert (await carrier.send(address=PHONE, body=body, key="0193-a")).startswith("SM")


async def test_the_search_for_a_message_fits(carrier: TwilioCarrier) -> None:
    await carrier.find(address=PHONE, body="К оплате 433.56", key="k", since=START)


async def test_the_poll_fits(carrier: TwilioCarrier) -> None:
    found: list[Inbound] = []
    for until in (None, START):
        async for page in carrier.received(since=START, until=until, at=START):
            found += page.inbounds
            break


async def test_prism_refuses_what_does_not_fit(base: str) -> None:
    """So that the others tell something: a wrong date of the list, and an account that is none."""
    async with aiohttp.ClientSession(headers={"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}) as session:
        place = f"{base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        async with session.get(place, params={"PageSize": "many"}) as answer:
            assert answer.status in (400, 422)
        async with session.post(place, data={"From": NUMBER, "Body": "a"}) as answer:
            assert answer.status in (400, 422), "it has no recipient"
        stranger = wire(base, account="XX1")
        with pytest.raises(SendFailed):
            await stranger.send(address=PHONE, body="a", key="k")
        await stranger.close()
