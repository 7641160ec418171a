"""The simulated carrier's own addresses: play a phone, look at what was said, order faults."""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from demo import carrier_book
from demo.carrier_calls import Line
from demo.carrier_exchange import Exchange
from demo.carrier_faults import Faults

_LARGEST_PAGE = 1000


class Simulate:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/simulate/inbound", self.inbound),
            web.get("/simulate/conversation", self.conversation),
            web.get("/simulate/messages", self.messages),
            web.get("/simulate/faults", self.faults),
            web.post("/simulate/faults", self.order_faults),
            web.post("/simulate/line", self.connect),
        )

    async def inbound(self, request: web.Request) -> web.Response:
        """A phone writes: {from, to, body, media?}; answered when the gateway was told."""
        told = await read_json(request)
        media = told.get("media", 0)
        texts = tuple(told.get(name) for name in ("from", "to", "body"))
        if not isinstance(media, int) or not all(isinstance(text, str) for text in texts):
            raise web.HTTPBadRequest(text="from, to and body are needed")
        sender, to, body = (str(text) for text in texts)
        texted = await self._exchange.text(sender=sender, to=to, body=body, media=media)
        return web.json_response({"sid": texted.sid, "webhook": texted.webhook})

    async def conversation(self, request: web.Request) -> web.Response:
        """All that was said with ?phone=, oldest first."""
        said = self._exchange.book.conversation(request.query.get("phone", ""))
        return web.json_response({"messages": [_shown(message) for message in said]})

    async def messages(self, request: web.Request) -> web.Response:
        """All messages in the order of acceptance, a thousand at a time from ?from=."""
        start = request.query.get("from", "0")
        if not start.isascii() or not start.isdigit():
            raise web.HTTPBadRequest
        book = self._exchange.book
        messages = book.from_number(int(start), limit=_LARGEST_PAGE)
        return web.json_response({"count": len(book), "messages": [_shown(message) for message in messages]})

    async def faults(self, _: web.Request) -> web.Response:
        exchange = self._exchange
        return web.json_response({"faults": exchange.faults.as_json(), "struck": dict(exchange.struck)})

    async def order_faults(self, request: web.Request) -> web.Response:
        """The faults named from now on, and no others."""
        told = await read_json(request)
        try:
            self._exchange.faults = Faults.of(told)
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response(self._exchange.faults.as_json())

    async def connect(self, request: web.Request) -> web.Response:
        """Where the gateway is called from now on: {webhook, fallback, public, reach}, those named."""
        told = await read_json(request)
        names = ("webhook", "fallback", "public", "reach")
        line = {name: str(told.get(name, getattr(self._exchange.line, name))) for name in names}
        self._exchange.line = Line(**line)
        return web.json_response(line)


def _shown(message: carrier_book.Message) -> dict[str, object]:
    return {
        "number": message.number,
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "at": message.created.isoformat(),
        "status": message.status,
        "error": message.error,
        "segments": message.segments,
        "price": carrier_book.price(message),
        "webhook": message.webhook,
    }


async def read_json(request: web.Request) -> dict[str, Any]:
    """The object in the body. A browser sends this type to another site only after asking, and is refused."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        told = json.loads(await request.read())
    except ValueError as error:
        raise web.HTTPBadRequest from error
    if not isinstance(told, dict):
        raise web.HTTPBadRequest
    return told
