"""Strikes at processes and at the database: killed, halted longer than their leases, told to end, stopped for long."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from core.store.failures import GONE
from gateway.clock import now
from tests.chaos.stage import LEASE, SERVING, WORKING, Stage

AWAY = 30.0
"""Seconds for which a database that is stopped stays away."""


class Striking:
    """Strikes at whom the dice say, at times that they say."""

    def __init__(self, there: Stage, dice: random.Random) -> None:
        self._there = there
        self._dice = dice
        self._halted: list[asyncio.Task[None]] = []
        self.counts: Counter[str] = Counter()
        self.back = now()
        """When the database was there again after it was last killed."""

    async def all(self, acts: Sequence[str], *, seconds: float, done: Callable[[], float]) -> None:
        """Each act in its turn, within about this time, and none before its share of the texts was taken, of which
        `done` tells: on a machine that is slow they are as many for each text. Returns when all that was halted goes
        on."""
        back = asyncio.create_task(asyncio.sleep(0, self.back))
        for number, act in enumerate(acts):
            await asyncio.sleep(self._dice.uniform(0.5, 1.5) * seconds / len(acts))
            while done() < number / len(acts):
                await asyncio.sleep(0.02)
            name = self._dice.choice((*SERVING, *WORKING))
            self.counts[act if "database" in act else f"{act} {name.partition('-')[0]}"] += 1
            match act:
                case "kill":
                    await self._struck(name, signal.SIGKILL)
                case "end":
                    await self._struck(name, signal.SIGTERM)
                case "halt":
                    self._halted.append(asyncio.create_task(self._halt(name)))
                case "halt database":
                    self._halted.append(asyncio.create_task(self._halt_database()))
                case "stop database":
                    await back
                    back = asyncio.create_task(self._stop_database())
                case "kill database":
                    await back
                    os.kill(self._there.database.pid, signal.SIGKILL)
                    back = asyncio.create_task(self._again())
                case _:
                    raise ValueError(act)
        await asyncio.gather(*self._halted)
        self.back = await back

    async def _stop_database(self) -> datetime:
        """It is stopped as by its keeper, and started again when it was long away."""
        await asyncio.to_thread(self._there.database.stop)
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self._there.database.start)
        return await self._again()

    async def _again(self) -> datetime:
        """When the database takes connections again."""
        while True:
            try:
                await (await self._there.owner()).close()
            except GONE:
                await asyncio.sleep(0.05)
            else:
                return now()

    async def _struck(self, name: str, number: signal.Signals) -> None:
        while not self._there.herd.strike(name, number):
            await asyncio.sleep(0.05)

    async def _halt(self, name: str) -> None:
        """Longer than its leases, so that others take over what it has in hand (R24)."""
        await self._struck(name, signal.SIGSTOP)
        await asyncio.sleep(2.5 * LEASE)
        self._there.herd.strike(name, signal.SIGCONT)

    async def _halt_database(self) -> None:
        """It is there and silent, until after the leases that it gave."""
        halted = self._there.database_processes()
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for pid in halted:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            if number is signal.SIGSTOP:
                await asyncio.sleep(2 * LEASE)


def acts(dice: random.Random, *, kills: int, halts: int, ends: int, database: Sequence[str]) -> list[str]:
    """So many strikes in a chance order, those at the database spread among them in their own."""
    mixed = ["kill"] * kills + ["halt"] * halts + ["end"] * ends
    dice.shuffle(mixed)
    for number, act in enumerate(database, start=1):
        mixed.insert(len(mixed) * number // (len(database) + 1), act)
    return mixed
