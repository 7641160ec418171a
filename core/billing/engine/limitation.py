"""Until when a claim may be brought to court, and how old a debt is (billing.md 4.4, 4.5)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.model import AccountState, Component, OpenClaim

AGES = (30, 60, 90, 180, 365, 3 * 365)
"""The last days of delay of the usual ages of a debt; older debts are the last age."""


def limitation_on(
    due_on: date, *, years: int, restarts: Iterable[date] = (), pauses: Iterable[Period] = ()
) -> date | None:
    """The last day of the term within which a claim payable up to and including `due_on` may be brought; it may still
    be paid later, for a term that has run counts only where the debtor pleads it.

    The term ends so many years later on the day of the same number, in a month without it on the last. An
    acknowledgement begins it anew from its day, where it comes in time. Before a court it does not run: the days of a
    pause that begins in time are added, and while it is open there is no last day (None).
    """
    last = later_by_years(due_on, years)
    events = [(day, None) for day in restarts] + [(pause.start, pause) for pause in pauses]
    for day, pause in sorted(events, key=lambda event: event[0]):
        if day > last:
            break
        if pause is None:
            last = later_by_years(day, years)
        elif pause.end is None:
            return None
        else:
            last += pause.end - pause.start
    return last


def last_days(state: AccountState, years: int) -> Iterator[tuple[OpenClaim, date]]:
    """The open claims with the last days of their limitation, none where it has no `years`; an instalment plan
    acknowledges what it covers."""
    for one in state.claims if years else ():
        about = one.no
        if one.component is Component.PENALTY:
            about = next((late.no for late in state.late if (late.month, late.due_on) == (one.month, one.due_on)), 0)
        restarts = [plan.start for plan in state.plans if about in plan.covers]
        last = limitation_on(one.due_on, years=years, restarts=restarts)
        assert last is not None
        yield one, last


def later_by_years(day: date, years: int) -> date:
    """The day of the same number so many years later; 29 February becomes the 28th where there is none."""
    return Month(day.year + years, day.month).day(day.day)


def until(today: date, months: int) -> date:
    """The first day that is not within so many months of today: the day of the same number, in a month without it the
    last."""
    return Month.of(today).back(-months).day(today.day)


def running_out(limits: Iterable[tuple[int, date | None]], *, today: date, within: int) -> tuple[int, ...]:
    """Which claims (number, last day) can be brought today but in `within` days no more, the most pressing first."""
    until = today + timedelta(within)
    found = sorted((last, claim) for claim, last in limits if last is not None and today <= last < until)
    return tuple(claim for _, claim in found)


@dataclass(frozen=True, slots=True)
class Age:
    """Kopecks that are from `first` to `last` days behind their last day to pay; `first` None: not payable yet, `last`
    None: older than all the others."""

    first: int | None
    last: int | None
    amount: int


def ages(debts: Iterable[tuple[date, int]], *, today: date, bounds: Sequence[int] = AGES) -> tuple[Age, ...]:
    """The debts (last day to pay, kopecks) by age; the amounts always add up to the debt.

    The first age is what is not payable yet, up to the day before the last day to pay.
    """
    firsts = (0, *(bound + 1 for bound in bounds))
    sums = [0] * (len(firsts) + 1)
    for due_on, amount in debts:
        days = (today - due_on).days
        sums[sum(days >= first for first in firsts)] += amount
    spans = [(None, -1), *zip(firsts, (*bounds, None), strict=True)]
    return tuple(Age(first, last, amount) for (first, last), amount in zip(spans, sums, strict=True))
