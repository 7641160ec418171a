"""Compares the debts and instalment plans of a protocol with what its agreements and the money of its lines come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from core.checking import debts
from core.checking.book import Book, by_due
from core.checking.debts import NOTHING, Rules
from core.checking.document import Node, Unreadable, written
from core.checking.model import Finding, Place, What
from core.checking.plans import Agreement, agreement

PENAL = ("penalty", "accrued")
INTEREST = ("interest", "agreed")


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
    """What is told of debts and of instalment plans, and what the lines of the document come to."""

    root: Node
    lines: Sequence[Node]
    plans: dict[str, tuple[Node, Agreement]]
    given: list[Finding] = field(default_factory=list)
    """What was taken as it stands."""

    def run(self) -> Iterator[Finding]:
        """What of the plans does not hold, with what is overdue and the next due date.

        :raises Unreadable: something is missing or is not what it should be.
        """
        today = self.root.get("day").day
        stated = debts.rules_of(self.root)
        rules, years = stated or (Rules(), 0)
        known = stated is not None or not self._open_to_rules()
        book = self._settled(rules)
        for plan, agreed in self.plans.values():
            yield from self._agreed(plan, agreed)
            if stated is not None and plan.get("principal_first").flag != _principal_first(rules):
                yield _at(plan.get("principal_first"), What.RULE, "", "")
            if known:
                yield from self._paid(book, plan, agreed, today)
            until = plan.maybe("until")
            cut = until.day if until is not None and plan.get("end").text != "fulfilled" else None
            yield from self._interest(plan, agreed, cut)
            yield from self._frozen(plan, agreed, until.day if until is not None else None)
        if known:
            yield from self._dues(book, today)
            yield from self._limits(book, years)
        else:
            self.given.append(Finding(Place(None, step="overdue"), What.DEMAND, self.root.get("overdue").text))

    def _open_to_rules(self) -> bool:
        """Whether how money settles the lines is the rules', of which a document of before they were stated says no
        more than `principal_first`."""
        kinds = {line.get("kind").text for line in self.lines}
        if self.plans:
            return "write_off" in kinds or not all(plan.get("principal_first").flag for plan, _ in self.plans.values())
        return bool(kinds & {*PENAL, "write_off"})

    def _settled(self, rules: Rules) -> Book:
        sums = [one for one in debts.demanded(self.lines) if one.left]
        credits, excess = debts.standing(debts.received(self.lines))
        back = list(debts.backwards(sums))
        owed = [*(one for one in sums if one.left > 0), *excess]
        book = Book(owed, [agreed for _, agreed in self.plans.values()], rules)
        book.settle([one for one in back if one.month is not None], [*credits, *(one for one in back if not one.month)])
        return book

    def _agreed(self, plan: Node, agreed: Agreement) -> Iterator[Finding]:
        covered = [f"claim:{one.no}" for one in sorted(agreed.covered, key=by_due)]
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
        open_ = [one for one in book.debts if one.left]
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
            place = Place(None, step="due_on")
            yield Finding(place, What.DUE, due.text if due else "", str(nearest or ""))

    def _limits(self, book: Book, years: int) -> Iterator[Finding]:
        """Until when the claims that are open may be brought to court."""
        left = {f"claim:{one.no}": one for one in book.debts if one.left and one.claimed} if years else {}
        for line in self.lines:
            fact, stated = line.maybe("fact"), line.maybe("limitation_on")
            debt = left.get(fact.text) if fact is not None else None
            found = None if debt is None else book.last_day(debt, years)
            if (stated.day if stated is not None else None) != found:
                said = "" if stated is None else stated.text
                yield Finding(Place(None, step=f"{line.place}.limitation_on"), What.LIMITATION, said, str(found or ""))


def _principal_first(rules: Rules) -> bool:
    usual = rules.named_first and not rules.by_debt and not rules.latest_first
    return usual and rules.place("principal") < rules.place("penalty")


def _at(node: Node, what: What, stated: str, found: str) -> Finding:
    return Finding(Place(None, step=node.place), what, stated, found)
