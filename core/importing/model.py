"""The nouns of importing: rows as they are read, problems found in them, and counts of what became of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.accounts.model import Role
from core.basics.periods import Month
from core.books.payments.model import Statement
from core.finding.model import Document


class Kind(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    CHARGES = "charges"
    PAYMENTS = "payments"
    STATEMENT = "statement"
    TARIFFS = "tariffs"
    BUILDINGS = "buildings"


class FileRefused(Exception):
    """Nothing of the file was taken in: it cannot be read, or its header is not that of its kind."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row, or a part of it, was not taken in.

    `line` counts the file's lines from 1, the header being one; `column` is "" where the whole row is meant; `value` is
    what stands there, "" where it is not to be shown; `expected` says what would have been right, with an example.
    """

    line: int
    column: str
    value: str
    reason: str
    expected: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were taken in, were there already, and were not taken in because of a problem."""

    new: int = 0
    unchanged: int = 0
    bad: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.unchanged + other.unchanged, self.bad + other.bad)


Progress = Callable[[int, int], None]
"""Told after each chunk has been committed: the lines done, and the lines of the whole file."""


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """A phone of an account, E.164, and what ties it to the account; `stated`: the file says so itself."""

    number: str
    role: Role
    stated: bool = False


@dataclass(frozen=True, slots=True)
class ReadingCell:
    """What the registers of a meter showed at the end of `day`: thousandths, in the order of its zones."""

    day: date
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MeterCell:
    """A meter of a row; `multiplier` and `capacity_kw` are thousandths."""

    serial: str
    service: str
    tariff: str
    brand: str
    digits: int
    fraction: int
    multiplier: int
    capacity_kw: int | None
    zones: tuple[str, ...]
    reading: ReadingCell | None


@dataclass(frozen=True, slots=True)
class DocumentCell:
    """What a customer identifies himself by: its kind, and its number in capitals and digits."""

    kind: Document
    number: str


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A row of a file of customers. What was left empty is None or ""; `name`, `address`, `document` and `bank`, the
    number of a bank account, are personal."""

    line: int
    account: str
    kind: str | None = None
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    building: str = ""
    timezone: str = ""
    language: str = ""
    persons: int | None = None
    meter: MeterCell | None = None
    phones: tuple[PhoneCell, ...] = field(default=(), repr=False)
    contract: date | None = None
    document: DocumentCell | None = field(default=None, repr=False)
    bank: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A row of a file of charges: what an older system demanded for a month, kopecks."""

    line: int
    external_id: str
    account: str
    month: Month
    service: str
    amount: int
    due_on: date


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row of a file of payments, kopecks, negative for a reversal. `account` is as it was written, for money whose
    account is not known is kept too. `readings` are what the receipt says that the registers of `meter` showed ("": the
    account's only one)."""

    line: int
    external_id: str
    account: str
    paid_on: date
    amount: int
    month: Month | None
    agent: str
    readings: str = ""
    meter: str = ""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of a bank's statement."""

    line: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A row of a file of buildings: who manages one from a day on, by which document."""

    line: int
    building: str
    manager: str
    name: str
    valid_from: date
    document: str
