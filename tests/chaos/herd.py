"""Gateways and workers as real processes, started again whenever they end, as a supervisor does it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import nursery
from tests.chaos.observing import Ended

TREE = Path(os.environ.get("METERLINE_TEST_TREE", Path(__file__).parents[2]))
"""The tree whose programs run: another one to see that the test turns red on a build that is broken on purpose."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is run: the gateway, with a mistake planted in it where one is named; `mortal` where it may kill itself."""

    mistake: str | None = None
    mortal: bool = False


class Herd:
    """Processes by name, such as "serve-1"; each writes into a log of its own that outlives it."""

    def __init__(self, environment: dict[str, str], logs: Path, program: Program) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("METERLINE_")}
        self._environment = inherited | environment
        self._logs = logs
        self._program = program
        self._nursery: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._names: dict[int, str] = {}
        self._pids: dict[str, int] = {}
        self._struck: dict[int, tuple[signal.Signals, float]] = {}
        self._stopping = False
        self.ended: list[Ended] = []
        self.logs: dict[str, str] = {}
        self.slowest = 0.0
        """Seconds that a process took at most to end when it was told to."""

    async def keep(self, names: Sequence[str]) -> None:
        """Starts them, and from now on starts them again."""
        self._nursery = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.chaos.nursery", *filter(None, [self._program.mistake])),
            cwd=TREE,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=nursery.end_with_parent,
        )
        self._listening = asyncio.create_task(self._listen())
        for name in names:
            self._start(name)

    def strike(self, name: str, number: signal.Signals) -> bool:
        """Sends a signal to a process of ours; whether there was one to take it."""
        pid = self._pids.get(name)
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:  # it has ended, and we have not heard of it yet
            return False
        if number not in (signal.SIGSTOP, signal.SIGCONT):
            self._struck[pid] = number, asyncio.get_running_loop().time()
        return True

    async def stop(self) -> None:
        """Ends them all, gently at first, and keeps what they logged."""
        if self._nursery is None or self._listening is None:
            return
        self._stopping = True
        for name in tuple(self._pids):
            self.strike(name, signal.SIGCONT)
            self.strike(name, signal.SIGTERM)
        late = await self._left(20)
        for name in late:
            self.strike(name, signal.SIGKILL)
        await self._left(20)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        await self._nursery.wait()
        await self._listening
        self.logs = {path.stem: path.read_text(errors="replace") for path in sorted(self._logs.glob("*.log"))}
        if late:
            raise AssertionError(f"did not end when told to: {late}")  # R25

    async def _left(self, seconds: float) -> list[str]:
        """Those that have not ended within this time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._pids and loop.time() < until:
            await asyncio.sleep(0.02)
        return sorted(self._pids)

    def _start(self, name: str) -> None:
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        if not self._stopping:
            told = [name, str(self._logs / f"{name}.log"), [name.partition("-")[0]]]
            self._nursery.stdin.write(json.dumps(told).encode() + b"\n")

    async def _listen(self) -> None:
        """What the nursery tells."""
        assert self._nursery is not None
        assert self._nursery.stdout is not None
        while line := await self._nursery.stdout.readline():
            told, *rest = json.loads(line)
            if told == "started":
                self._started(*rest)
            else:
                self._over(*rest)

    def _started(self, name: str, pid: int) -> None:
        self._names[pid], self._pids[name] = name, pid
        if self._stopping:  # it was asked for before we stopped
            self.strike(name, signal.SIGTERM)

    def _over(self, pid: int, code: int) -> None:
        name = self._names.pop(pid)
        del self._pids[name]
        number, at = self._struck.pop(pid, (None, 0.0))
        loop = asyncio.get_running_loop()
        if number is signal.SIGTERM:
            self.slowest = max(self.slowest, loop.time() - at)
        said = (self._logs / f"{name}.log").read_text(errors="replace").splitlines() or [""]
        ours = number is not None or (self._program.mortal and code == -signal.SIGKILL)
        self.ended.append(Ended(name, ours, code, said[-1]))
        loop.call_later(0.1, self._start, name)
