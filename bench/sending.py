"""Those who hand messages to a provider, processes of their own that begin when they are told to.

`python -m bench.sending worker` is the program's delivery with the settings of the environment, without anything else;
`bare PORT` the twilio library's `create_async` alone. Both print "ready", read a number of messages from their input,
and print the seconds that these took, until they have been told to end.
"""

# mypy: disable-error-code="import-untyped", disallow-subclassing-any=False

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from bench import sql, town, webhooks
from core.store import pool as store
from gateway import observe, serving
from gateway.parts import opened
from gateway.settings import load_settings

IN_FLIGHT = 64

_LOOK = 0.02
"""Seconds between two looks whether any is left."""

TEXT = "Плановые работы 25.11 с 10 до 14: света по л/с ..4321 не будет. 8-800"

Send = Callable[[int], Awaitable[None]]


class _Here(AsyncTwilioHttpClient):
    """The library's client as it is, with another address."""

    def __init__(self, port: str) -> None:
        super().__init__(pool_connections=True)
        self._port = port

    async def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        here = url.replace("https://api.twilio.com", f"http://127.0.0.1:{self._port}")
        return await super().request(method, here, *args, **named)


async def bare(port: str) -> None:
    """64 callers of `create_async`, each one call after another."""
    http = _Here(port)
    messages = Client(webhooks.ACCOUNT_SID, webhooks.TOKEN, http_client=http).messages

    async def send(number: int) -> None:
        numbers = iter(range(number))

        async def caller() -> None:
            for one in numbers:
                report = f"{webhooks.PUBLIC_URL}/sms/twilio/status?oid={one}"
                await messages.create_async(
                    to=town.phone(one + 1), from_=webhooks.NUMBER, body=TEXT, status_callback=report
                )

        await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))

    await _told(send)
    await http.close()


async def worker() -> None:
    """What `meterline work` does to carry messages; they are over when none waits."""
    settings = load_settings()
    observe.configure()
    assert settings.database_url is not None
    async with opened(settings, settings.database_url.get_secret_value(), now=lambda: town.TODAY) as parts:
        serving.settle()

        async def send(_: int) -> None:
            sweeping = asyncio.create_task(serving.sweeping(parts))
            async with store.acquire(parts.pool) as conn:
                left = True
                while left:
                    await asyncio.sleep(_LOOK)
                    left = await conn.fetchval(sql.OPEN)
            sweeping.cancel()

        await _told(send)


async def _told(send: Send) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while number := (await asyncio.to_thread(sys.stdin.readline)).strip():
        since = time.monotonic()
        await send(int(number))
        sys.stdout.write(f"{time.monotonic() - since}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(worker() if sys.argv[1] == "worker" else bare(sys.argv[2]))
