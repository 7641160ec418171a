"""Compares the instalment plans of a protocol with what their agreements and the money of its lines come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from core.checking import computing, debts
from core.checking.debts import Sum
from core.checking.document import Node, Unreadable, written
from core.checking.model import Finding, Place, What
from core.checking.plans import Agreement, Book, agreement

PENAL = ("penalty", "accrued")
INTEREST = ("interest", "agreed")
CLAIMS = ("opening", "bill", "recalculation")
NOTHING = Fraction(0)


def agreements(root: Node) -> dict[str, tuple[Node, Agreement]]:
    """The plans of the document with what their facts agree, by the names of the facts."""
    listed = root.maybe("plans")
    plans = [] if listed is None else list(listed.items())
    found: dict[str, tuple[Node, Agreement]] = {}
    for plan, after in zip_longest(plans, plans[1:]):
        following = None if after is None else root.get("facts").get(after.get("fact").text).get("from").day
        found[plan.get("fact").text] = (plan, agreement(plan, root.get("facts"), following))
    return found


@dataclass
class Comparison:
    """What is told of the plans of the document, and what its lines come to."""

    root: Node
    lines: Sequence[Node]
    plans: dict[str, tuple[Node, Agreement]]

    def run(self) -> Iterator[Finding]:
        """What of the plans does not hold, with what is overdue and the next due date where the rules are the usual
        ones.

        :raises Unreadable: something is missing or is not what it should be.
        """
        today = self.root.get("day").day
        usual = all(plan.get("principal_first").flag for plan, _ in self.plans.values())
        usual = usual and not any(line.get("kind").text == "write_off" for line in self.lines)
        book = self._settled()
        for plan, agreed in self.plans.values():
            yield from self._agreed(plan, agreed)
            if usual:
                yield from self._paid(book, plan, agreed, today)
            until = plan.maybe("until")
            cut = until.day if until is not None and plan.get("end").text != "fulfilled" else None
            yield from self._interest(plan, agreed, cut)
            yield from self._frozen(plan, agreed, until.day if until is not None else None)
        if usual:
            yield from self._dues(book, today)

    def _settled(self) -> Book:
        claims = [one for one in _claims(self.lines, CLAIMS) if one.left]
        payments = [_payment(line) for line in self.lines if line.get("kind").text == "payment"]
        credits, excess = debts.standing(sorted(payments, key=lambda one: (one.day, one.no)))
        interest = [one for one in _claims(self.lines, ("interest",), about=True) if one.left > 0]
        credits += _backwards(_claims(self.lines, ("interest", "penalty"), about=True))
        book = Book(
            principal=[*(one for one in claims if one.left > 0), *excess, *interest],
            penal=[one for one in _claims(self.lines, ("penalty",), about=True) if one.left > 0],
            plans=[agreed for _, agreed in self.plans.values()],
            interest=frozenset(one.no for one in interest),
            excess=frozenset(one.no for one in excess),
        )
        book.settle(list(_backwards(claims)), credits)
        return book

    def _agreed(self, plan: Node, agreed: Agreement) -> Iterator[Finding]:
        covered = [f"claim:{one.no}" for one in sorted(agreed.covered, key=lambda one: (one.due_on, one.month, one.no))]
        if plan.get("covers").texts != covered:
            yield _at(plan.get("covers"), What.COVERS, ", ".join(plan.get("covers").texts), ", ".join(covered))
        if plan.get("from").day != agreed.start:
            yield _at(plan.get("from"), What.ENDED, plan.get("from").text, str(agreed.start))
        parts = list(plan.get("parts").items())
        if len(parts) != len(agreed.dues):
            raise Unreadable(plan.get("parts").place, f"{len(agreed.dues)} parts")
        for part, due, amount in zip(parts, agreed.dues, agreed.parts, strict=True):
            if (part.get("due_on").day, part.get("amount").number) != (due, amount):
                said = f"{part.get('amount').text} until {part.get('due_on').text}"
                yield _at(part, What.PARTS, said, f"{written(amount)} until {due}")

    def _paid(self, book: Book, plan: Node, agreed: Agreement, today: date) -> Iterator[Finding]:
        until, end = book.ending(agreed, today)
        stated = plan.maybe("until"), plan.maybe("end")
        said = tuple(None if one is None else one.text for one in stated)
        if said != (None if until is None else str(until), end):
            yield _at(plan, What.ENDED, " ".join(one or "-" for one in said), f"{until or '-'} {end or '-'}")
        for part, left in zip(plan.get("parts").items(), book.left(agreed), strict=True):
            if part.get("left").number != left:
                yield _at(part.get("left"), What.PARTS, part.get("left").text, written(left))

    def _interest(self, plan: Node, agreed: Agreement, until: date | None) -> Iterator[Finding]:
        found = agreed.interest(until)
        name = plan.get("fact").text
        lines = [line for line in self.lines if line.get("kind").text in INTEREST and line.get("about").text == name]
        said = sum((line.get("amount").number for line in lines), NOTHING)
        if plan.get("interest").number != found:
            yield _at(plan.get("interest"), What.RESULT, plan.get("interest").text, written(found))
        begun = agreed.start <= self.root.get("day").day
        if said != (found if begun else NOTHING):
            yield _at(plan.get("interest"), What.TOTAL, written(said), written(found))

    def _frozen(self, plan: Node, agreed: Agreement, until: date | None) -> Iterator[Finding]:
        """The days of the plan, on which a penalty that is not posted yet must stand still, or need not."""
        if not plan.get("frozen").flag:
            return
        names = plan.get("covers").texts
        for line in self.lines:
            if line.get("kind").text != "accrued" or line.get("about").text not in names:
                continue
            for step in line.get("steps").items():
                if step.get("op").text != "days" or step.get("moratorium").flag:
                    continue
                first = step.get("from").day
                if agreed.start <= first and (until is None or first < until):
                    yield _at(step, What.FROZEN, f"{first}..{step.get('to').text}", f"{agreed.start}..{until or ''}")

    def _dues(self, book: Book, today: date) -> Iterator[Finding]:
        to_pay = self.root.get("to_pay").number
        open_ = [one for one in (*book.principal, *book.penal) if one.left]
        late = sum((one.left for one in open_ if one.due_on < today), NOTHING)
        late += sum((one.get("amount").number for one in self.lines if one.get("kind").text == "accrued"), NOTHING)
        dates = [one.due_on for one in open_ if one.due_on >= today]
        for _, agreed in self.plans.values():
            until, _ = book.ending(agreed, today)
            if agreed.start <= today and (until is None or today < until):
                ahead = [(due, left) for due, left in zip(agreed.dues, book.left(agreed), strict=True) if due >= today]
                mine = sum((one.left for one in agreed.covered), NOTHING)
                late -= min(mine, sum((left for _, left in ahead), NOTHING))
                dates += [due for due, left in ahead if left][:1]
        found = min(to_pay, max(NOTHING, late))
        if self.root.get("overdue").number != found:
            yield _at(self.root.get("overdue"), What.OVERDUE, self.root.get("overdue").text, written(found))
        nearest = min(dates, default=None) if to_pay else None
        due = self.root.maybe("due_on")
        if (due.day if due else None) != nearest:
            yield _at(self.root.get("due_on"), What.DUE, due.text if due else "", str(nearest or ""))


def _claims(lines: Sequence[Node], kinds: Sequence[str], *, about: bool = False) -> list[Sum]:
    """What the lines of these kinds demand, a claim each; `about`: all that is about one thing together."""
    found: dict[str, Sum] = {}
    for line in lines:
        if line.get("kind").text not in kinds:
            continue
        name = line.get("about").text + line.get("kind").text if about else line.get("fact").text
        amount, no = line.get("amount").number, computing.claim_number(line.get("fact").text)
        if name in found:
            found[name].left += amount
            found[name].last = (no, line.get("day").day)
        else:
            found[name] = Sum(no, line.get("day").day, line.get("period").text, amount, line.get("due_on").day)
            found[name].last = (no, line.get("day").day)
    return list(found.values())


def _backwards(claims: Sequence[Sum]) -> Iterator[Sum]:
    """What was demanded too much, as money of its day."""
    for one in claims:
        if one.left < 0:
            no, day = one.last or (one.no, one.day)
            yield Sum(no, day, one.month, -one.left)


def _payment(line: Node) -> Sum:
    period = line.maybe("period")
    no, month = computing.claim_number(line.get("fact").text), None if period is None else period.text
    return Sum(no, line.get("day").day, month, -line.get("amount").number)


def _at(node: Node, what: What, stated: str, found: str) -> Finding:
    return Finding(Place(None, step=node.place), what, stated, found)
