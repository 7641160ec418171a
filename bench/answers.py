"""Answers to texts that come at a steady rate, alone and while greetings go out by the same process: how long it takes
until the provider has them."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from asyncpg import Connection

from bench import contenders, load, sql, town, webhooks
from bench.contenders import Mismatch
from core.basics.channel import Channel
from core.outbox import sql as outbox

SECONDS = 5.0
"""For so long texts come."""

FEWEST = 100
"""Texts that must have come while greetings went."""

PATIENCE = 120.0
"""Seconds in which all that was to go out must be delivered."""

_LOOK = 0.05

Waiting = Mapping[str, float]
"""Milliseconds until the provider had an answer for half of the texts, for 99 of 100 and for all; the same until the
webhook was answered; how many texts are counted."""


def texts(rate: float) -> int:
    """Texts of a round."""
    return int(rate * SECONDS)


@dataclass(frozen=True, slots=True)
class Stage:
    """A gateway that answers and carries, its provider, and a connection as the tables' owner. Texts come from the
    accounts behind the first `size`, to whom the greetings go."""

    conn: Connection
    gateway: int
    provider: int
    session: aiohttp.ClientSession
    folder: Path
    size: int
    rate: float
    dice: random.Random

    async def alone(self) -> Waiting:
        """Nothing else goes out."""
        await self._cleared()
        sent = await self._texted()
        await self._until(sql.DELIVERED, texts(self.rate))
        taken = await self._taken()
        return _told(sent, [taken[phone] - due for phone, due in self._due(sent)])

    async def beside(self, waiting: Sequence[tuple[object, ...]]) -> Waiting:
        """So many greetings wait, and as they begin to go texts begin to come; of these those are counted that came
        while greetings went.

        :raises Mismatch: hardly any did, or not everything was delivered once.
        """
        await self._cleared()
        await outbox.hold(self.conn, Channel.SMS)
        await self.conn.execute(sql.READY, *zip(*waiting, strict=True))
        await self.conn.execute(sql.GREETINGS)
        await self.conn.execute("vacuum (analyze) outbox")
        await self.conn.execute("checkpoint")
        await outbox.release(self.conn, Channel.SMS)
        await self._until(sql.BEGUN, 1)
        sent = await self._texted()
        await self._until(sql.DELIVERED, self.size + texts(self.rate))
        taken = await self._taken()
        asked = {phone for phone, _ in self._due(sent)}
        went = sorted(at for phone, at in taken.items() if phone not in asked)
        counted = [taken[phone] - due for phone, due in self._due(sent) if went[0] <= due <= went[-1]]
        if len(counted) < FEWEST:
            raise Mismatch(f"{len(counted)} texts came while greetings went")
        return _told(sent, counted) | {"seconds": went[-1] - went[0]}

    def _due(self, sent: Mapping[str, float]) -> list[tuple[str, float]]:
        """The phones that text, each with the time when its text is due, by the clock that all processes share."""
        numbers = range(self.size + 1, self.size + 1 + texts(self.rate))
        return [(town.phone(number), sent["began"] + place / self.rate) for place, number in enumerate(numbers)]

    async def _texted(self) -> Mapping[str, float]:
        numbers = range(self.size + 1, self.size + 1 + texts(self.rate))
        path = self.folder / "texts"
        await asyncio.to_thread(load.write, webhooks.readings(numbers, self.dice), path)
        sent = await contenders.sent(path, self.gateway, 1, self.rate)
        if sent["statuses"] != {"200": len(numbers)}:
            raise Mismatch(f"{len(numbers)} texts were answered {sent['statuses']}")
        return sent

    async def _cleared(self) -> None:
        await self.conn.execute(sql.NOTHING_SENT)
        await sql.restore(self.conn)
        await self._taken()

    async def _until(self, counted: str, wanted: int) -> None:
        until = time.monotonic() + PATIENCE
        while (found := await self.conn.fetchval(counted)) < wanted:
            if time.monotonic() > until:
                raise Mismatch(f"{found} of {wanted} messages were sent or delivered")
            await asyncio.sleep(_LOOK)

    async def _taken(self) -> dict[str, float]:
        """When the provider took the message to each phone."""
        async with self.session.get(f"http://127.0.0.1:{self.provider}/taken") as answer:
            told: list[tuple[str, float]] = await answer.json()
        if len(told) != len(dict(told)):
            raise Mismatch("a phone got two messages")
        return dict(told)


async def measure(
    conn: Connection,
    address: str,
    folder: Path,
    *,
    size: int,
    rate: float,
    rounds: int,
    waiting: Sequence[tuple[object, ...]],
) -> AsyncIterator[Mapping[str, float]]:
    """Rounds of both, with `waiting` as greetings; the town has the accounts of the texts behind the first `size`.

    :raises Mismatch: see Stage.
    """
    provider = contenders.free_port()
    env = webhooks.settings(provider)
    async with (
        contenders.gateways("working", address, more=env) as (gateway, _),
        contenders.process("provider", str(provider), str(gateway)),
        aiohttp.ClientSession() as session,
    ):
        stage = Stage(conn, gateway, provider, session, folder, size, rate, random.Random(1))
        for _ in range(rounds):
            alone, beside = await stage.alone(), await stage.beside(waiting)
            yield {f"alone_{name}": value for name, value in alone.items()} | dict(beside)


def _told(sent: Mapping[str, float], counted: Sequence[float]) -> dict[str, float]:
    times = [second * 1000 for second in sorted(counted)]
    at = {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100], "most": times[-1]}
    return at | {"http_p50": sent["p50"] * 1000, "http_p99": sent["p99"] * 1000, "texts": len(times)}
