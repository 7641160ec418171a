"""Instalment plans, their interest, and the rules of debts, as data for other programs (billing.md 4.3, 4.7 and 7)."""

from datetime import date
from fractions import Fraction
from typing import Any

from core.basics.money import MICRO
from core.basics.periods import DAY
from core.billing.engine import planning
from core.billing.engine.amounts import exact, money
from core.billing.engine.ordering import Ahead, AllocationRules, Mode
from core.billing.model import Component, Plan, PlanPart
from core.billing.terms import DebtTerms

Json = dict[str, Any]


def rules(terms: DebtTerms) -> Json:
    """In which order money settles debts."""
    by = terms.allocation
    return {
        "order": [one.value for one in by.order],
        "mode": by.mode.value,
        "advance": by.ahead.value,
        "designated_first": by.designated_first,
        "barred_last": by.barred_last,
        "limitation_years": terms.limitation,
    }


def told(plan: Plan, terms: DebtTerms) -> Json:
    """How the plan stands: its days, why it ended, the claims that it covers, its parts with what is unpaid of each,
    and its interest; by the rules `frozen`, whether its claims bear no penalty, and `principal_first`, whether money
    goes to the month that it names, then by due dates, and to penalties last."""
    return {
        "fact": f"condition:{plan.no}",
        "from": plan.start.isoformat(),
        "until": plan.until and plan.until.isoformat(),
        "end": plan.end,
        "grace_days": plan.grace,
        "frozen": terms.frozen,
        "principal_first": _principal_first(terms.allocation),
        "covers": [f"claim:{no}" for no in plan.covers],
        "parts": [
            {"due_on": one.due_on.isoformat(), "amount": money(one.amount), "left": money(one.left)}
            for one in plan.parts
        ],
        "interest": money(planning.interest(plan)),
    }


def _principal_first(rules: AllocationRules) -> bool:
    rank = rules.order.index
    usual = rules.mode is Mode.BY_COMPONENT and rules.ahead is Ahead.NEXT and rules.designated_first
    return usual and rank(Component.PRINCIPAL) < rank(Component.PENALTY)


def interest(plan: Plan) -> Json:
    """What the interest of the plan comes to in all: part by part, and the one rounding."""
    steps = list(planning.interest_steps(plan))
    worth = sum((one for _, _, one in steps), Fraction(0))
    return {
        "method": "instalments",
        "formula": " + ".join(formula(plan, part, end) for part, end, _ in steps) or "0",
        "result": money(planning.interest(plan)),
        "steps": [
            *(_step(plan, part, end, amount) for part, end, amount in steps),
            {
                "op": "round",
                "line": "interest",
                "rule": "half_up 0.01",
                "before": exact(worth * Fraction(1, 100)),
                "amount": money(planning.interest(plan)),
            },
        ],
    }


def formula(plan: Plan, part: PlanPart, end: date) -> str:
    """The days, the part and the yearly rate, such as "15 × 1000.00 × 3.65%"."""
    return f"{(end - plan.start).days} × {money(part.amount)} × {exact(_rate(plan) * 100)}%"


def _step(plan: Plan, part: PlanPart, end: date, amount: Fraction) -> Json:
    return {
        "op": "part",
        "from": plan.start.isoformat(),
        "to": (end - DAY).isoformat(),
        "days": str((end - plan.start).days),
        "balance": money(part.amount),
        "rate": exact(_rate(plan)),
        "amount": exact(amount * Fraction(1, 100)),
    }


def _rate(plan: Plan) -> Fraction:
    return Fraction(plan.rate, MICRO)
