"""What is owed by claims, payments and instalment plans alone, without what was read and charged."""

from datetime import date

from core.billing.conditions.model import conditions_of
from core.billing.engine import debts, deriving, planning
from core.billing.engine.facts import Facts
from core.billing.engine.settling import Settled
from core.billing.model import AccountState, Plan
from core.billing.terms import DebtTerms


def owing(facts: Facts, terms: DebtTerms) -> AccountState:
    """What the account owes by these claims, payments and instalment plans alone."""
    known = AccountState(facts.account_id, facts.last_no, 0, None, (), (), {}, conditions_of(facts.conditions))
    return deriving.settled(known, facts.claims, facts.payments, terms)


def settlement(facts: Facts, today: date) -> tuple[Settled, tuple[Plan, ...]]:
    """Which payments settle which claims by these facts, and how the instalment plans stand on the day."""
    plans = planning.agreed(conditions_of(facts.conditions), facts.account_id)
    found = debts.settlement(facts.claims, facts.payments, facts.terms, plans)
    return found, planning.ended(found.plans, found.open, today)
