"""What a month's use costs: zones, blocks, dated tariffs, fixed parts and VAT (billing.md section 3.2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.engine import lining, pricing
from core.billing.engine.lining import ChargeLine as ChargeLine
from core.billing.engine.lining import Common, Segment, Use
from core.billing.engine.lining import LineKind as LineKind
from core.billing.engine.pricing import Step
from core.billing.engine.usage import Curve
from core.billing.model import TariffVersion


@dataclass(frozen=True, slots=True)
class Charge:
    """What the days of a month cost.

    `amount` kopecks, the sum of `lines`; `volume` thousandths; `pieces` the (volume, rate) products in thousandths and
    millionths, adding up to the volume; `steps` the same exactly, before rounding; `tariffs` the ids of the versions
    used; `estimated` the days that were forecast; `facts` the numbers of the dated facts by which it was charged.
    """

    amount: int
    volume: int
    pieces: tuple[tuple[int, int], ...]
    steps: tuple[Step, ...]
    lines: tuple[ChargeLine, ...]
    tariffs: tuple[int, ...]
    estimated: Period | None
    facts: tuple[int, ...] = ()


class NoTariff(Exception):
    """No version of the plan holds on some of the days that are to be charged."""

    def __init__(self, month: Month) -> None:
        super().__init__(f"no tariff for some days of {month}")
        self.month = month


def charge(
    *,
    days: Period,
    month: Month,
    curves: Mapping[str, Curve],
    versions: Sequence[TariffVersion],
    persons: int,
    present: Period | None = None,
    fixed: bool = False,
) -> Charge:
    """What the given days of a month cost by the versions of a plan.

    A change of tariff cuts the month into segments; each has the bounds of the blocks in the proportion of its days to
    the month's. So has a meter that was there (`present`) for a part of the month. Charging only some days of the month
    (`days`) does not lower the bounds: it is the use so far. `fixed` adds the standing charge and the minimum, which
    wait for the bill (rulings.md 1.2).

    :raises NoTariff: a charged day has no version.
    :raises pricing.NoRate: a curve's zone has no rate.
    """
    length = bounds(month)[2]
    segments = segments_of(days, month, versions, present=present, persons=persons)
    if len(segments) == 1:
        version = segments[0].version
        plain = not version.vat and not (fixed and (version.standing or version.minimum))
        if plain and len(version.blocks) == 1 and len(curves) == 1:
            return _flat(segments[0], curves, length)
    return priced(segments, [_used(curves, one.charged) for one in segments], length=length, fixed=fixed)


@lru_cache(maxsize=1024)
def bounds(month: Month) -> tuple[date, date, int]:
    """The first day of a month, that of the next one, and its days."""
    return month.first, month.next.first, month.days


def segments_of(
    days: Period, month: Month, versions: Sequence[TariffVersion], *, present: Period | None = None, persons: int
) -> tuple[Segment, ...]:
    """The segments of a month, one a version, of which any day is among those to be charged.

    :raises NoTariff: a charged day has no version.
    """
    start, end, _ = bounds(month)
    if present is not None:
        start = max(start, present.start)
        end = end if present.end is None else min(end, present.end)
    found: list[Segment] = []
    covered = 0
    first = max(days.start, start)
    last = end if days.end is None else min(days.end, end)
    for version in versions:
        valid = version.valid
        if valid.start >= end or (valid.end is not None and valid.end <= start):
            continue
        since = max(start, valid.start)
        until = end if valid.end is None else min(end, valid.end)
        low, high = max(first, since), min(last, until)
        if low < high:
            covered += (high - low).days
            held = version.holding(month.month, persons)
            found.append(Segment(held, (until - since).days, Period(low, high), persons))
    if covered != max(0, (last - first).days):
        raise NoTariff(month)
    return tuple(found)


def _flat(segment: Segment, curves: Mapping[str, Curve], length: int) -> Charge:
    """One rate for all of it: the commonest case, without a denominator."""
    ((zone, curve),) = curves.items()
    version = segment.version
    block = version.blocks[0]
    used = curve.volume(segment.charged)
    rate = pricing.rate_of(block, zone)
    if block.flat and segment.days != length:
        return priced((segment,), [_used(curves, segment.charged)], length=length, fixed=False)
    volume = used.volume
    amount = pricing.flat(volume, rate) + block.flat
    return Charge(
        amount,
        volume,
        ((volume, rate),) if volume else (),
        (Step(version.id, zone, 1, volume, 1, rate, block.flat, 1),),
        (ChargeLine(LineKind.ENERGY, amount),),
        (version.id,),
        used.estimated,
    )


def _used(curves: Mapping[str, Curve], days: Period) -> Use:
    """The use of the days by zone."""
    if len(curves) == 1:
        ((zone, curve),) = curves.items()
        only = curve.volume(days)
        return Use({zone: only.volume}, only.estimated)
    used = {zone: curve.volume(days) for zone, curve in curves.items()}
    estimated = None
    for one in used.values():
        estimated = joined(estimated, one.estimated)
    return Use({zone: one.volume for zone, one in used.items()}, estimated)


def priced(
    segments: Sequence[Segment], uses: Sequence[Use], *, length: int, fixed: bool, common: Common | None = None
) -> Charge:
    """What the uses of the segments of a month of `length` days cost together; `fixed` and `common` as a bill has them.

    :raises pricing.NoRate: a zone has no rate.
    """
    parts = [lining.steps(segment, use.volumes, length) for segment, use in zip(segments, uses, strict=True)]
    lines = lining.lines(segments, uses, parts, length=length, fixed=fixed, common=common)
    amount = sum([line.amount for line in lines])
    if len(parts) == 1:
        (segment,), (use,), (part,) = segments, uses, parts
        volume, estimated, tariffs = sum(use.volumes.values()), use.estimated, (segment.version.id,)
        return Charge(
            amount, volume, pricing.merged(pricing.pieces(part)), part, lines, tariffs, estimated,
            _facts(segments, common),
        )  # fmt: skip
    estimated = None
    for use in uses:
        estimated = joined(estimated, use.estimated)
    return Charge(
        amount,
        sum(sum(use.volumes.values()) for use in uses),
        pricing.merged(piece for part in parts for piece in pricing.pieces(part)),
        tuple(step for part in parts for step in part),
        lines,
        tuple(dict.fromkeys(segment.version.id for segment in segments)),
        estimated,
        _facts(segments, common),
    )


def _facts(segments: Sequence[Segment], common: Common | None) -> tuple[int, ...]:
    """The numbers of the facts that set the segments, each once."""
    found: list[int] = [] if common is None else [common.fact]
    for one in segments:
        if one.facts or one.benefits:
            found.extend(one.facts)
            found.extend(no for _, _, no in one.benefits)
    return tuple(dict.fromkeys(found)) if found else ()


def joined(one: Period | None, other: Period | None) -> Period | None:
    """The days from the first of either to the last."""
    if one is None or other is None:
        return other if one is None else one
    ends = (one.end, other.end)
    return Period(min(one.start, other.start), max(end for end in ends if end is not None))
