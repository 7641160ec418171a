"""The lines of a charge: what each is made of, exactly, and its one rounding (billing.md sections 3.1 and 3.2)."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.basics.periods import Period
from core.billing.conditions.model import Benefit, Dated
from core.billing.engine import pricing
from core.billing.engine.formulas import distributed
from core.billing.engine.pricing import Step
from core.billing.model import Scaling, TariffVersion

_NOTHING = Fraction(0)


class LineKind(StrEnum):
    """The lines of a charge, each rounded once."""

    ENERGY = "energy"
    STANDING = "standing"
    DEMAND = "demand"
    MINIMUM = "minimum"
    UPLIFT = "uplift"
    COMMON = "common"
    VAT = "vat"
    BENEFIT = "benefit"


@dataclass(frozen=True, slots=True)
class Share:
    """What a line is made of, exact: `worth` kopecks (numerator, denominator) of `volume` thousandths (0: not of a
    volume), times `factor` thousandths. `name` tells benefits apart, `fact` is the number of the fact that says so."""

    volume: int
    worth: tuple[int, int]
    factor: int
    name: str = ""
    fact: int = 0


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One rounded line, kopecks; `shares` what it is the rounded sum of, where that is not the steps."""

    kind: LineKind
    amount: int
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """The power that a two-part version charges, thousandths of a kW: `own` of the days, by the fact of that number (0:
    none says any), and those of the months that a ratchet looks back on."""

    own: int
    no: int = 0
    before: tuple[Dated[int], ...] = ()

    def billed(self, ratchet: int) -> int:
        """What is charged, millionths of a kW: its own, or `ratchet` thousandths of the highest before."""
        return max(self.own * MILLI, max([one.value for one in self.before], default=0) * ratchet)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of a month under one version and of as many persons: `days` set its share of the month, `charged` are those
    that are charged. `benefits` hold on all of them, each with its name and the number of its fact; `facts` are the
    numbers of the others that set the segment. `demand` of a two-part version, None where none was ever told."""

    version: TariffVersion
    days: int
    charged: Period
    persons: int = 1
    benefits: tuple[tuple[str, Benefit, int], ...] = ()
    facts: tuple[int, ...] = ()
    demand: Demand | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """The use of a segment: thousandths by zone, the days of it that are estimated, and of what was found by an
    uplifted norm (zone, thousandths, factor in thousandths)."""

    volumes: Mapping[str, int]
    estimated: Period | None
    uplifted: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Common:
    """A point's share of what its house used in common in the month, thousandths, and the fact that says so."""

    volume: int
    fact: int


def steps(segment: Segment, volumes: Mapping[str, int], length: int) -> tuple[Step, ...]:
    """The products that price the volumes of a segment of a month of `length` days.

    :raises pricing.NoRate: a zone has no rate.
    """
    version = segment.version
    share = scale(version.scaling, days=segment.days, month=length, persons=segment.persons)
    return pricing.steps(version, volumes, scale=share, flat=(segment.days, length))


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


def lines(
    segments: Sequence[Segment],
    uses: Sequence[Use],
    parts: Sequence[Sequence[Step]],
    *,
    length: int,
    fixed: bool,
    common: Common | None = None,
) -> tuple[ChargeLine, ...]:
    """The lines of the segments of a month, whose steps are `parts`, in the order in which they are put on top of each
    other: VAT is of all before it, benefits are taken off at the end and never take off more than there is."""
    priced = parts[0] if len(parts) == 1 else [step for part in parts for step in part]
    energy = half_up(*pricing.worth(priced))
    found = [ChargeLine(LineKind.ENERGY, energy)]
    if fixed:
        standing = half_up(sum([one.version.standing * one.days for one in segments]), length)
        if standing:
            found.append(ChargeLine(LineKind.STANDING, standing))
        found.extend(_line(LineKind.DEMAND, tuple(_demands(segments, length))))
        least, charged = half_up(sum([one.version.minimum * one.days for one in segments]), length), _sum(found)
        if least > charged:
            found.append(ChargeLine(LineKind.MINIMUM, least - charged))
    if any(use.uplifted for use in uses):
        found.extend(_line(LineKind.UPLIFT, tuple(_uplifts(uses, parts))))
    if fixed and common is not None and segments:
        found.extend(_line(LineKind.COMMON, tuple(_common(common, segments[-1], uses))))
    if any(one.version.vat for one in segments):
        found.append(ChargeLine(LineKind.VAT, _vat(segments, parts, _sum(found))))
    if any(one.benefits for one in segments):
        shares = tuple(_benefits(segments, uses, length=length, fixed=fixed))
        found.extend(_limited(_line(LineKind.BENEFIT, shares), _sum(found)))
    return tuple(found)


