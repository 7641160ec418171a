"""Instalment plans of accounts: kept, broken, ended, and the same whatever came first (billing.md 4.7)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import DAY, Month, Period
from core.billing import profiles, stored
from core.billing.conditions.model import Condition, Instalments, Kind
from core.billing.engine import deriving, lateness, planning, reckoning, standing
from core.billing.engine.deriving import Facts
from core.billing.engine.instalments import accrued
from core.billing.engine.penalty import Rate
from core.billing.model import AccountState, Claim, ClaimKind, Payment, PlanEnd, Standing
from core.billing.terms import DebtTerms

HOUSEHOLD = profiles.profile("RU-household").debts
GENERIC = profiles.profile("GENERIC").debts
LEGAL = profiles.profile("RU-legal").debts
MAY, AUGUST = Month(2025, 5), Month(2025, 8)
START, FIRST = date(2025, 10, 1), date(2025, 10, 15)


def bill(no: int, month: Month, amount: int = 100_000) -> Claim:
    return Claim(no, month, ClaimKind.BILL, amount, month.next.day(10), month.next.first)


OLD = tuple(bill(no, month) for no, month in enumerate((MAY, MAY.next, MAY.next.next, AUGUST), 1))
"""Four months' bills, 4000.00 in all."""
CURRENT = bill(5, Month(2025, 9), 50_000)
"""Payable by 10 October, while the plan runs."""


def plan(
    no: int = 10, *, amount: int = 400_000, parts: int = 4, start: date = START, due: date = FIRST, rate: int = 0
) -> Condition:
    terms = Instalments(MAY, AUGUST, amount, parts, due, rate)
    return Condition(no, Kind.INSTALMENTS, 1, Period(start, None), terms, "R-1")


def ended(no: int, on: date) -> Condition:
    return Condition(no, Kind.INSTALMENTS_END, 1, Period(on, None), "terminated", "R-1")


def facts(
    *conditions: Condition,
    claims: tuple[Claim, ...] = OLD,
    paid: tuple[Payment, ...] = (),
    terms: DebtTerms = HOUSEHOLD,
) -> Facts:
    return Facts(1, claims=claims, payments=paid, conditions=conditions, terms=terms)


def state_of(known: Facts) -> AccountState:
    state = deriving.derive(known, ())
    kept = state.claims, state.late, state.plans, state.behind
    assert stored.claims(stored.claims_text(state)) == kept
    return state


def stands(known: Facts, today: date) -> Standing:
    return standing.standing(state_of(known), (), {}, persons=1, today=today, late=known.terms.late)


def pay(no: int, on: date, amount: int, month: Month | None = None) -> Payment:
    return Payment(no, on, amount, month)


def test_a_plan_puts_off_what_is_not_due() -> None:
    told = stands(facts(plan()), START)
    assert (told.to_pay - told.penalty, told.overdue - told.penalty) == (400_000, 0)
    assert told.part == (FIRST, 100_000)
    assert told.due_on == FIRST
    assert [(one.month, one.amount) for one in told.claims if one.planned] == [(one.month, one.amount) for one in OLD]
    before = stands(facts(plan()), START - DAY)
    assert before.overdue == before.to_pay
    assert before.part is None


def test_a_reading_leaves_the_plan_as_it_is() -> None:
    state = state_of(facts(plan()))
    assert standing.accept(state, (), day=START, no=11) == replace(state, fact_no=11)
    barred = replace(state, behind=True)
    assert standing.accept(barred, (), day=START, no=11).behind


def test_a_part_becomes_due_on_its_date() -> None:
    grace = replace(HOUSEHOLD, grace=5)
    late = stands(facts(plan(), terms=grace), FIRST + DAY)
    assert late.overdue - late.penalty == 100_000
    assert late.part == (date(2025, 11, 15), 100_000)
    assert stands(facts(plan(), terms=grace), FIRST).overdue == late.penalty


def test_a_plan_that_is_kept_ends_at_nothing() -> None:
    paid = tuple(pay(20 + at, Month(2025, 10 + at).day(15), 100_000) for at in range(3))
    paid = (*paid, pay(23, date(2026, 1, 15), 100_000))
    known = facts(plan(), paid=paid)
    penalty = stands(known, date(2026, 2, 1)).to_pay
    assert penalty == stands(known, START - DAY).penalty  # the penalty of the days before the plan
    (one,) = state_of(known).plans
    assert (one.end, one.until, one.left) == (PlanEnd.FULFILLED, date(2026, 1, 16), 0)


