"""A provider that takes messages and tells nobody, a process of its own: it counts what it took, and how many of that
were different.

`python -m bench.taking PORT`: prints "ready" when it listens; GET /counts tells both and begins anew.
"""

import asyncio
import json
import secrets
import sys
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from bench import webhooks


class Taking:
    """Answers as Twilio does; a message is known by our mark in the address for its reports."""

    def __init__(self) -> None:
        self._marks: set[str] = set()
        self._total = 0

    async def create(self, request: web.Request) -> web.Response:
        """Takes a message."""
        fields = dict(parse_qsl((await request.read()).decode()))
        self._marks.add(urlsplit(fields["StatusCallback"]).query)
        self._total += 1
        return web.Response(status=201, text=json.dumps({"sid": f"SM{secrets.token_hex(16)}", "status": "queued"}))

    async def counts(self, _: web.Request) -> web.Response:
        """How many were taken since the last look, and how many different ones."""
        told = {"total": self._total, "different": len(self._marks)}
        self._marks, self._total = set(), 0
        return web.json_response(told)


async def main(port: str) -> None:
    """Listens until it is ended."""
    app, taking = web.Application(), Taking()
    app.add_routes(
        [
            web.post(f"/2010-04-01/Accounts/{webhooks.ACCOUNT_SID}/Messages.json", taking.create),
            web.get("/counts", taking.counts),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
