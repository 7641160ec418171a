"""Computes the penalty of a claim again from its segments: days, balance, rate, share."""

from dataclasses import dataclass, field
from fractions import Fraction

from core.checking.computing import DAY, Fault
from core.checking.document import Node, Unreadable, half_up, written
from core.checking.model import What
from core.checking.pricing import KOPECK


@dataclass
class PenaltyComputation:
    """A line of a penalty; `claim` is the line of the claim that it is about, `faults` gathers what does not hold,
    `given` what had to be taken as it stands."""

    line: Node
    claim: Node
    faults: list[Fault] = field(default_factory=list)
    given: list[Fault] = field(default_factory=list)

    def run(self) -> Fraction:
        """The penalty of the claim in all.

        :raises Unreadable: something is missing or is not what it should be.
        """
        steps = list(self.line.get("steps").items())
        rounding = [step for step in steps if step.get("op").text == "round"]
        segments = [step for step in steps if step.get("op").text == "days"]
        if len(rounding) != 1 or len(segments) + 1 != len(steps):
            raise Unreadable(self.line.get("steps").place, "segments, and one step that rounds")
        exact = sum((self._segment(step) for step in segments), Fraction(0))
        (rounded,) = rounding
        self._same(rounded.get("before"), What.EXACT, exact)
        amount = half_up(exact, KOPECK)
        if rounded.get("rule").text != "half_up 0.01" or rounded.get("line").text != "penalty":
            self.faults.append(Fault(rounded.place, What.RULE, rounded.get("rule").text, "half_up 0.01"))
        least = rounded.maybe("least")
        if least is not None and exact and least.number > amount:
            self.given.append(Fault(least.place, What.SHARE, least.text, written(amount)))
            amount = least.number
        if rounded.get("amount").number < amount:  # a limit, such as that of the principal
            self.given.append(Fault(rounded.place, What.SHARE, rounded.get("amount").text, written(amount)))
            amount = rounded.get("amount").number
        self._same(rounded.get("amount"), What.ROUNDED, amount)
        self._same(self.line.get("result"), What.RESULT, amount)
        return amount

    def _segment(self, step: Node) -> Fraction:
        first, last = step.get("from").day, step.get("to").day
        days = (last - first).days + 1
        if not self.claim.get("due_on").day < first <= last:
            self.faults.append(
                Fault(step.place, What.DAYS, f"{first}..{last}", str(self.claim.get("due_on").day + DAY))
            )
        self._same(step.get("days"), What.DAYS, Fraction(days))
        worth = step.get("balance").number * days * step.get("rate").number * step.get("share").number
        worth = Fraction(0) if step.get("moratorium").flag else worth
        self._same(step.get("amount"), What.PRODUCT, worth)
        return worth

    def _same(self, node: Node, what: What, found: Fraction) -> None:
        if node.number != found:
            self.faults.append(Fault(node.place, what, node.text, written(found)))
