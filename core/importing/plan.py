"""What is to be stored of a chunk of customers, and what became of its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.finding.sql import Key
from core.importing.known import KnownAccount
from core.importing.model import Counts, Problem
from core.metering.model import ReadingFact


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all rows of a file: the company's zone and currency, and when it is imported."""

    zone: str
    currency: str
    today: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Ids:
    """Numbers taken from the database's sequences for what a chunk may add."""

    customers: Iterator[int]
    accounts: Iterator[int]
    points: Iterator[int]
    meters: Iterator[int]


class Tally:
    """What became of the rows and of what they name. What is told of a row counts once its chunk is settled."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()
        self._rows = Counts()
        self._new: set[int] = set()
        self._bad: set[int] = set()
        self.problems: list[Problem] = []

    def unreadable(self, problems: Iterable[Problem]) -> None:
        """A row is not taken in at all."""
        self.problems.extend(problems)
        self._rows += Counts(bad=1)

    def new(self, line: int, noun: str) -> None:
        """Something of a row is to be stored."""
        self._counted[noun, "new"] += 1
        self._new.add(line)

    def unchanged(self, noun: str) -> None:
        """Something of a row is stored already."""
        self._counted[noun, "unchanged"] += 1

    def wrong(self, noun: str, problems: Iterable[Problem]) -> None:
        """Something of a row is not taken in."""
        self._counted[noun, "bad"] += 1
        for problem in problems:
            self.problems.append(problem)
            self._bad.add(problem.line)

    def share(self, lines: Iterable[int]) -> None:
        """The rows on these lines are one thing, and share one fate."""
        together = set(lines)
        for fate in (self._bad, self._new):
            if fate & together:
                fate |= together

    def settle(self, rows: int) -> None:
        """A chunk of so many readable rows is done: bad are those with any problem, new those with anything new."""
        new = len(self._new - self._bad)
        self._rows += Counts(new, rows - new - len(self._bad), len(self._bad))
        self._new.clear()
        self._bad.clear()

    def in_order(self) -> tuple[Problem, ...]:
        """All problems, by line."""
        return tuple(sorted(self.problems, key=lambda problem: problem.line))

    def counts(self) -> dict[str, Counts]:
        """The counts by noun; under "rows" those of the rows."""
        found = {"rows": self._rows}
        for noun in dict.fromkeys(noun for noun, _ in self._counted):
            found[noun] = Counts(*(self._counted[noun, which] for which in ("new", "unchanged", "bad")))
        return found


CustomerRecord = tuple[int, str, bytes, bytes | None]
AccountRecord = tuple[int, int, str, int | None, bytes | None, str, str, int, date]
PointRecord = tuple[int, int, str, str]
MeterRecord = tuple[int, int, int, str, str, int, int, Decimal, Decimal | None, tuple[str, ...], date]
ReadingRecord = tuple[int, int, int, int, date, Decimal, int, datetime]
PhoneRecord = tuple[bytes, int, bytes, str]
LinkRecord = tuple[bytes, int, str, date | None]


@dataclass(slots=True)
class Plan:
    """Records in the order of the columns that core/importing/sql.py names.

    `contracts` are dates to be put on links that have none, by account and phone; `antedated` stored meters, by
    account, that turn out to have begun earlier; `opened` the new accounts; `touched` the ids of older ones that got
    meters or readings; `facts` the new readings by account; `keys` what the new ones are found by.
    """

    customers: list[CustomerRecord] = field(default_factory=list)
    accounts: list[AccountRecord] = field(default_factory=list)
    points: list[PointRecord] = field(default_factory=list)
    meters: list[MeterRecord] = field(default_factory=list)
    readings: list[ReadingRecord] = field(default_factory=list)
    phones: list[PhoneRecord] = field(default_factory=list)
    links: list[LinkRecord] = field(default_factory=list)
    contracts: list[tuple[int, bytes, date]] = field(default_factory=list)
    antedated: list[tuple[int, int, date]] = field(default_factory=list)
    opened: list[KnownAccount] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)
    documents: list[tuple[int, str, bytes]] = field(default_factory=list)
    banks: list[tuple[int, bytes]] = field(default_factory=list)
    facts: dict[int, list[ReadingFact]] = field(default_factory=dict)
