"""Debts and credits while they are being settled, and what has settled what."""

from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.model import Component


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many kopecks of the credit numbered `credit` (a payment, or a claim in the customer's favour) settle the claim
    numbered `claim`, as of the day `on`; None: a correction lessens the claim itself, from its beginning."""

    credit: int
    claim: int
    amount: int
    on: date | None


@dataclass(slots=True)
class Credit:
    """Kopecks in the customer's favour. `about`, of a write-off: the claim that it is for."""

    no: int
    on: date
    month: Month | None
    left: int
    about: int | None = None


@dataclass(slots=True)
class Owed:
    """A claim of `amount` kopecks, or all penalty that was posted for the claim, or interest for the plan, `about`; and
    what of it is `left`."""

    no: int
    month: Month
    due_on: date
    amount: int
    left: int
    component: Component = Component.PRINCIPAL
    about: int | None = None
    claimed: bool = False
    """Whether it is a single claim for what was used."""


Piece = tuple[Owed, int, date]
"""A debt, so many kopecks of it at the most, and the last day by which they are to be paid."""


def take(credit: Credit, pieces: list[Piece], allocations: list[Allocation], *, on: date | None) -> None:
    """Settles the pieces one after the other, as far as the credit reaches."""
    for debt, most, _ in pieces:
        if not credit.left:
            return
        if not debt.left:
            continue
        taken = min(credit.left, debt.left, most)
        if taken:
            credit.left -= taken
            debt.left -= taken
            allocations.append(Allocation(credit.no, debt.no, taken, on))
