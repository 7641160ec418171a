"""Plans in parts: they add up, interest goes by days, and one late part breaks them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.money import half_up
from core.basics.periods import DAY
from core.billing.engine import instalments
from core.billing.engine.instalments import Bill, Part
from core.billing.engine.penalty import NoPenaltyRate, Rate, Settlement, rate_on

FIRST = date(2025, 1, 31)
PLAN = instalments.plan(100_000, first=FIRST, count=3)


def test_parts_are_equal_and_the_last_takes_the_rest() -> None:
    days = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))
    assert tuple(map(Part, days, (33_333, 33_333, 33_334))) == PLAN
    assert instalments.equal(5, 3) == (2, 2, 1)
    assert instalments.equal(2, 4) == (0, 0, 0, 2)
    with pytest.raises(ValueError, match="parts"):
        instalments.equal(100, 0)


def test_a_plan_in_force() -> None:
    paid = [Settlement(date(2025, 1, 31), 33_333), Settlement(date(2025, 2, 1), 50_000)]
    assert instalments.broken_on(PLAN, [], today=date(2025, 1, 31)) is None
    assert instalments.broken_on(PLAN, paid, today=date(2025, 3, 31)) is None


def test_a_late_part_breaks_it_for_good() -> None:
    late = [Settlement(date(2025, 2, 1), 100_000)]
    assert instalments.broken_on(PLAN, late, today=date(2025, 2, 1)) == date(2025, 2, 1)
    short = [Settlement(date(2025, 1, 20), 33_333), Settlement(date(2025, 2, 28), 33_332)]
    assert instalments.broken_on(PLAN, short, today=date(2025, 2, 28)) is None
    assert instalments.broken_on(PLAN, short, today=date(2025, 12, 1)) == date(2025, 3, 1)


def test_a_current_bill_unpaid_breaks_it() -> None:
    bills = [Bill(date(2025, 2, 15), 500, (Settlement(date(2025, 2, 15), 500),)), Bill(date(2025, 3, 15), 500)]
    paid = [Settlement(FIRST, 100_000)]
    assert instalments.broken_on(PLAN, paid, bills, today=date(2025, 3, 15)) is None
    assert instalments.broken_on(PLAN, paid, bills, today=date(2025, 3, 16)) == date(2025, 3, 16)


def test_interest_goes_by_the_rate_and_the_year_of_each_day() -> None:
    rates = [Rate(date(2020, 1, 1), Fraction(365, 10_000)), Rate(date(2023, 12, 22), Fraction(732, 10_000))]
    found = instalments.accrued(1_000_000, date(2023, 12, 12), date(2024, 1, 11), rates)
    assert found == 10 * 100 + 10 * Fraction(732, 365) * 100 + 10 * 200
    with pytest.raises(NoPenaltyRate):
        instalments.accrued(1, date(2019, 12, 31), date(2020, 1, 2), rates)


@pytest.mark.properties
@given(st.integers(0, 10**10), st.integers(1, 120))
def test_parts_add_up(total: int, count: int) -> None:
    parts = instalments.equal(total, count)
    assert (sum(parts), len(parts), len(set(parts[:-1])) <= 1, min(parts) >= 0) == (total, count, True, True)


@pytest.mark.properties
@given(
    st.lists(st.tuples(st.integers(-300, 60), st.integers(0, 10**8)), min_size=1, max_size=4),
    st.integers(0, 10**8),
    st.integers(1, 24),
    st.integers(0, 3_000),
)
def test_a_plan_comes_to_debts_and_interest(
    debts: list[tuple[int, int]], initial: int, count: int, per_myriad: int
) -> None:
    start = date(2025, 3, 14)
    owed = [Part(date.fromordinal(start.toordinal() + day), amount) for day, amount in debts]
    initial = min(initial, sum(part.amount for part in owed))
    found = instalments.with_interest(
        owed,
        initial=initial,
        initial_days=7,
        start=start,
        first=date(2025, 5, 20),
        count=count,
        rates=[Rate(date(2000, 1, 1), Fraction(per_myriad, 10_000))],
    )
    assert found.total == sum(part.amount for part in owed) + found.interest
    assert sum(part.amount for part in found.parts) == found.total - initial
    assert found.interest >= 0
    assert per_myriad or not found.interest


@pytest.mark.parametrize(
    ("due", "start", "published", "left_out"),
    [
        (date(2015, 1, 31), date(2016, 3, 14), 9561, date(2015, 12, 31)),
        (date(2016, 1, 31), date(2017, 3, 14), 9039, date(2016, 8, 22)),
    ],
)
def test_a_published_plan_that_leaves_out_a_day(due: date, start: date, published: int, left_out: date) -> None:
    """HMRC's time-to-pay calculator, scenarios 1.a.ii.c and 1.b.ii.c: of interest before the plan that goes over a
    year's end or a change of the rate, the last day of the first span is not counted there; here every day is."""
    since = ((date(2009, 9, 29), "3"), (date(2016, 8, 23), "2.75"), (date(2017, 11, 21), "3"))
    rates = [Rate(day, Fraction(percent) / 100) for day, percent in since]
    first = date(start.year, 4, 20)
    found = instalments.with_interest(
        [Part(due, 200_000)], initial=0, initial_days=7, start=start, first=first, count=10, rates=rates
    )
    a_day = rate_on(start, rates) / (date(start.year + 1, 1, 1) - date(start.year, 1, 1)).days
    later = sum(20_000 * (day + DAY - start).days * a_day for day in instalments.monthly(first, 10))
    whole = instalments.accrued(200_000, due, start, rates) + later
    assert found.interest == half_up(whole.numerator, whole.denominator)
    short = whole - instalments.accrued(200_000, left_out, left_out + DAY, rates)
    assert half_up(short.numerator, short.denominator) == published
