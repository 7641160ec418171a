"""Services that are charged by a norm or by a volume of the month: water, heat, gas, waste (billing.md 3.1, 3.2).

A month is cut wherever a tariff or a count of persons or m² begins or ends; each part has the share of its days, and
each line is rounded once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.basics.periods import Period
from core.billing.engine import pricing
from core.billing.engine.exact import exactly
from core.billing.engine.pricing import Step
from core.billing.model import TariffVersion

ONE = Fraction(1)


class ServiceLineKind(StrEnum):
    """The use itself; what is put on top of a norm where there could be a meter; VAT that the tariff puts on top."""

    USE = "use"
    UPLIFT = "uplift"
    VAT = "vat"


@dataclass(frozen=True, slots=True)
class Count:
    """So many persons, or m², on the days of a period; counts of the same days add up."""

    valid: Period
    count: Fraction


@dataclass(frozen=True, slots=True)
class Component:
    """What a unit of the service is charged for: the versions of a tariff, and how much of what they price goes into
    the unit (the heat of a m³ of hot water). An uplift is due on it where `uplifted`."""

    name: str
    versions: tuple[TariffVersion, ...]
    per_unit: Fraction = ONE
    uplifted: bool = True


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One rounded line, kopecks: of a component, for days; `steps` the products that it is the sum of, none for VAT,
    which is counted from the rounded line before it."""

    component: str
    kind: ServiceLineKind
    days: Period
    steps: tuple[Step, ...]
    amount: int

    @property
    def volume(self) -> Fraction:
        """In whole units, exact."""
        return sum((Fraction(step.volume, step.per * 1000) for step in self.steps), Fraction(0))


class NoServiceTariff(ValueError):
    """No version of a component's tariff holds on a day."""


@exactly
def by_norm(
    days: Period,
    norm: Fraction,
    counts: Sequence[Count],
    components: Sequence[Component],
    *,
    uplift: Fraction = ONE,
    month: int | None = None,
) -> tuple[ServiceLine, ...]:
    """A norm for each person, or m², and month, charged for the days of a half-open period, which is the whole month of
    `month` days where that is not said.

    `uplift` is what the norm is multiplied by; what it adds is a line of its own. Days without anybody have no lines:
    where nobody is registered the owners are counted (rule 56(2) of the Russian rules), which is the caller's to do.

    :raises NoServiceTariff: a day with somebody has no tariff. :raises ValueError: the period has no end.
    """
    return _lines(days, lambda day: norm * _counted(day, counts), counts, components, uplift, month)


@exactly
def by_volume(
    days: Period, volume: Fraction, components: Sequence[Component], *, uplift: Fraction = ONE
) -> tuple[ServiceLine, ...]:
    """A volume measured or averaged, evenly over the days of a half-open period, charged by the tariffs of the days.

    :raises NoServiceTariff: a day has no tariff. :raises ValueError: the period has no end.
    """
    return _lines(days, lambda _: volume, (), components, uplift, None)


def total(lines: Iterable[ServiceLine]) -> int:
    """What the lines come to, kopecks."""
    return sum(line.amount for line in lines)


def _lines(
    days: Period,
    monthly: Callable[[date], Fraction],
    counts: Sequence[Count],
    components: Sequence[Component],
    uplift: Fraction,
    month: int | None,
) -> tuple[ServiceLine, ...]:
    if days.end is None:
        raise ValueError("an open period cannot be charged")
    validities = [one.valid for one in counts] + [one.valid for part in components for one in part.versions]
    length = month or (days.end - days.start).days
    lines: list[ServiceLine] = []
    for part in segments(days, validities):
        volume = monthly(part.start) * Fraction((part.end or days.end).toordinal() - part.start.toordinal(), length)
        for component in components if volume else ():
            lines.extend(_component(component, part, volume * component.per_unit, uplift))
    return tuple(lines)


def _component(component: Component, days: Period, volume: Fraction, uplift: Fraction) -> Iterator[ServiceLine]:
    version = next((one for one in component.versions if days.start in one.valid), None)
    if version is None:
        raise NoServiceTariff(f"no tariff of {component.name!r} on {days.start}")
    more = volume * (uplift - 1) if component.uplifted else Fraction(0)
    for kind, share in ((ServiceLineKind.USE, volume), (ServiceLineKind.UPLIFT, more)):
        if share:
            steps = pricing.exact_steps(version, {version.zones[0]: share})
            line = ServiceLine(component.name, kind, days, steps, half_up(*pricing.worth(steps)))
            yield line
            if version.vat:
                vat = half_up(line.amount * version.vat, 1000)
                yield ServiceLine(component.name, ServiceLineKind.VAT, days, (), vat)


def _counted(day: date, counts: Iterable[Count]) -> Fraction:
    return sum((one.count for one in counts if day in one.valid), Fraction(0))


def segments(days: Period, validities: Iterable[Period]) -> tuple[Period, ...]:
    """A half-open period cut wherever one of the others begins or ends inside it.

    :raises ValueError: the period has no end.
    """
    if days.end is None:
        raise ValueError("an open period cannot be cut")
    edges = {day for one in validities for day in (one.start, one.end) if day is not None and day in days}
    return tuple(Period(start, end) for start, end in pairwise(sorted({days.start, *edges, days.end})))
