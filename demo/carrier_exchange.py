"""The simulated carrier's exchange: takes messages either way, remembers who opted out, and has them carried."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from demo import carrier_book, carrier_calls, carrier_rules
from demo.carrier_calls import Line
from demo.carrier_faults import Dice, Faults

_AUTOMATIC = {
    "STOP": "You will get no more messages from this number. Reply START to get them again.",
    "START": "You will get messages from this number again. Reply STOP to get none.",
    "HELP": "Reply STOP to get no more messages from this number.",
}


@dataclass(frozen=True, slots=True)
class Texted:
    """A phone's text at the carrier: its name there, and the status with which the gateway took it (None: it did not,
    or was not told yet)."""

    sid: str
    webhook: int | None


class Exchange:
    """One account with its numbers. `now` is its clock; `pace` is the seconds between the statuses of a message,
    `patience` what a webhook may take before the fallback is called, `price_micro` millionths of a dollar a segment.

    Opt-out words block a phone until it opts in again; with `advanced_opt_out` only STOP does, the carrier answers
    nothing itself, and the webhook says so in OptOutType.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: tuple[str, ...],
        now: Callable[[], datetime],
        line: Line | None = None,
        faults: Faults | None = None,
        pace: float = 0.05,
        patience: float = 15.0,
        price_micro: int = 7_900,
        advanced_opt_out: bool = False,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.numbers = numbers
        self.line = line or Line()
        self.book = carrier_book.Book(account_sid)
        self.dice = Dice(faults or Faults())
        self.stopped: set[tuple[str, str]] = set()
        self.advanced_opt_out = advanced_opt_out
        self.now = now
        self._pace = pace
        self._patience = patience
        self._price_micro = price_micro
        self._closing = asyncio.Event()
        self._running: carrier_calls.Calls | None = None

    @property
    def faults(self) -> Faults:
        return self.dice.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.dice = Dice(faults)

    @property
    def struck(self) -> Mapping[str, int]:
        """How often each fault happened since the faults were set."""
        return self.dice.struck

    async def open(self) -> None:
        self._running = carrier_calls.Calls(
            account_sid=self.account_sid,
            auth_token=self.auth_token,
            book=self.book,
            now=self.now,
            pace=self._pace,
            patience=self._patience,
            price_micro=self._price_micro,
        )

    async def close(self) -> None:
        await self._calls.close()

    async def settled(self) -> None:
        """Returns when every report was made, or given up."""
        await self._calls.settled()

    async def text(self, *, sender: str, to: str, body: str, media: int = 0) -> Texted:
        """A phone writes to one of our numbers; returns when the gateway was told, or was not."""
        message = self.book.add(
            direction="inbound",
            sender=sender,
            to=to,
            body=body,
            at=self.now(),
            media=media,
            price_micro=self._price_micro,
        )
        word = carrier_rules.keyword(body, advanced=self.advanced_opt_out)
        if word is not None:
            self._heard(word, sender=sender, to=to)
        told = word if self.advanced_opt_out else None
        status = await self._calls.text(message, self.line, self.dice, opt_out=told)
        return Texted(message.sid, status)

    def send(
        self, *, sender: str, to: str, body: str, callback: str | None, direction: str = "outbound-api"
    ) -> carrier_book.Message:
        """Takes a message to a phone, to be carried and reported from now on."""
        message = self.book.add(direction=direction, sender=sender, to=to, body=body, at=self.now(), callback=callback)
        self._calls.reports(message, self.line, self.dice)
        return message

    async def stall(self) -> None:
        """Returns after the time of a stalled request, or when the carrier stops."""
        try:
            async with asyncio.timeout(self.faults.stall_seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def stop_stalling(self) -> None:
        self._closing.set()

    def _heard(self, word: str, *, sender: str, to: str) -> None:
        was_stopped = (to, sender) in self.stopped
        if word == "STOP":
            self.stopped.add((to, sender))
        elif word == "START":
            self.stopped.discard((to, sender))
        if not self.advanced_opt_out and (word != "START" or was_stopped):
            self.send(sender=to, to=sender, body=_AUTOMATIC[word], callback=None, direction="outbound-reply")

    @property
    def _calls(self) -> carrier_calls.Calls:
        if self._running is None:
            raise RuntimeError("the carrier was not started")
        return self._running
