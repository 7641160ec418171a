"""What dated facts tell of meters, in the words of the checks that a reading passes (billing.md section 6)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.basics.periods import Period
from core.billing.conditions.model import Conditions, Kind
from core.billing.engine.outages import Outage, outages
from core.billing.estimation import Case
from core.metering.model import Meter
from core.records import Doubt


def as_told(meters: Sequence[Meter], conditions: Conditions) -> tuple[Meter, ...]:
    """The meters with the multipliers of their days, and the days on which their counts are not believed; as they came
    where no fact says anything."""
    if not conditions:
        return tuple(meters)
    return tuple(
        replace(
            meter,
            multipliers=tuple(
                (one.days, one.value)
                for one in conditions.said(Kind.MULTIPLIER, meter.id)
                if isinstance(one.value, int)
            ),
            doubts=tuple(_doubts(meter, conditions)),
        )
        for meter in meters
    )


def _doubts(meter: Meter, conditions: Conditions) -> Iterator[tuple[Period, Doubt]]:
    """The days of the meter's outages, each with the reason that came first."""
    for outage in outages(meter, conditions):
        yield outage.days, _why(meter, outage, conditions)


def _why(meter: Meter, outage: Outage, conditions: Conditions) -> Doubt:
    if outage.case is Case.NO_ACCESS:
        return Doubt.ACCESS
    start = outage.days.start
    if any(start in one.days for one in conditions.said(Kind.FAILED, meter.id)):
        return Doubt.FAILED
    for name in conditions.names(Kind.SEAL, meter.id):
        if any(start in one.days and one.value == "broken" for one in conditions.said(Kind.SEAL, meter.id, name)):
            return Doubt.SEAL
    return Doubt.EXPIRED
