"""Computes a line again that more than one meter and its tariff tell: several meters, dated facts, norms, benefits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from core.checking import pricing
from core.checking.computing import DAY, Computation, Fault
from core.checking.counting import Curve, Meter, meter_of
from core.checking.document import Node, Unreadable, half_up
from core.checking.model import What
from core.checking.pricing import KOPECK, Product, Products, Segment, tariff_of

SHARED = ("demand", "uplift", "common", "benefit")
"""The lines that say of what they are a share."""


@dataclass(frozen=True, slots=True)
class _Volume:
    """What one step of a segment measured, and by what it is multiplied on a line of its own."""

    zone: str
    volume: Fraction
    factor: Fraction


@dataclass
class PointComputation(Computation):
    """A computed line of a supply point; `given` gathers what had to be taken as it stands."""

    given: list[Fault] = field(default_factory=list)
    _current: str = ""
    _multiplier: Fraction | None = None

    def run(self) -> Fraction:
        """The sum of the line, computed from the facts.

        :raises Unreadable: something is missing or is not what it should be.
        """
        segments = [self._segment(node) for node in self.line.get("segments").items()]
        self._cover([segment for segment, _ in segments])
        measured = [list(self._measured(segment)) for segment, _ in segments]
        if sum(map(len, measured)) != len(self._steps["volume"]):
            self._fault(self.line.get("steps"), What.UNCOVERED, "", "")
        priced = [
            pricing.products(segment, _by_zone(some), persons)
            for (segment, persons), some in zip(segments, measured, strict=True)
        ]
        self._compared([(key, product) for one in priced for key, product in one.items()])
        parts = self._lines([segment for segment, _ in segments], priced, measured)
        exact = sum((product.amount for one in priced for product in one.values()), Fraction(0))
        self._parts(parts, exact)
        result = sum(parts.values(), Fraction(0))
        self._same(self.line.get("result"), What.RESULT, result)
        self._documents(segment for segment, _ in segments)
        return result

    @property
    def _name(self) -> str:
        return self._current

    @property
    def _meter(self) -> Meter:
        found = self._stood(self._current)
        return found if self._multiplier is None else replace(found, multiplier=self._multiplier)

    def _segment(self, node: Node) -> tuple[Segment, int]:
        start, following = self.line.get("period").month
        name, first, end = node.get("tariff").text, node.get("from").day, node.get("to").day + DAY
        tariff = tariff_of(self.facts.get(name), start.month)
        if not tariff.since <= first < end <= min(tariff.until or end, following):
            self._fault(node, What.UNCOVERED, str(first), str(end))
        days, length, charged = node.get("days").count, (following - start).days, (end - first).days
        if not charged <= days <= length or (self.line.get("fixed").flag and days != charged):
            self._fault(node.get("days"), What.DAYS, str(days), str(charged))
        counts = tariff.scaling == "persons" or any(block.alone is not None for block in tariff.blocks)
        persons = node.get("persons").count
        living = self._persons(node, first) if counts else persons
        if persons != living:
            self._fault(node.get("persons"), What.PERSONS, str(persons), str(living))
        segment = Segment(name, tariff, days, length, first, end)
        return replace(segment, power=self._power(node, segment)), persons

    def _power(self, node: Node, segment: Segment) -> Fraction:
        """The kW that are charged on the segment's days: those that a fact tells of them, or the tariff's share of the
        highest before."""
        told, tariff = node.maybe("demand"), segment.tariff
        if told is None:
            return Fraction(0)
        if not tariff.demand:
            self._fault(told, What.NEEDLESS, "demand", "")
        own = self._said(told, told.get("own"), segment.first, segment.end)
        month, back = self.line.get("period").month[0], Fraction(0)
        for span in told.get("before").items():
            first, end = span.get("from").day, span.get("to").day + DAY
            months = (month.year - first.year) * 12 + month.month - first.month
            if not first < end <= month or months > tariff.ratchet_months:
                self._fault(span, What.DAYS, f"{first}..{end - DAY}", f"..{month - DAY}")
            back = max(back, self._said(span, span.get("value"), first, end))
        billed = max(own, back * tariff.ratchet)
        self._same(told.get("billed"), What.POWER, billed)
        return billed

    def _said(self, node: Node, stated: Node, first: date, end: date) -> Fraction:
        """The kW of days by the fact that is named; 0 where none is."""
        found, named = Fraction(0), node.maybe("fact")
        for fact in self._conditions([named.text] if named else []):
            until = fact.maybe("until")
            if fact.get("kind").text != "demand" or not fact.get("from").day <= first < end <= (
                until.day if until else end
            ):
                self._fault(fact, What.DAYS, "", f"{first}..{end - DAY}")
            found = fact.get("value").thousandths
        self._same(stated, What.POWER, found)
        return found

    def _persons(self, node: Node, day: date) -> int:
        """How many lived there: by the latest fact that the segment names, else as the account says."""
        said = [fact for fact in self._conditions(node.get("facts").texts) if fact.get("kind").text == "persons"]
        for fact in said:
            if not fact.get("from").day <= day or ((until := fact.maybe("until")) and until.day <= day):
                self._fault(fact, What.DAYS, "", str(day))
        return said[-1].get("value").count if said else self.line.get("persons").count

    def _conditions(self, names: Sequence[str]) -> Iterator[Node]:
        for name in names:
            fact, number = self.facts.get(name), name.partition(":")[2]
            if not (number.isascii() and number.isdecimal()):
                raise Unreadable(fact.place, "a fact with a number, such as condition:17")
            if self.below is not None and int(number) >= self.below:
                self._fault(fact, What.LATER, name, f"claim:{self.below}")
            yield fact

    def _cover(self, segments: Sequence[Segment]) -> None:
        """The segments follow one another, and leave out no day on which a meter was there."""
        first, end = self.line.get("from").day, self.line.get("to").day + DAY
        days: set[date] = set()
        for segment in segments:
            own = {segment.first + DAY * number for number in range((segment.end - segment.first).days)}
            if days & own or not first <= segment.first < segment.end <= end:
                self._fault(self.line.get("segments"), What.UNCOVERED, str(segment.first), str(segment.end))
            days |= own
        for name in self.line.get("meters").texts:
            meter = self._stood(name)
            until = min(end, meter.removed or end)
            at = max(first, meter.installed)
            while at < until:
                if at not in days:
                    self._fault(self.line.get("segments"), What.UNCOVERED, str(at), str(until))
                    break
                at += DAY

    def _measured(self, segment: Segment) -> Iterator[_Volume]:
        """The volumes of a segment; of each meter every zone on the same days."""
        zones: dict[tuple[str, date], set[str]] = {}
        for step in self._steps["volume"]:
            first, end = step.get("from").day, self._end(step)
            if step.get("tariff").text != segment.name or not segment.first <= first < end <= segment.end:
                continue
            factor = step.maybe("factor")
            meter = step.maybe("meter")
            volume = self._counted(step, first, end)
            if meter is not None:
                zones.setdefault((meter.text, first), set()).add(step.get("zone").text)
            yield _Volume(step.get("zone").text, volume, factor.number if factor else Fraction(1))
        for (name, _), found in zones.items():
            self._current = name
            if found != set(self._zones):
                self._fault(self.line.get("steps"), What.ZONES, " ".join(sorted(found)), " ".join(self._zones))

    def _end(self, step: Node) -> date:
        """The first day behind those of a volume, as its expression says."""
        text = step.get("expr").text
        return Node(text[4:14], step.get("expr").place).day + DAY

    def _counted(self, step: Node, first: date, end: date) -> Fraction:
        self._current = step.get("meter").text if step.maybe("meter") else ""
        self._multiplier = step.get("multiplier").number if step.maybe("multiplier") else None
        if "norm" in step.get("basis").texts or not self._current:
            return self._normed(step, first, end)
        self._check_multiplier(step, first)
        return self._volume(step, step.get("zone").text, Segment("", _NONE, 0, 1, first, end))

    def _check_multiplier(self, step: Node, first: date) -> None:
        """The multiplier is that of the meter, or of a fact that holds on the day."""
        said = {meter_of(self.facts.get(self._current)).multiplier}
        for name in self.facts.keys:
            fact = self.facts.get(name)
            if name.startswith("condition:") and fact.get("kind").text == "multiplier":
                until = fact.maybe("until")
                if fact.get("from").day <= first and (until is None or first < until.day):
                    said.add(fact.get("value").thousandths)
        if self._multiplier not in said:
            self._fault(step.get("multiplier"), What.MULTIPLIER, step.get("multiplier").text, "")

    def _span(self, span: Node, at: date, curve: Curve) -> date:
        """As of one meter; the spans of others on the same days are theirs."""
        meter = span.maybe("meter")
        if meter is None or meter.text != self._current:
            return at
        return super()._span(span, at, curve)

    def _normed(self, step: Node, first: date, end: date) -> Fraction:
        """A volume by the norm: what its spans come to, rounded as a cumulative count that began before."""
        exact, at = Fraction(0), first
        zone, meter = step.get("zone").text, step.maybe("meter")
        for span in self.line.get("days").items():
            own = span.maybe("meter")
            if (own.text if own else None) != (meter.text if meter else None) or span.get("zone").text != zone:
                continue
            start, stop = span.get("from").day, span.get("to").day + DAY
            if start == at and stop <= end:
                exact += self._by_norm(span, start) * (stop - start).days
                at = stop
        if at != end:
            self._fault(self.line.get("days"), What.SPANS, str(at), str(end))
        value = step.get("after").number - step.get("before").number
        self._same(step.get("value"), What.VOLUME, value)
        unit = Fraction(1, 10 ** (meter_of(self.facts.get(meter.text)).decimals if meter else 3))
        if abs(value - exact) >= unit:
            self._fault(step.get("value"), What.NORM, step.get("value").text, str(exact))
        return value

    def _by_norm(self, span: Node, day: date) -> Fraction:
        norms = [name for name in span.get("source").texts if name.startswith("norm:")]
        found = Fraction(0)
        for name in norms:
            norm, count = self.facts.get(name), span.get("count").number
            many = count / 1000 if norm.get("per").text == "m2" else count
            month = Node(f"{day:%Y-%m}", span.place).month
            found = norm.get("volume").number * many / (month[1] - month[0]).days * span.get("share").number
        self._same(span.get("per_day"), What.NORM, found)
        return found

    def _compared(self, priced: Sequence[tuple[tuple[str, int, str], Product]]) -> None:
        """Compares the products one by one: a tariff may hold in several segments."""
        stated = self._steps["rate"]
        if len(stated) != len(priced):
            self._fault(self.line.get("steps"), What.LACKS, str(len(stated)), str(len(priced)))
        for step, (key, product) in zip(stated, priced, strict=False):
            if (step.get("tariff").text, step.get("block").count, step.get("zone").text) != key:
                self._fault(step, What.NEEDLESS, step.get("zone").text, "")
            self._same(step.get("volume"), What.BLOCK, product.volume)
            self._same(step.get("rate"), What.RATE, product.rate)
            fee = step.maybe("fee")
            if fee is not None or product.fee:
                self._same(step.get("fee"), What.FEE, product.fee)
            self._same(step.get("amount"), What.PRODUCT, product.amount)

    def _lines(
        self, segments: Sequence[Segment], priced: Sequence[Products], measured: Sequence[Sequence[_Volume]]
    ) -> dict[str, Fraction]:
        """The rounded lines by kind, in the order in which they are put on top of each other."""
        keyed = {(f"{at}", *key[1:]): one for at, some in enumerate(priced) for key, one in some.items()}
        named = [replace(segment, name=f"{at}") for at, segment in enumerate(segments)]
        found = pricing.lines(named, keyed, fixed=self.line.get("fixed").flag)
        vat = found.pop("vat", Fraction(0))
        shares = {step.get("line").text: step for step in self._steps["add"] if step.get("line").text in SHARED}
        if any(one.factor != 1 and one.volume for some in measured for one in some) and "uplift" not in shares:
            self._fault(self.line.get("steps"), What.LACKS, "", "uplift")
        if "uplift" in shares:
            worths = list(_uplifts(priced, measured))
            found["uplift"] = self._shared(shares["uplift"], worths)
        if "demand" in shares and "demand" in found:
            self._shared(shares["demand"], [(one.demand, Fraction(1)) for one in segments if one.demand])
        if "common" in shares:
            found["common"] = self._shared(shares["common"], None)
        if vat or any(one.tariff.vat for one in segments):
            found["vat"] = half_up(sum(found.values(), Fraction(0)) * pricing.taxed(named, keyed), KOPECK)
        if "benefit" in shares:
            whole = sum(found.values(), Fraction(0))
            found["benefit"] = max(-max(whole, Fraction(0)), self._shared(shares["benefit"], None))
        return found

    def _shared(self, step: Node, worths: Sequence[tuple[Fraction, Fraction]] | None) -> Fraction:
        """The rounded sum of a line's shares; `worths` what each is of and by what it is multiplied, None: it is taken
        as it stands."""
        total, shares = Fraction(0), list(step.get("of").items())
        if worths is None:
            self.given.append(Fault(step.place, What.SHARE, step.get("line").text, ""))
        elif len(worths) != len(shares):
            self._fault(step, What.LACKS, str(len(shares)), str(len(worths)))
        for at, share in enumerate(shares):
            worth, factor = share.get("worth").number, share.get("factor").number
            if worths is not None and at < len(worths):
                self._same(share.get("worth"), What.EXACT, worths[at][0])
                self._same(share.get("factor"), What.MULTIPLIER, worths[at][1])
            self._same(share.get("amount"), What.PRODUCT, worth * factor)
            total += worth * factor
        return half_up(total, KOPECK)


_NONE = pricing.Tariff(date.min, None, (), "", "", Fraction(0), Fraction(0), Fraction(0), False, "")


def _by_zone(measured: Sequence[_Volume]) -> Mapping[str, Fraction]:
    found: dict[str, Fraction] = {}
    for one in measured:
        found[one.zone] = found.get(one.zone, Fraction(0)) + one.volume
    return found


def _uplifts(priced: Sequence[Products], measured: Sequence[Sequence[_Volume]]) -> Iterator[tuple[Fraction, Fraction]]:
    """What each volume found by an uplifted norm costs in its segment, and what is put on top."""
    for products, some in zip(priced, measured, strict=True):
        whole = _by_zone(some)
        for one in some:
            if one.factor != 1 and one.volume:
                worth = sum((each.amount for key, each in products.items() if key[2] == one.zone), Fraction(0))
                yield worth * one.volume / whole[one.zone], one.factor - 1
