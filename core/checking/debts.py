"""What lines demand and what came in, as sums that settle one another, and the rules by which they do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.checking import computing
from core.checking.document import Node, Unreadable

NOTHING = Fraction(0)

PRINCIPAL = "principal"
COMPONENTS = {"penalty": "penalty", "interest": "interest"}
"""What component lines of a kind are; all others are of principal."""


@dataclass(slots=True)
class Sum:
    """A claim or a payment: `left` of it is not settled, or not used, yet. `day` is that of issue or of payment.
    `about` is the number of what a penalty, interest or a write-off is for; `claimed`: it is a claim for use."""

    no: int
    day: date
    month: str | None
    left: Fraction
    due_on: date = date.max
    last: tuple[int, date] | None = None
    """Of several that are one: the number and the day of the last."""
    component: str = PRINCIPAL
    about: int | None = None
    claimed: bool = False


USUAL = ("costs", PRINCIPAL, "penalty")
"""In which order the components of debts are settled where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Rules:
    """In which order money settles debts. `years` is the limitation, 0: money does not mind it."""

    order: tuple[str, ...] = USUAL
    by_debt: bool = False
    latest_first: bool = False
    named_first: bool = True
    years: int = 0

    def place(self, component: str) -> int:
        return self.order.index(component if component in self.order else PRINCIPAL)


def rules_of(root: Node) -> tuple[Rules, int] | None:
    """The rules that the document states, with the years of the limitation; None where it is of before they were
    stated.

    :raises Unreadable: they are none.
    """
    node = root.maybe("rules")
    if node is None:
        return None
    order, years = tuple(node.get("order").texts), node.get("limitation_years").count
    if sorted(order) != sorted(USUAL) or years > 100:
        raise Unreadable(node.place, "costs, principal and penalty in an order, and years")
    found = Rules(
        order,
        by_debt=_either(node.get("mode"), "by_component", "by_debt"),
        latest_first=_either(node.get("advance"), "next", "last"),
        named_first=node.get("designated_first").flag,
        years=years if node.get("barred_last").flag else 0,
    )
    return found, years


def _either(node: Node, no: str, yes: str) -> bool:
    if node.text not in (no, yes):
        raise Unreadable(node.place, f"{no} or {yes}")
    return node.text == yes


CLAIMS = ("opening", "bill", "recalculation")


def demanded(lines: Sequence[Node]) -> list[Sum]:
    """What lines demand, negative where they take it back: a claim for use each by itself, all penalties of one claim,
    all write-offs of one, and all interest of one plan together.

    :raises Unreadable: a line is none.
    """
    found: dict[tuple[str, str], Sum] = {}
    for line in sorted((one for one in lines if _demands(one)), key=_number):
        kind, about, no = line.get("kind").text, line.maybe("about"), _number(line)
        claimed = kind in CLAIMS
        if not claimed and about is None:
            raise Unreadable(line.place, "what it is about")
        key = ("", line.get("fact").text) if claimed or about is None else (kind, about.text)
        if key not in found:
            of = None if claimed or about is None else computing.claim_number(about.text)
            found[key] = Sum(
                no, line.get("day").day, line.get("period").text, NOTHING, line.get("due_on").day,
                component=COMPONENTS.get(kind, PRINCIPAL), about=of, claimed=claimed,
            )  # fmt: skip
        one = found[key]
        if claimed and line.get("due_on").day != one.due_on:
            raise Unreadable(line.get("due_on").place, f"one due date of {line.get('fact').text}")
        one.left += line.get("amount").number
        one.last = (no, line.get("day").day)
    singly = [one for one in found.values() if one.claimed]
    return [*singly, *(one for one in found.values() if not one.claimed)]


def _demands(line: Node) -> bool:
    return line.get("kind").text in (*CLAIMS, "penalty", "write_off", "interest")


def _number(line: Node) -> int:
    return computing.claim_number(line.get("fact").text)


def received(lines: Sequence[Node]) -> list[Sum]:
    """What came in, and went back, in the order of its days."""
    found: list[Sum] = []
    for line in lines:
        if line.get("kind").text == "payment":
            month = line.maybe("period")
            amount = -line.get("amount").number
            found.append(Sum(_number(line), line.get("day").day, month.text if month else None, amount))
    return sorted(found, key=lambda one: (one.day, one.no))


def standing(payments: Sequence[Sum]) -> tuple[list[Sum], list[Sum]]:
    """The payments less what was taken back of them, and what was taken back beyond them."""
    paid = [one for one in payments if one.left > 0]
    excess: list[Sum] = []
    for back in (one for one in payments if one.left < 0):
        left = -back.left
        twins = [one for one in paid if one.left == left and one.month == back.month]
        for one in twins[-1:] or paid[::-1]:
            taken = min(left, one.left)
            one.left -= taken
            left -= taken
        if left:
            excess.append(Sum(back.no, back.day, back.month or f"{back.day:%Y-%m}", left, due_on=back.day))
    return paid, excess


def backwards(sums: Sequence[Sum]) -> Iterator[Sum]:
    """What was demanded too much, or was written off, as money of its day."""
    for one in sums:
        if one.left < 0 and one.claimed:
            yield Sum(one.no, one.day, one.month, -one.left)
        elif one.left < 0:
            no, day = one.last or (one.no, one.day)
            about = one.about if one.component == PRINCIPAL else None
            yield Sum(no, day, None, -one.left, about=about)
