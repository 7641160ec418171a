"""Which payment settles which claim (billing.md section 4.3): a function of what is known, not of when it came in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.model import Claim, ClaimKind, Component, OpenClaim, Payment


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many kopecks of the credit numbered `credit` (a payment, or a claim in the customer's favour) settle the claim
    numbered `claim`, as of the day `on`; None: a correction lessens the claim itself, from its beginning."""

    credit: int
    claim: int
    amount: int
    on: date | None


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
    """Kopecks in the customer's favour. `about`, of a write-off: the claim that it is for."""

    no: int
    on: date
    month: Month | None
    left: int
    about: int | None = None


@dataclass(slots=True)
class _Debt:
    """A claim, or all penalty that was posted for the claim `about`, kopecks."""

    no: int
    month: Month
    due_on: date
    left: int
    component: Component = Component.PRINCIPAL
    about: int | None = None


NEVER: Mapping[int, date] = {}
"""No claim's limitation runs out."""


def settle(
    claims: Iterable[Claim],
    payments: Iterable[Payment],
    rules: AllocationRules = ALLOCATED,
    *,
    limits: Mapping[int, date] = NEVER,
) -> Settled:
    """How the payments settle the claims (billing.md section 4.3).

    A correction in the customer's favour first lessens the claims of its own month. Then every payment settles the
    claims of the month that its payer named, if the rules say so; then all that is left, in the order of days, settles
    debts in the order of the rules; what no claim takes is an advance. A write-off takes only what is open of its claim
    and of that claim's penalty on its day. A reversal takes back the payment of the same sum and month, else the latest
    ones; what it takes back beyond all payments is demanded at once. `limits` are the last days of the limitation of
    claims by their numbers: money that comes later settles all other debts before them. By component, principal comes
    before any penalty, so that what is settled does not depend on which penalties were posted when. The result does not
    depend on the order of the arguments.
    """
    debts, own, credits = _sides(claims, payments)
    allocations: list[Allocation] = []
    for credit in own:
        _take(credit, [debt for debt in debts if _corrects(credit, debt)], allocations, on=None)
    credits = sorted([*credits, *own], key=lambda credit: (credit.on, credit.no))
    if rules.designated_first:
        for credit in credits:
            if credit.month is not None and credit.about is None:
                named = [debt for debt in debts if debt.month == credit.month and _designated(debt, rules)]
                _take(credit, _ordered(named, credit.on, rules, limits), allocations, on=credit.on)
    usual = _ordered(debts, date.min, rules, NEVER)
    varies = rules.ahead is Ahead.LAST or (rules.barred_last and bool(limits))
    for credit in credits:
        found = _ordered(debts, credit.on, rules, limits) if varies else usual
        if credit.about is not None:
            found = [debt for debt in found if credit.about in (debt.no, debt.about)]
        _take(credit, found, allocations, on=credit.on)
    for credit in credits:
        if credit.about is not None and credit.left:
            _take(credit, usual, allocations, on=credit.on)
    return Settled(
        tuple(
            OpenClaim(one.no, one.month, one.due_on, one.left, one.component)
            for one in sorted(debts, key=lambda debt: (debt.due_on, debt.month, debt.no))
            if one.left
        ),
        sum(credit.left for credit in credits),
        tuple(allocations),
    )


def _corrects(credit: _Credit, debt: _Debt) -> bool:
    return debt.component is Component.PRINCIPAL and debt.month == credit.month


def _designated(debt: _Debt, rules: AllocationRules) -> bool:
    return rules.mode is Mode.BY_DEBT or debt.component is not Component.PENALTY


def _ordered(debts: Sequence[_Debt], on: date, rules: AllocationRules, limits: Mapping[int, date]) -> list[_Debt]:
    """The debts in the order in which money of that day settles them."""
    rank = {component: place for place, component in enumerate(rules.order)}

    def key(debt: _Debt) -> tuple[bool, int, bool, int, Month, int, int]:
        last = limits.get(debt.about or debt.no) if rules.barred_last else None
        lapsed = last is not None and last < on
        ahead = rules.ahead is Ahead.LAST and debt.due_on > on
        due = -debt.due_on.toordinal() if ahead else debt.due_on.toordinal()
        place = rank[debt.component]
        if rules.mode is Mode.BY_DEBT:
            return lapsed, 0, ahead, due, debt.month, debt.about or debt.no, place
        return lapsed, place, ahead, due, debt.month, debt.no, 0

    return sorted(debts, key=key)


def _sides(claims: Iterable[Claim], payments: Iterable[Payment]) -> tuple[list[_Debt], list[_Credit], list[_Credit]]:
    """What is demanded; the corrections in the customer's favour, which lessen their own months; all other credits."""
    debts: list[_Debt] = []
    own: list[_Credit] = []
    credits: list[_Credit] = []
    besides: dict[tuple[ClaimKind, int], list[Claim]] = {}
    for claim in sorted(claims, key=lambda one: one.no):
        if not claim.is_principal:
            besides.setdefault((claim.kind, claim.about or claim.no), []).append(claim)
        elif claim.amount > 0:
            debts.append(_Debt(claim.no, claim.month, claim.due_on, claim.amount))
        elif claim.amount < 0:
            own.append(_Credit(claim.no, claim.issued_on, claim.month, -claim.amount))
    for (_, about), group in besides.items():
        _net(group, about, debts, credits)
    paid, excess = _unreversed(payments)
    debts.extend(excess)
    credits.extend(paid)
    return debts, own, credits


def _net(group: Sequence[Claim], about: int, debts: list[_Debt], credits: list[_Credit]) -> None:
    """All penalties, or all write-offs, of one claim as one debt or one credit."""
    amount = sum(claim.amount for claim in group)
    first, last = group[0], group[-1]
    if amount > 0:
        component = Component.PENALTY if first.kind is ClaimKind.PENALTY else Component.PRINCIPAL
        debts.append(_Debt(first.no, first.month, first.due_on, amount, component, about))
    elif amount < 0:
        written_off = about if first.kind is ClaimKind.WRITE_OFF else None
        credits.append(_Credit(last.no, last.issued_on, None, -amount, written_off))


def _unreversed(payments: Iterable[Payment]) -> tuple[list[_Credit], list[_Debt]]:
    """The payments less what reversals take back, and the reversals that exceed them, as demands."""
    ordered = sorted(payments, key=lambda payment: (payment.paid_on, payment.no))
    paid = [_Credit(one.no, one.paid_on, one.month, one.amount) for one in ordered if one.amount > 0]
    excess: list[_Debt] = []
    for reversal in (one for one in ordered if one.amount < 0):
        left = -reversal.amount
        twin = [one for one in paid if one.left == left and one.month == reversal.month and one.no != reversal.no]
        for credit in twin[-1:] or paid[::-1]:
            taken = min(left, credit.left)
            credit.left -= taken
            left -= taken
        if left:
            on = reversal.paid_on
            excess.append(_Debt(reversal.no, reversal.month or Month.of(on), on, left))
    return paid, excess


def _take(credit: _Credit, debts: Sequence[_Debt], allocations: list[Allocation], *, on: date | None) -> None:
    for debt in debts:
        if not credit.left:
            return
        taken = min(credit.left, debt.left)
        if taken:
            credit.left -= taken
            debt.left -= taken
            allocations.append(Allocation(credit.no, debt.no, taken, on))
