"""The simulated messenger: the interface for bots on loopback, with people who can be played and faults to order."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from demo import carrier_calls
from demo.carrier_simulate import read_json
from demo.messenger_api import Api
from demo.messenger_book import Line, Talk
from demo.messenger_exchange import Exchange, shown
from demo.messenger_faults import Faults


class Messenger(Exchange):
    """An exchange that listens. Made inside a running event loop."""

    _runner: web.AppRunner | None = None

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens, and returns the base address for the gateway's settings.

        :raises ValueError: the host is not this machine: nothing here asks who plays a person.
        """
        if not carrier_calls.is_loopback(host):
            raise ValueError("the simulated messenger listens on loopback only")
        api = Api(self)
        self.take = api.take
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.add_routes((*api.routes(), *Simulate(self).routes()))
        await self.open()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.close()


class Simulate:
    """The messenger's own addresses: play a person, look at a chat, order faults."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/simulate/do", self.do),
            web.get("/simulate/chat", self.chat),
            web.get("/simulate/file/{name}", self.file),
            web.post("/simulate/faults", self.order),
        )

    async def do(self, request: web.Request) -> web.Response:
        """A person does something: {person, text | contact | press + message | blocked}; answered when the bot was
        told, with the status of that."""
        told = await read_json(request)
        person, exchange = _person(told.get("person")), self._exchange
        match told:
            case {"text": str(text)}:
                status = await exchange.write(person, text)
            case {"contact": str(phone)}:
                status = await exchange.share(person, phone)
            case {"press": str(data), "message": int(message)}:
                status = await exchange.press(person, message, data)
            case {"blocked": bool(blocked)}:
                status = await exchange.block(person, blocked=blocked)
            case _:
                raise web.HTTPBadRequest
        return web.json_response({"status": status})

    async def chat(self, request: web.Request) -> web.Response:
        """The chat of ?person=, oldest first; empty where there is none."""
        talk = self._exchange.book.talks.get(_person(request.query.get("person")))
        return web.json_response(_shown(talk))

    async def file(self, request: web.Request) -> web.Response:
        content = self._exchange.book.files.get(request.match_info["name"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/png" if content[:4] == b"\x89PNG" else "image/jpeg")

    async def order(self, request: web.Request) -> web.Response:
        """The faults named from now on, and no others."""
        try:
            self._exchange.faults = Faults.of(await read_json(request))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response(self._exchange.faults.as_json())


def _person(given: object) -> int:
    try:
        return int(str(given))
    except ValueError as error:
        raise web.HTTPBadRequest(text="person is a number") from error


def _shown(talk: Talk | None) -> dict[str, Any]:
    if talk is None:
        return {"lines": [], "keyboard": [], "blocked": False}
    return {"lines": [_line(one) for one in talk.lines], "keyboard": shown(talk.keyboard), "blocked": talk.blocked}


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id, "mine": line.mine, "text": line.text, "at": line.at.isoformat(), "buttons": shown(line.buttons),
        "picture": line.picture,
    }  # fmt: skip
