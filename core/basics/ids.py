"""Ids that sort by time and are made before the database is asked."""

from datetime import datetime
from uuid import UUID, SafeUUID


def uuid7(at: datetime, noise: bytes) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7) for an aware time and ten random bytes."""
    return UUID(int=_stamped(at) | _tail(noise[:10]))


def uuids7(at: datetime, noise: bytes) -> list[UUID]:
    """As many UUIDs of version 7 for a time as there are ten random bytes, in ascending order: where they are written
    together, the indexes take them in side by side."""
    stamp = _stamped(at)
    tails = sorted(_tail(noise[place : place + 10]) for place in range(0, len(noise), 10))
    return [_bare(stamp | tail) for tail in tails]


def _stamped(at: datetime) -> int:
    return (int(at.timestamp() * 1000) & (1 << 48) - 1) << 80 | 7 << 76 | 2 << 62


def _tail(noise: bytes) -> int:
    tail = int.from_bytes(noise, "big")
    return (tail >> 62 & 0xFFF) << 64 | tail & (1 << 62) - 1


def _bare(number: int) -> UUID:
    """What UUID(int=number) is, without its checks of what else might have been given."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made
