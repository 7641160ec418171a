"""What money that came makes of an account's state, where what was paid before need not be looked at for that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.billing.engine import lateness, limitation
from core.billing.engine.ordering import Ahead, AllocationRules, Mode, ordered
from core.billing.engine.owing import Allocation, Credit, Owed, take
from core.billing.model import AccountState, Component, Late, OpenClaim, Payment
from core.billing.terms import DebtTerms


def paid(
    state: AccountState, payments: Sequence[Payment], terms: DebtTerms, *, since: date | None
) -> AccountState | None:
    """The state with these payments, the account's newest facts, given in their order: the same as from all facts. None
    where only all facts tell it.

    `since` is the last day of anything in the customer's favour before them, None where it may take up what these
    payments leave. Money that comes last leaves what money before it has settled; it settles what is open, in the order
    of the debts. That holds for money that names no month, where no instalment plan and no limitation that has run
    gives debts another order on its day.
    """
    if since is None or not _plain(state, payments, terms) or min(one.paid_on for one in payments) < since:
        return None
    debts = [Owed(one.no, one.month, one.due_on, one.remaining, one.remaining, one.component) for one in state.claims]
    pieces = ordered([(debt, debt.amount, debt.due_on) for debt in debts], date.min, terms.allocation)
    allocations: list[Allocation] = []
    for payment in sorted(payments, key=lambda one: one.paid_on):
        take(Credit(payment.no, payment.paid_on, None, payment.amount), pieces, allocations, on=payment.paid_on)
    left = {debt.no: debt.left for debt in debts}
    return replace(
        state,
        fact_no=payments[-1].no,
        balance=state.balance - sum(payment.amount for payment in payments),
        claims=tuple(replace(one, remaining=left[one.no]) for one in state.claims if left[one.no]),
        late=_lates(state, allocations, left, terms),
    )


def _plain(state: AccountState, payments: Sequence[Payment], terms: DebtTerms) -> bool:
    """Whether there are debts and money of the plain kinds alone."""
    rules = terms.allocation
    if not payments or any(one.month is not None or one.amount <= 0 for one in payments):
        return False
    if state.plans or state.behind or rules.ahead is not Ahead.NEXT or rules.mode is not Mode.BY_COMPONENT:
        return False
    if state.claims and state.balance != sum(one.remaining for one in state.claims):
        return False
    latest = max(one.paid_on for one in payments)
    return not _barred(state.claims, rules, terms.limitation, latest)


def _barred(claims: Sequence[OpenClaim], rules: AllocationRules, years: int, day: date) -> bool:
    """Whether the limitation of an open claim has run before the day, so that others come before it."""
    if not claims or not years or not rules.barred_last:
        return False
    return limitation.later_by_years(min(one.due_on for one in claims), years) < day


def _lates(
    state: AccountState, allocations: Sequence[Allocation], left: dict[int, int], terms: DebtTerms
) -> tuple[Late, ...]:
    """The late claims as the state has them with what was settled now."""
    if terms.late is None:
        return ()
    told = {one.no: one for one in state.late}
    principal = {one.no: one for one in state.claims if one.component is Component.PRINCIPAL}
    for one in allocations:
        claim = principal.get(one.claim)
        if claim is not None and one.on is not None:
            before = told.get(claim.no) or Late(claim.no, claim.month, claim.due_on, claim.remaining)
            told[claim.no] = _settled(before, one.on, one.amount)
    return tuple(
        one
        for one in sorted(told.values(), key=lambda late: late.no)
        if lateness.matters(one, terms.late, is_open=bool(left.get(one.no)))
    )


def _settled(late: Late, on: date, amount: int) -> Late:
    if on <= late.due_on:
        return replace(late, amount=late.amount - amount)
    settled = dict(late.settled)
    settled[on] = settled.get(on, 0) + amount
    return replace(late, settled=tuple(sorted(settled.items())))
