"""Gateways and workers as real processes, started again whenever they end, as a supervisor does it."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.observing import Ended

TREE = Path(os.environ.get("METERLINE_TEST_TREE", Path(__file__).parents[2]))
"""The tree whose programs run: another one to see that the test turns red on a build that is broken on purpose."""

_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, as arguments of Python; `mortal` where it may kill itself."""

    arguments: tuple[str, ...]
    mortal: bool = False


PROGRAM = Program(("-m", "gateway"))


class Herd:
    """Processes by name, such as "serve-1"; each writes into a log of its own that outlives it."""

    def __init__(self, environment: dict[str, str], logs: Path, program: Program = PROGRAM) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("METERLINE_")}
        self._environment = inherited | environment
        self._logs = logs
        self._program = program
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._struck: dict[int, tuple[signal.Signals, float]] = {}
        self._stopping = False
        self.ended: list[Ended] = []
        self.logs: dict[str, str] = {}
        self.slowest = 0.0
        """Seconds that a process took at most to end when it was told to."""

    def keep(self, names: Sequence[str]) -> None:
        """Starts them, and from now on starts them again."""
        self._keepers += [asyncio.create_task(self._keep(name), name=name) for name in names]

    def strike(self, name: str, number: signal.Signals) -> bool:
        """Sends a signal to a process of ours; whether there was one to take it."""
        process = self._running.get(name)
        if process is None or process.returncode is not None:
            return False
        if number not in (signal.SIGSTOP, signal.SIGCONT):
            self._struck[process.pid] = number, asyncio.get_running_loop().time()
        process.send_signal(number)
        return True

    async def stop(self) -> None:
        """Ends them all, gently at first, and keeps what they logged."""
        self._stopping = True
        for name in self._running:
            self.strike(name, signal.SIGCONT)
            self.strike(name, signal.SIGTERM)
        _, late = await asyncio.wait(self._keepers, timeout=20)
        for name in self._running:
            self.strike(name, signal.SIGKILL)
        if late:
            await asyncio.wait(late)
        self.logs = {path.stem: path.read_text(errors="replace") for path in sorted(self._logs.glob("*.log"))}
        if late:
            raise AssertionError(f"did not end when told to: {sorted(task.get_name() for task in late)}")  # R25

    async def _keep(self, name: str) -> None:
        log = self._logs / f"{name}.log"
        while not self._stopping:
            with log.open("ab") as written:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *(*self._program.arguments, name.partition("-")[0]),
                    cwd=TREE,
                    env=self._environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=written,
                    stderr=written,
                    preexec_fn=_end_with_us if sys.platform == "linux" else None,
                )
            self._running[name] = process
            code = await process.wait()
            number, at = self._struck.get(process.pid, (None, 0.0))
            if number is signal.SIGTERM:
                self.slowest = max(self.slowest, asyncio.get_running_loop().time() - at)
            said = log.read_text(errors="replace").splitlines() or [""]
            ours = number is not None or (self._program.mortal and code == -signal.SIGKILL)
            self.ended.append(Ended(name, ours, code, said[-1]))
            await asyncio.sleep(0.1)


def _end_with_us() -> None:
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)
