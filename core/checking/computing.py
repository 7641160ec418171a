"""Computes one line of a protocol again, and compares every number on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from core.checking import pricing
from core.checking.counting import Curve, Meter, Reading, Usual, meter_of, reading_of, stood
from core.checking.document import Node, Unreadable, written
from core.checking.model import What
from core.checking.pricing import Product, Segment, tariff_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold at a place of the document."""

    place: str
    what: What
    stated: str
    found: str


@dataclass
class Computation:
    """A computed line of the protocol with the facts; `faults` gathers what does not hold. `below` is the number of the
    claim: no fact numbered from it on may have been used."""

    line: Node
    facts: Node
    below: int | None
    faults: list[Fault] = field(default_factory=list)

    def run(self) -> Fraction:
        """The sum of the line, computed from the facts.

        :raises Unreadable: something is missing or is not what it should be.
        """
        volumes = {segment.name: self._volumes(segment) for segment in self._segments}
        priced: dict[tuple[str, int, str], Product] = {}
        for segment in self._segments:
            priced.update(pricing.products(segment, volumes[segment.name], self.line.get("persons").count))
        self._products(priced)
        parts = pricing.lines(self._segments, priced, fixed=self.line.get("fixed").flag)
        self._parts(parts, sum((one.amount for one in priced.values()), Fraction(0)))
        result = sum(parts.values(), Fraction(0))
        self._same(self.line.get("result"), What.RESULT, result)
        self._documents(self._segments)
        return result

    @property
    def _name(self) -> str:
        """The meter whose counts are looked at."""
        return self.line.get("meter").text

    @property
    def _point(self) -> str:
        return self.facts.get(self._name).get("point").text

    @property
    def _meter(self) -> Meter:
        return self._stood(self._name)

    def _stood(self, name: str) -> Meter:
        """The meter, where the line says that it was believed to stand."""
        return stood(self.line, name, meter_of(self.facts.get(name)))

    @property
    def _zones(self) -> list[str]:
        """The zones that are charged: all of the meter's registers, without a total that stands beside others."""
        zones = self.facts.get(self._name).get("zones").texts
        return [zone for zone in zones if zone != "total"] or zones

    @cached_property
    def _steps(self) -> Mapping[str, list[Node]]:
        found: dict[str, list[Node]] = {"volume": [], "rate": [], "round": [], "add": []}
        for step in self.line.get("steps").items():
            kind = step.get("op")
            if kind.text not in found:
                raise Unreadable(kind.place, "volume, rate, round or add")
            found[kind.text].append(step)
        return found

    @cached_property
    def _days(self) -> tuple[date, date]:
        """The days that are charged: the line's, as far as the meter was there."""
        first, end = self.line.get("from").day, self.line.get("to").day + DAY
        start, following = self.line.get("period").month
        if not start <= first < end <= following:
            self._fault(self.line.get("from"), What.DAYS, f"{first}..{end - DAY}", f"{start}..{following - DAY}")
        removed = self._meter.removed
        return max(first, self._meter.installed), end if removed is None else min(end, removed)

    @cached_property
    def _segments(self) -> list[Segment]:
        """The charged days by the tariff that held on them; they have to be covered once each."""
        start, end = self.line.get("period").month
        length = (end - start).days
        start = max(start, self._meter.installed)
        end = end if self._meter.removed is None else min(end, self._meter.removed)
        first, last = self._days
        found: list[Segment] = []
        for name in dict.fromkeys(step.get("tariff").text for step in self._steps["volume"]):
            tariff = tariff_of(self.facts.get(name), start.month)
            since, until = max(start, tariff.since), min(end, tariff.until or end)
            if max(first, since) >= min(last, until):
                self._fault(self.facts.get(name), What.NEEDLESS, name, "")
                continue
            found.append(Segment(name, tariff, (until - since).days, length, max(first, since), min(last, until)))
        at = first
        for segment in sorted(found, key=lambda one: one.first):
            if segment.first != at:
                self._fault(self.line.get("steps"), What.UNCOVERED, str(at), str(segment.first))
            at = segment.end
        if at != max(first, last):
            self._fault(self.line.get("steps"), What.UNCOVERED, str(at), str(last))
        return found

    def _volumes(self, segment: Segment) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for step in self._steps["volume"]:
            if step.get("tariff").text != segment.name:
                continue
            zone = step.get("zone").text
            if zone in found:
                self._fault(step, What.NEEDLESS, zone, "")
                continue
            found[zone] = self._volume(step, zone, segment)
        if set(found) != set(self._zones):
            self._fault(self.line.get("steps"), What.ZONES, " ".join(found), " ".join(self._zones))
        return found

    def _volume(self, step: Node, zone: str, segment: Segment) -> Fraction:
        before, last = segment.first - DAY, segment.end - DAY
        curve = self._curve(step)
        low, high = curve.between(before, last)
        self._same(step.get("before"), What.COUNT, low)
        self._same(step.get("after"), What.COUNT, high)
        self._same(step.get("value"), What.VOLUME, high - low)
        self._text(step.get("expr"), What.RULE, f"R(C({last})) − R(C({before}))")
        self._text(step.get("rule"), What.RULE, f"half_up to {self._meter.decimals} decimals of the cumulative count")
        at = segment.first
        for span in self.line.get("days").items():
            if span.get("zone").text == zone and segment.first <= span.get("from").day < segment.end:
                at = self._span(span, at, curve)
        if at != segment.end:
            self._fault(self.line.get("days"), What.SPANS, str(at), str(segment.end))
        return high - low

    def _span(self, span: Node, at: date, curve: Curve) -> date:
        """Compares a span that begins on the day; the day behind it."""
        first, end = span.get("from").day, span.get("to").day + DAY
        if first != at or end <= first:
            self._fault(span, What.SPANS, f"{first}..{end - DAY}", str(at))
            return max(at, end)
        daily = (curve.exact(end - DAY) - curve.exact(first - DAY)) / (end - first).days
        self._same(span.get("per_day"), What.PER_DAY, daily)
        if span.get("estimated").flag != (end - DAY > curve.last):
            self._fault(span, What.ESTIMATED, str(span.get("estimated").flag).lower(), str(curve.last))
        return end

    def _curve(self, step: Node) -> Curve:
        names, zone = step.get("inputs"), step.get("zone").text
        usual = [name for name in names.texts if name.startswith("usual:")]
        if len(usual) > 1:
            raise Unreadable(names.place, "one usual use at most")
        return Curve(self._meter, self._readings(names, zone), self._usual(usual[0], zone) if usual else None)

    def _readings(self, names: Node, zone: str) -> list[Reading]:
        """The readings that are named: of the meter and the zone's register, one a day, each known in time."""
        zones = self.facts.get(self._name).get("zones").texts
        registers = [number for number, one in enumerate(zones, 1) if one == zone]
        return self._of(names, self._name, registers)

    def _of(self, names: Node, meter: str, registers: list[int]) -> list[Reading]:
        found = [self._reading(name, names, meter, registers) for name in names.texts if not name.startswith("usual:")]
        if len({one.day for one in found}) < len(found):
            raise Unreadable(names.place, "one reading a day")
        return found

    def _reading(self, name: str, names: Node, meter: str, registers: list[int]) -> Reading:
        node = self.facts.get(name)
        one = reading_of(node, name)
        if node.get("meter").text != meter or node.get("register").count not in registers:
            self._fault(names, What.FOREIGN, name, f"{meter} {registers}")
        if self.below is not None and one.no >= self.below:
            self._fault(names, What.LATER, name, f"claim:{self.below}")
        if not 0 <= one.value < meter_of(self.facts.get(meter)).wheel:
            raise Unreadable(f"{node.place}.value", "a count that the meter can show")
        return one

    def _usual(self, name: str, zone: str) -> Usual:
        """The usual use, measured again between its readings: of the meter, or of one that it replaced."""
        node = self.facts.get(name)
        own, register = node.get("meter").text, node.get("register").count
        meter, zones = self.facts.get(own), self.facts.get(self._name).get("zones").texts
        if zones[register - 1 : register] != [zone] or meter.get("point").text != self._point:
            self._fault(node, What.FOREIGN, name, f"{self._name} {zone}")
        first, last = node.get("from").day, node.get("to").day
        curve = Curve(meter_of(meter), self._of(node.get("inputs"), own, [register]))
        if first >= last or curve.last != last:
            raise Unreadable(node.place, "days up to the last reading")
        volume = curve.rounded(last) - curve.rounded(first)
        self._same(node.get("volume"), What.USUAL, volume)
        self._same(node.get("days"), What.USUAL, Fraction((last - first).days))
        return Usual(volume, (last - first).days)

    def _products(self, priced: Mapping[tuple[str, int, str], Product]) -> None:
        lacking = {key for key, product in priced.items() if product.amount or product.volume}
        seen: set[tuple[str, int, str]] = set()
        for step in self._steps["rate"]:
            key = (step.get("tariff").text, step.get("block").count, step.get("zone").text)
            product = priced.get(key)
            if product is None or key in seen:
                self._fault(step, What.NEEDLESS, " ".join(map(str, key)), "")
                continue
            seen.add(key)
            self._same(step.get("volume"), What.BLOCK, product.volume)
            self._same(step.get("rate"), What.RATE, product.rate)
            fee = step.maybe("fee")
            if fee is not None or product.fee:
                self._same(step.get("fee"), What.FEE, product.fee)
            self._same(step.get("amount"), What.PRODUCT, product.amount)
        for key in sorted(lacking - seen):
            self._fault(self.line.get("steps"), What.LACKS, "", " ".join(map(str, key)))

    def _parts(self, parts: Mapping[str, Fraction], exact: Fraction) -> None:
        if len(self._steps["round"]) != 1:
            raise Unreadable(self.line.get("steps").place, "one step that rounds")
        (rounded,) = self._steps["round"]
        self._text(rounded.get("line"), What.RULE, "energy")
        self._text(rounded.get("rule"), What.RULE, "half_up 0.01")
        self._same(rounded.get("before"), What.EXACT, exact)
        self._same(rounded.get("amount"), What.ROUNDED, parts["energy"])
        lacking = dict(parts)
        lacking.pop("energy")
        for step in self._steps["add"]:
            kind = step.get("line").text
            if kind == "energy":
                self._fault(step, What.NEEDLESS, kind, "")
            self._same(step.get("amount"), What.PART, lacking.pop(kind, Fraction(0)))
        for kind, amount in lacking.items():
            self._fault(self.line.get("steps"), What.LACKS, "", f"{kind} {written(amount)}")
        self._same_sum(self.line.get("formula"), exact + sum(parts.values(), Fraction(0)) - parts["energy"])

    def _same_sum(self, formula: Node, found: Fraction) -> None:
        """Compares what a formula such as 150×5.05 + 60×5.43 comes to."""
        total = Fraction(0)
        for term in formula.text.split(" + "):
            product = Fraction(1)
            for factor in term.split("×"):
                product *= Node(factor, formula.place).number
            total += product
        if total != found:
            self._fault(formula, What.FORMULA, formula.text, written(found))

    def _documents(self, segments: Iterable[Segment]) -> None:
        documents = list(dict.fromkeys(one.tariff.document for one in segments))
        if self.line.get("law").texts != documents:
            self._fault(self.line.get("law"), What.LAW, "; ".join(self.line.get("law").texts), "; ".join(documents))

    def _same(self, node: Node, what: What, found: Fraction) -> None:
        if node.number != found:
            self._fault(node, what, node.text, written(found))

    def _text(self, node: Node, what: What, found: str) -> None:
        if node.text != found:
            self._fault(node, what, node.text, found)

    def _fault(self, node: Node, what: What, stated: str, found: str) -> None:
        self.faults.append(Fault(node.place, what, stated, found))


def claim_number(name: str) -> int:
    """The number in the name of a fact such as claim:7.

    :raises Unreadable: it has none.
    """
    no = name.split(":")[-1]
    if not no.isdecimal():
        raise Unreadable(name, "a fact with its number")
    return int(no)
