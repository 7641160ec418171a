"""What processes have used of the processor and of memory, as Linux counts it; elsewhere nothing is known."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def seconds(pid: int, *, family: bool = False) -> float:
    """Processor time of a process so far; `family`: with its children, those that have ended too."""
    own = _fields(pid)
    if own is None:
        return 0.0
    ticks = sum(own[:2])
    if family:
        ticks += sum(own[2:4])
        for child in _children(pid):
            ticks += sum((_fields(child) or (0, 0, 0, 0))[:2])
    return ticks * _TICK


def parent(pid: int) -> int:
    """The process that started this one, such as the server of a connection's process; 0 where it is not known."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def peak(pid: int) -> int:
    """The most memory that a process has had resident, in bytes; 0 where it is not known."""
    return _memory(pid, "VmHWM:")


def resident(pid: int) -> int:
    """The memory that a process has resident, in bytes; 0 where it is not known."""
    return _memory(pid, "VmRSS:")


def _memory(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)


@dataclass(frozen=True, slots=True)
class _Made:
    a: int
    b: int
    c: int
    d: int


def pace() -> float:
    """Nanoseconds that this interpreter takes to make a frozen dataclass of four fields, at best: builds of the same
    Python differ by half."""
    times = []
    for _ in range(50):
        since = time.process_time_ns()
        for number in range(2000):
            _Made(number, number, number, number)
        times.append((time.process_time_ns() - since) / 2000)
    return min(times)


def _fields(pid: int) -> tuple[int, ...] | None:
    """User and system time of a process, and of its children that have ended, in ticks."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return tuple(int(field) for field in told.rpartition(")")[2].split()[11:15])


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
