"""The nouns of closed books: what a day's close found of an account, and the seal of the day."""

from dataclasses import dataclass
from datetime import date, datetime

GENESIS = bytes(32)
"""In place of the head before the first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as it was booked, kopecks."""

    no: int
    line: int
    ledger: str
    amount: int
    on_day: date
    booked_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A claim with its lines as they are hashed; `bill_of` the first day of the month that it is the bill of."""

    no: int
    bill_of: date | None
    text: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """What the close of a day found of an account: `watermark` the number of the last fact taken in, `balance` kopecks
    owed at the end of the day, `lines` how many the ledger got since the row before; `hash` over all of it."""

    account_id: int
    watermark: int
    balance: int
    lines: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The seal of a day, over the rows of its accounts and the head before it."""

    day: date
    accounts: int
    lines: int
    previous: bytes
    head: bytes


@dataclass(frozen=True, slots=True)
class DayClosed:
    """What came of closing a day: the accounts gone through, corrections posted and their sum in kopecks, accounts that
    could not be charged, what was posted for late payment and as interest of instalment plans in kopecks, and the seal.
    `again`: the day was sealed before,
    and nothing was done."""

    head: Head
    corrections: int = 0
    amount: int = 0
    failed: int = 0
    again: bool = False
    penalties: int = 0
    interest: int = 0
