"""Penalties: day numbers, payments, moratoria, caps, the day whose rate holds, and the laws that any of them obeys."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.basics.periods import DAY, Period
from core.billing.engine import penalty
from core.billing.engine.penalty import Cap, NoPenaltyRate, PenaltyRules, Rate, RatePolicy, Settlement, Stage

HOUSEHOLD = (Stage(31, 90, Fraction(1, 300)), Stage(91, None, Fraction(1, 130)))
ALWAYS = Period(date(2000, 1, 1), None)
NINE_AND_A_HALF = Fraction(19, 200)


RATES = (Rate(date(2000, 1, 1), NINE_AND_A_HALF),)
RULES = PenaltyRules(HOUSEHOLD, RATES)
DUE = date(2025, 2, 10)


def of(amount: int, *paid: tuple[date, int], through: date, rules: PenaltyRules = RULES) -> penalty.Penalty:
    return penalty.penalty(amount, DUE, [Settlement(*one) for one in paid], rules, through=through)


def late(days: int) -> date:
    """The day of delay with this number."""
    return DUE + timedelta(days)


def test_segments_are_what_the_protocol_prints() -> None:
    found = penalty.penalty(231_547, date(2026, 4, 15), [], RULES, through=date(2026, 6, 30))
    *_, last = found.segments
    assert (last.first, last.last, last.days) == (date(2026, 5, 16), date(2026, 6, 30), 46)
    assert (last.balance, last.rate, last.share) == (231_547, NINE_AND_A_HALF, Fraction(1, 300))
    assert (found.amount, found.outstanding) == (3_373, 231_547)


@pytest.mark.parametrize(
    ("number", "kopecks"),
    [(0, 0), (1, 0), (30, 0), (31, 317), (32, 633), (90, 19_000), (91, 19_731), (92, 20_462)],
)
def test_the_number_of_the_day_decides_the_share(number: int, kopecks: int) -> None:
    assert of(1_000_000, through=late(number)).amount == kopecks


def test_a_payment_lowers_the_balance_from_the_next_day() -> None:
    found = of(100_000, (late(40), 60_000), through=late(50))
    paid = [(one.first, one.last, one.balance) for one in found.segments if one.share]
    assert paid == [(late(31), late(40), 100_000), (late(41), late(50), 40_000)]
    assert found.amount == 443  # (100000 + 40000) × 10 × 9.5 %/300 = 443.33


def test_what_is_paid_in_time_costs_nothing() -> None:
    assert of(100_000, (DUE, 100_000), through=late(200)).segments == ()
    assert of(100_000, (late(30), 100_000), through=late(200)).amount == 0


def test_days_of_a_moratorium_are_free_and_counted() -> None:
    frozen = PenaltyRules(HOUSEHOLD, RATES, moratoria=(Period(late(20), late(95)),))
    found = of(130_000, through=late(96), rules=frozen)
    assert [(one.days, one.moratorium) for one in found.segments if one.share] == [(60, True), (4, True), (2, False)]
    assert found.exact == 2 * 130_000 * NINE_AND_A_HALF / 130


def test_a_cap_holds_on_its_days() -> None:
    high = (Rate(date(2000, 1, 1), Fraction(16, 100)),)
    capped = PenaltyRules(HOUSEHOLD, high, caps=(Cap(Period(date(2022, 1, 1), late(41)), NINE_AND_A_HALF),))
    found = of(300_000, through=late(50), rules=capped)
    assert [(one.days, one.rate) for one in found.segments if one.share] == [
        (10, NINE_AND_A_HALF),
        (10, Fraction(16, 100)),
    ]
    assert found.amount == 950 + 1_600
    assert of(300_000, through=late(50), rules=PenaltyRules(HOUSEHOLD, RATES, caps=capped.caps)).amount == 1_900


def test_the_rate_is_that_of_the_day_of_payment_or_of_each_day() -> None:
    rates = (Rate(date(2020, 1, 1), Fraction(6, 100)), Rate(late(51), Fraction(9, 100)))
    paid = (late(60), 100_000)
    on_payment = of(300_000, (late(40), 200_000), paid, through=late(70), rules=PenaltyRules(HOUSEHOLD, rates))
    assert [(one.first, one.last, one.balance, one.rate) for one in on_payment.segments if one.share] == [
        (late(31), late(40), 200_000, Fraction(6, 100)),
        (late(31), late(60), 100_000, Fraction(9, 100)),
    ]
    assert on_payment.amount == 400 + 900
    each = PenaltyRules(HOUSEHOLD, rates, policy=RatePolicy.PER_DAY)
    per_day = of(300_000, (late(40), 200_000), paid, through=late(70), rules=each)
    assert [(one.days, one.balance, one.rate) for one in per_day.segments if one.share] == [
        (10, 300_000, Fraction(6, 100)),
        (10, 100_000, Fraction(6, 100)),
        (10, 100_000, Fraction(9, 100)),
    ]
    assert per_day.amount == 600 + 200 + 300


def test_unpaid_it_goes_by_the_rate_of_the_day_of_the_calculation() -> None:
    rates = (Rate(date(2020, 1, 1), Fraction(6, 100)), Rate(late(51), Fraction(9, 100)))
    assert of(300_000, through=late(50), rules=PenaltyRules(HOUSEHOLD, rates)).amount == 1_200
    assert of(300_000, through=late(51), rules=PenaltyRules(HOUSEHOLD, rates)).amount == 1_890


def test_a_yearly_rate_by_days_up_to_the_principal() -> None:
    kazakh = PenaltyRules(
        (Stage(1, None, Fraction(3, 2 * 365)),), (Rate(date(2000, 1, 1), Fraction(10, 100)),), most=Fraction(1)
    )
    assert of(365_000, through=late(10), rules=kazakh).amount == 1_500
    found = of(1_000, through=late(3_000), rules=kazakh)
    assert (found.amount, found.exact > 1_000) == (1_000, True)


def test_there_must_be_a_rate() -> None:
    late_rate = PenaltyRules(HOUSEHOLD, (Rate(late(60), NINE_AND_A_HALF),), policy=RatePolicy.PER_DAY)
    assert of(1_000, through=late(30), rules=late_rate).amount == 0
    with pytest.raises(NoPenaltyRate):
        of(1_000, through=late(31), rules=late_rate)


# Laws (billing.md section 10: 6, 8, 13, 15)

pytestmark = pytest.mark.properties

SUMS = st.integers(1, 10**9)
DAYS = st.integers(-40, 400)
PAID = st.lists(st.tuples(DAYS, SUMS), max_size=4)
MORATORIA = st.lists(st.tuples(DAYS, st.integers(1, 120)), max_size=2)


@st.composite
def any_rules(draw: st.DrawFn) -> PenaltyRules:
    """Rules whose rate does not fall with time, so that waiting cannot pay."""
    steps = sorted(draw(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 2_000)), max_size=3)))
    value, rates = Fraction(draw(st.integers(0, 2_000)), 10_000), [Rate(date(2000, 1, 1), Fraction(0))]
    rates[0] = Rate(date(2000, 1, 1), value)
    for after, more in steps:
        value += Fraction(more, 10_000)
        rates.append(Rate(late(after), value))
    moratoria = tuple(Period(late(start), late(start + length)) for start, length in draw(MORATORIA))
    caps = (Cap(Period(late(0), late(draw(st.integers(1, 400)))), Fraction(draw(st.integers(1, 2_000)), 10_000)),)
    return PenaltyRules(
        draw(st.sampled_from((HOUSEHOLD, (Stage(1, None, Fraction(1, 130)),)))),
        tuple(rates),
        caps if draw(st.booleans()) else (),
        moratoria,
        draw(st.sampled_from(RatePolicy)),
    )


def by_hand(amount: int, paid: list[tuple[int, int]], rules: PenaltyRules, through: int) -> Fraction:
    """The same, day by day and kopeck parcel by kopeck parcel, from the words of the rule."""
    parcels = []
    for number, settled in sorted(paid, key=lambda one: one[0]):
        if number <= through and amount:
            parcels.append((min(amount, settled), number))
            amount -= parcels[-1][0]
    parcels.append((amount, through))
    total = Fraction(0)
    for day in (late(number) for number in range(1, through + 1)):
        number = (day - DUE).days
        share = next((s.share for s in rules.stages if s.first <= number <= (s.last or number)), Fraction(0))
        if any(one.start <= day < (one.end or day + DAY) for one in rules.moratoria):
            continue
        for parcel, last in parcels:
            if number <= last:
                deciding = day if rules.policy is RatePolicy.PER_DAY else late(last)
                rate = [one.value for one in rules.rates if one.since <= deciding][-1]
                total += parcel * share * min([rate, *(cap.value for cap in rules.caps if day in cap.valid)])
    return total


@given(SUMS, PAID, any_rules(), st.integers(0, 300))
def test_segments_say_what_the_days_say(
    amount: int, paid: list[tuple[int, int]], rules: PenaltyRules, through: int
) -> None:
    found = of(amount, *((late(number), settled) for number, settled in paid), through=late(through), rules=rules)
    assert found.exact == by_hand(amount, paid, rules, through)
    assert found.outstanding == max(0, amount - sum(settled for number, settled in paid if number <= through))
    assert [one.first for one in found.segments] == sorted(one.first for one in found.segments)


@given(SUMS, PAID, any_rules(), st.integers(0, 400), st.integers(1, 60))
def test_paying_never_raises_it_and_paying_later_never_lowers_it(
    amount: int, paid: list[tuple[int, int]], rules: PenaltyRules, on: int, later: int
) -> None:
    known = [(late(number), settled) for number, settled in paid]
    through = late(460)
    without = of(amount, *known, through=through, rules=rules).exact
    early = of(amount, *known, (late(on), amount), through=through, rules=rules).exact
    after = of(amount, *known, (late(on + later), amount), through=through, rules=rules).exact
    assert early <= after <= without


@given(SUMS, any_rules(), st.integers(-10, 300), st.integers(0, 300), st.integers(0, 300))
def test_after_full_payment_today_does_not_matter(
    amount: int, rules: PenaltyRules, on: int, one: int, other: int
) -> None:
    first, second = (
        of(amount, (late(on), amount), through=late(max(on, 0) + more), rules=rules) for more in (one, other)
    )
    assert first == second


@given(SUMS, SUMS, any_rules(), st.integers(0, 400))
def test_it_is_linear_in_the_balance(one: int, other: int, rules: PenaltyRules, through: int) -> None:
    both = of(one + other, through=late(through), rules=rules).exact
    assert both == sum(of(amount, through=late(through), rules=rules).exact for amount in (one, other))


@given(SUMS, any_rules(), st.integers(-10, 30))
def test_a_household_owes_nothing_through_day_30(amount: int, rules: PenaltyRules, through: int) -> None:
    assume(rules.stages == HOUSEHOLD)
    assert of(amount, through=late(through), rules=rules).amount == 0


@given(SUMS, PAID, any_rules(), st.integers(0, 400), st.integers(0, 400))
def test_a_payment_taken_back_leaves_no_trace(
    amount: int, paid: list[tuple[int, int]], rules: PenaltyRules, through: int, on: int
) -> None:
    known = [(late(number), settled) for number, settled in paid]
    before = of(amount, *known, through=late(through), rules=rules)
    assert of(amount, (late(on), 0), *known, through=late(through), rules=rules) == before
