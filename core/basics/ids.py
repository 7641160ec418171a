"""Ids that sort by time and are made before the database is asked."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime, noise: bytes) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7) for an aware time and ten random bytes."""
    stamp = int(at.timestamp() * 1000) & (1 << 48) - 1
    tail = int.from_bytes(noise[:10], "big")
    high = tail >> 62 & 0xFFF
    return UUID(int=stamp << 80 | 7 << 76 | high << 64 | 2 << 62 | tail & (1 << 62) - 1)


def uuids7(at: datetime, noise: bytes) -> Iterator[UUID]:
    """As many UUIDs of version 7 for a time as there are ten random bytes."""
    for place in range(0, len(noise), 10):
        yield uuid7(at, noise[place : place + 10])
