"""SMS out through Twilio, and what is read back from its list of messages."""

# mypy: disable-error-code="import-untyped", disallow-subclassing-any=False

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.port import Found, ListUnavailable, Page, SendFailed, SendUnclear
from channels.sms import errors, message
from core.inbox.model import Inbound
from core.outbox.model import State

API = "https://api.twilio.com"

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

_TRIAL = "Sent from your Twilio trial account - "
_CLOCKS_DIFFER = timedelta(seconds=60)
"""How far Twilio's clock, which tells whole seconds, may be behind ours."""
_OUT_OF_ORDER = timedelta(hours=1)
"""The list is newest first; a message this much too old ends the search."""
_PAGE = 50
_POLL_PAGE = 1000
"""The most that Twilio lists at once."""

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_NO_ANSWER = (TimeoutError, aiohttp.ClientError, OSError)
_NO_SENSE = (ValueError, TypeError, AttributeError, KeyError, TwilioException)
"""What the library raises on an answer that is not what it expects."""


@dataclass(eq=False)
class _Refused(Exception):
    status: int
    headers: Mapping[str, str]
    text: str

    def __str__(self) -> str:
        return f"HTTP {self.status}"


class _Wire(AsyncTwilioHttpClient):
    """The library's HTTP client with what it lacks: another address, a limit on the time of a whole call, one response
    for each call, no retries, and silence about what it sends (its own log would tell phone numbers)."""

    def __init__(self, base: str, *, seconds: float) -> None:
        super().__init__(pool_connections=False, logger=logging.getLogger(__name__))
        self._base = base.rstrip("/")
        self._seconds = seconds
        self.told_at: datetime | None = None
        """The other side's time of the last that was read from it."""
        # Connecting has less time than the whole, so that a request which never left is known for one.
        self.session = aiohttp.ClientSession(
            # How many calls there are at a time is decided by who makes them: none waits for another's connection.
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=seconds * 0.8),
        )

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: object,
    ) -> Response:
        named = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
        # Encoded here: what aiohttp makes of a mapping takes several times as long.
        form = urlencode(data, doseq=True).encode() if data else None
        answer, body = await self.called(
            method, self._base + url.removeprefix(API), {**(headers or {}), **named}, params=params, form=form
        )
        if method == "GET":  # the list alone is read by their clock
            self.told_at = _date(answer.headers) or self.told_at
        return Response(answer.status, body.decode(errors="replace"), answer.headers)

    async def called(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, Any] | None = None,
        form: bytes | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """An answer, and all that it says.

        :raises _Refused: it was another than 2xx.
        """
        async with (
            asyncio.timeout(self._seconds),
            self.session.request(
                method, url, params=params, data=form, headers=headers, allow_redirects=False
            ) as answer,
        ):
            body = await answer.read()
        if not 200 <= answer.status < 300:
            raise _Refused(answer.status, answer.headers, body.decode(errors="replace"))
        return answer, body


_UNREADABLE = (*_NO_ANSWER, *_NO_SENSE, _Refused)


