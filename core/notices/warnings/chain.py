"""How the rows of evidence hang together: each holds the hash of the one before. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.notices import rules
from core.notices.warnings.model import FOUNDATION, Case, Row, What

NONE = b""
"""What stands before the first row."""


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """A body as it is hashed and kept."""
    return rules.canonical(body)


def hash_of(previous: bytes, no: int, what: str, at: datetime, digest: bytes) -> bytes:
    """The hash of a row: that of the row before, and what it is, when, and the hash of its body."""
    told = [previous.hex(), no, what, at.astimezone(UTC).isoformat(timespec="microseconds"), digest.hex()]
    return hashlib.sha256(rules.canonical(told)).digest()


def following(previous: bytes, no: int, what: What, at: datetime, body: bytes) -> Row:
    """The row after one with the hash `previous`, without its readable body."""
    digest = hashlib.sha256(body).digest()
    return Row(no, what, at, None, digest, previous, hash_of(previous, no, what, at, digest))


def broken_at(case: Case) -> int | None:
    """The number of the first row that does not hold, or of the first that is missing; None for a whole chain."""
    previous = NONE
    for no, row in enumerate(case.rows, 1):
        sound = row.no == no and row.previous == previous
        sound = sound and row.hash == hash_of(previous, no, row.what, row.at, row.digest)
        if row.body is not None:
            sound = sound and hashlib.sha256(body_bytes(row.body)).digest() == row.digest
        if no <= len(FOUNDATION):
            sound = sound and row.what is FOUNDATION[no - 1]
        if not sound:
            return no
        previous = row.hash
    if len(case.rows) != case.length or previous != case.head or case.length < len(FOUNDATION):
        return len(case.rows) + 1
    return None
