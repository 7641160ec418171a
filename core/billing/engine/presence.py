"""Where meters stood, as it was known when a fact was the last: movements told, or taken back, later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.basics.periods import DAY, Period
from core.billing.conditions.model import Condition, Kind
from core.billing.engine.facts import Facts
from core.metering.model import Meter, ReadingFact, Source

INSTALLED, REMOVED = "installed", "removed"


def as_known(meters: Sequence[Meter], facts: Facts, through: int) -> Sequence[Meter]:
    """The meters where they were believed to stand by the facts numbered up to `through`, of all `facts` of their
    account: before an installation or a removal was taken back, it held; before it was told, it did not.

    A movement is known since the count that its act brought, a removal without one since the dated fact that tells it.
    """
    back = [one for one in facts.conditions if one.kind is Kind.MOVEMENT and one.no > through]
    told = [one for one in facts.readings if one.no > through and one.source is Source.ACT]
    if not back and not told:
        return meters
    known = {meter.id: meter for meter in meters}
    for one in sorted(back, key=lambda one: -one.no):
        meter = known.get(one.subject)
        if meter is not None:
            known[meter.id] = replace(meter, installed=_before(meter.installed, one))
    return tuple(_told(known[meter.id], facts.readings, told) for meter in meters)


def _before(installed: Period, one: Condition) -> Period:
    if isinstance(one.value, int) and one.value < 0:
        return Period(installed.start, None)
    if one.name == REMOVED:
        return Period(installed.start, one.days.start + DAY)
    return Period(one.days.start, None)


def _put_up_later(meter: Meter, readings: Sequence[ReadingFact], told: Sequence[ReadingFact]) -> bool:
    """Whether nothing was known of the meter before the act by which it was put up."""
    if not _of_act(meter, meter.installed.start, told):
        return False
    later = {one.no for one in told}
    first = min(one.no for one in readings if one.meter_id == meter.id)
    return first in later


def _told(meter: Meter, readings: Sequence[ReadingFact], told: Sequence[ReadingFact]) -> Meter:
    """The meter where it stood before the movements that were told later with a count."""
    start, end = meter.installed.start, meter.installed.end
    if _put_up_later(meter, readings, told):
        return replace(meter, installed=Period(start, start))
    if end is not None and start < end and _of_act(meter, end - DAY, told):
        return replace(meter, installed=Period(start, None))
    return meter


def _of_act(meter: Meter, day: date, told: Sequence[ReadingFact]) -> bool:
    return any(one.meter_id == meter.id and one.day == day for one in told)
