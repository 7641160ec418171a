"""A debt paid in parts: equal parts, interest on them, and when the plan is broken (billing.md 4.7)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.basics.periods import DAY, Month
from core.billing.engine.exact import exactly
from core.billing.engine.penalty import Rate, Settlement, rate_on

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Kopecks payable up to and including a day."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A current bill that must be paid in time while a plan runs: kopecks, and what settled it."""

    due_on: date
    amount: int
    settled: tuple[Settlement, ...] = ()


@dataclass(frozen=True, slots=True)
class InterestPlan:
    """A plan whose last part carries the interest on all of them, rounded once; `total` is debts and interest."""

    parts: tuple[Part, ...]
    interest: int
    total: int


@exactly
def equal(total: int, count: int) -> tuple[int, ...]:
    """So many equal parts of a sum, each rounded half up to a kopeck; the last takes the rest, whatever its sign.

    :raises ValueError: no parts, or a negative sum.
    """
    if count < 1 or total < 0:
        raise ValueError("a plan needs parts, and something to part")
    part = half_up(total, count)
    if part * (count - 1) > total:
        part = total // count
    return (part,) * (count - 1) + (total - part * (count - 1),)


def monthly(first: date, count: int) -> tuple[date, ...]:
    """A day a month from `first` on; a month that has no such day gives its last."""
    months = [divmod(first.month - 1 + number, 12) for number in range(count)]
    return tuple(Month(first.year + years, month + 1).day(first.day) for years, month in months)


@exactly
def plan(total: int, *, first: date, count: int) -> tuple[Part, ...]:
    """A debt in equal monthly parts without interest."""
    return tuple(map(Part, monthly(first, count), equal(total, count)))


def broken_on(
    parts: Iterable[Part], paid: Iterable[Settlement], bills: Iterable[Bill] = (), *, today: date
) -> date | None:
    """The first day on which a part, or a current bill, is overdue; None: the plan is in force at the end of the day
    `today`. What was paid ahead counts for the parts to come; what is paid later does not mend a broken plan."""
    paid = tuple(paid)
    due, days = 0, list[date]()
    for part in sorted(parts, key=lambda part: part.due_on):
        due += part.amount
        if _by(part.due_on, paid) < due:
            days.append(part.due_on + DAY)
            break
    days += [bill.due_on + DAY for bill in bills if _by(bill.due_on, bill.settled) < bill.amount]
    return min((day for day in days if day <= today), default=None)


def _by(day: date, paid: Iterable[Settlement]) -> int:
    return sum(one.amount for one in paid if one.on <= day)


@exactly
def with_interest(
    debts: Sequence[Part],
    *,
    initial: int,
    initial_days: int,
    start: date,
    first: date,
    count: int,
    rates: Sequence[Rate],
) -> InterestPlan:
    """Debts (kopecks, due days) in equal monthly parts from `first` on, with simple interest by yearly rates (oldest
    first) from each due day until what is owed is paid.

    - Up to `start`, the day of the plan, each debt bears the rate of each day.
    - The initial payment settles the oldest debts `initial_days` later. What it takes of the debts that are due by
      then bears interest until then; the rest of a debt that it reaches waits for it and bears interest only from
      then on.
    - From then on every part bears the rate of its first day, through the day on which it is paid.

    :raises ValueError: no parts; the rates begin too late.
    """
    later = start + timedelta(initial_days)
    days = monthly(first, count)
    interest, left = NOTHING, initial
    sums = [0] * count
    for debt in sorted(debts, key=lambda debt: debt.due_on):
        since = max(later if left else start, debt.due_on)
        taken = min(left, debt.amount)
        left -= taken
        interest += accrued(debt.amount, debt.due_on, start, rates)
        if debt.due_on < later:
            interest += _agreed(taken, max(start, debt.due_on), later, start, rates)
        for place, amount in enumerate(equal(debt.amount - taken, count)):
            sums[place] += amount
            interest += _agreed(amount, since, days[place] + DAY, since, rates)
    whole = half_up(interest.numerator, interest.denominator)
    sums[-1] += whole
    total = sum(debt.amount for debt in debts) + whole
    return InterestPlan(tuple(map(Part, days, sums)), whole, total)


@exactly
def accrued(amount: int, since: date, until: date, rates: Sequence[Rate]) -> Fraction:
    """Simple interest on kopecks from a day to before another, exact: each day at its own rate, a day being a 365th of
    the yearly rate, in leap years a 366th.

    :raises ValueError: the rates begin later.
    """
    edges = [date(year, 1, 1) for year in range(since.year + 1, until.year + 1)] + [rate.since for rate in rates]
    days = sorted({since, *(day for day in edges if since < day < until), until}) if since < until else []
    return sum(
        (_agreed(amount, day, end, day, rates) for day, end in pairwise(days)),
        NOTHING,
    )


def _agreed(amount: int, since: date, until: date, on: date, rates: Sequence[Rate]) -> Fraction:
    """Interest from a day to before another at the rate, and the length of the year, of the day `on`."""
    if not amount or until <= since:
        return NOTHING
    year = date(on.year + 1, 1, 1) - date(on.year, 1, 1)
    return amount * ((until - since) // DAY) * rate_on(on, rates) * Fraction(1, year // DAY)
