"""What a register had counted by the end of a day, from its readings and its usual use alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from core.checking.document import Node, Unreadable, half_up


@dataclass(frozen=True, slots=True)
class Meter:
    """What of a meter bears on a sum: its wheel turns to zero at 10 ** `digits`; volumes keep `decimals`; it was there
    from `installed` up to, not including, `removed`."""

    digits: int
    decimals: int
    multiplier: Fraction
    installed: date
    removed: date | None

    @property
    def wheel(self) -> int:
        return int(10**self.digits)

    @property
    def unit(self) -> Fraction:
        return Fraction(1, 10**self.decimals)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a register showed at the end of a day; `no` is the number of the fact in the account."""

    no: int
    day: date
    value: Fraction


@dataclass(frozen=True, slots=True)
class Usual:
    """A use by which days behind the last reading are forecast, and the readings that it was measured between."""

    volume: Fraction
    days: int


def meter_of(node: Node) -> Meter:
    """A meter of the facts.

    :raises Unreadable: it is not one.
    """
    digits, decimals = node.get("digits").count, node.get("decimals").count
    if not 1 <= digits <= 18 or decimals > 9:
        raise Unreadable(node.place, "digits from 1 to 18 and at most 9 decimals")
    removed, multiplier = node.maybe("removed"), node.get("multiplier")
    if multiplier.number <= 0:
        raise Unreadable(multiplier.place, "a number above zero")
    return Meter(digits, decimals, multiplier.number, node.get("installed").day, removed.day if removed else None)


def stood(line: Node, name: str, meter: Meter) -> Meter:
    """The meter called `name` where a line says that it stood, by what was known then; as the facts have it where the
    line says nothing.

    :raises Unreadable: what it says is no period.
    """
    told = line.maybe("stood")
    for one in () if told is None else told.items():
        if one.get("meter").text == name:
            removed = one.maybe("removed")
            return replace(meter, installed=one.get("installed").day, removed=removed.day if removed else None)
    return meter


def reading_of(node: Node, name: str) -> Reading:
    """The reading of the facts that is called `name`, such as reading:8:1.2.

    :raises Unreadable: it is not one.
    """
    no = name.split(":")[1]
    if not no.isdecimal():
        raise Unreadable(node.place, "a reading with its number")
    return Reading(int(no), node.get("day").day, node.get("value").number)


class Curve:
    """The count of a register on every day: straight between readings, at the usual use behind the last."""

    def __init__(self, meter: Meter, readings: Iterable[Reading], usual: Usual | None = None) -> None:
        self._meter = meter
        self._usual = usual
        self._points: list[tuple[date, Fraction]] = []
        previous = Fraction(0)
        for one in sorted(readings, key=lambda reading: reading.day):
            turned = (one.value - previous) % meter.wheel if self._points else one.value
            count = self._points[-1][1] if self._points else Fraction(0)
            self._points.append((one.day, count + turned * meter.multiplier))
            previous = one.value

    @property
    def last(self) -> date:
        """The day of the last reading, the first of all days where there is none."""
        return self._points[-1][0] if self._points else date.min

    def exact(self, day: date) -> Fraction:
        """The count at the end of the day."""
        if not self._points:
            return Fraction(0)
        first, last = self._points[0], self._points[-1]
        if day <= first[0]:
            return first[1]
        if day > last[0]:
            daily = Fraction(0) if self._usual is None else self._usual.volume / self._usual.days
            return last[1] + daily * (day - last[0]).days
        for (one, low), (two, high) in pairwise(self._points):
            if one <= day <= two:
                return low + (high - low) * Fraction((day - one).days, (two - one).days)
        return last[1]

    def rounded(self, day: date) -> Fraction:
        """The count at the end of the day, to the decimals that the meter's volumes keep."""
        return half_up(self.exact(day), self._meter.unit)

    def between(self, before: date, last: date) -> tuple[Fraction, Fraction]:
        """The rounded counts at the ends of two days, less the whole turns of the wheel before the first."""
        low, high = self.rounded(before), self.rounded(last)
        turns = low - low % (self._meter.wheel * self._meter.multiplier)
        return low - turns, high - turns
