"""Which facts made a billed month come out otherwise (billing.md section 7, rule d)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.engine import reopening
from core.billing.engine.facts import Facts
from core.billing.engine.measuring import reading_id
from core.billing.engine.timely import in_force
from core.billing.model import Tariffs, TariffVersion
from core.metering.model import Meter


def causes(facts: Facts, meters: Sequence[Meter], point: int, month: Month, *, since: int, below: int) -> Iterator[str]:
    """The facts numbered between two claims that may have changed what the month of a point costs: readings and
    withdrawals that moved the use of its days, and dated facts that concern them. Empty: another tariff, or another
    forecast."""
    own = {meter.id for meter in meters}
    before = in_force(facts, meters, through=since)
    now = in_force(facts, meters, through=below - 1)
    for key, readings in now.items():
        if key[0] not in own:
            continue
        old = {one.no for one in before.get(key, ())}
        known = sorted({one.day for one in (*readings, *before.get(key, ()))})
        for one in readings:
            if one.no not in old and _reach(known, one.day).meet(month.period) is not None:
                yield reading_id(one)
    for gone in facts.withdrawals:
        if since < gone.no < below:
            yield f"withdrawal:{gone.no}"
    for fact in facts.conditions:
        if since < fact.no < below:
            days = reopening.effect(fact, meters, point, now)
            if days is not None and days.meet(month.period) is not None:
                yield f"condition:{fact.no}"


def _reach(known: Sequence[date], day: date) -> Period:
    """The days whose use a reading moves: from the one before it to the one behind, or all that follow."""
    at = known.index(day)
    start = known[at - 1] + DAY if at else date.min
    return Period(start, known[at + 1] + DAY if at + 1 < len(known) else None)


def charged_by(tariffs: Tariffs, ids: frozenset[int]) -> Tariffs:
    """The versions with these ids, each until the next of them: as they held when no others were known."""
    found: dict[str, tuple[TariffVersion, ...]] = {}
    for plan, versions in tariffs.items():
        own = [one for one in versions if one.id in ids]
        until: list[date | None] = [one.valid.start for one in own[1:]]
        until.extend([None] * (len(own) > 0))
        found[plan] = tuple(
            one if _ends(one, versions) else replace(one, valid=Period(one.valid.start, end))
            for one, end in zip(own, until, strict=True)
        )
    return found


def _ends(one: TariffVersion, versions: Sequence[TariffVersion]) -> bool:
    """Whether the version ends by itself, and not because another follows."""
    return one.valid.end is not None and all(other.valid.start != one.valid.end for other in versions)
