"""Those that are measured against each other: each takes a number of messages and tells how it went."""

import asyncio
import json
import os
import random
import resource
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from bench import baseline, load, processor, sql, town, webhooks

_TREE = Path(__file__).parents[1]

MESSAGE = frozenset({"message"})
READING = frozenset({"message", "reading"})
"""What a message stores."""

NONE: Mapping[str, str] = {}

Make = Callable[[Sequence[int], random.Random], Iterator[bytes]]


class Mismatch(Exception):
    """What was answered is not what is stored: the run counts for nothing (performance.md section 3, rule 9)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One round: messages a second; microseconds of processor time a message, of the gateway (or of pgbench), of the
    database and of the load generator; latencies in milliseconds."""

    rate: float
    gateway: float
    database: float
    load: float
    p50: float = 0.0
    p99: float = 0.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What all share: the server and its process, a connection to look at the tables, the sizes and a folder."""

    address: str
    postmaster: int
    conn: asyncpg.Connection
    accounts: int
    messages: int
    in_flight: int
    folder: Path
    dice: random.Random


class Contender(Protocol):
    """One of those who are measured; the name stands in the table."""

    @property
    def name(self) -> str: ...

    async def round(self, ground: Ground) -> Measured:
        """:raises Mismatch: inbound, answers and outbox are not the same number."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of the tables, and the numbers given to facts."""

    inbox: int
    answered: int
    outbox: int
    readings: int
    facts: int

    @classmethod
    async def now(cls, ground: Ground) -> "Counts":
        row = await ground.conn.fetchrow(sql.COUNTS, ground.accounts)
        assert row is not None
        return cls(*row)

    def since(self, before: "Counts") -> "Counts":
        return Counts(
            self.inbox - before.inbox,
            self.answered - before.answered,
            self.outbox - before.outbox,
            self.readings - before.readings,
            self.facts - before.facts,
        )


@dataclass(frozen=True, slots=True)
class Pgbench:
    """One stored function a message."""

    name: str = "pgbench"

    async def round(self, ground: Ground) -> Measured:
        before, database = await Counts.now(ground), processor.seconds(ground.postmaster, family=True)
        used = _of_children()
        each = max(1, ground.messages // ground.in_flight)
        rate = await baseline.run(
            ground.address, accounts=ground.accounts, each=each, clients=ground.in_flight, folder=ground.folder
        )
        done = each * ground.in_flight
        used, database = _of_children() - used, processor.seconds(ground.postmaster, family=True) - database
        _same(Counts(done, done, done, done, done), (await Counts.now(ground)).since(before))
        return Measured(rate, _micro(used, done), _micro(database, done), 0.0)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Signed webhooks to the processes of a gateway; `stores` tells the rows of a message: its reading too, none but
    its own, or none at all. `share`: the part of a round's messages that a slow one gets; `rate`: so many a second,
    whatever is answered."""

    name: str
    port: int
    pids: tuple[int, ...]
    make: Make
    stores: frozenset[str]
    share: float = 1.0
    rate: float | None = None

    async def round(self, ground: Ground) -> Measured:
        numbers = ground.dice.sample(range(1, ground.accounts + 1), self.count(ground))
        path = ground.folder / "requests"
        await asyncio.to_thread(load.write, self.make(numbers, ground.dice), path)
        before, database = await Counts.now(ground), processor.seconds(ground.postmaster, family=True)
        used = self._used()
        told = await sent(path, self.port, ground.in_flight, self.rate)
        used, database = (
            self._used() - used,
            processor.seconds(ground.postmaster, family=True) - database,
        )
        done = told["messages"]
        if told["statuses"] != {"200": len(numbers)}:
            raise Mismatch(f"{self.name}: {len(numbers)} messages were answered {told['statuses']}")
        _same(self._expected(done), (await Counts.now(ground)).since(before))
        return Measured(
            done / told["seconds"], _micro(used, done), _micro(database, done), _micro(told["processor"], done),
            told["p50"] * 1000, told["p99"] * 1000,
        )  # fmt: skip

    def count(self, ground: Ground) -> int:
        """Messages of a round."""
        return min(max(ground.in_flight, int(ground.messages * self.share)), ground.accounts)

    @property
    def peak(self) -> int:
        """The most memory that one of the processes has had, in bytes."""
        return max(processor.peak(pid) for pid in self.pids)

    def _used(self) -> float:
        return sum(processor.seconds(pid) for pid in self.pids)

    def _expected(self, done: int) -> Counts:
        message, reading = ("message" in self.stores) * done, ("reading" in self.stores) * done
        return Counts(message, message, message, reading, reading)


@asynccontextmanager
async def gateways(
    kind: str, address: str, processes: int = 1, more: Mapping[str, str] = NONE
) -> AsyncIterator[tuple[int, tuple[int, ...]]]:
    """Processes of bench.gateway that listen together, with more settings: their port, and their process ids."""
    port = free_port()
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(_gateway(kind, address, port, more)) for _ in range(processes)]
        yield port, tuple(found)


@asynccontextmanager
async def _gateway(kind: str, address: str, port: int, more: Mapping[str, str]) -> AsyncIterator[int]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("METERLINE_")} | {
        "METERLINE_DATABASE_URL": address,
        "METERLINE_PORT": str(port),
        "METERLINE_STAFF_PORT": "0",
        "METERLINE_PUBLIC_URL": webhooks.PUBLIC_URL,
        "METERLINE_KEY": town.KEY,
        "METERLINE_PEPPER": town.PEPPER,
    }
    async with process("gateway", kind, env={**env, **more}) as pid:
        yield pid


@asynccontextmanager
async def process(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> AsyncIterator[int]:
    """A process of a module of ours that has said that it is ready, and is ended in the end: its id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"bench.{module}", *arguments, env=env, cwd=_TREE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{module} did not start ({arguments})")
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def speaking(
    module: str, *arguments: str, env: Mapping[str, str] | None = None, under: Sequence[str] = ()
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of a module of ours that is ready and is told what to do over its input, with which it ends; started by
    the program `under`, where one is given."""
    process = await asyncio.create_subprocess_exec(
        *under, sys.executable, "-m", f"bench.{module}", *arguments, env=env, cwd=_TREE,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{module} did not start ({arguments})")
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def prepare_pgbench(ground: Ground) -> None:
    """Makes pgbench's function, with values of the size that the gateway has stored."""
    await baseline.prepare(ground.conn, await ground.conn.fetchval(sql.PAYLOAD))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def sent(path: Path, port: int, in_flight: int, rate: float | None) -> dict[str, Any]:
    """What the load generator tells of the requests in a file; with `rate` so many a second."""
    steady = () if rate is None else (str(rate),)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", str(path), str(port), str(in_flight), *steady,
        cwd=_TREE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    written, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError("the load generator failed")
    told: dict[str, Any] = json.loads(written)
    return told


def _same(expected: Counts, found: Counts) -> None:
    if expected != found:
        raise Mismatch(f"expected {expected}, found {found}")


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _micro(seconds: float, messages: int) -> float:
    return seconds * 1_000_000 / messages
