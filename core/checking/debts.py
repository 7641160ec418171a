"""Which claims are still open once the payments have settled what they settle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

NOTHING = Fraction(0)


@dataclass(slots=True)
class Sum:
    """A claim or a payment: `left` of it is not settled, or not used, yet. `day` is that of issue or of payment."""

    no: int
    day: date
    month: str | None
    left: Fraction
    due_on: date = date.max
    last: tuple[int, date] | None = None
    """Of several that are one: the number and the day of the last."""


def settled(claims: Iterable[Sum], payments: Iterable[Sum]) -> list[Sum]:
    """The claims with what is left of each. A payment goes to the month that it names, then to the oldest due; a claim
    in the customer's favour is like a payment; what is taken back undoes a payment of its sum and month, else the
    latest ones, and is demanded as far as it exceeds them all."""
    claims = list(claims)
    credits, excess = standing(sorted(payments, key=lambda one: (one.day, one.no)))
    credits += [Sum(one.no, one.day, None, -one.left) for one in claims if one.left < 0]
    credits.sort(key=lambda one: (one.day, one.no))
    debts = [one for one in claims if one.left > 0] + excess
    debts.sort(key=lambda one: (one.due_on, one.month or "", one.no))
    for credit in credits:
        if credit.month is not None:
            _take(credit, [one for one in debts if one.month == credit.month])
    for credit in credits:
        _take(credit, debts)
    return [one for one in debts if one.left]


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


def _take(credit: Sum, debts: Sequence[Sum]) -> None:
    for debt in debts:
        taken = min(credit.left, debt.left)
        credit.left -= taken
        debt.left -= taken
