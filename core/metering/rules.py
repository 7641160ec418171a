"""The checks that a reading passes before it is believed (billing.md section 6); the first that hits decides."""

from collections.abc import Sequence
from datetime import date

from core.basics.periods import Month
from core.metering.checks import Case, Entry
from core.metering.expecting import DEFAULTS, Limits, expect, state_of
from core.metering.model import Given, Meter, Registers, Source
from core.metering.verdicts import Accept, Ask, Flag, Usage, Verdict
from core.records import Doubt


def check(
    given: Sequence[Given],
    states: Registers,
    meters: Sequence[Meter],
    *,
    today: date,
    day: date,
    confirmed: bool = False,
    doubtful: bool = False,
    window: tuple[int, int] | None = None,
    tries: int = 0,
    billed_through: date | None = None,
    source: Source = Source.CUSTOMER,
    limits: Limits = DEFAULTS,
    next_period: bool = False,
) -> Verdict:
    """Whether the numbers are believed, asked for or refused (billing.md section 6, rulings 4 to 8).

    `given` are placed numbers, at most one a register; `meters` all of the account; `day` is the day read, `today` the
    day the message came. `confirmed`: the customer said yes to exactly these numbers. `doubtful`: they were read with
    some doubt and are asked for if nothing else is. `window` first and last day of the month for readings, inclusive.
    `tries` refusals in a row before this one. `billed_through`: bills are issued to that day, nothing is late for them,
    unless `next_period`: what comes after the window of a month counts for the next one, billed or not.

    :raises ValueError: no number, or two for one register.
    """
    if not given or len({it.key for it in given}) != len(given):
        raise ValueError("a reading has at least one number and one a register")
    case = Case(
        tuple(Entry.of(it, states, day=day, limits=limits) for it in given),
        states, tuple(meters), today, day, tries, source, limits,
    )  # fmt: skip
    objection = case.objection(confirmed=confirmed, doubtful=doubtful)
    if objection is None:
        return _accepted(case, window, billed_through, next_period=next_period)
    if isinstance(objection, Ask) and objection.yes:
        return case.given_instead(objection.yes).objection(confirmed=True) or objection
    return objection


def accepted_plainly(
    usage: Usage,
    *,
    today: date,
    day: date,
    window: tuple[int, int] | None,
    billed_through: date | None,
    next_period: bool,
) -> Accept:
    """The verdict on a number of which nothing is to be remarked but the days that it came on; arguments as `check`."""
    counts_in, late, early = _of_window(today, day, window, billed_through, next_period=next_period)
    if late or early:
        usage = Usage(usage.given, usage.used, usage.since, (Flag.LATE if late else Flag.EARLY,))
    month = Month.of(day) if late or early else None
    return Accept((usage,), day, False, month if late else None, month if early else None, counts_in)


def _accepted(case: Case, window: tuple[int, int] | None, billed_through: date | None, *, next_period: bool) -> Accept:
    counts_in, late, early = _of_window(case.today, case.day, window, billed_through, next_period=next_period)
    doubts = [found for it in case.given if (found := it.meter.doubt_on(case.day)) is not None]
    why, since = min(doubts, key=lambda one: one[1], default=(Doubt.EXPIRED, None))
    whole = tuple(flag for flag, holds in ((Flag.LATE, late), (Flag.EARLY, early)) if holds)
    return Accept(
        usages=tuple(_usage(entry, case, whole) for entry in case.entries),
        day=case.day,
        repeated=case.repeated,
        late_for=Month.of(case.day) if late else None,
        early_for=Month.of(case.day) if early else None,
        counts_in=counts_in,
        unverified_since=since,
        doubt=why,
    )


def _usage(entry: Entry, case: Case, of_all: tuple[Flag, ...]) -> Usage:
    expected, meter = entry.expected, entry.given.meter
    corrects = entry.same_day is not None and not entry.repeats
    doubted = next(iter(meter.doubt_on(case.day) or ()), None)
    flags = (
        (Flag.FIRST, expected.before is None),
        (Flag.ROLLOVER, entry.lower),
        (Flag.UNUSUAL, expected.unusual is not None and entry.used > expected.unusual),
        (Flag.DROP, _dropped(entry, case)),
        (Flag.UNVERIFIED, doubted is Doubt.EXPIRED),
        (Flag.DOUBTED, doubted is not None and doubted is not Doubt.EXPIRED),
        (Flag.CORRECTION, corrects),
        (Flag.REPEAT, entry.repeats),
    )
    instead = entry.same_day.value if corrects and entry.same_day is not None else None
    held = tuple([flag for flag, holds in flags if holds])
    return Usage(entry.given, entry.used, expected.before, held + of_all, instead)


def _dropped(entry: Entry, case: Case) -> bool:
    """Check 14: no use at all, or two periods with less than a tenth of the usual use."""
    expected, percent = entry.expected, case.limits.drop_percent
    if expected.before is None:
        return False
    if entry.used == 0:
        return True
    if expected.usual is None or entry.used * 100 >= expected.usual * percent:
        return False
    state = state_of(case.states, entry.given.key)
    last = expect(entry.given.meter, state, day=expected.before.day, limits=case.limits)
    if last.before is None or last.usual is None:
        return False
    return last.used(expected.before.value) * 100 < last.usual * percent


def open_month(today: date, window: tuple[int, int]) -> Month:
    """The first month whose window has not passed."""
    month = Month.of(today)
    return month if today.day <= window[1] else month.next


def _of_window(
    today: date, day: date, window: tuple[int, int] | None, billed_through: date | None, *, next_period: bool
) -> tuple[Month | None, bool, bool]:
    """The first month whose bill goes by the reading, where it may change none before; whether it came after the window
    of its month (check 16), or is of a day before it (check 15)."""
    if window is None:
        return None, False, False
    counts_in = open_month(today, window) if next_period else None
    if counts_in is None and billed_through is not None and day <= billed_through:
        return None, False, False
    late = (day.year, day.month) < (today.year, today.month) or today.day > window[1]
    return counts_in, late, not late and day.day < window[0]
