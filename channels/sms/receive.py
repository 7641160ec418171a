"""SMS in: Twilio's webhooks, checked to be Twilio's and handed on; nothing is acknowledged before it is on record."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from aiohttp import hdrs, web

from channels.sms import form, message, signature
from channels.sms.errors import UNREACHABLE
from core.inbox.model import Inbound, Unavailable
from core.outbox.model import Report

RETRY_AFTER = "5"
"""Seconds after which a provider may come again when nothing could be stored (R4)."""

_ONCE = ("From", "To", "Body", "MessageSid", "AccountSid", "MessageStatus", "ErrorCode")
_SECRET_HEADERS = frozenset({signature.HEADER.lower().encode(), b"cookie", b"authorization", b"proxy-authorization"})

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(eq=False)
class _Refused(Exception):
    status: int
    why: str


@dataclass(frozen=True, slots=True)
class _Call:
    """A webhook that is Twilio's: its fields as they came (the first of repeated ones), and what is kept of it."""

    fields: dict[str, str]
    payload: bytes


class SmsReceiver:
    """The wire of incoming SMS and of delivery reports.

    `public_url` is the address under which Twilio was told to call; Host and forwarding headers never matter (R8).
    `answer` and `reported` return when what they were given is committed, and raise Unavailable when it cannot be.
    `client` says who calls, for the log; `refused` is told why a webhook was refused.
    """

    def __init__(
        self,
        *,
        public_url: str,
        account_sid: str,
        auth_token: str,
        numbers: Collection[str],
        answer: Callable[[Inbound], Awaitable[object]],
        reported: Callable[[Report], Awaitable[None]],
        now: Callable[[], datetime],
        client: Callable[[web.Request], str] = lambda request: request.remote or "",
        refused: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._public_url = public_url.rstrip("/")
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._numbers = frozenset(numbers)
        self._answer = answer
        self._reported = reported
        self._now = now
        self._client = client
        self._refused = refused

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.post(message.PATH, self.receive), web.post(message.STATUS_PATH, self.status))

    async def receive(self, request: web.Request) -> web.Response:
        """A text: 200 with an empty body once it is on record, 503 where it could not be put there."""
        try:
            inbound = self._inbound(await self._call(request))
            await self._answer(inbound)
        except _Refused as refused:
            return self._refusal(refused, request)
        except Unavailable:
            return _come_again(request.path)
        return _done()

    async def status(self, request: web.Request) -> web.Response:
        """What became of a message of ours; the address carries our mark for it as `oid`."""
        try:
            report = self._report(await self._call(request), request.query.getall("oid", ()))
            await self._reported(report)
        except _Refused as refused:
            return self._refusal(refused, request)
        except Unavailable:
            return _come_again(request.path)
        return _done()

    async def _call(self, request: web.Request) -> _Call:
        """The call, if it is Twilio's and about a message of ours (R6, R7, R10)."""
        body = await _body(request)
        try:
            params = form.parse(body)
        except form.Malformed as malformed:
            raise _Refused(400, str(malformed)) from malformed
        given = request.headers.getall(signature.HEADER, ())
        url = self._public_url + request.raw_path
        if len(given) != 1 or not signature.verify(url, params, None, given[0], self._auth_token):
            raise _Refused(403, "signature")
        fields = dict(reversed(params))
        if len(fields) != len(params) and _repeated(params):
            raise _Refused(400, "a repeated field")
        if fields.get("AccountSid") != self._account_sid:
            raise _Refused(403, "account")
        if not message.is_sid(fields.get("MessageSid", "")):
            raise _Refused(400, "message sid")
        return _Call(fields, _kept(request, body))

    def _inbound(self, call: _Call) -> Inbound:
        fields = call.fields
        to = fields.get("To", "")
        if to not in self._numbers:
            raise _Refused(403, "number")
        return message.inbound(
            sid=fields["MessageSid"],
            sender=fields.get("From", ""),
            to=to,
            body=fields.get("Body", ""),
            payload=call.payload,
            at=self._now(),
            token=self._auth_token,
        )

    def _report(self, call: _Call, marks: Collection[str]) -> Report:
        fields = call.fields
        code = form.clean(fields.get("ErrorCode", "")) or None
        return Report(
            key=_key(marks),
            reference=fields["MessageSid"],
            state=message.state(fields.get("MessageStatus", "")),
            code=code,
            raw=call.payload,
            at=self._now(),
            unreachable=code in UNREACHABLE,
        )

    def _refusal(self, refused: _Refused, request: web.Request) -> web.Response:
        _log.warning(
            "sms.refused", status=refused.status, why=refused.why, path=request.path, client=self._client(request)
        )
        self._refused(refused.why)
        return web.Response(status=refused.status)


async def _body(request: web.Request) -> bytes:
    types = request.headers.getall(hdrs.CONTENT_TYPE, ())
    if len(types) != 1 or not form.is_form(types[0]) or hdrs.CONTENT_ENCODING in request.headers:
        raise _Refused(415, "not a form")
    if (request.content_length or 0) > form.MAX_BYTES:
        raise _Refused(413, "too large")
    body = b""
    while not request.content.at_eof():
        body += await request.content.readany()
        if len(body) > form.MAX_BYTES:
            raise _Refused(413, "too large")
    return body


def _repeated(params: tuple[tuple[str, str], ...]) -> bool:
    names = [name for name, _ in params]
    return any(names.count(name) > 1 for name in _ONCE)


def _kept(request: web.Request, body: bytes) -> bytes:
    """The request as it came, but for its secrets (R1)."""
    head = [f"{request.method} {request.raw_path}".encode("utf-8", "surrogateescape")]
    head += [name + b": " + value for name, value in request.raw_headers if name.lower() not in _SECRET_HEADERS]
    return b"\r\n".join((*head, b"", body))


def _key(marks: Collection[str]) -> UUID | None:
    """Our mark, None where there is not exactly one or it is not written as a UUID is."""
    if len(marks) != 1:
        return None
    (mark,) = marks
    try:
        key = UUID(mark)
    except ValueError:
        return None
    return key if str(key) == mark.lower() else None


def _done() -> web.Response:
    # Plain text, for of other types Twilio expects its own markup; no text, no reply.
    return web.Response(content_type="text/plain")


def _come_again(path: str) -> web.Response:
    _log.error("sms.unavailable", path=path)
    return web.Response(status=503, headers={hdrs.RETRY_AFTER: RETRY_AFTER})
