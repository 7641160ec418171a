"""Which payment settles which claim (billing.md section 4.3): a function of what is known, not of when it came in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine.ordering import ALLOCATED, Ahead, AllocationRules, Barred, Mode, ordered
from core.billing.engine.owing import Allocation as Allocation
from core.billing.engine.owing import Credit, Owed, Piece, take
from core.billing.engine.planning import Agreed, Course
from core.billing.model import Claim, ClaimKind, Component, OpenClaim, Payment, Plan


@dataclass(frozen=True, slots=True)
class Settled:
    """The unsettled claims, oldest due first; `advance` kopecks that no claim has taken; who settled what; how
    instalment plans stand, oldest first. `behind`: money has settled a debt whose limitation had run; a claim to come
    may be one that it settles before."""

    open: tuple[OpenClaim, ...]
    advance: int
    allocations: tuple[Allocation, ...]
    plans: tuple[Plan, ...] = ()
    behind: bool = False


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


def settle(
    claims: Iterable[Claim],
    payments: Iterable[Payment],
    rules: AllocationRules = ALLOCATED,
    *,
    years: int = 0,
    plans: Sequence[Agreed] = (),
    grace: int = 0,
) -> Settled:
    """How the payments settle the claims (billing.md section 4.3).

    A correction in the customer's favour first lessens the claims of its own month. Then every payment settles the
    claims of the month that its payer named, if the rules say so; then all that is left, in the order of days, settles
    debts in the order of the rules; what no claim takes is an advance. A write-off takes only what is open of its claim
    and of that claim's penalty on its day. A reversal takes back the payment of the same sum and month, else the latest
    ones; what it takes back beyond all payments is demanded at once. `years` is the limitation of a claim (0: none):
    by rules with `barred_last`, money that comes when it has run settles all else first that there is to pay then.
    While one of `plans` is in force the claims that it covers are due by its parts; it is broken `grace` days after
    what is not paid in time. By component, principal comes before any penalty, so that what is settled does not depend
    on which penalties were posted when. The result does not depend on the order of the arguments.
    """
    claims = tuple(claims)
    debts, own, credits = _sides(claims, payments)
    allocations: list[Allocation] = []
    for credit in own:
        take(credit, _whole(debt for debt in debts if _corrects(credit, debt)), allocations, on=None)
    courses = [Course(one, debts, allocations, grace) for one in plans]
    credits = sorted([*credits, *own], key=lambda credit: (credit.on, credit.no))
    latest = credits[-1].on if credits else date.min
    barred = Barred(debts, courses, years if rules.barred_last else 0, latest=latest)
    work = _Work(debts, allocations, rules, courses, barred)
    if rules.designated_first:
        work.bring_named(credits)
    work.bring(credits)
    return Settled(
        _open(debts),
        sum(credit.left for credit in credits),
        tuple(allocations),
        tuple(course.outcome(_interest(claims, course.plan.no)) for course in courses),
        work.behind,
    )


@dataclass(slots=True)
class _Work:
    """Money being brought to debts, in the order of its days; `behind` as of `Settled`."""

    debts: list[Owed]
    allocations: list[Allocation]
    rules: AllocationRules
    courses: list[Course]
    barred: Barred
    behind: bool = False

    def bring_named(self, credits: Iterable[Credit]) -> None:
        """Brings what names a month to the claims of that month."""
        for credit in credits:
            if credit.month is not None and credit.about is None:
                named = _whole(debt for debt in self.debts if debt.month == credit.month and self._designated(debt))
                found = ordered(named, credit.on, self.rules, self.barred.on(credit.on))
                take(credit, found, self.allocations, on=credit.on)

    def bring(self, credits: Sequence[Credit]) -> None:
        """Brings all that is left."""
        usual = ordered(_whole(self.debts), date.min, self.rules)
        for credit in credits:
            held, behind = self._held(credit.on), self.barred.on(credit.on)
            if held is not None:
                behind -= held.numbers
            varied = self.courses or behind or self.rules.ahead is Ahead.LAST
            found = ordered(self._pieces(held), credit.on, self.rules, behind) if varied else usual
            if credit.about is not None:
                found = [piece for piece in found if credit.about in (piece[0].no, piece[0].about)]
            known = len(self.allocations)
            take(credit, found, self.allocations, on=credit.on)
            if behind and any(one.claim in behind for one in self.allocations[known:]):
                self.behind = True
        for credit in credits:
            if credit.about is not None and credit.left:
                take(credit, usual, self.allocations, on=credit.on)

    def _held(self, on: date) -> Course | None:
        """The instalment plan that is in force on the day, by the money brought so far."""
        if not self.courses:
            return None
        for course in self.courses:
            course.look(on)
        return next((one for one in self.courses if one.holds(on)), None)

    def _pieces(self, held: Course | None) -> list[Piece]:
        """The debts as money finds them: those of the plan in force by its parts."""
        if held is None:
            return _whole(self.debts)
        return [*_whole(debt for debt in self.debts if debt.no not in held.numbers), *held.pieces()]

    def _designated(self, debt: Owed) -> bool:
        return self.rules.mode is Mode.BY_DEBT or debt.component is not Component.PENALTY


def _open(debts: Iterable[Owed]) -> tuple[OpenClaim, ...]:
    return tuple(
        OpenClaim(one.no, one.month, one.due_on, one.left, one.component)
        for one in sorted(debts, key=lambda debt: (debt.due_on, debt.month, debt.no))
        if one.left
    )


def _whole(debts: Iterable[Owed]) -> list[Piece]:
    return [(debt, debt.amount, debt.due_on) for debt in debts]


def _interest(claims: Iterable[Claim], plan: int) -> int:
    """What was demanded as interest for the plan."""
    return sum(one.amount for one in claims if one.kind is ClaimKind.INTEREST and one.about == plan)


def _corrects(credit: Credit, debt: Owed) -> bool:
    return debt.component is Component.PRINCIPAL and debt.month == credit.month


def _sides(claims: Iterable[Claim], payments: Iterable[Payment]) -> tuple[list[Owed], list[Credit], list[Credit]]:
    """What is demanded; the corrections in the customer's favour, which lessen their own months; all other credits."""
    debts: list[Owed] = []
    own: list[Credit] = []
    credits: list[Credit] = []
    besides: dict[tuple[ClaimKind, int], list[Claim]] = {}
    for claim in sorted(claims, key=lambda one: one.no):
        if not claim.is_principal:
            besides.setdefault((claim.kind, claim.about or claim.no), []).append(claim)
        elif claim.amount > 0:
            debts.append(Owed(claim.no, claim.month, claim.due_on, claim.amount, claim.amount, claimed=True))
        elif claim.amount < 0:
            own.append(Credit(claim.no, claim.issued_on, claim.month, -claim.amount))
    for (_, about), group in besides.items():
        _net(group, about, debts, credits)
    paid, excess = _unreversed(payments)
    debts.extend(excess)
    credits.extend(paid)
    return debts, own, credits


