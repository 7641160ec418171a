"""What volumes cost by the terms of a tariff: blocks, zones, their bounds scaled, fixed parts and VAT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.checking.document import Node, Unreadable, half_up

KOPECK = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Block:
    """A step of a tariff: up to and including `up_to`, None without an end, `alone` the same for a single person where
    it is another; `fee` is due on entering it."""

    up_to: Fraction | None
    rates: Mapping[str, Fraction]
    fee: Fraction
    alone: Fraction | None

    def bound(self, persons: int) -> Fraction | None:
        return self.alone if persons == 1 and self.alone is not None else self.up_to


@dataclass(frozen=True, slots=True)
class Tariff:
    """The terms of a tariff from a day up to, not including, `until`, as they are in a month; `vat` is a share of the
    price; `by_zone`: each zone has the bounds for itself. `demand` is the rate for a kW and month, `ratchet` the
    share of the highest of `ratchet_months` before that is charged at the least."""

    since: date
    until: date | None
    blocks: tuple[Block, ...]
    mode: str
    scaling: str
    standing: Fraction
    minimum: Fraction
    vat: Fraction
    by_zone: bool
    document: str
    demand: Fraction = Fraction(0)
    ratchet: Fraction = Fraction(0)
    ratchet_months: int = 0


TERMS = {"zones", "mode", "scaling", "standing", "minimum", "vat", "blocks", "zone_rule", "seasons"} | {
    "demand",
    "ratchet",
    "ratchet_months",
}
"""All that a tariff may say."""


def tariff_of(node: Node, month: int) -> Tariff:
    """A tariff of the facts as it is in a month, 1 to 12.

    :raises Unreadable: it is not one.
    """
    terms, until = node.get("terms"), node.maybe("until")
    mode, scaling, rule = terms.get("mode"), terms.get("scaling"), terms.maybe("zone_rule")
    for term in terms.keys:
        if term not in TERMS:
            raise Unreadable(terms.get(term).place, "a term that this check knows")
    if rule is not None and rule.text not in ("pro_rata", "per_zone"):
        raise Unreadable(rule.place, "pro_rata or per_zone")
    if mode.text not in ("graduated", "volume"):
        raise Unreadable(mode.place, "graduated or volume")
    if scaling.text not in ("none", "persons", "days/30", "days/30.5", "per_day"):
        raise Unreadable(scaling.place, "a known scaling")
    demand, ratchet, back = terms.maybe("demand"), terms.maybe("ratchet"), terms.maybe("ratchet_months")
    blocks = tuple(_block(one) for one in _in_season(terms, month).items())
    if not blocks:
        raise Unreadable(f"{node.place}.terms.blocks", "a block")
    return Tariff(
        since=node.get("from").day,
        until=until.day if until else None,
        blocks=blocks,
        mode=mode.text,
        scaling=scaling.text,
        standing=terms.get("standing").number,
        minimum=terms.get("minimum").number,
        vat=terms.get("vat").number / 100,
        by_zone=rule is not None and rule.text == "per_zone",
        document=node.get("doc").text,
        demand=demand.number if demand else Fraction(0),
        ratchet=ratchet.number / 100 if ratchet else Fraction(0),
        ratchet_months=back.count if back else 0,
    )


def _in_season(terms: Node, month: int) -> Node:
    """The blocks of the season that names the month, else those of the other months."""
    seasons = terms.maybe("seasons")
    for season in seasons.items() if seasons else ():
        if month in [one.count for one in season.get("months").items()]:
            return season.get("blocks")
    return terms.get("blocks")


def _block(node: Node) -> Block:
    up_to, alone, rates = node.maybe("up_to"), node.maybe("alone"), node.get("rates")
    found = {zone: rates.get(zone).number for zone in rates.keys}
    return Block(up_to.number if up_to else None, found, node.get("flat").number, alone.number if alone else None)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of a month of `length` days under one tariff: `days` of them set its share of the month, those from `first`
    up to, not including, `end` are charged, for `power` kW."""

    name: str
    tariff: Tariff
    days: int
    length: int
    first: date
    end: date
    power: Fraction = Fraction(0)

    @property
    def demand(self) -> Fraction:
        """What the power costs, not rounded."""
        return _part(self, self.power * self.tariff.demand)


@dataclass(frozen=True, slots=True)
class Product:
    """So much at a rate, and what is due on entering the block."""

    volume: Fraction
    rate: Fraction
    fee: Fraction

    @property
    def amount(self) -> Fraction:
        return self.volume * self.rate + self.fee


