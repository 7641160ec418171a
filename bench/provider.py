"""A provider for load, a process of its own: takes each message at once and reports it delivered a moment later.

`python -m bench.provider PORT GATEWAY`: the port to listen on, and the gateway's; prints "ready" when it listens. GET
/taken tells to which phones it took messages, and when, by the clock that all processes share; then it begins anew.
"""

import asyncio
import json
import secrets
import sys
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
from aiohttp import web

from bench import webhooks
from channels.sms import signature


class Provider:
    """Answers as Twilio does; `gateway` is the port of the one who is told what became of a message."""

    def __init__(self, gateway: int, session: aiohttp.ClientSession) -> None:
        self._gateway = gateway
        self._session = session
        self._telling: set[asyncio.Task[None]] = set()
        self._taken: list[tuple[str, float]] = []

    async def create(self, request: web.Request) -> web.Response:
        """Takes a message."""
        fields = dict(parse_qsl((await request.read()).decode()))
        sid = f"SM{secrets.token_hex(16)}"
        self._taken.append((fields["To"], time.perf_counter()))
        task = asyncio.create_task(self._tell(sid, fields))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return web.Response(status=201, text=json.dumps({"sid": sid, "status": "queued"}))

    async def taken(self, _: web.Request) -> web.Response:
        """What was taken since the last look."""
        told, self._taken = self._taken, []
        return web.json_response(told)

    async def _tell(self, sid: str, fields: dict[str, str]) -> None:
        params = [
            ("MessageSid", sid),
            ("SmsSid", sid),
            ("MessageStatus", "delivered"),
            ("SmsStatus", "delivered"),
            ("AccountSid", webhooks.ACCOUNT_SID),
            ("To", fields["To"]),
            ("From", fields.get("From", webhooks.NUMBER)),
            ("ApiVersion", "2010-04-01"),
        ]
        url = fields["StatusCallback"]
        at = urlsplit(url)
        headers = {
            signature.HEADER: signature.sign(url, params, webhooks.TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        where = f"http://127.0.0.1:{self._gateway}{at.path}?{at.query}"
        async with self._session.post(where, data=urlencode(params), headers=headers) as answer:
            await answer.read()


async def main(port: str, gateway: str) -> None:
    """Listens until it is ended."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        app = web.Application()
        provider = Provider(int(gateway), session)
        place = f"/2010-04-01/Accounts/{webhooks.ACCOUNT_SID}/Messages.json"
        app.add_routes([web.post(place, provider.create), web.get("/taken", provider.taken)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
