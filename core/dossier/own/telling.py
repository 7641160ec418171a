"""From all that is on record to what a customer sees of it: pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from core.basics.money import half_up
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Conditions, conditions_of
from core.billing.engine import deriving, forecasting, statement, timely
from core.billing.engine.deriving import usual_use
from core.billing.engine.forecasting import Forecast
from core.billing.engine.measuring import reading_id
from core.billing.engine.outages import kept, outages
from core.billing.engine.statement import Kind, Statement
from core.billing.engine.usage import Curve
from core.billing.estimation import Estimation
from core.billing.model import AccountState, ClaimKind, Tariffs
from core.dossier.model import Status
from core.dossier.own.model import BillSeen, BookRow, Cause, Change, Count, Day, Days, Life
from core.metering.expecting import needed, shown
from core.metering.model import Meter, ReadingFact, RegisterKey

MOST_MONTHS = 120
"""So many months of the book are shown on a page."""

Readings = Mapping[RegisterKey, Sequence[ReadingFact]]


def book(life: Life, meters: Sequence[Meter]) -> tuple[BookRow, ...]:
    """The rows of the book, the latest first, without a gap between the first fact and the last.

    A charge stands in the month that it is for, a payment in that in which it came.
    """
    readings = timely.in_force(life.facts, meters)
    counts = dict(_counts(meters, readings))
    rows: list[BookRow] = []
    left = 0
    for month in _months(life, counts):
        own = [one for one in life.facts.claims if one.month == month]
        charged = sum(one.amount for one in own if one.is_bill)
        corrected = sum(one.amount for one in own if one.kind is ClaimKind.RECALCULATION)
        late = sum(one.amount for one in own if not one.is_principal)
        paid = sum(one.amount for one in life.facts.payments if one.paid_on in month.period)
        left += charged + corrected + late - paid
        volumes: dict[str, int] = {}
        for one in life.volumes:
            if one.month == month:
                volumes[one.service] = volumes.get(one.service, 0) + one.volume
        rows.append(BookRow(month, tuple(counts.get(month, ())), volumes, charged, corrected, late, paid, left))
    return tuple(reversed(rows))


def _months(life: Life, counts: Mapping[Month, Sequence[Count]]) -> Iterator[Month]:
    days = [one.month for one in life.facts.claims]
    days += [Month.of(one.paid_on) for one in life.facts.payments] + list(counts)
    if days:
        month, last = min(days), max(days)
        while month <= last:
            yield month
            month = month.next


def _counts(meters: Sequence[Meter], readings: Readings) -> Iterator[tuple[Month, list[Count]]]:
    """The last readings of each month in which all registers of a meter were read."""
    found: dict[Month, list[Count]] = {}
    for meter in meters:
        registers = [{one.day: one.value for one in readings.get((meter.id, no), ())} for no in needed(meter)]
        last = {Month.of(day): day for day in sorted(set.intersection(*map(set, registers)))}
        zones = tuple(meter.zones[no - 1] for no in needed(meter))
        for month, day in last.items():
            values = tuple(shown(meter, register[day]) for register in registers)
            found.setdefault(month, []).append(Count(meter.serial, zones, day, values))
    yield from found.items()


def bills(life: Life, state: AccountState, today: date) -> tuple[BillSeen, ...]:
    """What was demanded, the latest first, with what of it is open."""
    left: dict[int, int] = {}
    for one in state.claims:
        left[one.no] = left.get(one.no, 0) + one.remaining
    found = []
    for claim in life.facts.claims:
        rest = left.get(claim.no, 0)
        status = Status.PAID if rest <= 0 else Status.OVERDUE if claim.due_on < today else Status.OPEN
        found.append(
            BillSeen(claim.no, claim.kind.value, claim.month, claim.amount, claim.issued_on, claim.due_on, rest, status)
        )
    return tuple(reversed(found))


def explained(life: Life, meters: Sequence[Meter], tariffs: Tariffs, rules: Estimation, today: date) -> Statement:
    """The protocol of the account at the end of the day, by what is known of it and the days before.

    :raises NoTariff: a day to be charged has no tariff.
    """
    return statement.explain(
        deriving.until(life.facts, today), meters, tariffs, account=life.number, persons=life.persons, today=today,
        rules=rules, points=life.points,
    )  # fmt: skip


def changes(found: Statement, life: Life, meters: Sequence[Meter]) -> tuple[Change, ...]:
    """What changed sums that were billed, the latest first."""
    told = [
        Change(
            line.month,
            None if line.fact is None else int(line.fact.partition(":")[2]),
            line.day,
            line.before,
            line.before + line.amount,
            tuple(_cause(one, life, meters) for one in line.causes),
        )
        for line in found.lines
        if line.kind in _CHANGES and line.month is not None and line.before is not None
    ]
    return tuple(reversed(told))


_CHANGES = (Kind.RECALCULATION, Kind.PENDING)


def _cause(fact: str, life: Life, meters: Sequence[Meter]) -> Cause:
    kind, _, no = fact.partition(":")
    reading = next((one for one in life.facts.readings if reading_id(one) == fact), None)
    if reading is not None:
        meter = next((one for one in meters if one.id == reading.meter_id), None)
        if meter is not None:
            return Cause(fact, kind, meter.serial, shown(meter, reading.value), reading.day)
    said = next((one for one in life.facts.conditions if kind == "condition" and str(one.no) == no), None)
    if said is None:
        return Cause(fact, kind)
    return Cause(fact, "taken_back" if said.withdraws else said.kind.value, day=said.days.start)


def days(
    life: Life, meters: Sequence[Meter], tariffs: Tariffs, *, today: date, first: date, end: date, service: str = ""
) -> Days | None:
    """The use of a service from the first day to that before the `end`, no farther than the running month: that asked
    for, else electricity where there is any; None where the account has no meter.

    :raises NoTariff: a day of the month has no tariff.
    """
    services = tuple(sorted({one.service for one in meters}))
    if not services:
        return None
    chosen = service if service in services else "electricity" if "electricity" in services else services[0]
    own = [one for one in meters if one.service == chosen]
    month, conditions = Month.of(today), conditions_of(life.facts.conditions)
    readings = timely.in_force(deriving.until(life.facts, today), meters)
    foretold = forecasting.forecast(
        own, readings, tariffs, persons=life.persons, today=today, conditions=conditions,
        averaging=life.facts.averaging,
    )  # fmt: skip
    uses, read = _uses(own, readings, life, conditions, Period(first, min(end, month.next.first)))
    if isinstance(foretold, Forecast):
        uses = _with_band(uses, foretold, month)
        bounds = [sum(getattr(one, name) for one in foretold.expected) for name in ("volume", "least", "most")]
        return Days(chosen, services, tuple(uses), read, month, *bounds)
    return Days(chosen, services, tuple(uses), read, month, None, None, None)


def _uses(
    meters: Sequence[Meter], readings: Readings, life: Life, conditions: Conditions, within: Period
) -> tuple[list[Day], int]:
    """The use of all registers a day, in the days of which they tell, behind the last reading at the usual use; and
    what readings tell of it in all."""
    assert within.end is not None
    totals: dict[date, Fraction] = {}
    foretold: dict[date, bool] = {}
    for meter in meters:
        gaps = outages(meter, conditions)
        for no in needed(meter):
            own = kept(readings.get((meter.id, no), ()), gaps)
            if not own:
                continue
            usual = usual_use(meter, own, conditions, life.facts.averaging)
            curve = Curve(own, wheel=meter.wheel, multiplier=meter.multiplier, fraction=meter.fraction, usual=usual)
            present = meter.installed.meet(Period(max(within.start, own[0].day + DAY), within.end))
            day = within.end if present is None else present.start
            while present is not None and day in present:
                times = meter.mean_multiplier(Period(day, day + DAY)) / meter.multiplier
                totals[day] = totals.get(day, Fraction(0)) + _exact(curve, day) * times
                foretold[day] = foretold.get(day, False) or day > own[-1].day
                day += DAY
    found = [Day(day, half_up(*_parts(totals[day])), foretold[day]) for day in sorted(totals)]
    read = sum((volume for day, volume in totals.items() if not foretold[day]), Fraction(0))
    return found, half_up(*_parts(read))


def _exact(curve: Curve, day: date) -> Fraction:
    """The use of a day in thousandths."""
    before, after = curve.exact(day.toordinal() - 1), curve.exact(day.toordinal())
    return (Fraction(*after) - Fraction(*before)) / 1000


def _parts(number: Fraction) -> tuple[int, int]:
    return number.numerator, number.denominator


def _with_band(uses: Sequence[Day], foretold: Forecast, month: Month) -> list[Day]:
    """The days with the forecast of their month: what is not known of it spread evenly, with its least and most."""
    rest = [one for one in uses if one.foretold and one.day in month.period]
    if not rest:
        return list(uses)
    known = sum(one.volume for one in uses if not one.foretold and one.day in month.period)
    likely, least, most = (
        max(0, half_up(sum(getattr(one, name) for one in foretold.expected) - known, len(rest)))
        for name in ("volume", "least", "most")
    )
    return [
        Day(one.day, likely, True, min(least, likely), max(most, likely))
        if one.foretold and one.day in month.period
        else one
        for one in uses
    ]
