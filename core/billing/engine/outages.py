"""On which days a meter's counts are not believed, and by what rule its use is found then (billing.md 2 and 3.1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Conditions, Dated, Kind, filled
from core.billing.engine.usage import V, Valued
from core.billing.estimation import Case
from core.metering.model import Meter

NO_ACCESS_MONTHS = 3
"""So many months after the inspector was not let in, counts are believed no more (billing.md section 3.1)."""

_EVER = Period(date.min, None)


@dataclass(frozen=True, slots=True)
class Outage:
    """Days on which a meter gives no anchors, and why; `facts` the numbers of the facts that say so."""

    days: Period
    case: Case
    facts: tuple[int, ...] = ()


def outages(meter: Meter, conditions: Conditions) -> tuple[Outage, ...]:
    """The outages of a meter, oldest first, apart from each other: behind its verification, while it failed, while a
    seal of it is broken, and from three months after the inspector was not let in."""
    if meter.verified_until is None and not conditions:
        return ()
    return tuple(_apart(sorted(_found(meter, conditions), key=lambda one: one.days.start)))


def _found(meter: Meter, conditions: Conditions) -> Iterator[Outage]:
    for held in _verified(meter, conditions):
        if held.value == "expired":
            yield Outage(held.days, Case.FAILED, (held.no,) if held.no else ())
    for one in conditions.said(Kind.FAILED, meter.id):
        yield Outage(one.days, Case.FAILED, (one.no,))
    for name in conditions.names(Kind.SEAL, meter.id):
        for one in conditions.said(Kind.SEAL, meter.id, name):
            if one.value == "broken":
                yield Outage(one.days, Case.FAILED, (one.no,))
    for one in conditions.said(Kind.ACCESS, meter.id):
        since = _later(one.days.start, NO_ACCESS_MONTHS)
        if one.days.end is None or since < one.days.end:
            yield Outage(Period(since, one.days.end), Case.NO_ACCESS, (one.no,))


def _verified(meter: Meter, conditions: Conditions) -> Iterator[Dated[str]]:
    """Whether the verification held: as facts say, else as the meter came."""
    said = [Dated(one.days, str(one.value), one.no) for one in conditions.said(Kind.VERIFIED, meter.id)]
    if meter.verified_until is None:
        yield from said
        return
    end = meter.verified_until + DAY
    yield from filled(said, Period(date.min, end), "verified")
    yield from filled(said, Period(end, None), "expired")


def _apart(found: Iterable[Outage]) -> Iterator[Outage]:
    """The same days, none of them twice, those that touch as one where the case is one."""
    last: Outage | None = None
    for one in found:
        if last is None:
            last = one
        elif last.days.end is not None and (one.days.start > last.days.end or _turns(last, one)):
            yield last
            last = one
        elif last.days.end is not None and (one.days.end is None or one.days.end > last.days.end):
            last = replace(last, days=Period(last.days.start, one.days.end), facts=(*last.facts, *one.facts))
    if last is not None:
        yield last


def _turns(last: Outage, one: Outage) -> bool:
    return one.days.start == last.days.end and one.case is not last.case


def kept(anchors: Sequence[V], gaps: Sequence[Outage]) -> Sequence[V]:
    """The anchors that count: none from an outage."""
    if not gaps or not anchors or anchors[-1].day < gaps[0].days.start:
        return anchors
    return [one for one in anchors if not any(one.day in gap.days for gap in gaps)]


def runs(anchors: Sequence[V], gaps: Sequence[Outage]) -> tuple[Sequence[V], ...]:
    """The anchors that count, parted where an outage lies between two of them."""
    counting = kept(anchors, gaps)
    if not gaps or not counting:
        return (counting,) if counting else ()
    starts = [gap.days.start for gap in gaps]
    edges = [0]
    for at, (one, other) in enumerate(pairwise(counting), 1):
        if any(one.day < start <= other.day for start in starts):
            edges.append(at)
    edges.append(len(counting))
    return tuple(counting[low:high] for low, high in pairwise(edges))


def norm_since(last: date, gaps: Sequence[Outage], *, periods: int) -> date:
    """The first day behind the anchor of `last` that goes by the norm and not by the average, where there is a norm.

    Readings that nobody sent are estimated for so many whole months; from an outage on, the month in which it begins is
    the first of them; who does not let the inspector in has no average (billing.md section 3.1).
    """
    unsent = _later(Month.of(last).first, periods + 1)
    gap = next((one for one in gaps if one.days.start > last), None)
    if gap is None or unsent <= gap.days.start:
        return unsent
    if gap.case is Case.NO_ACCESS:
        return gap.days.start
    return _later(Month.of(gap.days.start).first, periods)


def _later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    then = Month(year, month + 1)
    return date(year, month + 1, min(day.day, then.days))


def last_count(readings: Sequence[Valued], gaps: Sequence[Outage], day: date) -> date:
    """The day of the last count not behind `day`, the first of all days where there is none."""
    return next((one.day for one in reversed(kept(readings, gaps)) if one.day <= day), date.min)
