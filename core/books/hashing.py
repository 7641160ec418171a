"""The hashes that seal closed books: SHA-256 over plain text, so that anybody can compute them again."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date

from core.books.model import Issued, Line


def line_text(line: Line) -> str:
    """A line of the ledger as it is hashed, its time in UTC to the microsecond."""
    at = line.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{line.no}|{line.line}|{line.ledger}|{line.amount}|{line.on_day}|{line.booked_on}|{at}"


def row_hash(
    account_id: int, day: date, *, watermark: int, balance: int, lines: Sequence[Line], issued: Sequence[Issued] = ()
) -> bytes:
    """The hash of what a day's close found of an account: the ledger's lines in the order of their numbers, then the
    claims that they book, with their lines."""
    ordered = sorted(lines, key=lambda line: (line.no, line.line))
    claims = [one.text for one in sorted(issued, key=lambda one: one.no)]
    text = "\n".join([f"{account_id}|{day}|{watermark}|{balance}|{len(lines)}", *map(line_text, ordered), *claims])
    return hashlib.sha256(text.encode()).digest()


def bill_hash(account_id: int, bill: Issued) -> bytes:
    """The hash of a bill with its lines."""
    return hashlib.sha256(f"{account_id}\n{bill.text}".encode()).digest()


class Chain:
    """Grows the head of a day from the hashes of its rows, given in the order of the accounts."""

    def __init__(self, day: date, previous: bytes) -> None:
        self._hash = hashlib.sha256(f"{day}|".encode() + previous)

    def add(self, hashes: Iterable[bytes]) -> None:
        for one in hashes:
            self._hash.update(one)

    @property
    def head(self) -> bytes:
        return self._hash.digest()
