"""Which payment settles which claim (billing.md section 4.3): a function of what is known, not of when it came in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.basics.periods import Month
from core.billing.model import Claim, ClaimKind, OpenClaim, Payment


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many kopecks of the credit numbered `credit` (a payment, or a claim in the customer's favour) settle the claim
    numbered `claim`."""

    credit: int
    claim: int
    amount: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The unsettled claims, oldest due first; `advance` kopecks that no claim has taken; who settled what."""

    open: tuple[OpenClaim, ...]
    advance: int
    allocations: tuple[Allocation, ...]


class Mode(StrEnum):
    """Whether a payment settles a debt with all its components before the next, or a component of all debts first."""

    BY_DEBT = "by_debt"
    BY_COMPONENT = "by_component"


class Ahead(StrEnum):
    """Which debt, of those not due yet, takes what is left."""

    NEXT = "next"
    LAST = "last"


class Component(StrEnum):
    """What a debt may consist of."""

    COSTS = "costs"
    PRINCIPAL = "principal"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class AllocationRules:
    """Which debt a payment settles (billing.md section 4.3): those of the month that the payer named first, if
    `designated_first`; then the oldest due, those whose limitation has run last, if `barred_last`."""

    order: tuple[Component, ...] = (Component.COSTS, Component.PRINCIPAL, Component.PENALTY)
    mode: Mode = Mode.BY_COMPONENT
    ahead: Ahead = Ahead.NEXT
    designated_first: bool = True
    barred_last: bool = True


ALLOCATED = AllocationRules()
"""What holds where no pack says otherwise."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt in its components, such as principal, penalty, costs: kopecks."""

    id: str
    due_on: date
    components: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """So many kopecks of a payment go to a component of a debt."""

    debt: str
    component: str
    amount: int


def spread(
    amount: int, debts: Sequence[Debt], *, on: date, order: Sequence[str], mode: Mode, ahead: Ahead = Ahead.NEXT
) -> tuple[tuple[Share, ...], int]:
    """How a payment made on a day is spread over debts of several components, and what is left of it.

    First the debts due by that day, the oldest before the others, then those to come; inside, the components in the
    given order, which is the jurisdiction's (billing.md section 4.3).
    """
    due = sorted((debt for debt in debts if debt.due_on <= on), key=lambda debt: debt.due_on)
    later = sorted(
        (debt for debt in debts if debt.due_on > on), key=lambda debt: debt.due_on, reverse=ahead is Ahead.LAST
    )
    shares: list[Share] = []
    for group in (due, later):
        for debt, component in _places(group, order, mode):
            taken = min(amount, debt.components.get(component, 0))
            if taken:
                shares.append(Share(debt.id, component, taken))
                amount -= taken
    return tuple(shares), amount


def _places(debts: Sequence[Debt], order: Sequence[str], mode: Mode) -> list[tuple[Debt, str]]:
    if mode is Mode.BY_DEBT:
        return [(debt, component) for debt in debts for component in order]
    return [(debt, component) for component in order for debt in debts]


@dataclass(slots=True)
class _Credit:
    no: int
    on: date
    month: Month | None
    left: int


@dataclass(slots=True)
class _Debt:
    claim: Claim
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.claim.amount


def settle(claims: Iterable[Claim], payments: Iterable[Payment]) -> Settled:
    """How the payments settle the claims.

    Every payment first settles the claims of the month that its payer named; then all that is left settles the oldest
    due first, payments in the order of their days; what no claim takes is an advance. A negative claim is a credit like
    a payment without a month. A reversal takes back the payment of the same sum and month, else the latest ones; what
    it takes back beyond all payments is demanded at once. The result does not depend on the order of the arguments.
    """
    demanded, credits = _sides(claims, payments)
    debts = [_Debt(claim) for claim in sorted(demanded, key=_age)]
    allocations: list[Allocation] = []
    for credit in credits:
        if credit.month is not None:
            _take(credit, [debt for debt in debts if debt.claim.month == credit.month], allocations)
    for credit in credits:
        _take(credit, debts, allocations)
    return Settled(
        tuple(OpenClaim(one.claim.no, one.claim.month, one.claim.due_on, one.left) for one in debts if one.left),
        sum(credit.left for credit in credits),
        tuple(allocations),
    )


def _age(claim: Claim) -> tuple[date, Month, int]:
    return claim.due_on, claim.month, claim.no


def _sides(claims: Iterable[Claim], payments: Iterable[Payment]) -> tuple[list[Claim], list[_Credit]]:
    """What is demanded, and the credits in the order in which they settle."""
    demanded: list[Claim] = []
    credits: list[_Credit] = []
    for claim in claims:
        if claim.amount > 0:
            demanded.append(claim)
        elif claim.amount < 0:
            credits.append(_Credit(claim.no, claim.issued_on, None, -claim.amount))
    paid, excess = _unreversed(payments)
    demanded.extend(excess)
    credits.extend(paid)
    return demanded, sorted(credits, key=lambda credit: (credit.on, credit.no))


def _unreversed(payments: Iterable[Payment]) -> tuple[list[_Credit], list[Claim]]:
    """The payments less what reversals take back, and the reversals that exceed them, as demands."""
    ordered = sorted(payments, key=lambda payment: (payment.paid_on, payment.no))
    paid = [_Credit(one.no, one.paid_on, one.month, one.amount) for one in ordered if one.amount > 0]
    excess: list[Claim] = []
    for reversal in (one for one in ordered if one.amount < 0):
        left = -reversal.amount
        twin = [one for one in paid if one.left == left and one.month == reversal.month and one.no != reversal.no]
        for credit in twin[-1:] or paid[::-1]:
            taken = min(left, credit.left)
            credit.left -= taken
            left -= taken
        if left:
            on = reversal.paid_on
            month = reversal.month or Month.of(on)
            excess.append(Claim(reversal.no, month, ClaimKind.RECALCULATION, left, due_on=on, issued_on=on))
    return paid, excess


def _take(credit: _Credit, debts: Sequence[_Debt], allocations: list[Allocation]) -> None:
    for debt in debts:
        if not credit.left:
            return
        taken = min(credit.left, debt.left)
        if taken:
            credit.left -= taken
            debt.left -= taken
            allocations.append(Allocation(credit.no, debt.claim.no, taken))
