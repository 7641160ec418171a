"""Volumes times rates, exactly: blocks, zones, and what is due on entering a block (billing.md section 3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.billing.model import Block, BlockMode, TariffVersion, ZoneRule

KOPECK = 10_000_000
"""A thousandth times a millionth goes so many times into a kopeck."""


@dataclass(frozen=True, slots=True)
class Step:
    """A product of the calculation, exact: `volume` / `per` thousandths at `rate` millionths in the block numbered from
    1, and `flat` / `flat_per` kopecks due on entering it."""

    tariff: int
    zone: str
    block: int
    volume: int
    per: int
    rate: int
    flat: int = 0
    flat_per: int = 1


class NoRate(ValueError):
    """The tariff has no rate for a zone."""


def rate_of(block: Block, zone: str) -> int:
    """The rate of a zone, millionths; a block that knows only "total" has one rate for every zone.

    :raises NoRate: the block has no rate for the zone.
    """
    rate = block.rates.get(zone)
    if rate is None:
        rate = block.rates.get("total")
    if rate is None:
        raise NoRate(f"the tariff has no rate for the zone {zone!r}")
    return rate


def flat(volume: int, rate: int) -> int:
    """What a volume costs at one rate, kopecks, rounded half up."""
    return (2 * volume * rate + KOPECK) // (2 * KOPECK)


def steps(
    version: TariffVersion,
    volumes: Mapping[str, int],
    *,
    scale: tuple[int, int] = (1, 1),
    flat: tuple[int, int] = (1, 1),
) -> tuple[Step, ...]:
    """The products that price the volumes (thousandths by zone) under a version.

    The bounds, multiplied by the quotient `scale`, stand against the sum of the zones; each block is spread over the
    zones in proportion to their volumes. Where the version says so they stand against each zone by itself. What is due
    on entering a block is due once, multiplied by the quotient `flat`. Seasons are the caller's: `holding`.

    :raises NoRate: a zone has no rate.
    """
    total = sum(volumes.values())
    if version.zone_rule is ZoneRule.PER_ZONE and total:
        return _by_zone(version, volumes, scale=scale, flat=flat)
    spans = _spans(version, total, scale)
    return tuple(
        _step(version, number, zone, volume, total, width=width, scale=scale, flat=flat if first else None)
        for number, width in spans
        for zone, volume, first in _shares(volumes, total)
    )


def _by_zone(
    version: TariffVersion, volumes: Mapping[str, int], *, scale: tuple[int, int], flat: tuple[int, int]
) -> tuple[Step, ...]:
    """The products of zones that have bounds of their own, the zones in their order."""
    found: list[Step] = []
    entered: set[int] = set()
    for zone, volume in volumes.items():
        for number, width in _spans(version, volume, scale) if volume else ():
            first = None if number in entered else flat
            found.append(_step(version, number, zone, volume, volume, width=width, scale=scale, flat=first))
            entered.add(number)
    return tuple(found)


def exact_steps(
    version: TariffVersion, volumes: Mapping[str, Fraction], *, scale: Fraction = Fraction(1)
) -> tuple[Step, ...]:
    """The same for exact volumes in whole units, such as shares of a norm; the bounds are multiplied by `scale`.

    :raises NoRate: a zone has no rate.
    """
    parts = lcm(*(volume.denominator for volume in volumes.values()))
    whole = {zone: int(volume * parts) * MILLI for zone, volume in volumes.items()}
    taken = steps(version, whole, scale=(scale.numerator * parts, scale.denominator))
    return tuple(_reduced(step, parts) for step in taken)


def _reduced(step: Step, parts: int) -> Step:
    """The step for a volume so many times smaller, in lowest terms."""
    common = gcd(step.volume, step.per * parts)
    return replace(step, volume=step.volume // common, per=step.per * parts // common)


def _step(
    version: TariffVersion,
    number: int,
    zone: str,
    volume: int,
    total: int,
    *,
    width: int,
    scale: tuple[int, int],
    flat: tuple[int, int] | None,
) -> Step:
    """The part of a block (`width` in units of one over the scale's denominator) that falls to a zone."""
    block = version.blocks[number - 1]
    top, bottom = (width, scale[1]) if volume == total else (width * volume, scale[1] * total)
    common = gcd(top, bottom)
    fee, fee_per = (block.flat * flat[0], flat[1]) if flat and block.flat else (0, 1)
    return Step(version.id, zone, number, top // common, bottom // common, rate_of(block, zone), fee, fee_per)


def _shares(volumes: Mapping[str, int], total: int) -> list[tuple[str, int, bool]]:
    used = [(zone, volume) for zone, volume in volumes.items() if volume] if total else list(volumes.items())[:1]
    return [(zone, volume, place == 0) for place, (zone, volume) in enumerate(used)]


def _spans(version: TariffVersion, total: int, scale: tuple[int, int]) -> list[tuple[int, int]]:
    """(block number, width) of the blocks entered; widths in units of one over the scale's denominator."""
    share, whole = scale
    all_of_it = total * whole
    spans: list[tuple[int, int]] = []
    lower = 0
    for number, block in enumerate(version.blocks, 1):
        upper = all_of_it if block.up_to is None else min(all_of_it, block.up_to * share)
        last = upper == all_of_it or number == len(version.blocks)
        if version.mode is BlockMode.GRADUATED:
            spans.append((number, (all_of_it if last else upper) - lower))
        elif last:
            spans.append((number, all_of_it))
        if last:
            break
        lower = upper
    return spans


def worth(taken: Iterable[Step]) -> tuple[int, int]:
    """What the steps come to, kopecks, as numerator and denominator."""
    top, bottom = 0, 1
    for step in taken:
        for numerator, denominator in ((step.volume * step.rate, step.per * KOPECK), (step.flat, step.flat_per)):
            if numerator:
                top, bottom = top * denominator + numerator * bottom, bottom * denominator
                common = gcd(top, bottom)
                top, bottom = top // common, bottom // common
    return top, bottom


def pieces(taken: Sequence[Step]) -> list[tuple[int, int]]:
    """(volume, rate) of the steps in whole thousandths; the volumes add up to the exact total."""
    found: list[tuple[int, int]] = []
    top, bottom, said = 0, 1, 0
    for step in taken:
        top, bottom = top * step.per + step.volume * bottom, bottom * step.per
        volume = half_up(top, bottom) - said
        said += volume
        if volume:
            found.append((volume, step.rate))
    return found


def merged(found: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbouring pieces of one rate put together."""
    joined: list[tuple[int, int]] = []
    for volume, rate in found:
        if joined and joined[-1][1] == rate:
            joined[-1] = (joined[-1][0] + volume, rate)
        else:
            joined.append((volume, rate))
    return tuple(joined)