Products = Mapping[tuple[str, int, str], Product]
"""By (tariff, number of the block, zone)."""


def products(segment: Segment, volumes: Mapping[str, Fraction], persons: int) -> Products:
    """The volumes in the blocks that they enter: each block spread over the zones by their shares, or each zone by
    itself.

    :raises Unreadable: the tariff has no rate for a zone.
    """
    total = sum(volumes.values(), Fraction(0))
    used = {zone: volume for zone, volume in volumes.items() if volume} if total else dict(list(volumes.items())[:1])
    if segment.tariff.by_zone and total:
        parts = [
            (number, zone, width)
            for zone, volume in used.items()
            for number, width in _entered(segment, volume, persons)
        ]
    else:
        parts = [
            (number, zone, width * volume / total if total else Fraction(0))
            for number, width in _entered(segment, total, persons)
            for zone, volume in used.items()
        ]
    found: dict[tuple[str, int, str], Product] = {}
    for number, zone, width in parts:
        block = segment.tariff.blocks[number - 1]
        rate = block.rates.get(zone, block.rates.get("total"))
        if rate is None:
            raise Unreadable(f"facts.{segment.name}.terms.blocks.{number}.rates", f"a rate for {zone}")
        again = any(key[1] == number for key in found)
        fee = Fraction(0) if again else _part(segment, block.fee)
        found[segment.name, number, zone] = Product(width, rate, fee)
    return found


def _entered(segment: Segment, total: Fraction, persons: int) -> list[tuple[int, Fraction]]:
    """The blocks that a month's volume enters, with what falls into each."""
    tariff, scale = segment.tariff, _scale(segment, persons)
    found: list[tuple[int, Fraction]] = []
    lower = Fraction(0)
    for number, block in enumerate(tariff.blocks, 1):
        bound = block.bound(persons)
        upper = None if bound is None else bound * scale
        ends = upper is None or total <= upper or number == len(tariff.blocks)
        if tariff.mode == "graduated":
            found.append((number, (total if ends or upper is None else upper) - lower))
        elif ends:
            found.append((number, total))
        if ends or upper is None:
            break
        lower = upper
    return found


def _scale(segment: Segment, persons: int) -> Fraction:
    """What the bounds of the blocks are multiplied by."""
    part = Fraction(segment.days, segment.length)
    scales = {
        "none": part,
        "persons": part * max(1, persons),
        "days/30": Fraction(segment.days, 30),
        "days/30.5": Fraction(2 * segment.days, 61),
        "per_day": Fraction(segment.days),
    }
    return scales[segment.tariff.scaling]


def lines(segments: Sequence[Segment], priced: Products, *, fixed: bool) -> dict[str, Fraction]:
    """The rounded lines by kind; `fixed` adds the standing charge and what lacks to the minimum."""
    exact = sum((one.amount for one in priced.values()), Fraction(0))
    found = {"energy": half_up(exact, KOPECK)}
    if fixed:
        standing = half_up(sum((_part(one, one.tariff.standing) for one in segments), Fraction(0)), KOPECK)
        least = half_up(sum((_part(one, one.tariff.minimum) for one in segments), Fraction(0)), KOPECK)
        found["standing"] = standing
        found["demand"] = half_up(sum((one.demand for one in segments), Fraction(0)), KOPECK)
        found["minimum"] = max(Fraction(0), least - sum(found.values()))
    share = taxed(segments, priced)
    found["vat"] = half_up(sum(found.values()) * share, KOPECK)
    return {kind: amount for kind, amount in found.items() if amount or kind == "energy"}


def _part(segment: Segment, monthly: Fraction) -> Fraction:
    return monthly * Fraction(segment.days, segment.length)


def taxed(segments: Sequence[Segment], priced: Products) -> Fraction:
    """The VAT on the whole; of several rates the mean, weighed by what is charged under each, else by days."""
    rates = {one.tariff.vat for one in segments}
    if len(rates) <= 1:
        return rates.pop() if rates else Fraction(0)
    worth = [
        sum((product.amount for key, product in priced.items() if key[0] == one.name), Fraction(0)) for one in segments
    ]
    weights = worth if any(worth) else [Fraction(one.days) for one in segments]
    taxed = [weight * one.tariff.vat for weight, one in zip(weights, segments, strict=True)]
    return sum(taxed, Fraction(0)) / sum(weights, Fraction(0))
