"""What a month's use costs: zones, blocks, dated tariffs, fixed parts and VAT (billing.md section 3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from core.basics.money import half_up
from core.basics.periods import Month, Period
from core.billing.engine import pricing
from core.billing.engine.pricing import Step
from core.billing.engine.usage import Curve
from core.billing.model import Scaling, TariffVersion


class LineKind(StrEnum):
    """The lines of a charge, each rounded once."""

    ENERGY = "energy"
    STANDING = "standing"
    MINIMUM = "minimum"
    VAT = "vat"


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One rounded line, kopecks."""

    kind: LineKind
    amount: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What the days of a month cost.

    `amount` kopecks, the sum of `lines`; `volume` thousandths; `pieces` the (volume, rate) products in thousandths and
    millionths, adding up to the volume; `steps` the same exactly, before rounding; `tariffs` the ids of the versions
    used; `estimated` the days that were forecast.
    """

    amount: int
    volume: int
    pieces: tuple[tuple[int, int], ...]
    steps: tuple[Step, ...]
    lines: tuple[ChargeLine, ...]
    tariffs: tuple[int, ...]
    estimated: Period | None


class NoTariff(Exception):
    """No version of the plan holds on some of the days that are to be charged."""

    def __init__(self, month: Month) -> None:
        super().__init__(f"no tariff for some days of {month}")
        self.month = month


@dataclass(frozen=True, slots=True)
class _Segment:
    """Days of a month under one version: those that set its share of the month, and those that are charged."""

    version: TariffVersion
    days: int
    charged: Period


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
    start, end, length = bounds(month)
    segments = _segments(days, start, end, versions, present, month, persons)
    if len(segments) == 1:
        version = segments[0].version
        if not fixed and len(version.blocks) == 1 and len(curves) == 1 and not version.vat:
            return _flat(segments[0], curves, length)
    return _general(segments, curves, persons=persons, length=length, fixed=fixed)


@lru_cache(maxsize=1024)
def bounds(month: Month) -> tuple[date, date, int]:
    """The first day of a month, that of the next one, and its days."""
    return month.first, month.next.first, month.days


def _segments(
    days: Period,
    start: date,
    end: date,
    versions: Sequence[TariffVersion],
    present: Period | None,
    month: Month,
    persons: int,
) -> tuple[_Segment, ...]:
    if present is not None:
        start = max(start, present.start)
        end = end if present.end is None else min(end, present.end)
    found: list[_Segment] = []
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
            found.append(_Segment(version.holding(month.month, persons), (until - since).days, Period(low, high)))
    if covered != max(0, (last - first).days):
        raise NoTariff(month)
    return tuple(found)


def _flat(segment: _Segment, curves: Mapping[str, Curve], length: int) -> Charge:
    """One rate for all of it: the commonest case, without a denominator."""
    ((zone, curve),) = curves.items()
    version = segment.version
    block = version.blocks[0]
    used = curve.volume(segment.charged)
    rate = pricing.rate_of(block, zone)
    if block.flat and segment.days != length:
        return _general((segment,), curves, persons=1, length=length, fixed=False)
    volume = used.volume
    amount = (2 * volume * rate + pricing.KOPECK) // (2 * pricing.KOPECK) + block.flat
    return Charge(
        amount,
        volume,
        ((volume, rate),) if volume else (),
        (Step(version.id, zone, 1, volume, 1, rate, block.flat, 1),),
        (ChargeLine(LineKind.ENERGY, amount),),
        (version.id,),
        used.estimated,
    )


def _general(
    segments: Sequence[_Segment], curves: Mapping[str, Curve], *, persons: int, length: int, fixed: bool
) -> Charge:
    steps: list[Step] = []
    pieces: list[tuple[int, int]] = []
    volume = 0
    estimated: Period | None = None
    for segment in segments:
        volumes: dict[str, int] = {}
        for zone, curve in curves.items():
            used = curve.volume(segment.charged)
            volumes[zone] = used.volume
            estimated = _joined(estimated, used.estimated)
        share, whole = scale(segment.version.scaling, days=segment.days, month=length, persons=persons)
        part = pricing.steps(segment.version, volumes, scale=(share, whole), flat=(segment.days, length))
        steps.extend(part)
        pieces.extend(pricing.pieces(part))
        volume += sum(volumes.values())
    lines = _lines(segments, steps, length=length, fixed=fixed)
    return Charge(
        sum(line.amount for line in lines),
        volume,
        pricing.merged(pieces),
        tuple(steps),
        lines,
        tuple(segment.version.id for segment in segments),
        estimated,
    )


def scale(scaling: Scaling, *, days: int, month: int, persons: int) -> tuple[int, int]:
    """What a block's bound is multiplied by for `days` of a month of `month` days, as a quotient."""
    match scaling:
        case Scaling.NONE:
            return (1, 1) if days == month else (days, month)
        case Scaling.PERSONS:
            heads = max(1, persons)
            return (heads, 1) if days == month else (heads * days, month)
        case Scaling.DAYS_30:
            return days, 30
        case Scaling.DAYS_30_5:
            return 2 * days, 61
        case Scaling.PER_DAY:
            return days, 1


def _lines(segments: Sequence[_Segment], steps: Sequence[Step], *, length: int, fixed: bool) -> tuple[ChargeLine, ...]:
    energy = half_up(*pricing.worth(steps))
    lines = [ChargeLine(LineKind.ENERGY, energy)]
    if fixed:
        standing = half_up(sum(one.version.standing * one.days for one in segments), length)
        if standing:
            lines.append(ChargeLine(LineKind.STANDING, standing))
        least = half_up(sum(one.version.minimum * one.days for one in segments), length)
        if least > energy + standing:
            lines.append(ChargeLine(LineKind.MINIMUM, least - energy - standing))
    if any(one.version.vat for one in segments):
        lines.append(ChargeLine(LineKind.VAT, _vat(segments, steps, sum(line.amount for line in lines))))
    return tuple(lines)


def _vat(segments: Sequence[_Segment], steps: Sequence[Step], base: int) -> int:
    """VAT from the rounded base; where the month has versions of several rates, the base is parted by what each
    version's steps are worth, by days where they are worth nothing."""
    rates = {one.version.vat for one in segments}
    if len(rates) == 1:
        return half_up(base * rates.pop(), 1000)
    weights = [pricing.worth([step for step in steps if step.tariff == one.version.id]) for one in segments]
    if not any(numerator for numerator, _ in weights):
        weights = [(one.days, 1) for one in segments]
    common = 1
    for _, denominator in weights:
        common *= denominator
    shares = [numerator * (common // denominator) for numerator, denominator in weights]
    taxed = sum(share * one.version.vat for share, one in zip(shares, segments, strict=True))
    return half_up(base * taxed, 1000 * sum(shares))


def _joined(one: Period | None, other: Period | None) -> Period | None:
    if one is None or other is None:
        return other if one is None else one
    ends = (one.end, other.end)
    return Period(min(one.start, other.start), max(end for end in ends if end is not None))