def test_an_unpaid_part_breaks_it_on_its_day() -> None:
    known = facts(plan(), paid=(pay(20, FIRST, 99_999),))
    assert planning.as_of(state_of(known), FIRST).plans[0].end is None
    broken = planning.as_of(state_of(known), FIRST + DAY).plans[0]
    assert (broken.until, broken.end) == (FIRST + DAY, PlanEnd.BROKEN)
    told = stands(known, FIRST + DAY)
    assert told.overdue == told.to_pay
    assert told.part is None
    late = facts(plan(), paid=(pay(20, FIRST, 99_999), pay(21, FIRST + DAY, 200_000)))
    assert state_of(late).plans[0].until == FIRST + DAY  # what is paid later does not mend it


def test_a_current_bill_breaks_it_too() -> None:
    known = facts(plan(), claims=(*OLD, CURRENT))
    assert planning.as_of(state_of(known), date(2025, 10, 10)).plans[0].end is None
    assert planning.as_of(state_of(known), date(2025, 10, 11)).plans[0].until == date(2025, 10, 11)
    paid = facts(plan(), claims=(*OLD, CURRENT), paid=(pay(20, date(2025, 10, 10), 150_000),))
    assert planning.as_of(state_of(paid), date(2025, 11, 15)).plans[0].end is None
    told = stands(paid, date(2025, 11, 15))
    assert told.overdue == told.penalty
    assert told.part == (date(2025, 11, 15), 100_000)


def test_money_goes_by_the_parts_while_the_plan_runs() -> None:
    """The bill that is payable first is settled before the parts that are payable later, though their claims are older;
    without a plan the oldest claims would have taken all of it."""
    paid = (pay(20, date(2025, 10, 10), 50_000),)
    open_ = {one.no: one.remaining for one in state_of(facts(plan(), claims=(*OLD, CURRENT), paid=paid)).claims}
    assert open_ == {1: 100_000, 2: 100_000, 3: 100_000, 4: 100_000}
    without = {one.no: one.remaining for one in state_of(facts(claims=(*OLD, CURRENT), paid=paid)).claims}
    assert without[5] == 50_000


def test_money_that_names_a_covered_month_pays_the_next_part() -> None:
    known = facts(plan(), paid=(pay(20, FIRST, 100_000, AUGUST),))
    assert planning.as_of(state_of(known), FIRST + DAY).plans[0].end is None
    assert stands(known, FIRST + DAY).part == (date(2025, 11, 15), 100_000)


def test_what_was_paid_before_it_lessens_its_last_parts() -> None:
    known = facts(plan(), paid=(pay(20, START - DAY, 150_000),))
    (one,) = state_of(known).plans
    assert [part.left for part in one.parts] == [100_000, 100_000, 50_000, 0]


def test_what_is_owed_beyond_it_stays_due() -> None:
    told = stands(facts(plan(amount=300_000, parts=3)), START)
    assert told.overdue - told.penalty == 100_000
    assert told.part == (FIRST, 100_000)


def test_a_document_ends_it_from_its_day_on() -> None:
    known = facts(plan(), ended(11, date(2025, 10, 12)))
    assert stands(known, date(2025, 10, 11)).overdue == stands(known, date(2025, 10, 11)).penalty
    told = stands(known, date(2025, 10, 12))
    assert told.overdue == told.to_pay
    assert state_of(known).plans[0].end is PlanEnd.TERMINATED
    assert state_of(facts(ended(9, START), plan(10))).plans == ()


def test_another_agreement_takes_its_place() -> None:
    second = replace(plan(11, start=date(2025, 10, 12), due=date(2025, 12, 1), parts=2), name="R-2")
    one, two = state_of(facts(plan(), second)).plans
    assert (one.until, one.end) == (date(2025, 10, 12), PlanEnd.TERMINATED)
    assert two.until is None
    assert stands(facts(plan(), second), date(2025, 11, 20)).part == (date(2025, 12, 1), 200_000)


def test_the_penalty_stands_still_where_the_pack_says_so() -> None:
    before, later = stands(facts(plan()), START), stands(facts(plan()), FIRST)
    assert before.penalty == stands(facts(plan()), START - DAY).penalty == later.penalty > 0
    bears = replace(HOUSEHOLD, frozen=False)
    assert stands(facts(plan(), terms=bears), FIRST).penalty == stands(facts(), FIRST).penalty > later.penalty


def test_interest_is_that_of_each_part_by_its_days() -> None:
    known = facts(plan(rate=36_500))  # 3.65 % a year, 0.0001 a day
    told = stands(known, START)
    # 15, 46 (31+15), 76, 107 days of 1000.00 at 0.0001 a day: 1.50 + 4.60 + 7.60 + 10.70
    assert told.interest == 2_440
    assert told.to_pay - told.penalty == 402_440
    assert told.overdue == told.penalty
    broken = stands(known, FIRST + DAY)
    # broken on the 16th: 15 days of each part
    assert broken.interest == 4 * 150


