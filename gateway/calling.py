"""Calls the provider with one message, and knows what its answer means for the message and for all others."""

import asyncio
import time

import structlog

from channels.port import Carrier, SendFailed, SendUnclear
from core.outbox.model import Outbound, Outcome, State
from gateway.breaker import Breaker

log = structlog.get_logger()

DOUBLINGS = 7
"""So often does the pause before another try of a refused message double."""

LONGEST = 3600.0
"""Seconds of that pause at most."""


class Calls:
    """The calls of one provider, none of which should take longer than `timeout` seconds; what it refuses may be tried
    again after `retry` seconds. `breaker` is told how each ended; that it begins it is told by who has it made."""

    def __init__(self, carrier: Carrier, breaker: Breaker, *, timeout: float, retry: float) -> None:
        self._carrier = carrier
        self._breaker = breaker
        self._timeout = timeout
        self._retry = retry
        self.broke: str | None = None
        """Why no more calls are made for a while, until somebody has told it."""

    async def made(self, one: Outbound, until: float) -> Outcome:
        """One attempt. It is not made after `until`, by the loop's clock, where this process was halted for so long
        that others may be at it already (R24)."""
        try:
            if asyncio.get_running_loop().time() > until:
                log.warning("delivery.too-late", message=str(one.id))
                return Outcome(one.id, one.attempt, State.READY, again_after=0.0)
            return await self.called(one)
        finally:
            self._breaker.ended()

    async def called(self, one: Outbound) -> Outcome:
        """How one call ended."""
        began = time.monotonic()
        try:
            reference = await self._carrier.send(address=one.address, body=one.body, key=str(one.id), extras=one.extras)
        except SendFailed as refused:
            return self._refused(one, refused)
        except SendUnclear as unclear:
            return self.unclear(one, unclear, halted=time.monotonic() - began > 2 * self._timeout)
        except Exception as error:  # a carrier's own mistake after the call may have left: nothing is known
            log.error("delivery.carrier-error", message=str(one.id), error=type(error).__name__, exc_info=error)
            return Outcome(one.id, one.attempt, State.UNKNOWN)
        self._worked()
        return Outcome(one.id, one.attempt, State.SENT, reference)

    def unclear(self, one: Outbound, unclear: SendUnclear, *, halted: bool) -> Outcome:
        """What is unclear because this process was `halted` during the call says nothing of the provider."""
        log.warning("delivery.unclear", message=str(one.id), detail=unclear.detail)
        if unclear.refused:
            self._breaker.throttled(retry_after=unclear.retry_after)
        elif not halted:
            self._failed(unclear.detail, unclear.retry_after)
        return Outcome(one.id, one.attempt, State.UNKNOWN, code=unclear.refused, again_after=unclear.retry_after or 0.0)

    def _refused(self, one: Outbound, refused: SendFailed) -> Outcome:
        log.warning("delivery.refused", message=str(one.id), code=refused.code, again=refused.again)
        if not refused.again:
            self._worked()  # it knows this message for one that cannot be sent
            return Outcome(one.id, one.attempt, State.FAILED, code=refused.code, unreachable=refused.unreachable)
        self._failed(refused.code, refused.retry_after)
        wait = min(self._retry * 2 ** min(one.attempt - 1, DOUBLINGS), LONGEST)
        wait = max(wait, refused.retry_after or 0.0) if one.attempt > 1 else refused.retry_after or wait
        return Outcome(one.id, one.attempt, State.READY, code=refused.code, again_after=wait)

    def _worked(self) -> None:
        if self._breaker.worked():
            log.warning("delivery.break-over")

    def _failed(self, why: str, retry_after: float | None) -> None:
        if self._breaker.failed(retry_after=retry_after):
            log.error("delivery.break", detail=why)
            self.broke = why
