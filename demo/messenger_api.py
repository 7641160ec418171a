"""The simulated messenger's interface for bots: the methods that the gateway calls, answered as the real one does."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from demo.messenger_exchange import Exchange

LONGEST_TEXT, LONGEST_DATA = 4096, 64
MOST_WAIT = 30.0

_LOOK = 0.02

Fields = Mapping[str, Any]


@dataclass(eq=False)
class Refused(Exception):
    """What the interface answers in place of a result."""

    code: int
    description: str
    retry_after: int | None = None


class Api:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._methods: Mapping[str, Callable[[Fields], Awaitable[object]]] = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "answercallbackquery": self._answer_callback_query,
            "setmycommands": self._set_my_commands,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getupdates": self._get_updates,
            "getfile": self._get_file,
        }

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/bot{token}/{method}", self.call),
            web.get("/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.file),
        )

    async def call(self, request: web.Request) -> web.Response:
        """One method."""
        try:
            if request.match_info["token"] != self._exchange.token:
                raise Refused(401, "Unauthorized")
            method = self._methods.get(request.match_info["method"].lower())
            if method is None:
                raise Refused(404, "Not Found")
            result = await method(await _fields(request))
        except Refused as refused:
            told: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
            if refused.retry_after is not None:
                told["parameters"] = {"retry_after": refused.retry_after}
            return web.json_response(told, status=refused.code)
        if result is DROPPED:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return web.json_response({"ok": True, "result": result})

    async def file(self, request: web.Request) -> web.Response:
        content = self._exchange.book.files.get(request.match_info["path"])
        if request.match_info["token"] != self._exchange.token or content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="application/octet-stream")

    async def take(self, called: Mapping[str, Any]) -> None:
        """A call that came in the answer to an update; what is wrong with it is told to nobody."""
        method = self._methods.get(str(called.get("method", "")).lower())
        if method is not None:
            try:
                await method(called)
            except Refused:
                return

    async def _get_me(self, _: Fields) -> object:
        return self._exchange.me

    async def _send_message(self, fields: Fields) -> object:
        text = fields.get("text")
        if not isinstance(text, str) or not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise Refused(400, "Bad Request: message is too long")
        return await self._sent(fields, text, None)

    async def _send_photo(self, fields: Fields) -> object:
        photo = fields.get("photo")
        named = photo.removeprefix("attach://") if isinstance(photo, str) else ""
        content = fields.get(named) if isinstance(photo, str) else photo
        if not isinstance(content, bytes) or not content:
            raise Refused(400, "Bad Request: there is no photo in the request")
        return await self._sent(fields, str(fields.get("caption") or ""), self._exchange.book.keep(content))

    async def _sent(self, fields: Fields, text: str, picture: str | None) -> object:
        if fields.get("parse_mode"):
            raise Refused(400, "Bad Request: this messenger shows texts as they are")
        talk = self._exchange.book.talks.get(_number(fields.get("chat_id")))
        if talk is None:
            raise Refused(400, "Bad Request: chat not found")
        if talk.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        markup = _markup(fields.get("reply_markup"))
        fault = self._exchange.dice.first("before_")
        wait = self._exchange.dice.faults.retry_after if fault == "before_429" else self._exchange.wait(talk.person)
        if wait or fault == "before_429":
            raise Refused(429, f"Too Many Requests: retry after {wait}", wait)
        if fault:
            raise Refused(int(fault[-3:]), "Internal Server Error")
        line = self._exchange.tell(talk, text, markup, picture)
        match self._exchange.dice.first("after_"):
            case "after_500":
                raise Refused(500, "Internal Server Error")
            case "after_drop":
                return DROPPED
        told = {"message_id": line.id, "date": int(line.at.timestamp()), "chat": talk.chat, "from": self._exchange.me}
        if picture is None:
            return told | {"text": text}
        size = {"file_id": picture, "file_unique_id": picture, "width": 640, "height": 320}
        return told | {"photo": [size], "caption": text}

    async def _answer_callback_query(self, fields: Fields) -> object:
        if not self._exchange.acknowledged(str(fields.get("callback_query_id", ""))):
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        return True

    async def _set_my_commands(self, fields: Fields) -> object:
        commands = _json(fields.get("commands"))
        if not isinstance(commands, list):
            raise Refused(400, "Bad Request: commands are needed")
        self._exchange.book.commands[str(fields.get("language_code") or "")] = commands
        return True

    async def _set_webhook(self, fields: Fields) -> object:
        self._exchange.connect(str(fields.get("url") or ""), str(fields.get("secret_token") or ""))
        return True

    async def _delete_webhook(self, _: Fields) -> object:
        self._exchange.connect("", "")
        return True

    async def _get_updates(self, fields: Fields) -> object:
        if self._exchange.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        wait = min(float(_number(fields.get("timeout")) or 0), MOST_WAIT)
        offset, clock = _number(fields.get("offset")), asyncio.get_running_loop().time
        until = clock() + wait
        while True:
            found = self._exchange.book.since(offset)
            if found or clock() >= until:
                break
            await asyncio.sleep(_LOOK)
        return list(found)

    async def _get_file(self, fields: Fields) -> object:
        name = str(fields.get("file_id", ""))
        content = self._exchange.book.files.get(name)
        if content is None:
            raise Refused(400, "Bad Request: invalid file_id")
        return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}


DROPPED = object()
"""In place of a result: the connection is cut."""


async def _fields(request: web.Request) -> Fields:
    if request.content_type == "application/json":
        told = _json(await request.text())
        return told if isinstance(told, dict) else {}
    fields: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        fields[name] = value.file.read() if isinstance(value, web.FileField) else value
    return fields


def _markup(given: object) -> Mapping[str, Any]:
    told = _json(given)
    if not isinstance(told, dict):
        return {}
    for row in told.get("inline_keyboard", ()):
        for button in row:
            data = button.get("callback_data")
            if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return told


def _json(given: object) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return None


def _number(given: object) -> int:
    try:
        return int(str(given))
    except ValueError:
        return 0
