"""Which billed months a dated fact, or a tariff that came late, may have changed (billing.md section 5)."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import TERMS, Condition, Conditions, Kind, Subject
from core.billing.engine.facts import Billed, Facts
from core.billing.engine.outages import last_count
from core.billing.model import ClaimKind, Tariffs
from core.metering.expecting import needed
from core.metering.model import Meter, ReadingFact, RegisterKey


def touched(
    facts: Facts,
    meters: Sequence[Meter],
    point: int,
    lines: Mapping[Month, Billed],
    readings: Mapping[RegisterKey, Sequence[ReadingFact]],
) -> set[Month]:
    """The billed months of a point that a dated fact may change which no close has taken in since: a close takes in
    what is known for all months before its own."""
    found: set[Month] = set()
    if not facts.conditions:
        return found
    bills = [(claim.month, claim.no) for claim in facts.claims if claim.kind is ClaimKind.BILL]
    spans = [(fact.no, span) for fact in facts.conditions if (span := effect(fact, meters, point, readings))]
    for month, line in lines.items():
        seen = max([line.no, *(no for of, no in bills if of > month)])
        if any(no > seen and span.meet(month.period) is not None for no, span in spans):
            found.add(month)
    return found


def effect(
    fact: Condition, meters: Sequence[Meter], point: int, readings: Mapping[RegisterKey, Sequence[ReadingFact]]
) -> Period | None:
    """The days whose charge at the point the fact may change; None where it changes none.

    What concerns a meter changes the counts that are believed, and so the use since the one before and every forecast
    behind; so does what was without a meter. All else changes the days for which it holds.
    """
    match TERMS[fact.kind].subject:
        case Subject.METER:
            meter = next((one for one in meters if one.id == fact.subject), None)
            if meter is None:
                return None
            registers = [readings.get((meter.id, number), ()) for number in needed(meter)]
            before = min((last_count(one, (), fact.days.start - DAY) for one in registers), default=date.min)
            return Period(before, None)
        case Subject.POINT:
            return fact.days if fact.subject == point else None
        case Subject.ACCOUNT:
            return None if fact.kind is Kind.HOLDER else fact.days
        case Subject.BUILDING:
            return None


def repriced(
    meters: Sequence[Meter], point: int, lines: Mapping[Month, Billed], conditions: Conditions, tariffs: Tariffs
) -> set[Month]:
    """The billed months of a point that were charged by other versions than hold in them now."""
    if not meters:
        return set()
    return {
        month
        for month, line in lines.items()
        if line.tariffs and _holding(meters, point, month, conditions, tariffs) != set(line.tariffs)
    }


def _holding(meters: Sequence[Meter], point: int, month: Month, conditions: Conditions, tariffs: Tariffs) -> set[int]:
    """The ids of the versions that hold on a day of the month on which a meter stands at the point."""
    return {
        version.id
        for one in conditions.words(Kind.PLAN, point, month.period, meters[0].tariff)
        for version in tariffs.get(one.value, ())
        if (held := version.valid.meet(one.days)) is not None and any(held.meet(meter.installed) for meter in meters)
    }
