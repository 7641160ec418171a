"""Computes the interest of an instalment plan again, part by part."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from core.checking.computing import DAY, Fault
from core.checking.document import Node, Unreadable, half_up, written
from core.checking.model import What
from core.checking.plans import Agreement
from core.checking.pricing import KOPECK


@dataclass
class InterestComputation:
    """A line of interest; `plan` is what was agreed, `faults` gathers what does not hold."""

    line: Node
    plan: Agreement
    faults: list[Fault] = field(default_factory=list)

    def run(self) -> Fraction:
        """The interest of the plan in all.

        :raises Unreadable: something is missing or is not what it should be.
        """
        steps = list(self.line.get("steps").items())
        rounding = [step for step in steps if step.get("op").text == "round"]
        parts = [step for step in steps if step.get("op").text == "part"]
        if len(rounding) != 1 or len(parts) + 1 != len(steps) or len(parts) > len(self.plan.dues):
            raise Unreadable(self.line.get("steps").place, "the parts that bear interest, and one step that rounds")
        exact = sum((self._part(step, number) for number, step in enumerate(parts)), Fraction(0))
        (rounded,) = rounding
        self._same(rounded.get("before"), What.EXACT, exact)
        if rounded.get("rule").text != "half_up 0.01" or rounded.get("line").text != "interest":
            self.faults.append(Fault(rounded.place, What.RULE, rounded.get("rule").text, "half_up 0.01"))
        last = f"{self.plan.dues[-1]:%Y-%m}"
        if self.line.get("period").text != last:
            self.faults.append(Fault(self.line.get("period").place, What.DAYS, self.line.get("period").text, last))
        amount = half_up(exact, KOPECK)
        self._same(rounded.get("amount"), What.ROUNDED, amount)
        self._same(self.line.get("result"), What.RESULT, amount)
        return amount

    def _part(self, step: Node, number: int) -> Fraction:
        first, last = step.get("from").day, step.get("to").day
        if first != self.plan.start or not first <= last <= self.plan.dues[number]:
            said = f"{first}..{last}"
            self.faults.append(Fault(step.place, What.DAYS, said, f"{self.plan.start}..{self.plan.dues[number]}"))
        self._same(step.get("days"), What.DAYS, Fraction((last - first).days + 1))
        self._same(step.get("balance"), What.PARTS, self.plan.parts[number])
        self._same(step.get("rate"), What.RATE, self.plan.rate)
        worth = self.plan.parts[number] * self.plan.rate * _years(first, last + DAY)
        self._same(step.get("amount"), What.PRODUCT, worth)
        return worth

    def _same(self, node: Node, what: What, found: Fraction) -> None:
        if node.number != found:
            self.faults.append(Fault(node.place, what, node.text, written(found)))


def _years(start: date, end: date) -> Fraction:
    """The days as years, each of its own length."""
    found = Fraction(0)
    while start < end:
        stop = min(end, date(start.year + 1, 1, 1))
        found += Fraction((stop - start).days, (date(start.year + 1, 1, 1) - date(start.year, 1, 1)).days)
        start = stop
    return found
