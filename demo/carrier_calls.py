"""The simulated carrier's calls of the gateway: texts of phones and reports, signed, repeated, late or lost."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import aiohttp

from channels.sms import signature
from demo.carrier_book import API_VERSION, Book, Message
from demo.carrier_faults import Dice

Params = tuple[tuple[str, str], ...]

_TRIES = 4
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Line:
    """Where the gateway is called. `webhook` and `fallback` are the addresses as configured at the carrier, and are
    what is signed; where the gateway stands behind an address of its own, what begins with `public` is called at
    `reach` instead."""

    webhook: str = ""
    fallback: str = ""
    public: str = ""
    reach: str = ""

    def target(self, url: str) -> str | None:
        """Where a call of this address goes; None where that is not on this machine."""
        if self.public and self.reach and url.startswith(self.public):
            url = self.reach.rstrip("/") + url.removeprefix(self.public.rstrip("/"))
        return url if is_loopback(urlsplit(url).hostname or "") else None


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Calls:
    """Makes the calls. `pace` is the time in seconds between two statuses of a message and before a repeated try."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        book: Book,
        now: Callable[[], datetime],
        pace: float,
        patience: float,
        price_micro: int,
    ) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._book = book
        self._now = now
        self._pace = pace
        self._price_micro = price_micro
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=patience),
            headers={"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"},
        )
        self._tasks: set[asyncio.Task[object]] = set()
        self._held_back: list[tuple[Message, Line, Params]] = []

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def settled(self) -> None:
        """Returns when nothing is left to be told."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def soon(self, work: Coroutine[object, object, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def text(self, message: Message, line: Line, dice: Dice, *, opt_out: str | None) -> int | None:
        """Tells the gateway of a phone's text: the status that it answered, None where it was not told (yet)."""
        params, about = self._text_params(message, opt_out), f"{message.sender} {message.body}"
        if dice.strikes("text_lost", about):
            return None
        if dice.strikes("texts_reordered", about):
            self._held_back.append((message, line, params))
            self.soon(self._later(dice.faults.delay_seconds, self._brought()))
            return None
        if dice.strikes("text_delayed", about):
            self.soon(self._later(dice.delay(), self._told(message, line, params)))
            return None
        status = await self._told(message, line, params)
        await self._brought()
        if dice.strikes("text_doubled", about):
            await self._told(message, line, params)
        if dice.strikes("text_replayed", about):
            self.soon(self._later(dice.delay(), self._told(message, line, params)))
        return status

    async def _brought(self) -> None:
        """Tells of what was held back until another text has overtaken it, or for long enough."""
        held, self._held_back = self._held_back, []
        for message, line, params in held:
            await self._told(message, line, params)

    def reports(self, message: Message, line: Line, dice: Dice) -> None:
        """Brings the message to the phone and tells the gateway of each step."""
        self.soon(self._carried(message, line, dice))

    async def _told(self, message: Message, line: Line, params: Params) -> int | None:
        """One delivery of a text: the webhook, and the fallback where it fails; then Twilio gives up."""
        token = str(uuid4())
        status = await self._post(line.webhook, line, params, token)
        if status is None or status >= 400:
            failed = (("ErrorCode", "11200"), ("ErrorUrl", line.webhook))
            again = await self._post(line.fallback, line, params + failed, token) if line.fallback else None
            status = again or status
        self._book.taken(message.sid, status)
        return status

    async def _carried(self, message: Message, line: Line, dice: Dice) -> None:
        steps: tuple[str, ...] = ("queued", "sent", "delivered")
        error, about = None, f"{message.to} {message.body}"
        if dice.strikes("undelivered", about):
            steps, error = ("queued", "sent", "undelivered"), 30003
        elif dice.strikes("failed", about):
            steps, error = ("queued", "failed"), 30007
        shuffle = dice.strikes("receipts_reordered", about)
        for step in steps:
            if step != "queued":
                await asyncio.sleep(self._pace)
                last = error if step == steps[-1] else None
                message = self._book.moved(message.sid, step, at=self._now(), price_micro=self._price_micro, error=last)
            if not shuffle:
                await self._reported(message, step, line, dice)
        for step in dice.shuffled(steps) if shuffle else ():
            await self._reported(message, step, line, dice)

    async def _reported(self, message: Message, step: str, line: Line, dice: Dice) -> None:
        about = f"{message.to} {message.body} {step}"
        if message.callback is None or dice.strikes("receipt_lost", about):
            return
        params = self._report_params(message, step)
        if dice.strikes("receipt_delayed", about):
            self.soon(self._later(dice.delay(), self._insisted(message.callback, line, params)))
            return
        await self._insisted(message.callback, line, params)
        if dice.strikes("receipt_doubled", about):
            await self._insisted(message.callback, line, params)
        if dice.strikes("receipt_replayed", about):
            self.soon(self._later(dice.delay(), self._insisted(message.callback, line, params)))

    async def _insisted(self, url: str, line: Line, params: Params) -> None:
        token = str(uuid4())
        for attempt in range(_TRIES):
            status = await self._post(url, line, params, token)
            if status is not None and status < 500:
                return
            await asyncio.sleep(self._pace * 2**attempt)

    async def _later(self, seconds: float, work: Coroutine[object, object, object]) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            work.close()
            raise
        await work

    async def _post(self, url: str, line: Line, params: Params, token: str) -> int | None:
        """The status that the gateway answered; None where it could not be reached or took too long."""
        target = line.target(url)
        if target is None:
            return None
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "I-Twilio-Idempotency-Token": token,
            signature.HEADER: signature.sign(url, params, self._auth_token),
        }
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with (
                self._slots,
                self._session.post(
                    target, data=urlencode(params).encode(), headers=headers, allow_redirects=False
                ) as answer,
            ):
                await answer.read()
                return answer.status
        return None

    def _text_params(self, message: Message, opt_out: str | None) -> Params:
        where: Sequence[str] = ("Country", "State", "City", "Zip")
        return (
            *((f"To{part}", "") for part in where),
            ("SmsMessageSid", message.sid),
            ("NumMedia", str(message.media)),
            ("SmsSid", message.sid),
            ("SmsStatus", "received"),
            *((f"From{part}", "") for part in where),
            ("Body", message.body),
            ("To", message.to),
            *((("OptOutType", opt_out),) if opt_out else ()),
            ("NumSegments", str(message.segments)),
            ("MessageSid", message.sid),
            ("AccountSid", self._account_sid),
            ("From", message.sender),
            ("ApiVersion", API_VERSION),
        )

    def _report_params(self, message: Message, step: str) -> Params:
        failed = message.error is not None and step in ("undelivered", "failed")
        return (
            *((("ErrorCode", str(message.error)),) if failed else ()),
            ("ApiVersion", API_VERSION),
            ("MessageStatus", step),
            *((("RawDlrDoneDate", message.updated.strftime("%y%m%d%H%M")),) if step == "delivered" else ()),
            ("SmsSid", message.sid),
            ("SmsStatus", step),
            ("To", message.to),
            ("From", message.sender),
            ("MessageSid", message.sid),
            ("AccountSid", self._account_sid),
        )
