"""What late payment costs: a claim's balance, day by day, at a dated rate and a scheduled share (billing.md 4.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.basics.periods import DAY, Period
from core.billing.engine.exact import refuse_floats

NOTHING = Fraction(0)


class RatePolicy(StrEnum):
    """Which day's rate holds: that of the day on which the part was paid (unpaid: of the day of the calculation), or
    that of each day of delay."""

    ON_PAYMENT_DATE = "on_payment_date"
    PER_DAY = "per_day"


@dataclass(frozen=True, slots=True)
class Stage:
    """From the day of delay numbered `first` through `last` (None: for ever), `share` of the yearly rate is due for a
    day. Day 1 is the day after the last day to pay; days of no stage cost nothing."""

    first: int
    last: int | None
    share: Fraction

    def __post_init__(self) -> None:
        refuse_floats(self.share)


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate from a day on until the next one: 19/200 is 9.5 %."""

    since: date
    value: Fraction

    def __post_init__(self) -> None:
        refuse_floats(self.value)


@dataclass(frozen=True, slots=True)
class Cap:
    """No day of the period is reckoned at more than this yearly rate."""

    valid: Period
    value: Fraction

    def __post_init__(self) -> None:
        refuse_floats(self.value)


@dataclass(frozen=True, slots=True)
class PenaltyRules:
    """What a jurisdiction lays down: `rates` oldest first, `moratoria` the days that cost nothing though their numbers
    go on, `most` the largest part of the claim that a penalty may reach (None: any)."""

    stages: tuple[Stage, ...]
    rates: tuple[Rate, ...]
    caps: tuple[Cap, ...] = ()
    moratoria: tuple[Period, ...] = ()
    policy: RatePolicy = RatePolicy.ON_PAYMENT_DATE
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """So many kopecks of a claim were settled on a day."""

    on: date
    amount: int

    def __post_init__(self) -> None:
        refuse_floats(self.amount)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of one balance (kopecks), rate, share and moratorium; `first` and `last` both belong to it.

    Parts of a claim that go by the rates of different days of payment have segments of their own on the same days.
    """

    first: date
    last: date
    balance: int
    rate: Fraction
    share: Fraction
    moratorium: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def worth(self) -> Fraction:
        """What the segment costs, kopecks, exactly: «46 days × 2315.47 × 9.5 %/300»."""
        return NOTHING if self.moratorium else self.balance * self.days * self.rate * self.share


@dataclass(frozen=True, slots=True)
class Penalty:
    """The penalty of one claim: kopecks, rounded once; `exact` what the segments come to; `outstanding` what of the
    claim was unsettled at the end of the last day. Where `amount` is less than `exact` rounded, the limit holds; where
    it is more, the least fee does."""

    amount: int
    exact: Fraction
    segments: tuple[Segment, ...]
    outstanding: int

    @property
    def at_least(self) -> bool:
        """Whether the least fee holds, and not what the segments come to."""
        return self.amount > half_up(self.exact.numerator, self.exact.denominator)


class NoPenaltyRate(ValueError):
    """The rules have no rate for a day."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Kopecks that were unpaid through the day `last`, at the rates of the day `paid` where that decides."""

    amount: int
    last: date
    paid: date


def penalty(
    amount: int, due_on: date, settlements: Iterable[Settlement], rules: PenaltyRules, *, through: date
) -> Penalty:
    """The penalty of a claim of so many kopecks, payable up to and including `due_on`, for the days up to and including
    `through`.

    A settlement lowers the balance from the next day on; those after `through` are not known yet, what they exceed the
    claim by is not its own. After full payment the result does not depend on `through` any more. Nothing accrues on a
    penalty: give the claim without it. Caps hold by the day of delay, whatever day's rate is taken.

    :raises NoPenaltyRate: there is no rate on a day that decides. :raises TypeError: a number is a binary float.
    """
    refuse_floats(amount, rules.most)
    parts, outstanding = _parts(amount, settlements, through)
    if len(parts) == 1:
        segments, exact = _of_one(parts[0], due_on, rules)
    else:
        segments = _gone_through(parts, due_on, through, rules)
        exact = sum((segment.worth for segment in segments), NOTHING)
    rounded = half_up(exact.numerator, exact.denominator)
    if rules.most is not None:
        limit = amount * rules.most
        rounded = min(rounded, half_up(limit.numerator, limit.denominator))
    return Penalty(rounded, exact, segments, outstanding)


def _gone_through(parts: Sequence[_Part], due_on: date, through: date, rules: PenaltyRules) -> tuple[Segment, ...]:
    first = due_on + DAY
    cuts = _cuts(first, through, parts, rules)
    return _merged(segment for start, end in pairwise(cuts) for segment in _segments(start, end, first, parts, rules))