def _net(group: Sequence[Claim], about: int, debts: list[Owed], credits: list[Credit]) -> None:
    """All penalties, or all write-offs, of one claim, or all interest of one plan, as one debt or one credit."""
    amount = sum(claim.amount for claim in group)
    first, last = group[0], group[-1]
    if amount > 0:
        component = _COMPONENTS.get(first.kind, Component.PRINCIPAL)
        debts.append(Owed(first.no, first.month, first.due_on, amount, amount, component, about))
    elif amount < 0:
        written_off = about if first.kind is ClaimKind.WRITE_OFF else None
        credits.append(Credit(last.no, last.issued_on, None, -amount, written_off))


_COMPONENTS = {ClaimKind.PENALTY: Component.PENALTY, ClaimKind.INTEREST: Component.INTEREST}


def _unreversed(payments: Iterable[Payment]) -> tuple[list[Credit], list[Owed]]:
    """The payments less what reversals take back, and the reversals that exceed them, as demands."""
    ordered = sorted(payments, key=lambda payment: (payment.paid_on, payment.no))
    paid = [Credit(one.no, one.paid_on, one.month, one.amount) for one in ordered if one.amount > 0]
    excess: list[Owed] = []
    for reversal in (one for one in ordered if one.amount < 0):
        left = -reversal.amount
        twin = [one for one in paid if one.left == left and one.month == reversal.month and one.no != reversal.no]
        for credit in twin[-1:] or paid[::-1]:
            taken = min(left, credit.left)
            credit.left -= taken
            left -= taken
        if left:
            on = reversal.paid_on
            excess.append(Owed(reversal.no, reversal.month or Month.of(on), on, left, left))
    return paid, excess
