"""The load generator, a process of its own: ready-made requests over connections that are kept, one at a time each; as
many as are answered, or (`steady`) so many a second whatever the answers do.

It does as little as it can for a request, for it shares the machine with what it measures.
"""

import json
import os
import select
import socket
import struct
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MOST = 256
"""Connections of a steady load."""

_LENGTH = struct.Struct("!I")


@dataclass(slots=True)
class _Line:
    """A connection: when its request left, and what has come of the answer."""

    socket: socket.socket
    since: float = 0.0
    came: bytes = b""


@dataclass(slots=True)
class Sent:
    """Answers by status, the seconds from request to answer of each, those of all together, and our processor time;
    when it began, by the clock that all processes share."""

    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0
    began: float = 0.0


def write(requests: Iterable[bytes], path: Path) -> None:
    with path.open("wb") as file:
        for request in requests:
            file.write(_LENGTH.pack(len(request)) + request)


def read(path: Path) -> list[bytes]:
    whole, found, at = path.read_bytes(), [], 0
    while at < len(whole):
        (length,) = _LENGTH.unpack_from(whole, at)
        found.append(whole[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def send(requests: Sequence[bytes], port: int, in_flight: int) -> Sent:
    """Sends all requests, `in_flight` of them at any time, and waits for their answers.

    :raises ConnectionError: the server hung up.
    """
    lines = {line.fileno(): _Line(line) for line in (_connected(port) for _ in range(in_flight))}
    poll, clock, sent = select.epoll(), time.perf_counter, Sent()
    left = iter(requests)
    waiting, began, used = 0, clock(), time.process_time()
    for number, line in lines.items():
        poll.register(number, select.EPOLLIN)
        waiting += _next(line, left, clock())
    while waiting:
        for number, _ in poll.poll():
            line = lines[number]
            if _answered(line, now := clock(), sent):
                waiting += _next(line, left, now) - 1
    sent.seconds, sent.processor, sent.began = clock() - began, time.process_time() - used, began
    for line in lines.values():
        line.socket.close()
    return sent


def steady(requests: Sequence[bytes], port: int, rate: float, most: int = MOST) -> Sent:
    """Sends `rate` requests a second over at most so many connections, and waits for their answers. The time of one
    counts from when it was due, whether or not a connection was free then.

    :raises ConnectionError: the server hung up.
    """
    lines: dict[int, _Line] = {}
    poll, clock, sent = select.epoll(), time.perf_counter, Sent()
    idle: deque[_Line] = deque()
    left = deque(enumerate(requests))
    began, used = clock(), time.process_time()
    while left or len(idle) < len(lines):
        while left and began + left[0][0] / rate <= clock() and (idle or len(lines) < most):
            if not idle:  # one that is opened before it is needed would be shown out
                line = _Line(_connected(port))
                lines[line.socket.fileno()] = line
                poll.register(line.socket, select.EPOLLIN)
                idle.append(line)
            place, request = left.popleft()
            _next(idle.pop(), iter((request,)), began + place / rate)
        free = left and (idle or len(lines) < most)
        wait = max(0.0, began + left[0][0] / rate - clock()) if free else None
        for number, _ in poll.poll(wait):
            if _answered(lines[number], clock(), sent):
                idle.append(lines[number])
    sent.seconds, sent.processor, sent.began = clock() - began, time.process_time() - used, began
    for line in lines.values():
        line.socket.close()
    return sent


def _answered(line: _Line, now: float, sent: Sent) -> bool:
    """Takes what has come; whether that is the whole answer."""
    came = line.socket.recv(4096)
    if not came:
        raise ConnectionError("the server hung up")
    line.came += came
    if not line.came.endswith(b"\r\n\r\n"):  # the answers have no body
        return False
    sent.statuses[line.came[9:12].decode()] += 1
    sent.times.append(now - line.since)
    return True


def _next(line: _Line, left: Iterator[bytes], now: float) -> bool:
    request = next(left, None)
    if request is None:
        return False
    line.came, line.since = b"", now
    line.socket.sendall(request)
    return True


def _connected(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def main(path: str, port: str, in_flight: str, rate: str = "") -> None:
    requests = read(Path(path))
    sent = steady(requests, int(port), float(rate)) if rate else send(requests, int(port), int(in_flight))
    times = sorted(sent.times)
    told = {
        "messages": len(times),
        "statuses": sent.statuses,
        "seconds": sent.seconds,
        "processor": sent.processor,
        "began": sent.began,
        "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100],
    }
    sys.stdout.write(json.dumps(told) + os.linesep)


if __name__ == "__main__":
    main(*sys.argv[1:])
