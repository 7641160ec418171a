"""Checks a protocol by computing all of it again from the facts that it names.

Nothing but the standard library is imported: what is found here does not rest on the engine that made the protocol.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from core.checking import computing, planned
from core.checking.computing import DAY, Computation, Fault
from core.checking.document import Node, Unreadable, written
from core.checking.interest import InterestComputation
from core.checking.model import Finding, Place, Report, What
from core.checking.penalties import PenaltyComputation
from core.checking.plans import Agreement
from core.checking.points import PointComputation

FIXED = {"bill": True, "recalculation": True, "pending": True, "provisional": False}
"""The kinds of lines that are computed, and whether they are for a whole month with its standing charge and minimum."""

PENAL = ("penalty", "accrued")
"""The kinds of lines that are for late payment."""

INTEREST = ("interest", "agreed")
"""The kinds of lines that are interest of instalment plans."""

GIVEN = {
    "opening": What.OPENING,
    "payment": What.PAYMENT,
    "bill": What.DEMAND,
    "recalculation": What.DEMAND,
    "write_off": What.DEMAND,
}
"""The kinds of lines that may stand without a calculation: their sums are facts themselves."""


def check(document: object) -> Report:
    """What of a protocol, as JSON gives it, holds and what does not."""
    root = Node(document, "")
    checker = _Checker(root)
    try:
        checker.run()
    except Unreadable as error:
        checker.fault(Place(None, step=error.place), What.UNREADABLE, "", error.wanted)
    account, day = root.maybe("account"), root.maybe("day")
    return Report(
        account=str(account.value) if account else "",
        day=str(day.value) if day else "",
        lines=checker.lines,
        computed=checker.computed,
        faults=tuple(checker.faults),
        given=tuple(checker.given),
    )


@dataclass
class _Checker:
    root: Node
    lines: int = 0
    computed: int = 0
    faults: list[Finding] = field(default_factory=list)
    given: list[Finding] = field(default_factory=list)
    _demanded: dict[tuple[str, str], list[tuple[int, Fraction]]] = field(default_factory=dict)
    _billed: date = date.min
    _used: dict[str, date] = field(default_factory=dict)
    _plans: dict[str, tuple[Node, Agreement]] = field(default_factory=dict)

    def run(self) -> None:
        lines = list(self.root.get("lines").items())
        self.lines = len(lines)
        self._plans = planned.agreements(self.root)
        self._billed = max((line.get("period").month[1] for line in lines if _bills(line)), default=date.min)
        for number, line in enumerate(lines, 1):
            place = _place(number, line)
            try:
                self._line(place, line)
            except Unreadable as error:
                step = error.place.removeprefix(f"{line.place}.")
                self.fault(_at(place, step), What.UNREADABLE, "", error.wanted)
        self._closing([line.get("amount").number for line in lines])
        comparison = planned.Comparison(self.root, lines, self._plans, self.given)
        self.faults.extend(comparison.run())

    def fault(self, place: Place, what: What, stated: str, found: str) -> None:
        self.faults.append(Finding(place, what, stated, found))

    def _line(self, place: Place, line: Node) -> None:
        kind, amount = line.get("kind").text, line.get("amount")
        if (amount.number * 100).denominator != 1:
            raise Unreadable(amount.place, "whole kopecks")
        if line.maybe("steps") is not None and kind in FIXED:
            self._calculated(place, line, kind)
        elif kind in PENAL and line.maybe("steps") is not None:
            self._penal(place, line)
        elif kind in INTEREST and line.maybe("steps") is not None:
            self._interest(place, line)
        elif kind in GIVEN:
            self.given.append(Finding(place, GIVEN[kind], amount.text))
        else:
            self.fault(place, What.UNKNOWN, kind, "")

    def _calculated(self, place: Place, line: Node, kind: str) -> None:
        fact = line.maybe("fact")
        no = computing.claim_number(fact.text) if fact else None
        facts = self.root.get("facts")
        work = PointComputation(line, facts, no) if line.maybe("segments") else Computation(line, facts, no)
        self._days(place, line, kind)
        result = work.run()
        self.computed += 1
        for one in work.faults:
            self.fault(_at(place, one.place.removeprefix(f"{line.place}.")), one.what, one.stated, one.found)
        for one in work.given if isinstance(work, PointComputation) else ():
            self.given.append(Finding(_at(place, one.place.removeprefix(f"{line.place}.")), one.what, one.stated))
        before = self._before(place, line, no) if kind in ("recalculation", "pending") else Fraction(0)
        reproduced = line.get("amount").number == result - before
        if not reproduced:
            self.fault(_at(place, "amount"), What.AMOUNT, line.get("amount").text, written(result - before))
        if line.get("reproduced").flag != reproduced:
            self.fault(_at(place, "reproduced"), What.REPRODUCED, str(not reproduced).lower(), str(reproduced).lower())
        if no is not None:
            self._demanded.setdefault(self._charged(line), []).append((no, line.get("amount").number))

    def _penal(self, place: Place, line: Node) -> None:
        """Computes a penalty again; its rates and shares are those of the rules, which no fact in the file tells."""
        about = line.get("about")
        claim = next((one for one in self.root.get("lines").items() if _names(one, about.text)), None)
        if claim is None:
            raise Unreadable(about.place, "a claim of the protocol")
        work = PenaltyComputation(line, claim)
        result = work.run()
        self.given.append(Finding(_at(place, "rate"), What.SHARE, line.get("formula").text))
        self._cumulative(place, line, result, work.faults)

    def _interest(self, place: Place, line: Node) -> None:
        """Computes the interest of a plan again."""
        about = line.get("about")
        if about.text not in self._plans:
            raise Unreadable(about.place, "an instalment plan of the protocol")
        work = InterestComputation(line, self._plans[about.text][1])
        result = work.run()
        self._cumulative(place, line, result, work.faults)

    def _cumulative(self, place: Place, line: Node, result: Fraction, faults: list[Fault]) -> None:
        """Compares what a line demands with its result, less what the lines before demanded about the same."""
        self.computed += 1
        self.faults.extend(
            Finding(_at(place, one.place.removeprefix(f"{line.place}.")), one.what, one.stated, one.found)
            for one in faults
        )
        key = (f"cost of {line.get('about').text}", "")
        before = sum((amount for _, amount in self._demanded.get(key, [])), Fraction(0))
        if line.get("supersedes").number != before:
            self.fault(_at(place, "supersedes"), What.BEFORE, line.get("supersedes").text, written(before))
        reproduced = line.get("amount").number == result - before
        if not reproduced:
            self.fault(_at(place, "amount"), What.AMOUNT, line.get("amount").text, written(result - before))
        if line.get("reproduced").flag != reproduced:
            self.fault(_at(place, "reproduced"), What.REPRODUCED, str(not reproduced).lower(), str(reproduced).lower())
        self._demanded.setdefault(key, []).append((0, line.get("amount").number))

    def _days(self, place: Place, line: Node, kind: str) -> None:
        """Compares the days that a line charges with those that its kind has to: a whole month, or days not billed."""
        first, last = line.get("from").day, line.get("to").day
        start, end = line.get("period").month
        said = f"{first}..{last}"
        if line.get("fixed").flag != FIXED[kind]:
            self.fault(_at(place, "fixed"), What.DAYS, said, "")
        if FIXED[kind] and (first, last) != (start, end - DAY):
            self.fault(_at(place, "from"), What.DAYS, said, f"{start}..{end - DAY}")
        if not FIXED[kind]:
            meter = self._charged(line)[0]
            least = max(self._billed, self._used.get(meter, date.min))
            if first < least:
                self.fault(_at(place, "from"), What.TWICE, said, str(least))
            self._used[meter] = last + DAY

    def _charged(self, line: Node) -> tuple[str, str]:
        """The point that a line charges, and the month."""
        point = line.maybe("point") or self.root.get("facts").get(line.get("meter").text).get("point")
        return point.text, line.get("period").text

    def _before(self, place: Place, line: Node, no: int | None) -> Fraction:
        """What was demanded for the meter and month until then."""
        earlier = self._demanded.get(self._charged(line), [])
        found = sum((amount for one, amount in earlier if no is None or one < no), Fraction(0))
        stated = line.get("supersedes")
        if stated.number != found:
            self.fault(_at(place, "supersedes"), What.BEFORE, stated.text, written(found))
        return found

    def _closing(self, amounts: list[Fraction]) -> None:
        """Compares the sum of the lines with what there is to pay."""
        to_pay, credit = self.root.get("to_pay"), self.root.get("credit")
        total = sum(amounts, Fraction(0))
        for node, found in ((to_pay, max(Fraction(0), total)), (credit, max(Fraction(0), -total))):
            if node.number != found:
                self.fault(Place(None, step=node.place), What.TOTAL, node.text, written(found))


def _place(number: int, line: Node) -> Place:
    kind, month = line.maybe("kind"), line.maybe("period")
    return Place(number, str(kind.value) if kind else "", str(month.value) if month else "")


def _at(place: Place, step: str) -> Place:
    return Place(place.line, place.kind, place.month, step)


def _names(line: Node, fact: str) -> bool:
    """Whether the line is of that claim."""
    own = line.maybe("fact")
    return own is not None and own.text == fact


def _bills(line: Node) -> bool:
    return line.get("kind").text in ("opening", "bill")
