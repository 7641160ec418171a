"""What the penalties of a day make of an account's state, where its whole history need not be looked at for that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.billing.engine import lateness
from core.billing.engine.lateness import Unposted
from core.billing.engine.ordering import AllocationRules, Mode
from core.billing.model import AccountState, Claim, Component, Late, OpenClaim
from core.billing.terms import DebtTerms

_Due = tuple[date, object]


def accrued(state: AccountState, posted: Sequence[tuple[Claim, Unposted]], terms: DebtTerms) -> AccountState | None:
    """The state with these penalty claims, each with what it was reckoned from: the same as from all facts. None where
    only all facts tell it.

    Of an account with an instalment plan all facts tell it. While any principal is open, and principal comes before any
    penalty, no money has reached a penalty: what is posted on top stays open, and settles nothing.
    """
    if terms.late is None or state.plans or not posted or not _untouched(state, terms.allocation):
        return None
    open_claims = {one.no: one for one in state.claims}
    lates = {one.no: one for one in state.late}
    penalties = [one for one in open_claims.values() if one.component is Component.PENALTY]
    by_due = {_due(one): one for one in penalties}
    if len(by_due) != len(penalties):
        return None
    for claim, one in posted:
        before = lates.get(one.late.no, one.late)
        grown = _grown(claim, before, by_due)
        if grown is None:
            return None
        open_claims[grown.no] = by_due[_due(grown)] = grown
        through = max(before.posted_through, claim.issued_on)
        lates[before.no] = replace(before, posted=before.posted + claim.amount, posted_through=through)
    still = [
        one
        for one in sorted(lates.values(), key=lambda one: one.no)
        if lateness.matters(one, terms.late, is_open=one.no in open_claims)
    ]
    return replace(
        state,
        fact_no=max(claim.no for claim, _ in posted),
        balance=state.balance + sum(claim.amount for claim, _ in posted),
        claims=tuple(sorted(open_claims.values(), key=lambda one: (one.due_on, one.month, one.no))),
        late=tuple(still),
    )


def _untouched(state: AccountState, rules: AllocationRules) -> bool:
    """Whether no money has come to a penalty, and none waits for one."""
    last = rules.mode is Mode.BY_COMPONENT and rules.order[-1] is Component.PENALTY
    owed = any(one.component is Component.PRINCIPAL for one in state.claims)
    return last and owed and state.balance == sum(one.remaining for one in state.claims)


def _grown(claim: Claim, late: Late, by_due: Mapping[_Due, OpenClaim]) -> OpenClaim | None:
    """All penalty of a claim as it is open with this one, under its first number; None where it cannot be told."""
    if claim.amount <= 0:
        return None
    same = by_due.get((claim.due_on, claim.month))
    if late.posted == 0 and late.posted_through == date.min and same is None:
        return OpenClaim(claim.no, claim.month, claim.due_on, claim.amount, Component.PENALTY)
    if same is not None and late.posted == same.remaining:
        return replace(same, remaining=same.remaining + claim.amount)
    return None


def _due(one: OpenClaim) -> _Due:
    return one.due_on, one.month
