"""The part of Twilio's interface that SMS needs: create, list and fetch messages."""

import hmac
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlencode

from aiohttp import web

from demo import carrier_rules
from demo.carrier_book import API_VERSION, Book, Message
from demo.carrier_exchange import Exchange

_ROOT = f"/{API_VERSION}/Accounts/{{account}}"
_LARGEST_PAGE = 1000


class Api:
    """Answers as Twilio does, unless the exchange's dice want a fault."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post(f"{_ROOT}/Messages.json", self.create),
            web.get(f"{_ROOT}/Messages.json", self.list),
            web.get(f"{_ROOT}/Messages/{{sid}}.json", self.fetch),
            web.get(f"{_ROOT}/IncomingPhoneNumbers.json", self.numbers),
        )

    async def create(self, request: web.Request) -> web.StreamResponse:
        exchange = self._exchange
        if (refused := self._unauthorised(request)) is not None:
            return refused
        form = {name: str(value) for name, value in (await request.post()).items()}
        about = f"{form.get('To')} {form.get('Body')}"
        if (fault := exchange.dice.first("before_", about)) is not None:
            return await self._fault(request, fault, {})
        error = carrier_rules.refusal(form, numbers=exchange.numbers, stopped=exchange.stopped)
        if error is not None:
            return _error(error.status, error.code, error.message)
        callback = form.get("StatusCallback") or None
        sent = exchange.send(sender=form["From"], to=form["To"], body=form["Body"], callback=callback)
        shown = exchange.book.as_json(sent)
        if (fault := exchange.dice.first("after_", about)) is not None:
            return await self._fault(request, fault, shown)
        return web.json_response(shown, status=201)

    async def list(self, request: web.Request) -> web.StreamResponse:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        if (fault := self._exchange.dice.first("list_")) is not None:
            return await self._fault(request, fault, {})
        try:
            shown = _page(self._exchange.book, request.query, f"{request.path}")
        except ValueError:
            return _error(400, 20001, "A parameter of the list is invalid")
        return web.json_response(shown)

    async def fetch(self, request: web.Request) -> web.Response:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        message = self._exchange.book.get(request.match_info["sid"])
        if message is None:
            return _error(404, 20404, "There is no such message")
        return web.json_response(self._exchange.book.as_json(message))

    async def numbers(self, request: web.Request) -> web.Response:
        """The account's numbers, and where each sends what comes in."""
        if (refused := self._unauthorised(request)) is not None:
            return refused
        exchange = self._exchange
        line = exchange.line.webhook if exchange.line else ""
        rows = [{"phone_number": number, "sms_url": line, "sms_method": "POST"} for number in exchange.numbers]
        return web.json_response({"incoming_phone_numbers": rows, "page": 0, "page_size": 1000})

    async def _fault(self, request: web.Request, fault: str, shown: Mapping[str, object]) -> web.StreamResponse:
        retry = {"Retry-After": str(self._exchange.faults.retry_after)}
        match fault.partition("_")[2]:
            case "429":
                return _error(429, 20429, "Too many requests", retry)
            case "500":
                return _error(500, 20500, "An internal error has happened")
            case "502":
                return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
            case "503":
                return _error(503, 20503, "The service is overloaded", retry)
            case "garbled":
                return web.Response(status=201, text=json.dumps(shown)[:60], content_type="application/json")
            case "stall":
                await self._exchange.stall()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _unauthorised(self, request: web.Request) -> web.Response | None:
        exchange = self._exchange
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            told = b64decode(given, validate=True) if kind == "Basic" else b""
        except ValueError:
            told = b""
        if not hmac.compare_digest(told, f"{exchange.account_sid}:{exchange.auth_token}".encode()):
            return _error(401, 20003, "Authenticate")
        if request.match_info["account"] != exchange.account_sid:
            return _error(404, 20404, "There is no such account")
        return None


class _Wanted:
    """The filter of a list: by either number, and by the date of sending, a day or a time of it in UTC. A message that
    was not sent yet has no such date."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.to = query.get("To")
        self.sender = query.get("From")
        self._on, self._from, self._until = (_moment(query.get(f"DateSent{mark}")) for mark in ("", ">", "<"))

    def takes(self, message: Message) -> bool:
        if self.to not in (None, message.to) or self.sender not in (None, message.sender):
            return False
        if self._on is self._from is self._until is None:
            return True
        if message.sent is None:
            return False
        return (
            (self._from is None or message.sent >= self._from)
            and (self._until is None or message.sent <= self._until)
            and (self._on is None or message.sent.date() == self._on.date())
        )


def _page(book: Book, query: Mapping[str, str], path: str) -> dict[str, object]:
    """One page of the list, newest first, with the address of the next.

    :raises ValueError: a parameter is no number or no time.
    """
    asked = {name: value for name, value in query.items() if value}
    size = min(max(int(asked.get("PageSize", "50")), 1), _LARGEST_PAGE)
    page = int(asked.get("Page", "0"))
    wanted = _Wanted(asked)
    after = book.get(asked.get("PageToken", "").removeprefix("PA"))
    listed = book.newest_first(party=wanted.to or wanted.sender, before=after.number if after else None)
    found = list(islice((message for message in listed if wanted.takes(message)), size + 1))
    shown = found[:size]
    following = None
    if len(found) > size:
        following = {**asked, "PageSize": str(size), "Page": str(page + 1), "PageToken": f"PA{shown[-1].sid}"}
    return {
        "first_page_uri": f"{path}?{urlencode({**asked, 'PageSize': str(size), 'Page': '0'})}",
        "next_page_uri": f"{path}?{urlencode(following)}" if following else None,
        "previous_page_uri": None,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "uri": f"{path}?{urlencode(asked)}",
        "messages": [book.as_json(message) for message in shown],
    }


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _error(status: int, code: int, words: str, headers: Mapping[str, str] | None = None) -> web.Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": words, "more_info": more, "status": status}
    return web.json_response(told, status=status, headers=headers)
