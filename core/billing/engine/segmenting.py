"""A month of a supply point, cut wherever what it is charged by changes, and what it costs (billing.md section 3.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.conditions.model import Benefit, Dated, Kind, Value, cuts
from core.billing.engine import charging
from core.billing.engine.charging import Charge, NoTariff
from core.billing.engine.lining import Common, Demand, Segment
from core.billing.engine.supplying import Supply
from core.billing.model import Scaling, Tariffs, TariffVersion


def charged(supply: Supply, days: Period, month: Month, tariffs: Tariffs, *, fixed: bool = False) -> Charge:
    """What the use of a point on the days of a month costs, on those of them on which there is anything to charge;
    `fixed` adds what waits for the bill: the standing charge, the minimum, sums taken off, the share of the house.

    :raises NoTariff: a charged day has no version of the plan.
    :raises pricing.NoRate: a zone has no rate.
    """
    if supply.curves is not None:
        return charging.charge(
            days=days,
            month=month,
            curves=supply.curves,
            versions=tariffs.get(supply.plan, ()),
            persons=supply.persons,
            present=supply.present[0],
            fixed=fixed,
        )
    found = segments(supply, days, month, tariffs)
    uses = [supply.drawn(one.charged) for one in found]
    return charging.priced(found, uses, length=month.days, fixed=fixed, common=common(supply, month) if fixed else None)


def common(supply: Supply, month: Month) -> Common | None:
    """The point's share of what its house used in common in the month."""
    for one in supply.conditions.said(Kind.COMMON, supply.point_id):
        if one.days.start == month.first and isinstance(one.value, int):
            return Common(one.value, one.no)
    return None


@dataclass(frozen=True, slots=True)
class _Cell:
    """Days with one of everything that a month is cut by."""

    days: Period
    version: TariffVersion
    persons: int
    benefits: tuple[tuple[str, Benefit, int], ...]
    facts: tuple[int, ...]
    demand: Demand | None

    def goes_on(self, other: "_Cell") -> bool:
        """Whether the other cell is the same on the days right behind."""
        return (self.days.end, self.version, self.persons, self.benefits, self.demand) == (
            other.days.start,
            other.version,
            other.persons,
            other.benefits,
            other.demand,
        )


def segments(supply: Supply, days: Period, month: Month, tariffs: Tariffs) -> tuple[Segment, ...]:
    """The segments of a month of which any day is among those to be charged.

    :raises NoTariff: a charged day has no version of the plan.
    """
    found: list[_Cell] = []
    for present in supply.present:
        within = present.meet(month.period)
        for cell in _cells(supply, within, days, tariffs) if within is not None else ():
            if found and found[-1].goes_on(cell):
                last = found[-1]
                facts = tuple(dict.fromkeys((*last.facts, *cell.facts)))
                found[-1] = replace(last, days=Period(last.days.start, cell.days.end), facts=facts)
            else:
                found.append(cell)
    return tuple(
        Segment(
            cell.version.holding(month.month, cell.persons),
            length(cell.days),
            met,
            cell.persons,
            cell.benefits,
            cell.facts,
            cell.demand,
        )
        for cell in found
        if (met := cell.days.meet(days)) is not None
    )


def length(days: Period) -> int:
    """How many days a period has.

    :raises ValueError: it has no end.
    """
    if days.end is None:
        raise ValueError("the length of an open period")
    return (days.end - days.start).days


def _cells(supply: Supply, within: Period, asked: Period, tariffs: Tariffs) -> Iterator[_Cell]:
    known = supply.conditions
    plans = known.words(Kind.PLAN, supply.point_id, within, supply.plan)
    persons = known.numbers(Kind.PERSONS, supply.account_id, within, supply.persons)
    benefits = known.benefits(supply.account_id, within)
    demands = known.said(Kind.DEMAND, supply.point_id)
    for plan in plans:
        versions = tariffs.get(plan.value, ())
        timelines: list[Sequence[Dated[object]]] = [
            [Dated(version.valid, None) for version in versions],
            [Dated(one.days, None) for one in persons],
            [Dated(one.days, None) for _, one in benefits],
            [Dated(days, None) for days in supply.bears or ()],
            [Dated(one.days, None) for one in demands],
        ]
        edges = [plan.days.start, *cuts(timelines, plan.days), plan.days.end or date.max]
        for start, end in pairwise(edges):
            part = Period(start, end)
            version = next((one for one in versions if start in one.valid), None)
            if version is None:
                if part.meet(asked) is not None:
                    raise NoTariff(Month.of(start))
                continue
            demand = _demand(part, version, demands) if version.demand and demands else None
            yield _cell(part, version, plan, persons, _borne(supply, part, benefits), demand)


def _demand(part: Period, version: TariffVersion, said: Sequence[Dated[Value]]) -> Demand:
    """The demand of days on which it is one, and those of the months before that the version looks back on."""
    known = [Dated(one.days, one.value, one.no) for one in said if isinstance(one.value, int)]
    own = next((one for one in known if part.start in one.days), Dated(part, 0))
    month = Month.of(part.start)
    back = Period(month.back(version.ratchet_months).first, month.first)
    before = (Dated(met, one.value, one.no) for one in known if (met := one.days.meet(back)) is not None)
    return Demand(own.value, own.no, tuple(before) if version.ratchet_months else ())


def _borne(
    supply: Supply, part: Period, benefits: Sequence[tuple[str, Dated[Benefit]]]
) -> Sequence[tuple[str, Dated[Benefit]]]:
    """The benefits without the sums that are taken off at another point on the days."""
    if supply.bears is None or any(part.start in days for days in supply.bears):
        return benefits
    return [(name, one) for name, one in benefits if not one.value.amount]


def _cell(
    part: Period,
    version: TariffVersion,
    plan: Dated[str],
    persons: Sequence[Dated[int]],
    benefits: Sequence[tuple[str, Dated[Benefit]]],
    demand: Demand | None,
) -> _Cell:
    facts = [plan.no]
    living = next(one for one in persons if part.start in one.days)
    heads = living.value if _by_persons(version) else 0
    if heads:
        facts.append(living.no)
    held = tuple((name, one.value, one.no) for name, one in benefits if part.start in one.days)
    if demand is not None:
        facts.extend((demand.no, *(one.no for one in demand.before)))
    return _Cell(part, version, heads, held, tuple(dict.fromkeys(no for no in facts if no)), demand)


def _by_persons(version: TariffVersion) -> bool:
    """Whether it matters for the version how many live there."""
    blocks = [*version.blocks, *(block for season in version.seasons for block in season.blocks)]
    return version.scaling is Scaling.PERSONS or any(block.alone is not None for block in blocks)
