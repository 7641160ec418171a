"""Published formulas around the price of a volume: rounding, packages, taxes, demand, shares (billing.md 2, 3).

Numbers are exact fractions; each result is rounded where its rule says so and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from core.basics.periods import DAY, Period
from core.billing.engine import pricing, usage
from core.billing.engine.exact import exactly
from core.billing.engine.usage import Curve
from core.billing.model import TariffVersion
from core.metering.model import Anchor, Usual

CENT = Fraction(1, 100)


class Rounding(StrEnum):
    """What happens to the rest that is smaller than the step."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEIL = "ceil"
    NONE = "none"


@exactly
def rounded(number: Fraction, step: Fraction = CENT, how: Rounding = Rounding.HALF_UP) -> Fraction:
    """The number as a whole multiple of the step; halves go away from zero, or with HALF_EVEN to the even multiple."""
    match how:
        case Rounding.NONE:
            return number
        case Rounding.FLOOR:
            return number // step * step
        case Rounding.CEIL:
            return -(-number // step) * step
        case Rounding.HALF_EVEN:
            return round(Fraction(number, step)) * step
        case Rounding.HALF_UP:
            whole = (2 * abs(number) + step) // (2 * step) * step
            return whole if number >= 0 else -whole


@exactly
def priced(
    version: TariffVersion,
    volumes: Mapping[str, Fraction],
    *,
    scale: Fraction = Fraction(1),
    vat: Fraction | None = None,
    each: Rounding = Rounding.NONE,
    step: Fraction = CENT,
) -> tuple[Fraction, ...]:
    """What each block entered costs, in main units, with VAT on it (the version's, unless another is given); `volumes`
    in units by zone, `scale` what the bounds are multiplied by. Rounded to the step only where `each` says how, as some
    profiles want it."""
    taken = pricing.exact_steps(version, volumes, scale=scale)
    blocks = dict.fromkeys(step.block for step in taken)
    tax = 1 + (Fraction(version.vat, 1000) if vat is None else vat)
    worths = [pricing.worth([step for step in taken if step.block == number]) for number in blocks]
    return tuple(rounded(Fraction(*worth) * CENT * tax, step, each) for worth in worths)


@exactly
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


@exactly
def vat_within(amount: Fraction, vat: Fraction) -> Fraction:
    """The VAT in an amount that includes it, not rounded."""
    return amount * vat * Fraction(1, 1 + vat)


@exactly
def packages(volume: Fraction, *, size: Fraction, price: Fraction, free: Fraction = Fraction(0)) -> Fraction:
    """The price of every package begun, after the free units."""
    return max(0, -((free - volume) // size)) * price


@exactly
def two_part(*, energy: Fraction, energy_rate: Fraction, power: Fraction, power_rate: Fraction) -> Fraction:
    """Energy and capacity, each at its own rate; not rounded."""
    return energy * energy_rate + power * power_rate


@exactly
def billing_demand(peaks: Sequence[Fraction], ratchet: Fraction) -> tuple[Fraction, ...]:
    """The demand billed in each month: its own peak, or a share of the highest one, whichever is more."""
    floor_of_all = max(peaks, default=Fraction(0)) * ratchet
    return tuple(max(peak, floor_of_all) for peak in peaks)


@exactly
def bound(per_day: Fraction, days: int) -> Fraction:
    """A block's bound that is given for a day, for a period."""
    return per_day * days


@exactly
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


@exactly
def by_days(monthly: Fraction, days: int) -> Fraction:
    """A monthly charge for so many days, a month being a twelfth of 365 days."""
    return monthly * days * Fraction(12, 365)


@exactly
def count_at(anchors: Sequence[Anchor], day: date, *, wheel: int) -> Fraction:
    """The exact count at the end of a day, in whole units, by the straight line between two readings; behind the last
    one at the daily use of the last pair."""
    last, before = anchors[-1], anchors[-2]
    usual = Usual(last.value - before.value, (last.day - before.day).days)
    curve = Curve(anchors, wheel=wheel, multiplier=1000, fraction=3, usual=usual)
    return Fraction(*curve.exact(day.toordinal())) * Fraction(1, 1_000_000)


@exactly
def average(first: Fraction, last: Fraction, periods: int) -> Fraction:
    """The mean use of a period from the counts at the ends of so many."""
    return (last - first) * Fraction(1, periods)


@exactly
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


@exactly
def counted(prev: Fraction, cur: Fraction, *, digits: int, multiplier: Fraction = Fraction(1)) -> Fraction:
    """What a meter of so many digits before the comma counted between two readings, times its multiplier; a smaller
    second one means that it passed zero once."""
    parts = lcm(prev.denominator, cur.denominator)
    turned = usage.difference(int(prev * parts), int(cur * parts), 10**digits * parts)
    return Fraction(turned, parts) * multiplier


@exactly
def benefit(volume: Fraction, rate: Fraction, *, share: Fraction, limit: Fraction | None = None) -> Fraction:
    """What a benefit takes off, not rounded: a share of the price of the volume, or of no more than the limit."""
    return min(volume, volume if limit is None else limit) * rate * share


@exactly
def per_head(norm: Fraction, heads: Fraction, tariff: Fraction) -> Fraction:
    """A norm for each person, or m², at a tariff."""
    return norm * heads * tariff


@exactly
def prepaid(paid: Fraction, *, tax: Fraction, rate: Fraction) -> Fraction:
    """The volume that a sum paid in advance buys after tax; not rounded."""
    return Fraction(paid * (1 - tax), rate)


@exactly
def days_between(earlier: date, later: date) -> int:
    """The days from one reading to the next: the day of the earlier one is not among them, that of the later is."""
    return (later - earlier) // DAY