DAYS = st.integers(-60, 150).map(lambda days: START + timedelta(days))
MONEY = st.lists(
    st.tuples(DAYS, st.integers(1, 250_000), st.sampled_from([None, None, MAY, AUGUST, Month(2025, 9)])), max_size=8
)
CURRENTS = tuple(bill(5 + at, Month(2025, 9 + at), 30_000) for at in range(3))


@given(money=MONEY, rate=st.sampled_from([0, 36_500]), on=DAYS, pack=st.sampled_from([HOUSEHOLD, GENERIC, LEGAL]))
def test_money_is_conserved_with_plans(
    money: list[tuple[date, int, Month | None]], rate: int, on: date, pack: DebtTerms
) -> None:
    paid = tuple(pay(20 + at, day, amount, month) for at, (day, amount, month) in enumerate(money))
    known = facts(plan(rate=rate), claims=(*OLD, *CURRENTS), paid=paid, terms=pack)
    found, _ = reckoning.settlement(known, on)
    assert sum(one.amount for one in found.allocations) + found.advance == sum(one.amount for one in paid)
    for claim in known.claims:
        assert 0 <= sum(one.amount for one in found.allocations if one.claim == claim.no) <= claim.amount
    told = stands(known, on)
    assert sum(one.amount for one in told.claims) - told.advance + told.penalty + told.interest == (
        told.to_pay - told.credit
    )
    assert 0 <= told.overdue <= told.to_pay


@given(money=MONEY, rate=st.sampled_from([0, 36_500]), on=DAYS)
def test_who_pays_what_he_is_told_owes_nothing(
    money: list[tuple[date, int, Month | None]], rate: int, on: date
) -> None:
    paid = tuple(pay(20 + at, day, amount, month) for at, (day, amount, month) in enumerate(money) if day <= on)
    known = facts(plan(rate=rate), claims=(*OLD, *CURRENTS), paid=paid)
    told = stands(known, on)
    if told.to_pay:
        even = replace(known, payments=(*paid, pay(99, on, told.to_pay)))
        after = stands(even, on)
        assert (after.to_pay, after.credit) == (0, 0)


@given(
    money=MONEY,
    breach=st.integers(0, 3),
    frozen=st.booleans(),
    on=DAYS,
)
def test_a_broken_plan_costs_what_the_rules_say(
    money: list[tuple[date, int, Month | None]], breach: int, frozen: bool, on: date
) -> None:
    """Its claims bear the penalty of their own balances and days, without those of the plan where the rules freeze
    them, as the plain formula has it."""
    paid = tuple(pay(20 + at, day, amount, month) for at, (day, amount, month) in enumerate(money) if day <= on)
    known = facts(plan(parts=4 - breach), claims=(*OLD, *CURRENTS), paid=paid, terms=replace(HOUSEHOLD, frozen=frozen))
    assert known.terms.late is not None
    found, plans = reckoning.settlement(known, on)
    (one,) = plans
    days = (Period(one.start, one.until),) if frozen and (one.until is None or one.until > one.start) else ()
    expected = 0
    for late in lateness.histories(known.claims, found):
        held = days if late.no in one.covers else ()
        expected += lateness.cost(replace(late, frozen=held), known.terms.late, on).amount
    assert stands(known, on).penalty == expected
    assert one.covers == (1, 2, 3, 4)


@given(data=st.data(), money=MONEY, on=DAYS)
def test_the_order_in_which_facts_come_does_not_matter(
    data: st.DataObject, money: list[tuple[date, int, Month | None]], on: date
) -> None:
    """Plan, payments, reversals and the document that ends the plan in any order of arrival."""
    end = data.draw(st.none() | DAYS)
    came: list[Payment | Condition] = [pay(0, day, amount, month) for day, amount, month in money]
    came += [
        replace(one, amount=-one.amount, paid_on=one.paid_on + DAY) for one in came[:2] if isinstance(one, Payment)
    ]
    came += [plan(rate=36_500)] + ([ended(0, end)] if end is not None and end > START else [])
    told = []
    for order in (came, data.draw(st.permutations(came))):
        numbered = [replace(one, no=20 + at) for at, one in enumerate(order)]
        known = facts(
            *(one for one in numbered if isinstance(one, Condition)),
            claims=(*OLD, *CURRENTS),
            paid=tuple(one for one in numbered if isinstance(one, Payment)),
        )
        state = planning.as_of(state_of(known), on)
        told.append((stands(known, on), [replace(one, no=0) for one in state.plans]))
    assert told[0] == told[1]


@pytest.mark.parametrize("rate", [36_500, 90_000])
def test_interest_is_the_formula_of_plans(rate: int) -> None:
    (one,) = state_of(facts(plan(rate=rate))).plans
    rates = [Rate(START, Fraction(rate, 1_000_000))]
    exact = sum((accrued(part.amount, START, part.due_on + DAY, rates) for part in one.parts), Fraction(0))
    assert planning.interest(one) == round(exact)
