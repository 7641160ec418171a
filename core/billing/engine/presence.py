"""Where meters stood, as it was known when a fact was the last: movements that were taken back later stood then."""

from collections.abc import Sequence
from dataclasses import replace

from core.basics.periods import DAY, Period
from core.billing.conditions.model import Condition, Kind
from core.metering.model import Meter

INSTALLED, REMOVED = "installed", "removed"


def as_known(meters: Sequence[Meter], conditions: Sequence[Condition], through: int) -> Sequence[Meter]:
    """The meters where they were believed to stand by the facts numbered up to `through`, of all the `conditions` of
    their account: before an installation or a removal was taken back, it held."""
    back = [one for one in conditions if one.kind is Kind.MOVEMENT and one.no > through]
    if not back:
        return meters
    known = {meter.id: meter for meter in meters}
    for one in sorted(back, key=lambda one: -one.no):
        meter = known.get(one.subject)
        if meter is not None:
            known[meter.id] = replace(meter, installed=_before(meter.installed, one))
    return [known[meter.id] for meter in meters]


def _before(installed: Period, one: Condition) -> Period:
    if one.name == REMOVED:
        return Period(installed.start, one.days.start + DAY)
    return Period(one.days.start, None)
