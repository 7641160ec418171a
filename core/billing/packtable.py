"""Reads a table of a rule pack key by key, and keeps every problem with its line: none hides another."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from core.basics.facts import dataclass
from core.basics.periods import Month, Period

Path = tuple[str | int, ...]
"""Where a value stands: keys, and the number of a row counted from 0."""

_Choice = TypeVar("_Choice", bound=StrEnum)
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class PackProblem:
    """What is wrong: the line of the file, the key ("" the whole file), and what would have been right."""

    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key + ': ' if self.key else ''}{self.reason}"


@dataclass(slots=True)
class Table:
    """A table of the file. Every reader of a key gives its value, or, where that is wrong, a value with which reading
    can go on; the problem is kept."""

    values: Mapping[str, Any]
    path: Path
    lines: Mapping[Path, int]
    problems: list[PackProblem]
    seen: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        return self.lines.get(self.path, 1)

    def wrong(self, key: str, reason: str) -> None:
        place = (*self.path, key) if key else self.path
        line = self.lines.get(place, self.line)
        name = ".".join(part for part in place if isinstance(part, str))
        self.problems.append(PackProblem(line, name, reason))

    def take(self, key: str) -> Any:
        self.seen.add(key)
        return self.values.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, _said(value, 'a text in quotes, such as "RUB"'))
            return default or ""
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(key, _said(value, f"a whole number from {low} to {high}"))
            return low
        return value

    def scaled(self, key: str, places: int, high: int, default: int | None = None) -> int:
        """A number from 0 to `high` with so many decimals at most, as a whole number of its last decimal."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
        scaled = None if number is None or not number.is_finite() else number.scaleb(places)
        if scaled is None or scaled != scaled.to_integral_value() or not 0 <= scaled <= high * 10**places:
            self.wrong(key, _said(value, f"a number from 0 to {high} with at most {places} decimals, such as 9.5"))
            return 0
        return int(scaled)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, _said(value, "true or false"))
        return default

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if value not in set(kind):
            self.wrong(key, _said(value, f"one of {', '.join(kind)}"))
            return next(iter(kind))
        return kind(value)

    def day(self, key: str) -> date:
        value = self.take(key)
        if type(value) is not date:
            self.wrong(key, _said(value, "a day such as 2025-01-01, without quotes"))
            return date.min
        return value

    def period(self, start: str = "from", end: str = "to") -> Period:
        """The days from `start` on, through the day before `end`; without it for ever."""
        first = self.day(start)
        last = self.day(end) if end in self.values else None
        if last is not None and last <= first:
            self.wrong(end, f"not after {start} ({first}); it is the first day on which this does not hold any more")
            last = None
        return Period(first, last)

    def month(self, key: str) -> Month:
        value = self.take(key)
        try:
            return Month.parse(value if isinstance(value, str) else "")
        except ValueError:
            self.wrong(key, _said(value, 'a month in quotes, such as "2026-02"'))
            return Month(1, 1)

    def list_of(self, key: str) -> list[Any]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, _said(value, "a list in brackets"))
            return []
        return value

    def table(self, key: str) -> "Table | None":
        """The table of this name, None where the pack has none."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, f"a table is wanted: [{key}]")
            return None
        return Table(value, (*self.path, key), self.lines, self.problems)

    def rows(self, key: str) -> "list[Table]":
        """The rows of the table of this name, in their order."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, f"rows are wanted, each under its own [[{'.'.join((*map(str, self.path), key))}]]")
            return []
        return [Table(one, (*self.path, key, no), self.lines, self.problems) for no, one in enumerate(value)]

    def end(self) -> None:
        """Says which keys nobody knows."""
        for key in self.values:
            if key not in self.seen:
                self.wrong(key, f"unknown; there are: {', '.join(sorted(self.seen))}")


def read(text: str) -> tuple[Table | None, list[PackProblem]]:
    """The file's top table with the list that its problems go into; None where it is not TOML."""
    problems: list[PackProblem] = []
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        told = _SYNTAX.fullmatch(str(error))
        reason, line = (told[1], int(told[2])) if told else (str(error), text.count("\n") + 1)
        return None, [PackProblem(line, "", reason)]
    return Table(values, (), _lines(text), problems), problems


def _lines(text: str) -> dict[Path, int]:
    """The line of every table, row and key."""
    found: dict[Path, int] = {(): 1}
    rows: dict[Path, int] = {}
    here: Path = ()
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = _TEXT.sub("", line)
        if not depth:
            if header := _HEADER.match(line):
                here = _place(header[2].split("."), header[1] == "[[", rows)
                found[here] = number
                continue
            if key := _KEY.match(line):
                found[(*here, key[1])] = number
        depth += bare.count("[") - bare.count("]")
    return found


def _place(names: list[str], is_row: bool, rows: dict[Path, int]) -> Path:
    """Where a header leads: to the last row of each table of rows that it goes through, to a new one at its end."""
    place: Path = ()
    for name in names[:-1]:
        place = (*place, name)
        if place in rows:
            place = (*place, rows[place])
    place = (*place, names[-1])
    if not is_row:
        return place
    rows[place] = rows.get(place, -1) + 1
    return (*place, rows[place])


def _said(value: Any, wanted: str) -> str:
    return f"missing: {wanted}" if value is None else f"is {value!s}: {wanted}"
