"""What a plan puts off, claim by claim, and the next part of it."""

from datetime import date

from core.basics.periods import DAY, Month
from core.billing.engine import planning, putting_off
from tests.core.billing.engine import test_planning as plans

AUTUMN = date(2025, 11, 20)


def test_the_newest_claims_wait_for_the_last_parts() -> None:
    """Two parts of 1000.00 are due by the autumn and one of them is paid: 1000.00 of the oldest open claim is due."""
    known = plans.facts(plans.plan(), paid=(plans.pay(20, plans.FIRST, 100_000),))
    state = plans.state_of(known)
    (plan,) = state.plans
    told = putting_off.parts(state.claims, plan, AUTUMN)
    assert [(one.month, one.amount, one.overdue, one.planned) for one in told] == [
        (Month(2025, 6), 100_000, True, False),
        (Month(2025, 7), 100_000, False, True),
        (Month(2025, 8), 100_000, False, True),
    ]
    assert [on > AUTUMN for on, _ in putting_off.dated(state, plans.FIRST)] == [True, True, True]
    assert putting_off.following(state, plan, AUTUMN) == (date(2025, 12, 15), 100_000)


def test_what_is_put_off_of_one_bill() -> None:
    state = plans.state_of(plans.facts(plans.plan(amount=300_000, parts=3)))
    assert [putting_off.planned(state, [no], plans.START) for no in (1, 2, 3, 4)] == [0, 100_000, 100_000, 100_000]
    assert putting_off.planned(state, [2], plans.START - DAY) == 0
    assert putting_off.planned(state, [2], plans.FIRST + DAY) == 0


def test_the_last_part_has_the_interest() -> None:
    state = plans.state_of(plans.facts(plans.plan(parts=1, rate=36_500)))
    (plan,) = state.plans
    assert putting_off.following(state, plan, plans.START) == (plans.FIRST, 400_000 + planning.interest(plan))
    assert planning.interest(plan) == 600
