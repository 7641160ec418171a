"""Telegram in: its updates, checked to be Telegram's and handed on; nothing is acknowledged before it is on record."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from aiohttp import hdrs, web

from channels.telegram import reading
from core.chats.model import Heard
from core.inbox.model import Unavailable

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRY_AFTER = "5"
"""Seconds after which Telegram may come again when nothing could be stored (R4)."""

MAX_BYTES = 256 * 1024
"""No update of Telegram's is as large."""

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(eq=False)
class Refused(Exception):
    """The call is not taken: the HTTP status, and why."""

    status: int
    why: str


class TelegramReceiver:
    """The wire of incoming updates. `bot` is the number of the bot, for update ids are each bot's own; `heard` returns
    when what it was given is committed, and raises Unavailable when it cannot be. `client` says who calls, for the log;
    `refused` is told why an update was refused."""

    def __init__(
        self,
        *,
        bot: str,
        secret: str,
        heard: Callable[[Heard], Awaitable[None]],
        now: Callable[[], datetime],
        client: Callable[[web.Request], str],
        refused: Callable[[str], None],
    ) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._heard = heard
        self._now = now
        self._client = client
        self._refused = refused

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.post(PATH, self.receive),)

    async def receive(self, request: web.Request) -> web.Response:
        """An update: 200 once it is on record, 503 where it could not be put there. A press of a button is
        acknowledged in the answer, which Telegram takes for a call of its interface."""
        try:
            self._check(request)
            update = parsed(await _body(request))
            await self.take(update)
        except Refused as refused:
            _log.warning("telegram.refused", status=refused.status, why=refused.why, client=self._client(request))
            self._refused(refused.why)
            return web.Response(status=refused.status)
        except Unavailable:
            _log.error("telegram.unavailable")
            return web.Response(status=503, headers={hdrs.RETRY_AFTER: RETRY_AFTER})
        query = reading.query(update)
        if query is None:
            return web.Response()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": query})

    async def take(self, update: Mapping[str, Any]) -> None:
        """Hands an update on.

        :raises Refused: it has no id, or is nested too deep to be kept.
        :raises Unavailable: nothing was stored.
        """
        number = update.get("update_id")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
            raise Refused(400, "update id")
        chat, what = reading.heard(update)
        try:
            raw = json.dumps(update, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
        except RecursionError as error:
            raise Refused(400, "too deep") from error
        await self._heard(Heard(f"{self._bot}:{number}", chat, what, self._now(), raw, sha256(raw).digest()))

    def _check(self, request: web.Request) -> None:
        given = request.headers.getall(HEADER, ())
        told = given[0].encode("utf-8", "surrogateescape") if len(given) == 1 else b""
        if not self._secret or not hmac.compare_digest(told, self._secret):
            raise Refused(403, "secret")


def parsed(body: bytes) -> dict[str, Any]:
    """The object of a body.

    :raises Refused: it is none.
    """
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not JSON") from error
    if not isinstance(update, dict):
        raise Refused(400, "not an object")
    return update


async def _body(request: web.Request) -> bytes:
    types = request.headers.getall(hdrs.CONTENT_TYPE, ())
    if len(types) != 1 or request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
        raise Refused(415, "not JSON")
    if (request.content_length or 0) > MAX_BYTES:
        raise Refused(413, "too large")
    body = b""
    while not request.content.at_eof():
        body += await request.content.readany()
        if len(body) > MAX_BYTES:
            raise Refused(413, "too large")
    return body