class TwilioCarrier:
    """Carries SMS through one Twilio account. Made inside a running event loop; its connections are kept open.

    `numbers` are the account's own, the first of them sends. Reports come to `public_url`. No call takes longer than
    `send_timeout` seconds in all.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: Sequence[str],
        public_url: str,
        api_base: str = API,
        send_timeout: float = 10.0,
    ) -> None:
        self._numbers = tuple(numbers)
        self._auth_token = auth_token
        self._reports = public_url.rstrip("/") + message.STATUS_PATH
        self._wire = _Wire(api_base, seconds=send_timeout)
        # A filled environment keeps the library from reading another host's region from the process's own.
        client = Client(account_sid, auth_token, http_client=self._wire, environment={"TWILIO_REGION": ""})
        self._messages: Any = client.messages
        self._place = f"{api_base.rstrip('/')}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._form = urlencode({"From": self._numbers[0], "StatusCallback": f"{self._reports}?oid="})
        self._headers = {
            "Authorization": aiohttp.encode_basic_auth(account_sid, auth_token),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        """Hands over one SMS, once; `key` comes back with every report. An SMS has nothing beside its words.

        :raises SendFailed: it was refused, or never left.
        :raises SendUnclear: it left, and whether Twilio has it is unknown.
        """
        try:
            form = f"{self._form}{_quoted(key)}&To={_quoted(address)}&Body={_quoted(body)}".encode()
            # Not through the library, which makes an object of each answer (docs/decisions/0036-a-call-by-hand.md).
            _, said = await self._wire.called("POST", self._place, self._headers, form=form)
            told = json.loads(said)
        except _Refused as refused:
            raise errors.refusal(refused.status, refused.headers, refused.text) from None
        except _NEVER_LEFT as error:
            raise SendFailed("connect", type(error).__name__, again=True) from error
        except (*_NO_ANSWER, *_NO_SENSE) as error:
            raise SendUnclear(type(error).__name__) from error
        sid = told.get("sid") if isinstance(told, dict) else None
        if not isinstance(sid, str) or not message.is_sid(sid):
            raise SendUnclear("no reference")
        return sid

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> tuple[Found, ...]:
        """The messages of these words to this address since then, oldest first; the list does not tell our `key`.

        It is asked by address alone: a message still in Twilio's queue has no date of sending to ask for.

        :raises ListUnavailable: the list could not be read.
        """
        found = []
        async with aclosing(self._listed(page_size=_PAGE, to=address)) as listed:
            async for item in listed:
                created = item.date_created or since
                if created < since - _OUT_OF_ORDER:
                    break
                if created >= since - _CLOCKS_DIFFER and item.direction != "inbound" and _same(item.body, body):
                    found.append(Found(item.sid, message.state(item.status) or State.SENT, created))
        return tuple(reversed(found))

    async def received(
        self, *, since: datetime, until: datetime | None = None, at: datetime
    ) -> AsyncGenerator[Page, None]:
        """What people wrote to our numbers since then, one number after the other, each newest first. A text is as old
        as Twilio's clock says, counted from `at`, which is now by ours (R5).

        :raises ListUnavailable: the list could not be read.
        """
        asked: dict[str, object] = {"date_sent_after": since.astimezone(UTC), "page_size": _POLL_PAGE}
        if until is not None:
            asked["date_sent_before"] = until.astimezone(UTC)
        for number in self._numbers:
            try:
                page = await self._messages.page_async(to=number, **asked)
                while page is not None:
                    yield Page(tuple(self._inbounds(page, at)), self._wire.told_at)
                    page = await page.next_page_async()
            except _UNREADABLE as error:
                raise _unavailable(error) from error

    async def close(self) -> None:
        await self._wire.close()

    async def _listed(self, **query: object) -> AsyncGenerator[Any, None]:
        try:
            async for item in await self._messages.stream_async(**query):
                yield item
        except _UNREADABLE as error:
            raise _unavailable(error) from error

    def _inbounds(self, page: Any, at: datetime) -> Iterator[Inbound]:
        """The texts of a page; one that makes no sense is left out, for it would come again for ever."""
        for item in page:
            if item.direction != "inbound":
                continue
            if isinstance(item.sid, str) and message.is_sid(item.sid) and isinstance(item.date_created, datetime):
                yield self._inbound(item, at)
            else:
                _log.error("sms.listed-without-sense")

    def _inbound(self, item: Any, at: datetime) -> Inbound:
        kept = {name: getattr(item, name) for name in ("sid", "to", "body", "status", "num_media", "num_segments")}
        kept |= {"from": item.from_, "date_created": str(item.date_created), "date_sent": str(item.date_sent)}
        return message.inbound(
            sid=item.sid,
            sender=item.from_ or "",
            to=item.to or "",
            body=item.body or "",
            payload=json.dumps({"listed": kept}, ensure_ascii=False).encode("utf-8", "surrogatepass"),
            at=at - max((self._wire.told_at or at) - item.date_created, timedelta(0)),
            token=self._auth_token,
        )


def _quoted(text: str) -> str:
    """Every byte as a form may have it: most of ours are not Latin, and to sort them takes longer than to send more.
    What is letters, digits and hyphens alone needs none of it."""
    if text.isascii() and text.replace("-", "").isalnum():
        return text
    return "%" + text.encode().hex("%").upper() if text else ""


def _unavailable(error: Exception) -> ListUnavailable:
    return ListUnavailable(str(error) if isinstance(error, _Refused) else type(error).__name__)


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        told = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _same(theirs: str | None, ours: str) -> bool:
    """Whether the list's text is ours; a trial account puts words of its own before it."""
    return (theirs or "").removeprefix(_TRIAL).strip() == ours.strip()
