"""A protocol as it was read: its numbers exact, each with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,20})?(/[1-9][0-9]{0,40})?", re.ASCII)
_DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Unreadable(Exception):
    """Something is missing at a place, or is not what it should be."""

    def __init__(self, place: str, wanted: str) -> None:
        super().__init__(f"{place}: {wanted}")
        self.place = place
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document; `place` tells where it stands, such as lines.2.steps.1.after.

    :raises Unreadable: from each method, where the value is not of that kind.
    """

    value: object
    place: str

    def get(self, key: str) -> "Node":
        """What stands under a key, None as well as all else."""
        if not isinstance(self.value, dict) or key not in self.value:
            raise Unreadable(f"{self.place}.{key}".lstrip("."), "missing")
        return Node(self.value[key], f"{self.place}.{key}".lstrip("."))

    def maybe(self, key: str) -> "Node | None":
        """What stands under a key; None where nothing does."""
        if not isinstance(self.value, dict) or self.value.get(key) is None:
            return None
        return self.get(key)

    def items(self) -> Iterator["Node"]:
        """The members of a list; they are counted from 1."""
        if not isinstance(self.value, list):
            raise Unreadable(self.place, "a list")
        return (Node(one, f"{self.place}.{number}") for number, one in enumerate(self.value, 1))

    @property
    def keys(self) -> tuple[str, ...]:
        if not isinstance(self.value, dict):
            raise Unreadable(self.place, "an object")
        return tuple(self.value)

    @property
    def text(self) -> str:
        if not isinstance(self.value, str):
            raise Unreadable(self.place, "text")
        return self.value

    @property
    def number(self) -> Fraction:
        """A number written as text: a decimal, or a quotient of two."""
        if not _NUMBER.fullmatch(self.text):
            raise Unreadable(self.place, "a number")
        whole, _, divisor = self.text.partition("/")
        return Fraction(whole) / int(divisor or 1)

    @property
    def count(self) -> int:
        """A small whole number, such as that of decimals."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value <= 10_000:
            raise Unreadable(self.place, "a whole number")
        return self.value

    @property
    def thousandths(self) -> Fraction:
        """A number that a dated fact holds in whole thousandths, such as a multiplier."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value <= 10**15:
            raise Unreadable(self.place, "whole thousandths")
        return Fraction(self.value, 1000)

    @property
    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise Unreadable(self.place, "true or false")
        return self.value

    @property
    def day(self) -> date:
        if not _DAY.fullmatch(self.text):
            raise Unreadable(self.place, "a day")
        try:
            return date.fromisoformat(self.text)
        except ValueError as error:
            raise Unreadable(self.place, "a day") from error

    @property
    def month(self) -> tuple[date, date]:
        """The first day of a month such as 2025-11, and that of the next."""
        first = Node(f"{self.text}-01", self.place).day
        return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.items()]


def written(number: Fraction) -> str:
    """A number as a person would write it: a decimal where there is one of nine places, else a quotient."""
    scaled = number * 10**9
    if scaled.denominator != 1:
        return f"{number.numerator}/{number.denominator}"
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(int(scaled)), 10**9)
    return f"{sign}{whole}.{rest:09d}".rstrip("0") if rest else f"{sign}{whole}"


def half_up(number: Fraction, unit: Fraction) -> Fraction:
    """The nearest multiple of `unit`, halves away from zero."""
    steps = abs(number) / unit + Fraction(1, 2)
    rounded = (steps.numerator // steps.denominator) * unit
    return -rounded if number < 0 else rounded
