"""What late payment costs an account: by claims, payments and the day, not by what was posted when."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing import profiles, stored
from core.billing.engine import deriving, lateness, protocol, readable, standing, statement
from core.billing.engine.deriving import Facts
from core.billing.engine.penalty import PenaltyRules
from core.billing.model import AccountState, Claim, ClaimKind, Late, Payment
from core.billing.terms import DebtTerms, LateFee

HOUSEHOLD = profiles.profile("RU-household").debts
GENERIC = profiles.profile("GENERIC").debts
LEGAL = replace(profiles.profile("RU-legal").debts, allocation=HOUSEHOLD.allocation)
MAY, JUNE = Month(2025, 5), Month(2025, 6)
DUE = date(2025, 6, 10)


def bill(no: int = 1, amount: int = 100_000, month: Month = MAY, kind: ClaimKind = ClaimKind.BILL) -> Claim:
    return Claim(no, month, kind, amount, date(month.next.year, month.next.month, 10), month.next.first)


def facts(claims: list[Claim], payments: list[Payment] | None = None, terms: DebtTerms = HOUSEHOLD) -> Facts:
    return Facts(1, claims=tuple(claims), payments=tuple(payments or ()), terms=terms)


def state_of(known: Facts) -> AccountState:
    state = deriving.derive(known, ())
    assert stored.claims(stored.claims_text(state)) == (state.claims, state.late, state.plans, state.behind)
    return state


def due_of(known: Facts, day: date) -> int:
    """What is unposted on a day, kopecks."""
    state = state_of(known)
    assert known.terms.late is not None
    return sum(one.amount for one in lateness.unposted(state.claims, state.late, known.terms.late, through=day))


def posted(known: Facts, day: date) -> Facts:
    """The facts after penalty was posted through a day."""
    state = state_of(known)
    assert known.terms.late is not None
    claims = list(known.claims)
    for one in lateness.unposted(state.claims, state.late, known.terms.late, through=day):
        no = 1000 + len(claims)
        claims.append(Claim(no, one.late.month, ClaimKind.PENALTY, one.amount, one.late.due_on, day, one.late.no))
    return replace(known, claims=tuple(claims))


def total(known: Facts) -> int:
    return sum(one.amount for one in known.claims if one.kind is ClaimKind.PENALTY)


@pytest.mark.parametrize(
    ("days", "kopecks"),
    [(0, 0), (30, 0), (31, 32), (60, 950), (90, 1_900), (91, 1_973), (100, 2_631)],
)
def test_households_pay_nothing_for_thirty_days(days: int, kopecks: int) -> None:
    """1000.00 at 9.5 %: 31.67 a hundred days' 1/300, 73.08 a hundred days' 1/130."""
    assert due_of(facts([bill()]), DUE + timedelta(days)) == kopecks


def test_what_was_paid_late_costs_until_it_was_paid() -> None:
    paid = Payment(2, DUE + timedelta(60), 100_000)
    known = facts([bill()], [paid])
    assert state_of(known).claims == ()
    assert due_of(known, DUE + timedelta(60)) == due_of(known, DUE + timedelta(900)) == 950
    after = posted(known, DUE + timedelta(61))
    assert total(after) == 950
    assert state_of(after).late == (), "nothing is left to tell of it"
    assert [one.remaining for one in state_of(after).claims] == [950]
    assert due_of(after, DUE + timedelta(900)) == 0


def test_a_payment_that_is_told_late_takes_back_what_was_too_much() -> None:
    known = posted(facts([bill()]), DUE + timedelta(90))
    assert total(known) == 1_900
    paid = replace(known, payments=(Payment(2, DUE + timedelta(60), 100_000),))
    assert due_of(paid, DUE + timedelta(95)) == 950 - 1_900
    settled = posted(paid, DUE + timedelta(95))
    assert total(settled) == 950
    assert due_of(settled, DUE + timedelta(400)) == 0


def test_a_correction_lessens_the_claim_from_its_beginning() -> None:
    known = posted(facts([bill()]), DUE + timedelta(60))
    lessened = replace(
        known,
        claims=(*known.claims, replace(bill(5, -50_000, kind=ClaimKind.RECALCULATION), issued_on=date(2025, 9, 1))),
    )
    assert due_of(lessened, DUE + timedelta(60)) == 475 - 950
    more = replace(known, claims=(*known.claims, bill(5, 50_000, JUNE, ClaimKind.RECALCULATION)))
    assert due_of(more, DUE + timedelta(60)) == 0, "a claim that is added late has its own due date"


def test_nothing_is_taken_back_for_days_that_were_posted_already() -> None:
    known = posted(facts([bill()]), DUE + timedelta(90))
    assert due_of(known, DUE + timedelta(80)) == 0


def test_days_of_a_plan_cost_nothing() -> None:
    late = Late(1, MAY, DUE, 100_000, frozen=(Period(DUE + timedelta(41), None),))
    rules = HOUSEHOLD.late
    assert rules is not None
    assert lateness.cost(late, rules, DUE + timedelta(200)).amount == 317
    assert lateness.cost(replace(late, frozen=()), rules, DUE + timedelta(40)).amount == 317


def test_a_late_fee_is_due_for_every_month_begun() -> None:
    fee = GENERIC.late
    assert isinstance(fee, LateFee)
    claim = Late(1, MAY, DUE, 100_000)
    for days, expected in (
        (0, 0),
        (10, 0),
        (11, 1_500),
        (30, 1_500),
        (31, 3_000),
        (60, 3_000),
        (61, 4_500),
        (400, 21_000),
    ):
        assert lateness.cost(claim, fee, DUE + timedelta(days)).amount == expected
    half = replace(claim, settled=((DUE + timedelta(30), 50_000),))
    assert lateness.cost(half, fee, DUE + timedelta(40)).amount == 1_500 + 750
    early = replace(claim, settled=((DUE + timedelta(8), 100_000),))
    assert lateness.cost(early, fee, DUE + timedelta(99)).amount == 0
    small = replace(claim, amount=1_000)
    assert lateness.cost(small, fee, DUE + timedelta(15)).amount == fee.least
    frozen = replace(small, frozen=(Period(DUE, None),))
    assert lateness.cost(frozen, fee, DUE + timedelta(99)).amount == 0, "where nothing accrues nothing is the least"


def test_the_answer_has_it_and_who_pays_it_owes_nothing() -> None:
    known = facts([bill(), bill(2, 50_000, JUNE)], [Payment(3, date(2025, 8, 1), 30_000)])
    today = date(2025, 10, 1)
    rules = HOUSEHOLD.late
    told = standing.standing(state_of(known), (), {}, persons=1, today=today, late=rules)
    assert told.penalty > 0
    assert told.to_pay == told.overdue == 120_000 + told.penalty
    even = replace(known, payments=(*known.payments, Payment(9, today, told.to_pay)))
    after = standing.standing(state_of(even), (), {}, persons=1, today=today, late=rules)
    assert (after.to_pay, after.credit, after.overdue) == (0, 0, 0)
    next_year = standing.standing(state_of(even), (), {}, persons=1, today=date(2026, 10, 1), late=rules)
    assert (next_year.to_pay, next_year.credit) == (0, 0)


days = st.integers(0, 400)
demands = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 90_000)), min_size=1, max_size=5).map(
    lambda rows: [bill(no, amount, Month(2024, month)) for no, (month, amount) in enumerate(rows, 1)]
)
money = st.lists(st.tuples(days, st.integers(1, 90_000)), max_size=6).map(
    lambda rows: [Payment(100 + no, date(2024, 2, 1) + timedelta(day), amount) for no, (day, amount) in enumerate(rows)]
)


@given(demands, money, st.lists(days, max_size=4), st.sampled_from([HOUSEHOLD, LEGAL, GENERIC]), st.randoms())
def test_late_equals_early(
    claims: list[Claim], payments: list[Payment], closes: list[int], terms: DebtTerms, chance: object
) -> None:
    """However payments come in between posts, in the end the same penalty is posted of every claim."""
    terms = replace(terms, allocation=HOUSEHOLD.allocation)
    end = date(2026, 1, 1)
    known = facts(claims, [], terms)
    told = list(payments)
    for at, close in enumerate(sorted(closes)):
        known = replace(known, payments=tuple(told[: at + 1]))
        known = posted(known, date(2024, 3, 1) + timedelta(close))
    known = posted(replace(known, payments=tuple(told)), end)
    once = posted(facts(claims, told, terms), end)
    assert _by_claim(known) == _by_claim(once)
    assert due_of(known, end) == 0
    assert state_of(known).balance == state_of(once).balance


def _by_claim(known: Facts) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in known.claims:
        if one.about is not None:
            found[one.about] = found.get(one.about, 0) + one.amount
    return {about: amount for about, amount in found.items() if amount}


@given(demands, money, days, st.integers(1, 50_000))
def test_a_payment_never_raises_it_and_a_later_one_never_lowers_it(
    claims: list[Claim], payments: list[Payment], day: int, amount: int
) -> None:
    end = date(2025, 12, 1)
    on = date(2024, 2, 1) + timedelta(day)
    without, soon = facts(claims, payments), facts(claims, [*payments, Payment(200, on, amount)])
    late = facts(claims, [*payments, Payment(200, on + timedelta(30), amount)])
    assert due_of(soon, end) <= due_of(late, end) <= due_of(without, end)


def test_the_rules_of_the_pack_are_penalties_or_a_fee() -> None:
    assert isinstance(HOUSEHOLD.late, PenaltyRules)
    assert isinstance(GENERIC.late, LateFee)


def test_the_protocol_lists_the_segments_and_posted_penalties_come_out_again() -> None:
    known = facts([bill()], [Payment(2, DUE + timedelta(60), 40_000)])
    once = posted(known, DUE + timedelta(70))
    twice = posted(once, DUE + timedelta(95))
    today = DUE + timedelta(100)
    told = statement.explain(twice, (), {}, account="1", persons=1, today=today)
    assert sum(line.amount for line in told.lines) == told.standing.to_pay
    lines = [line for line in told.lines if line.penalty is not None]
    assert [(str(line.kind), line.before, line.reproduced) for line in lines] == [
        ("penalty", 0, True), ("penalty", 1_140, True), ("accrued", 1_739, True),
    ]  # fmt: skip
    text = readable.as_text(told, "ru")
    assert "    2025-07-11–2025-08-09, дней: 30 × 1000,00 × 9,5%/300 = 9,50" in text
    assert "    2025-06-11–2025-07-10, дней: 30: не начисляются" in text
    found = protocol.as_json(told)["lines"][-1]
    assert found["about"] == "claim:1"
    assert found["formula"].startswith("30 × 1000.00 × 9.5%/300 + 30 × 600.00 × 9.5%/300 + ")
    days = [step for step in found["steps"] if step["op"] == "days"]
    exact = sum((Fraction(step["amount"]) for step in days), Fraction(0))
    assert exact == Fraction(found["steps"][-1]["before"])
    for step in days:
        again = Fraction(step["balance"]) * int(step["days"]) * Fraction(step["rate"]) * Fraction(step["share"])
        assert again == Fraction(step["amount"])
    changed = replace(twice, claims=(*twice.claims[:-1], replace(twice.claims[-1], amount=1)))
    wrong = statement.explain(changed, (), {}, account="1", persons=1, today=today)
    assert [line.reproduced for line in wrong.lines if line.penalty is not None] == [True, False, True]
