"""The simulated carrier: Twilio's interface for SMS on loopback, with phones that can be played and faults to order."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import hdrs, web

from demo import carrier_calls
from demo.carrier_api import Api
from demo.carrier_calls import Line
from demo.carrier_exchange import Exchange
from demo.carrier_faults import Faults
from demo.carrier_simulate import Simulate


class Carrier(Exchange):
    """An exchange that listens. Made inside a running event loop."""

    _runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes((*Api(self).routes(), *Simulate(self).routes()))
        app.on_response_prepare.append(self._dated)
        app.on_startup.append(self._opened)
        app.on_shutdown.append(self._stopping)
        app.on_cleanup.append(self._closed)
        return app

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens, and returns the base address for the gateway's settings.

        :raises ValueError: the host is not this machine: nothing here asks who plays a phone.
        """
        if not carrier_calls.is_loopback(host):
            raise ValueError("the simulated carrier listens on loopback only")
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _dated(self, _: web.Request, response: web.StreamResponse) -> None:
        """Answers bear the time of the carrier's own clock."""
        response.headers[hdrs.DATE] = format_datetime(self.now().astimezone(UTC), usegmt=True)

    async def _opened(self, _: web.Application) -> None:
        await self.open()

    async def _stopping(self, _: web.Application) -> None:
        self.stop_stalling()

    async def _closed(self, _: web.Application) -> None:
        await self.close()


def run(arguments: Sequence[str], *, now: Callable[[], datetime]) -> None:
    """A carrier as a process of its own, until it is interrupted; prints its base address once it listens."""
    asyncio.run(_serve(_parser().parse_args(arguments), now))


async def _serve(told: argparse.Namespace, now: Callable[[], datetime]) -> None:
    named = {field.name: getattr(told, field.name) for field in fields(Faults)}
    carrier = Carrier(
        account_sid=told.account_sid,
        auth_token=told.auth_token,
        numbers=tuple(told.number),
        now=now,
        line=Line(told.webhook, told.fallback, told.public, told.reach),
        faults=Faults.of(named),
        pace=told.pace,
        patience=told.patience,
        advanced_opt_out=told.advanced_opt_out,
    )
    print(await carrier.start(port=told.port), flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await carrier.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="carrier", description="A simulated carrier of SMS on loopback.")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--number", action="append", required=True, help="a number of the account; repeatable")
    for name in ("webhook", "fallback", "public", "reach"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pace", type=float, default=0.05)
    parser.add_argument("--patience", type=float, default=15.0)
    parser.add_argument("--advanced-opt-out", action="store_true")
    for field in fields(Faults):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default)
    return parser
