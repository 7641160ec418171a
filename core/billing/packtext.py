"""A rule pack in plain lines, for a person who asks what holds."""

from collections.abc import Iterator
from fractions import Fraction

from core.basics.money import MILLI
from core.basics.periods import Period
from core.billing.engine.penalty import PenaltyRules
from core.billing.keeping import CLASSES
from core.billing.tariffs import plain
from core.billing.terms import LateFee, OnDayOff, Pack


def as_text(pack: Pack) -> tuple[str, ...]:
    """What the pack says, section by section."""
    return (
        f"{pack.name}: {pack.title} ({pack.jurisdiction}, {pack.currency})",
        *(f"  bills of {rule.since} on: payable through the {rule.day}. ({rule.source})" for rule in pack.due),
        "  a due date on a day off "
        + ("stays" if pack.calendar.when_off is OnDayOff.KEEP else "goes to the next working day"),
        *_reading(pack),
        *_estimation(pack),
        *(
            f"  VAT {plain(one.rate, 10)} % {'in the tariffs' if one.included else 'on top'}, {_days(one.valid)}"
            for one in pack.vat
        ),
        *(_penalty(pack.penalty) if pack.penalty else ()),
        *(_late_fee(pack.late_fee) if pack.late_fee else ()),
        *_settling(pack),
        *_warnings(pack),
    )


def _reading(pack: Pack) -> Iterator[str]:
    if pack.window is not None:
        yield f"  readings from the {pack.window.first}. to the {pack.window.last}."
    late = "counts for the next month" if pack.habits.next_period else "changes the bill of its month"
    yield f"  a reading that comes after these days {late}"
    yield f"  telegram: {pack.habits.telegram}"
    less = "it is given back to them" if pack.habits.gives_back else "nothing is given back"
    yield f"  what a house used less than its accounts: {less}"
    yield f"  blocks: bounds scaled by {pack.habits.scaling}, zones {pack.habits.zones}"


def _estimation(pack: Pack) -> Iterator[str]:
    rules = pack.estimation
    yield (
        f"  no reading: average of {rules.average_months} months, at least {rules.least_months}, for "
        f"{rules.average_periods} periods in a row; then the norm"
    )
    for norm in rules.norms:
        category = f" ({norm.category})" if norm.category else ""
        volume = plain(norm.volume, MILLI)
        yield f"  norm of {norm.service}{category}: {volume} for each {norm.per}, {_days(norm.valid)}"
    for one in rules.uplifts:
        yield f"  norm of {one.service} times {plain(one.factor, MILLI)} if {one.case}, {_days(one.valid)}"


def _penalty(rules: PenaltyRules) -> Iterator[str]:
    for stage in rules.stages:
        until = f"to {stage.last}" if stage.last else "on"
        yield f"  penalty from day {stage.first} {until}: {stage.share} of the rate for each day"
    for rate in rules.rates:
        yield f"  rate {percent(rate.value)} % from {rate.since}, by the day: {str(rules.policy).replace('_', ' ')}"
    for cap in rules.caps:
        yield f"  at most {percent(cap.value)} %, {_days(cap.valid)}"
    for days in rules.moratoria:
        yield f"  no penalty {_days(days)}"
    if rules.most is not None:
        yield f"  never more than {percent(rules.most)} % of the claim"


def _late_fee(fee: LateFee) -> Iterator[str]:
    yield (
        f"  late fee {plain(fee.rate, 10)} % for each month begun behind {fee.grace} days of grace, "
        f"at least {plain(fee.least, 100)}"
    )


def _settling(pack: Pack) -> Iterator[str]:
    rules = pack.allocation
    yield f"  payments settle {', '.join(rules.order)}, {rules.mode}; what is left goes to the {rules.ahead} debt"
    if rules.designated_first:
        yield "  the month that the payer names comes first"
    if rules.barred_last:
        yield "  debts whose limitation has run come last"
    yield f"  limitation: {pack.limitation} years" if pack.limitation else "  no limitation"
    if pack.limitation and pack.lapsing:
        yield f"  a debt becomes a task {pack.lapsing} months before its limitation runs out"
    yield f"  while a plan is kept its claims {'bear no penalty' if pack.plans.frozen else 'bear penalty'}"


def _warnings(pack: Pack) -> Iterator[str]:
    quiet = pack.warnings.quiet
    yield (
        f"  unasked messages from {quiet.work[0]} to {quiet.work[1]} o'clock, "
        f"on days off from {quiet.off[0]} to {quiet.off[1]}"
    )
    for (kind, customer), one in pack.warnings.terms:
        dispute = f", a dispute for {one.dispute_days} days" if one.dispute_days else ", no dispute stops it"
        promise = f", a promise for at most {one.promise_days} days" if one.promise_days else ", no promise"
        yield (
            f"  warning of {kind} to a {customer}: {one.days} days from its {one.clock}, debt from "
            f"{plain(one.least, 100)}, a letter after {one.letter_hours} hours{promise}{dispute}"
        )
    for name, limit in pack.warnings.limits:
        yield f"  {name} messages to a phone: {limit.day} a day, {limit.week} a week, {limit.month} in thirty days"
    for why, customer in pack.warnings.protected:
        yield f"  not cut, of {customer or 'anybody'}: {why.replace('_', ' ')}"
    for season in pack.warnings.seasons:
        first, last = ("{:02}-{:02}".format(*one) for one in (season.first, season.last))
        yield f"  not cut, of {season.customer or 'anybody'}: from {first} through {last} of every year"
    for name in CLASSES:
        kept = pack.keeping.of(name)
        yield f"  {name} is kept {kept.days} days{f' ({kept.source})' if kept.source else ''}"


def percent(share: Fraction) -> str:
    """A share in per cent, such as 9.5 for 19/200."""
    scaled = share * 100 * 10**6
    return plain(int(scaled), 10**6) if scaled.denominator == 1 else str(share * 100)


def _days(period: Period) -> str:
    return f"from {period.start}" + (f" to before {period.end}" if period.end else " on")
