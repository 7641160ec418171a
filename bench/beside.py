"""Contenders that do more than answer: a round trip through a provider, and answers while a month is billed."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench import contenders, month, sql, town, webhooks
from bench.contenders import Ground, Measured, Mismatch, Webhooks
from core.basics.periods import Month

MIXED = "while a month is billed"

PATIENCE = 120.0
"""Seconds after the last answer in which every answer must be delivered."""

_LOOK = 0.02
_TREE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Roundtrip:
    """Readings answered, sent through a provider, and reported delivered: the rate until the last report is stored."""

    webhooks: Webhooks
    name: str = "roundtrip"

    async def round(self, ground: Ground) -> Measured:
        """:raises Mismatch: not every answer was delivered."""
        await ground.conn.execute(sql.GIVEN_UP)
        before = await ground.conn.fetchval(sql.DELIVERED)
        measured = await self.webhooks.round(ground)
        count = self.webhooks.count(ground)
        answered = count / measured.rate
        since = time.monotonic()
        while (found := await ground.conn.fetchval(sql.DELIVERED)) < before + count:
            if time.monotonic() > since + PATIENCE:
                raise Mismatch(f"{found - before} of {count} answers were delivered")
            await asyncio.sleep(_LOOK)
        return replace(measured, rate=count / (answered + time.monotonic() - since))


@asynccontextmanager
async def sending(address: str) -> AsyncIterator[Roundtrip]:
    """A gateway with delivery, and its provider."""
    provider = contenders.free_port()
    settings = webhooks.settings(provider)
    async with (
        contenders.gateways("sending", address, more=settings) as (port, pids),
        contenders.process("provider", str(provider), str(port)),
    ):
        yield Roundtrip(Webhooks("roundtrip", port, pids, webhooks.readings, contenders.READING))


class Mixed:
    """Readings at a steady rate while a month of other accounts is billed at the lowest priority."""

    def __init__(self, webhooks: Webhooks, billed: int) -> None:
        self.name = MIXED
        self._webhooks = webhooks
        self._billed = billed
        self._month: Month | None = None
        self.shares: list[float] = []
        """Of each round, the part of its time in which the month was being billed."""

    async def round(self, ground: Ground) -> Measured:
        """:raises Mismatch: not every account was billed, or as of the load."""
        await self._prepare(ground)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.closing", ground.address, str(self._month),
            cwd=_TREE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        await process.stdout.readline()
        process.stdin.write(b"\n")
        measured = await self._webhooks.round(ground)
        closed, seconds = (await process.stdout.readline()).split()
        await process.wait()
        if int(closed) != self._billed:
            raise Mismatch(f"{closed.decode()} of {self._billed} accounts were billed")
        self.shares.append(min(1.0, float(seconds) * measured.rate / self._webhooks.count(ground)))
        return measured

    async def _prepare(self, ground: Ground) -> None:
        """Another month of readings of the accounts behind the town's, ready to be closed."""
        first, last = ground.accounts + 1, ground.accounts + self._billed
        number = len(self.shares)
        if self._month is None:
            self._month = await month.build(ground.conn, first, last)
        self._month = self._month.next
        await month.read(ground.conn, first, last, self._month, month.HISTORY + number)
        await ground.conn.execute(sql.PASSED_OVER, str(self._month), ground.accounts, town.TODAY)
        await month.derive(ground.conn, first, last)
