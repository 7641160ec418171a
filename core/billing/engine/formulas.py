"""Published formulas around the price of a volume: rounding, packages, taxes, demand, shares (billing.md 2, 3).

Numbers are exact fractions; each result is rounded where its rule says so and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.basics.periods import DAY, Period
from core.billing.engine import pricing
from core.billing.engine.usage import Curve
from core.billing.model import TariffVersion
from core.metering.model import Anchor, Usual

CENT = Fraction(1, 100)


class Rounding(StrEnum):
    """What happens to the rest that is smaller than the step."""

    HALF_UP = "half_up"
    FLOOR = "floor"
    NONE = "none"


def rounded(number: Fraction, step: Fraction = CENT, how: Rounding = Rounding.HALF_UP) -> Fraction:
    """The number as a whole multiple of the step; halves go away from zero."""
    match how:
        case Rounding.NONE:
            return number
        case Rounding.FLOOR:
            return number // step * step
        case Rounding.HALF_UP:
            whole = (2 * abs(number) + step) // (2 * step) * step
            return whole if number >= 0 else -whole


def priced(
    version: TariffVersion, volumes: Mapping[str, int], *, scale: Fraction = Fraction(1), each: bool = False
) -> tuple[Fraction, ...]:
    """What each block entered costs, in main units, not rounded; `volumes` thousandths by zone, `scale` what the bounds
    are multiplied by. `each` rounds every block with the version's VAT on it, as some profiles want."""
    taken = pricing.steps(version, volumes, scale=(scale.numerator, scale.denominator))
    blocks = dict.fromkeys(step.block for step in taken)
    worths = (Fraction(*pricing.worth([step for step in taken if step.block == number])) * CENT for number in blocks)
    if not each:
        return tuple(worths)
    return tuple(rounded(worth * Fraction(1000 + version.vat, 1000)) for worth in worths)


def topped(
    amount: Fraction,
    *,
    fixed: Fraction = Fraction(0),
    least: Fraction = Fraction(0),
    taxes: Iterable[Fraction] = (),
    stamp: Fraction = Fraction(0),
) -> Fraction:
    """The amount with a fixed charge, not less than the minimum, each tax put on top of what is before it, and a duty
    added at the end."""
    total = max(least, amount + fixed)
    for tax in taxes:
        total *= 1 + tax
    return total + stamp


def packages(volume: Fraction, *, size: Fraction, price: Fraction, free: Fraction = Fraction(0)) -> Fraction:
    """The price of every package begun, after the free units."""
    return max(0, -((free - volume) // size)) * price


def two_part(*, energy: Fraction, energy_rate: Fraction, power: Fraction, power_rate: Fraction) -> Fraction:
    """Energy and capacity, each at its own rate; not rounded."""
    return energy * energy_rate + power * power_rate


def billing_demand(peaks: Sequence[Fraction], ratchet: Fraction) -> tuple[Fraction, ...]:
    """The demand billed in each month: its own peak, or a share of the highest one, whichever is more."""
    floor_of_all = max(peaks, default=Fraction(0)) * ratchet
    return tuple(max(peak, floor_of_all) for peak in peaks)


def bound(per_day: Fraction, days: int) -> Fraction:
    """A block's bound that is given for a day, for a period."""
    return per_day * days


def parted(volume: Fraction, days: Period, cuts: Sequence[date]) -> tuple[tuple[int, Fraction], ...]:
    """A volume spread evenly over a half-open period, cut at the given days: (days, volume) of each part.

    :raises ValueError: the period has no end.
    """
    if days.end is None:
        raise ValueError("an open period cannot be parted")
    edges = [days.start, *cuts, days.end]
    whole = (days.end - days.start).days
    lengths = [(end - start).days for start, end in pairwise(edges)]
    return tuple((length, volume * Fraction(length, whole)) for length in lengths)


def by_days(monthly: Fraction, days: int) -> Fraction:
    """A monthly charge for so many days, a month being a twelfth of 365 days."""
    return monthly * days * Fraction(12, 365)


def count_at(anchors: Sequence[Anchor], day: date, *, wheel: int) -> Fraction:
    """The exact count at the end of a day, in whole units, by the straight line between two readings; behind the last
    one at the daily use of the last pair."""
    last, before = anchors[-1], anchors[-2]
    usual = Usual(last.value - before.value, (last.day - before.day).days)
    curve = Curve(anchors, wheel=wheel, multiplier=1000, fraction=3, usual=usual)
    return Fraction(*curve.exact(day.toordinal())) * Fraction(1, 1_000_000)


def average(first: Fraction, last: Fraction, periods: int) -> Fraction:
    """The mean use of a period from the counts at the ends of so many."""
    return (last - first) * Fraction(1, periods)


def distributed(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """A whole number parted by weights so that the parts add up to it exactly: the largest remainders get what is left
    over, the earlier of equal ones first (billing.md section 3.2).

    :raises ValueError: the weights come to nothing.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("nothing to distribute by")
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return tuple(parts)


def common_need(house: Fraction, others: Iterable[Fraction], *, area: Fraction, total_area: Fraction) -> Fraction:
    """An owner's share of what a house used in common: the house meter less all that was used inside, by area; a
    negative difference is nothing (formula 12 of the Russian rules)."""
    return max(Fraction(0), house - sum(others)) * Fraction(area, total_area)


def per_head(norm: Fraction, heads: int, tariff: Fraction) -> Fraction:
    """A norm for each person at a tariff."""
    return norm * heads * tariff


def prepaid(paid: Fraction, *, tax: Fraction, rate: Fraction) -> Fraction:
    """The volume that a sum paid in advance buys after tax; not rounded."""
    return Fraction(paid * (1 - tax), rate)


def days_between(earlier: date, later: date) -> int:
    """The days from one reading to the next: the day of the earlier one is not among them, that of the later is."""
    return (later - earlier) // DAY
