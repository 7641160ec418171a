"""What single payments have settled, of all that settled anything: what their payer is told of them."""

from collections import Counter
from collections.abc import Collection, Sequence

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import debts
from core.billing.engine.planning import Agreed
from core.billing.model import Claim, ClaimKind, Payment
from core.billing.terms import DebtTerms


@dataclass(frozen=True, slots=True)
class Credited:
    """`amount` kopecks came. `months` are what of them settles which month, oldest first, `penalty` what settles late
    payment, `ahead` what no claim has taken: together they are the amount."""

    amount: int
    months: tuple[tuple[Month, int], ...]
    penalty: int
    ahead: int


def credited(
    claims: Sequence[Claim],
    payments: Sequence[Payment],
    terms: DebtTerms,
    numbers: Collection[int],
    *,
    plans: Sequence[Agreed] = (),
) -> Credited | None:
    """What the payments with these numbers have settled, by all claims, payments and instalment plans of the account;
    None where money went back among them, which no single payment tells of, or none of them is there."""
    mine = [one for one in payments if one.no in numbers]
    if not mine or any(one.amount <= 0 for one in mine):
        return None
    penal = {one.no for one in claims if one.kind is ClaimKind.PENALTY}
    month_of = {one.no: one.month for one in claims}
    back = {one.no: one.month or Month.of(one.paid_on) for one in payments if one.amount < 0}
    months: Counter[Month] = Counter()
    penalty = 0
    for one in debts.settlement(claims, payments, terms, plans).allocations:
        if one.credit not in numbers:
            continue
        if one.claim in penal:
            penalty += one.amount
        else:
            months[(month_of | back)[one.claim]] += one.amount
    amount = sum(one.amount for one in mine)
    return Credited(amount, tuple(sorted(months.items())), penalty, amount - penalty - months.total())
