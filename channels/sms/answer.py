"""Reads the answer of HTTP/1.1 to a POST from the bytes that have come so far."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST = 1 << 16
"""Bytes beyond which an answer makes no sense; Twilio's have some thousand."""

_FIRST = re.compile(r"HTTP/1\.([01]) ([1-9]\d\d)(?: .*)?", re.ASCII)
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_BODILESS = (204, 304)


class NoSense(Exception):
    """What came is no answer, or more than one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of `headers` are written like Retry-After. `stays`: another request may follow where this came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    stays: bool


def read(came: bytes, *, ended: bool = False) -> Answer | None:
    """The answer, None while it is not whole; `ended` where no more comes.

    It is read strictly: of what two readers might read differently nothing is believed.

    :raises NoSense: it is none, or too long for one.
    """
    told = _read(came, ended=ended)
    if told is None and len(came) > MOST:
        raise NoSense("too long")
    return told


def _read(came: bytes, *, ended: bool) -> Answer | None:
    at, status = 0, 100
    while status < 200:  # what comes before the answer proper says nothing
        end = came.find(b"\r\n\r\n", at)
        if end < 0:
            return None
        version, status, headers = _head(came[at:end].decode("latin-1"))
        at = end + 4
    body = _body(status, headers, came, at, ended=ended)
    if body is None:
        return None
    said, end = body
    stays = not ended and version == "1" and end == len(came) and "close" not in headers.get("Connection", "").lower()
    return Answer(status, headers, said, stays)


def _head(text: str) -> tuple[str, int, dict[str, str]]:
    """The version's last digit, the status, the headers."""
    first, *lines = text.split("\r\n")
    told = _FIRST.fullmatch(first)
    if told is None or "\n" in text.replace("\r\n", ""):
        raise NoSense("no status")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise NoSense("no header")
        name, value = name.title(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if told[2] == "101":
        raise NoSense("another protocol")
    return told[1], int(told[2]), headers


def _body(status: int, headers: Mapping[str, str], came: bytes, at: int, *, ended: bool) -> tuple[bytes, int] | None:
    """What is said after the head, and where that ends."""
    length, coding = headers.get("Content-Length"), headers.get("Transfer-Encoding")
    if status in _BODILESS:
        return b"", at
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise NoSense("its length is told in two ways")
        return _chunks(came, at)
    if length is not None:
        if not (length.isascii() and length.isdigit() and len(length) < 8):
            raise NoSense("its length is no number")
        end = at + int(length)
        return (came[at:end], end) if len(came) >= end else None
    return (came[at:], len(came)) if ended else None


def _chunks(came: bytes, at: int) -> tuple[bytes, int] | None:
    parts: list[bytes] = []
    while (end := came.find(b"\r\n", at)) >= 0:
        told = came[at:end].partition(b";")[0].strip()
        if not _SIZE.fullmatch(told):
            raise NoSense("a chunk's length is no number")
        at, size = end + 2, int(told, 16)
        if not size:
            # After the last chunk come headers, which are none of ours, and an empty line.
            end = at - 2 if came[at : at + 2] == b"\r\n" else came.find(b"\r\n\r\n", at)
            last = end + (4 if end >= 0 else 0)
            return (b"".join(parts), last) if end >= 0 and last <= len(came) else None
        if len(came) < at + size + 2:
            return None
        if came[at + size : at + size + 2] != b"\r\n":
            raise NoSense("a chunk is longer than it says")
        parts.append(came[at : at + size])
        at += size + 2
    return None