class _Same:
    """Rules that are known again as the very same ones: to compare them by what they hold takes longer than to reckon
    by them."""

    __slots__ = ("rules",)

    def __init__(self, rules: PenaltyRules) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.rules is other.rules


def _of_one(part: _Part, due_on: date, rules: PenaltyRules) -> tuple[tuple[Segment, ...], Fraction]:
    """The segments of a claim that is all unpaid, or was paid at one time, and what they come to: those of one kopeck,
    which many claims of a day to pay share, so many times."""
    of_one, worth = _of_a_kopeck(due_on, part.last, part.paid, _Same(rules))
    segments = tuple(Segment(one.first, one.last, part.amount, one.rate, one.share, one.moratorium) for one in of_one)
    return segments, part.amount * worth


@lru_cache(maxsize=4096)
def _of_a_kopeck(due_on: date, last: date, paid: date, same: _Same) -> tuple[tuple[Segment, ...], Fraction]:
    found = _gone_through([_Part(1, last, paid)], due_on, last, same.rules)
    return found, sum((one.worth for one in found), NOTHING)


def _parts(amount: int, settlements: Iterable[Settlement], through: date) -> tuple[list[_Part], int]:
    """The claim in the parts that were paid together, and what is unpaid."""
    parts: list[_Part] = []
    left = amount
    for settlement in sorted(settlements, key=lambda one: one.on):
        taken = min(left, settlement.amount)
        if settlement.on <= through and taken > 0:
            parts.append(_Part(taken, settlement.on, settlement.on))
            left -= taken
    if left > 0:
        parts.append(_Part(left, through, through))
    return parts, max(0, left)


def _cuts(first: date, through: date, parts: Sequence[_Part], rules: PenaltyRules) -> list[date]:
    """The days, in order, on which anything may change, from the first of delay to the day after the last."""
    numbers = [number for stage in rules.stages for number in (stage.first, (stage.last or 0) + 1)]
    days = [first + timedelta(number - 1) for number in numbers]
    days += [part.last + DAY for part in parts]
    if rules.policy is RatePolicy.PER_DAY:
        days += [rate.since for rate in rules.rates]
    periods = (*rules.moratoria, *(cap.valid for cap in rules.caps))
    days += [day for period in periods for day in (period.start, period.end) if day is not None]
    end = through + DAY
    return sorted({first, end, *(day for day in days if first < day < end)}) if first < end else []


def _segments(start: date, end: date, first: date, parts: Sequence[_Part], rules: PenaltyRules) -> Iterable[Segment]:
    """The days from `start` to before `end`, on which nothing changes: a segment for each rate in force."""
    share = share_on((start - first).days + 1, rules.stages)
    moratorium = any(start in period for period in rules.moratoria)
    balances: dict[Fraction, int] = {}
    for part in parts:
        if part.last >= start:
            day = start if rules.policy is RatePolicy.PER_DAY else part.paid
            rate = _capped(rate_on(day, rules.rates), start, rules.caps) if share else NOTHING
            balances[rate] = balances.get(rate, 0) + part.amount
    return [Segment(start, end - DAY, balance, rate, share, moratorium) for rate, balance in balances.items()]


def share_on(number: int, stages: Iterable[Stage]) -> Fraction:
    """The share of the yearly rate that the day of delay with this number costs."""
    found = (one.share for one in stages if one.first <= number and (one.last is None or number <= one.last))
    return next(found, NOTHING)


def rate_on(day: date, rates: Iterable[Rate]) -> Fraction:
    """The yearly rate in force on a day, of rates that are given oldest first.

    :raises NoPenaltyRate: the first of them begins later.
    """
    found = [rate.value for rate in rates if rate.since <= day]
    if not found:
        raise NoPenaltyRate(f"no rate of penalty for {day}")
    return found[-1]


def _capped(rate: Fraction, day: date, caps: Iterable[Cap]) -> Fraction:
    return min([rate, *(cap.value for cap in caps if day in cap.valid)])


def _merged(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments, in the order of their days, with those put together that follow one another and are alike."""
    joined: list[Segment] = []
    for segment in segments:
        before_first, alike = segment.first - DAY, _alike(segment)
        for place, before in enumerate(joined):
            if before.last == before_first and _alike(before) == alike:
                joined[place] = replace(before, last=segment.last)
                break
        else:
            joined.append(segment)
    return tuple(joined)


def _alike(one: Segment) -> tuple[int, Fraction, Fraction, bool]:
    return one.balance, one.rate, one.share, one.moratorium
