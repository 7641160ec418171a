"""How the money of an account settles its debts by the terms that hold for them."""

from collections.abc import Iterable, Sequence

from core.billing.engine.planning import Agreed
from core.billing.engine.settling import Settled, settle
from core.billing.model import Claim, Payment
from core.billing.terms import DebtTerms


def settlement(
    claims: Iterable[Claim], payments: Iterable[Payment], terms: DebtTerms, plans: Sequence[Agreed] = ()
) -> Settled:
    """Which payments settle which claims, all of the account's, by the terms of its debts and the instalment plans that
    are agreed."""
    return settle(claims, payments, terms.allocation, years=terms.limitation, plans=plans, grace=terms.grace)
