"""Days on which a supply point has no basis to charge by, or is charged twice, and what they are worth (row M10a)."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import combinations

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.basics.periods import DAY, Period
from core.billing.conditions.model import Kind
from core.billing.engine import pricing
from core.billing.engine.facts import Facts, lines_of
from core.billing.engine.flowing import Flow, ReadMeter
from core.billing.engine.outages import kept
from core.billing.engine.segmenting import length
from core.billing.engine.supplying import Supply, flows_by, merged, without
from core.billing.estimation import Estimation
from core.billing.model import ClaimKind, Tariffs, TariffVersion
from core.metering.model import Meter, Point, Usual


class Lack(StrEnum):
    """What is wrong with days: no meter tells their use and no norm holds; a meter stood there that was not read yet;
    nothing is known by which to estimate them; they were left out of the bill; two meters count the same use."""

    NO_METER = "no_meter"
    UNREAD = "unread"
    NO_BASIS = "no_basis"
    NOT_BILLED = "not_billed"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Hole:
    """Days of a point, what is wrong with them, and about what they are worth by the point's usual use and the rates of
    those days: thousandths and kopecks; of what is charged twice by the lesser of the two uses, negative."""

    point: int
    days: Period
    lack: Lack
    volume: int
    amount: int


def holes(
    facts: Facts, supplies: Sequence[Supply], tariffs: Tariffs, *, within: Period, rules: Estimation
) -> tuple[Hole, ...]:
    """The holes of an account's points on these days, by point and day; `supplies` by all its facts.

    :raises ValueError: the days have no end.
    """
    found: list[Hole] = []
    for supply in supplies:
        lacking = [*_bare(supply, within), *_unread(supply, within), *_baseless(supply, within, rules)]
        lacking.extend(_unbilled(facts, supply, within))
        usual = _usual(supply)
        for days, lack in lacking:
            volume = 0 if usual is None else half_up(usual.volume * length(days), usual.days)
            found.append(Hole(supply.point_id, days, lack, volume, _worth(supply, days.start, volume, tariffs)))
        found.extend(_twice(supply, within, tariffs, rules))
    return tuple(sorted(found, key=lambda one: (one.point, one.days.start, one.lack)))


def untold(
    points: Sequence[Point], meters: Sequence[Meter], supplies: Sequence[Supply], *, within: Period
) -> tuple[Hole, ...]:
    """The points of which nothing at all tells a use: a meter of theirs was never read, or there is none and no norm.
    What their days are worth nobody can say."""
    told = {one.point_id for one in supplies}
    found: list[Hole] = []
    for point in points:
        if point.id in told:
            continue
        own = [one.installed for one in meters if one.point_id == point.id]
        spans = merged([met for days in own if (met := days.meet(within)) is not None])
        found.extend(Hole(point.id, days, Lack.UNREAD, 0, 0) for days in spans)
        if not own:
            found.append(Hole(point.id, within, Lack.NO_METER, 0, 0))
    return tuple(found)


def _bare(supply: Supply, within: Period) -> Iterator[tuple[Period, Lack]]:
    """The days between those on which there is anything to charge by, and behind the last of them, but for those on
    which nothing was supplied."""
    cut_off = [one.days for one in supply.conditions.said(Kind.SUPPLY, supply.point_id) if one.value == "suspended"]
    for days, lack in _between(supply, within):
        left = [days]
        for off in cut_off:
            left = [rest for part in left for rest in without(part, off)]
        yield from ((part, lack) for part in left)


def _between(supply: Supply, within: Period) -> Iterator[tuple[Period, Lack]]:
    at = supply.present[0].start if supply.present else within.start
    for one in supply.present:
        if at < one.start and (met := Period(at, one.start).meet(within)) is not None:
            yield met, Lack.NO_METER
        at = one.end or date.max
    if at < (within.end or date.max) and (met := Period(at, within.end).meet(within)) is not None:
        yield met, Lack.NO_METER


def _unread(supply: Supply, within: Period) -> Iterator[tuple[Period, Lack]]:
    """The days from a meter's installation to its first count, where no other tells them."""
    for at, one in enumerate(supply.meters):
        first = max(register.anchors[0].day for register in one.registers)
        if at == 0 and one.meter.installed.start < first:
            met = Period(one.meter.installed.start, first + DAY).meet(within)
            if met is not None:
                yield met, Lack.UNREAD