def _sum(found: Sequence[ChargeLine]) -> int:
    return sum([line.amount for line in found])


def _demands(segments: Sequence[Segment], length: int) -> Iterator[Share]:
    """The power of each segment at the rate of its version, for its share of the month."""
    for one in segments:
        if one.demand is not None and (power := one.demand.billed(one.version.ratchet)):
            worth = Fraction(power * one.version.demand * one.days, pricing.KOPECK * MILLI * length)
            yield Share(0, (worth.numerator, worth.denominator), MILLI, "", one.demand.no)


def _line(kind: LineKind, shares: tuple[Share, ...]) -> Iterator[ChargeLine]:
    """The line of the shares, rounded once; none where there are none."""
    if shares:
        total = sum((Fraction(*one.worth) * Fraction(one.factor, MILLI) for one in shares), _NOTHING)
        yield ChargeLine(kind, half_up(total.numerator, total.denominator), shares)


def _limited(found: Iterator[ChargeLine], charged: int) -> Iterator[ChargeLine]:
    """The benefits, together no more than what is charged."""
    for line in found:
        yield line if -line.amount <= charged else ChargeLine(line.kind, -max(0, charged), line.shares)


def _uplifts(uses: Sequence[Use], parts: Sequence[Sequence[Step]]) -> Iterator[Share]:
    """What is put on top of the norm: the price of the zone in the segment, for the volume found by it."""
    for use, part in zip(uses, parts, strict=True):
        for zone, volume, factor in use.uplifted:
            whole = use.volumes[zone]
            worth = Fraction(*pricing.worth(step for step in part if step.zone == zone)) * Fraction(volume, whole)
            yield Share(volume, (worth.numerator, worth.denominator), factor - MILLI)


def _common(common: Common, segment: Segment, uses: Sequence[Use]) -> Iterator[Share]:
    """The share of what the house used in common, at the rates of the first block, by the point's own zones."""
    zones = segment.version.zones
    if zones == ("total",) or "total" in segment.version.blocks[0].rates:
        parts = {"total": common.volume}
    else:
        own = [sum(use.volumes.get(zone, 0) for use in uses) for zone in zones]
        weights = own if any(own) else [1, *([0] * (len(zones) - 1))]
        parts = dict(zip(zones, distributed(common.volume, weights), strict=True))
    for zone, volume in parts.items():
        if volume:
            rate = pricing.rate_of(segment.version.blocks[0], zone)
            yield Share(volume, (volume * rate, pricing.KOPECK), MILLI, zone, common.fact)


def _vat(segments: Sequence[Segment], parts: Sequence[Sequence[Step]], base: int) -> int:
    """VAT from the rounded base; where the month has versions of several rates, the base is parted by what the steps of
    each segment are worth, by days where they are worth nothing."""
    rates = {one.version.vat for one in segments}
    if len(rates) == 1:
        return half_up(base * rates.pop(), 1000)
    weights = [pricing.worth(part) for part in parts]
    if not any(numerator for numerator, _ in weights):
        weights = [(one.days, 1) for one in segments]
    common = 1
    for _, denominator in weights:
        common *= denominator
    shares = [numerator * (common // denominator) for numerator, denominator in weights]
    taxed = sum(share * one.version.vat for share, one in zip(shares, segments, strict=True))
    return half_up(base * taxed, 1000 * sum(shares))


def _benefits(segments: Sequence[Segment], uses: Sequence[Use], *, length: int, fixed: bool) -> Iterator[Share]:
    """What is taken off: of the price, with its VAT, of the volume up to the benefit's limit, which is a month's; sums
    wait for the bill, like what is fixed."""
    for segment, use in zip(segments, uses, strict=True):
        for name, benefit, fact in segment.benefits:
            if benefit.share:
                yield _of_price(segment, use, benefit, length=length, name=name, fact=fact)
            elif fixed:
                yield Share(0, (benefit.amount * segment.days, length), -MILLI, name, fact)


def _of_price(segment: Segment, use: Use, benefit: Benefit, *, length: int, name: str, fact: int) -> Share:
    volumes = limited(use.volumes, benefit.limit, segment.days, length)
    worth = Fraction(*pricing.worth(steps(segment, volumes, length))) * Fraction(1000 + segment.version.vat, 1000)
    return Share(sum(volumes.values()), (worth.numerator, worth.denominator), -benefit.share, name, fact)


def limited(volumes: Mapping[str, int], limit: int | None, days: int, length: int) -> Mapping[str, int]:
    """The volumes of `days` of a month up to a month's limit, parted among the zones as the volumes are."""
    total = sum(volumes.values())
    most = total if limit is None else half_up(limit * days, length)
    if most >= total or total <= 0:
        return volumes
    return dict(zip(volumes, distributed(most, list(volumes.values())), strict=True))
