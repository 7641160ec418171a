"""Which billed months a reading, a dated fact or a tariff that came late may have changed (billing.md section 5)."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import TERMS, Condition, Conditions, Kind, Subject
from core.billing.engine.facts import Billed, Facts
from core.billing.engine.outages import Outage, last_count
from core.billing.model import MOST_RATCHET, ClaimKind, Tariffs
from core.metering.expecting import needed
from core.metering.model import Meter, ReadingFact, RegisterKey

_UNCHARGED = (Kind.HOLDER, Kind.INSTALMENTS, Kind.INSTALMENTS_END)
"""What is of an account and changes no charge."""

_NORMED = (Kind.PERSONS, Kind.OWNERS, Kind.AREA, Kind.CATEGORY, Kind.ABSENCE, Kind.SUPPLY, Kind.METERING)
"""What a use by the norm depends on."""


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
    behind; so does what was without a meter. A movement that is taken back changes where the meter was, and so the use
    of its point since the last count before, of whichever meter. A demand may be charged in the months after by a
    ratchet. A norm runs on from day to day and is rounded where a month ends: what it depends on may move that of every
    month behind. All else changes the days for which it holds.
    """
    match TERMS[fact.kind].subject:
        case Subject.METER:
            meter = next((one for one in meters if one.id == fact.subject), None)
            if meter is None:
                return None
            if fact.kind is Kind.MOVEMENT:
                return _since_last(fact.days, [one for one in meters if one.point_id == point], readings)
            registers = [readings.get((meter.id, number), ()) for number in needed(meter)]
            before = min((last_count(one, (), fact.days.start - DAY) for one in registers), default=date.min)
            return Period(before, None)
        case Subject.POINT:
            return _lasting(fact) if fact.subject == point else None
        case Subject.ACCOUNT:
            return None if fact.kind in _UNCHARGED else _lasting(fact)
        case Subject.BUILDING:
            return None


def _lasting(fact: Condition) -> Period:
    """The days of a fact; of what a norm depends on, those behind too; of a demand, those of the months after that a
    ratchet may look back from."""
    if fact.kind in _NORMED:
        return Period(fact.days.start, None)
    if fact.kind is not Kind.DEMAND or fact.days.end is None:
        return fact.days
    return Period(fact.days.start, Month.of(fact.days.end - DAY).back(-MOST_RATCHET).next.first)


def _since_last(days: Period, meters: Sequence[Meter], readings: Mapping[RegisterKey, Sequence[ReadingFact]]) -> Period:
    """The days from the last count of any of the meters before the first of these on."""
    counts = [
        last_count(readings.get((meter.id, number), ()), (), days.start - DAY)
        for meter in meters
        for number in needed(meter)
    ]
    return Period(min((one for one in counts if one != date.min), default=days.start), None)


def unsettled(
    meter: Meter,
    lines: Mapping[Month, Billed],
    readings: Mapping[RegisterKey, Sequence[ReadingFact]],
    gaps: Sequence[Outage],
    horizon: date,
) -> set[Month]:
    """The billed months of a meter's point that are not wholly before a count of it which no reading can move any more:
    before `horizon` none can come."""
    registers = [readings.get((meter.id, number), ()) for number in needed(meter)]
    read = all(registers)
    firm = min((last_count(one, gaps, horizon - DAY) for one in registers), default=date.min)
    removed, settled = meter.installed.end, Month.of(firm)
    return {
        month
        for month, line in lines.items()
        if month >= settled
        and month.last >= meter.installed.start
        and (line.tariffs or (read and (removed is None or month.first < removed)))
        and (month.last if removed is None else min(month.last, removed - DAY)) > firm
    }


def repriced(
    plan: str | None,
    meters: Sequence[Meter],
    point: int,
    lines: Mapping[Month, Billed],
    conditions: Conditions,
    tariffs: Tariffs,
) -> set[Month]:
    """The billed months of a point that were charged by other versions than hold in them now; `plan` where no fact
    says another, None for a point of which nothing is known."""
    charged = [(month, set(line.tariffs)) for month, line in lines.items() if line.tariffs]
    if plan is None or not charged:
        return set()
    there = _there(meters, point, conditions)
    return {
        month for month, versions in charged if _holding(plan, there, point, month, conditions, tariffs) != versions
    }


def _there(meters: Sequence[Meter], point: int, conditions: Conditions) -> Sequence[Period]:
    """The days for which a point may be charged: those of its meters, with the days between one and the next, and
    those of which it is said whether there could be one."""
    found = [one.days for one in conditions.said(Kind.METERING, point)]
    if meters:
        ends = [one.installed.end for one in meters if one.installed.end is not None]
        found.append(
            Period(min(one.installed.start for one in meters), max(ends) if len(ends) == len(meters) else None)
        )
    return found


def _holding(
    plan: str, there: Sequence[Period], point: int, month: Month, conditions: Conditions, tariffs: Tariffs
) -> set[int]:
    """The ids of the versions that hold on a day of the month for which the point may be charged."""
    return {
        version.id
        for one in conditions.words(Kind.PLAN, point, month.period, plan)
        for version in tariffs.get(one.value, ())
        if (held := version.valid.meet(one.days)) is not None and any(held.meet(days) for days in there)
    }
