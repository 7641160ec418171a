"""Which facts made a billed month come out otherwise (billing.md section 7, rule d)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.engine import reopening
from core.billing.engine.facts import Facts
from core.billing.engine.measuring import reading_id
from core.billing.engine.timely import in_force
from core.billing.model import Claim, ClaimKind, Tariffs, TariffVersion
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


def known_at(facts: Facts, claim: Claim) -> Iterator[tuple[int, Month | None]]:
    """By what a recalculation may have been made: the number of the fact through which the usual use was known, and the
    last month billed, where some readings count only behind one. The close of a month knows all that is known; that of
    a day leaves the forecast under the bills as it is, also under those that it posts together."""
    demands = {one.no: one.issued_on for one in facts.claims if one.is_principal}
    first = claim.no
    while demands.get(first - 1) == claim.issued_on:
        first -= 1
    at_bill, before_all = (max((one for one in demands if one < no), default=no) for no in (claim.no, first))
    if all(one.since is None for one in facts.readings):
        yield from dict.fromkeys(((claim.no, None), (at_bill, None), (before_all, None)))
        return
    bills = [one for one in facts.claims if one.kind is ClaimKind.BILL]
    before = max((one.month for one in bills if one.no < claim.no), default=None)
    together = max((one.month for one in bills if one.issued_on == claim.issued_on), default=before)
    yield from dict.fromkeys(((claim.no, together), (at_bill, before), (before_all, before), (claim.no, before)))