def _baseless(supply: Supply, within: Period, rules: Estimation) -> Iterator[tuple[Period, Lack]]:
    """The days behind the last count, or in an outage, for which there is neither an average nor a norm."""
    if rules.norms and supply.flows and any(piece.case is not None for flow in supply.flows for piece in flow.pieces):
        return
    for one in supply.meters:
        if all(register.usual is None for register in one.registers):
            ends = [counting[-1].day for register in one.registers if (counting := kept(register.anchors, one.gaps))]
            days = Period(min(ends) + DAY, one.present.end) if ends else None
            if days is not None and (days.end is None or days.start < days.end) and (met := days.meet(within)):
                yield met, Lack.NO_BASIS


def _unbilled(facts: Facts, supply: Supply, within: Period) -> Iterator[tuple[Period, Lack]]:
    """The months that were billed without a line for the point, though there was something to charge."""
    lines = lines_of(facts.charges).get(supply.point_id, {})
    for claim in facts.claims:
        if claim.kind is ClaimKind.BILL and claim.month not in lines:
            for one in supply.present:
                met = one.meet(claim.month.period)
                met = None if met is None else met.meet(within)
                if met is not None:
                    yield met, Lack.NOT_BILLED


def _twice(supply: Supply, within: Period, tariffs: Tariffs, rules: Estimation) -> Iterator[Hole]:
    """The days behind a replacement on which the old meter and the new one both counted a use of the same zone."""
    flows = supply.flows or flows_by(supply, rules)
    for one, other in combinations(supply.meters, 2):
        days = _both(one, other, within)
        if days is None:
            continue
        volume = sum(min(_used(flows, one, zone, days), _used(flows, other, zone, days)) for zone in one.meter.zones)
        if volume:
            amount = _worth(supply, days.start, volume, tariffs)
            yield Hole(supply.point_id, days, Lack.TWICE, -volume, -amount)


def _both(one: ReadMeter, other: ReadMeter, within: Period) -> Period | None:
    """The days on which both stand, where the earlier of them was taken out: two that go on are meant to."""
    if one.meter.installed.end is None and other.meter.installed.end is None:
        return None
    met = one.present.meet(other.present)
    return None if met is None else met.meet(within)


def _used(flows: Sequence[Flow], read: ReadMeter, zone: str, days: Period) -> int:
    pieces = [piece for flow in flows if flow.meter == read.meter and flow.zone == zone for piece in flow.pieces]
    return sum(piece.curve.volume(met).volume for piece in pieces if (met := piece.days.meet(days)) is not None)


def _usual(supply: Supply) -> Usual | None:
    """The usual use of the point: of its last meter, all zones together."""
    for one in reversed(supply.meters):
        known = [register.usual for register in one.registers if register.usual is not None]
        if known:
            return Usual(sum(use.volume for use in known), known[0].days)
    return None


def _worth(supply: Supply, day: date, volume: int, tariffs: Tariffs) -> int:
    """What a volume costs by the version of the day: all of it in its first zone and block."""
    version = next((one for one in tariffs.get(supply.plan, ()) if day in one.valid), None)
    return 0 if version is None or volume <= 0 else _price(version, day, volume)


def _price(version: TariffVersion, day: date, volume: int) -> int:
    held = version.holding(day.month, 1)
    block = held.blocks[0]
    rate = pricing.rate_of(block, next(iter(block.rates)))
    return half_up(volume * rate, pricing.KOPECK)
