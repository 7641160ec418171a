"""How much was used on which days: a register's count as a curve over days (billing.md section 2)."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from core.basics.facts import dataclass
from core.basics.periods import Period
from core.billing.estimation import AVERAGED
from core.metering.model import Meter, RegisterState, Source, Usual

UNIT = (1000, 100, 10, 1)
"""The last decimal that a volume keeps, in thousandths, by the number of decimals."""


YEAR, ENOUGH = AVERAGED.days, AVERAGED.enough
"""Days of a year, and days of history without which nothing is called usual: three months (billing.md section 6)."""


class Valued(Protocol):
    """A value for the end of a day, with what tells how firm it is: an anchor, or the fact behind one."""

    @property
    def day(self) -> date: ...
    @property
    def value(self) -> int: ...
    @property
    def source(self) -> Source: ...


V = TypeVar("V", bound=Valued)


def difference(prev: int, cur: int, wheel: int) -> int:
    """What a register counted from `prev` to `cur`, thousandths; a smaller `cur` means that it passed zero once."""
    return cur - prev if cur >= prev else wheel - prev + cur


@dataclass(frozen=True, slots=True)
class Used:
    """The use of a span of days, thousandths; `estimated` the days in it that lie behind the last anchor."""

    volume: int
    estimated: Period | None


class Curve:
    """A register's cumulative count, exact on every day.

    A reading dated D is the count at the end of day D. Between anchors the count runs straight; behind the last it goes
    on at the usual daily use; before the first it stands still. The volume of a span is the difference of the rounded
    cumulative counts, so the volumes of adjoining spans always add up to that of the whole (billing.md section 2).
    Counts are absolute, so the rounding of a day does not depend on how many older anchors are known.

    :param anchors: oldest first, one a day; `wheel` and `multiplier` thousandths; `fraction` the decimals that a volume
        keeps; `usual` None: nothing is known to forecast by, the days behind the last anchor are estimated as nothing.
    """

    __slots__ = ("_counts", "_days", "_fraction", "_usual")

    def __init__(
        self, anchors: Sequence[Valued], *, wheel: int, multiplier: int, fraction: int, usual: Usual | None = None
    ) -> None:
        days: list[int] = []
        counts: list[int] = []
        previous = count = 0
        for anchor in anchors:
            value = anchor.value
            if counts:
                count += (value - previous if value >= previous else wheel - previous + value) * multiplier
            else:
                count = value * multiplier
            previous = value
            days.append(anchor.day.toordinal())
            counts.append(count)
        self._days = days
        self._counts = counts
        self._fraction = fraction
        self._usual = usual

    @classmethod
    def of_counts(cls, days: list[int], counts: list[int], *, fraction: int, usual: Usual | None = None) -> "Curve":
        """The curve of a register that never passed zero, from what it is made of: ordinals of days, oldest first, and
        the counts at their ends, millionths with the multiplier applied."""
        curve = cls.__new__(cls)
        curve._days, curve._counts, curve._fraction, curve._usual = days, counts, fraction, usual
        return curve

    def forecast(self, usual: Usual) -> "Curve":
        """The curve with that use behind the last anchor."""
        return Curve.of_counts(self._days, self._counts, fraction=self._fraction, usual=usual)

    @property
    def days(self) -> tuple[int, int]:
        """The ordinals of the first and the last anchor's days; where there is none, of no days."""
        return (self._days[0], self._days[-1]) if self._days else (1, 0)

    @property
    def usual(self) -> Usual | None:
        """The use behind the last anchor."""
        return self._usual

    def volume(self, days: Period) -> Used:
        """The use of the days, thousandths with the multiplier applied.

        :raises ValueError: the period has no end.
        """
        if days.end is None:
            raise ValueError("the volume of an open period")
        before = days.start.toordinal() - 1
        last = days.end.toordinal() - 1
        volume = self.count(last) - self.count(before)
        if not self._days:
            return Used(volume, days)
        known = self._days[-1]
        if last <= known:
            return Used(volume, None)
        return Used(volume, Period(date.fromordinal(max(known, before) + 1), days.end))

    def count(self, day: int) -> int:
        """The rounded cumulative count at the end of the day with this ordinal, thousandths, multiplier applied."""
        numerator, denominator = self.exact(day)
        unit = UNIT[self._fraction]
        step = unit * 1000 * denominator
        return (2 * numerator + step) // (2 * step) * unit

    def exact(self, day: int) -> tuple[int, int]:
        """The cumulative count at the end of the day as numerator and denominator, millionths of the unit."""
        days, counts = self._days, self._counts
        if not days:
            return 0, 1
        if day >= days[-1]:
            usual = self._usual
            if usual is None or day == days[-1]:
                return counts[-1], 1
            return counts[-1] * usual.days + usual.volume * 1000 * (day - days[-1]), usual.days
        after = bisect_right(days, day)
        if after == 0:
            return counts[0], 1
        gap = days[after] - days[after - 1]
        start = counts[after - 1]
        return start * gap + (counts[after] - start) * (day - days[after - 1]), gap


def usual_of(curve: Curve) -> Usual | None:
    """The usual use of a register without outages of which the curve tells the last twelve months, or all there is."""
    first, last = curve.days
    if last - first < ENOUGH:
        return None
    return usual_between(curve, max(first, last - YEAR), last)


def usual_between(curve: Curve, start: int, last: int) -> Usual:
    """The use behind one day up to another, both as ordinals."""
    return Usual(curve.count(last) - curve.count(start), last - start)


def curve_of(meter: Meter, register: RegisterState) -> Curve:
    """The curve of one register of a meter."""
    return Curve(
        register.anchors,
        wheel=meter.wheel,
        multiplier=meter.multiplier,
        fraction=meter.fraction,
        usual=register.usual,
    )


def consistent(anchors: Sequence[V], wheel: int) -> tuple[V, ...]:
    """The anchors without those that an inspector's or an act's value makes impossible (billing.md section 1).

    A customer's value is impossible where it stands above a later firm one, or below an earlier firm one, and passing
    zero in between would have taken more than half a turn of the wheel.
    """
    firm = [anchor for anchor in anchors if anchor.source >= Source.ACT]
    if not firm:
        return tuple(anchors)
    return tuple(anchor for anchor in anchors if anchor.source >= Source.ACT or _fits(anchor, firm, wheel))


def _fits(anchor: Valued, firm: Sequence[Valued], wheel: int) -> bool:
    at = bisect_right(firm, anchor.day, key=lambda one: one.day)
    before = at == 0 or possible(firm[at - 1].value, anchor.value, wheel)
    return before and (at == len(firm) or possible(anchor.value, firm[at].value, wheel))


def possible(prev: int, cur: int, wheel: int) -> bool:
    """Whether a register can have gone from one value to the other: forward, by less than half a turn where it passes
    zero."""
    return cur >= prev or difference(prev, cur, wheel) <= wheel // 2
