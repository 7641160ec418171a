"""Until when a claim may be brought, and how old a debt is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Period
from core.billing.engine import limitation

DUE = date(2023, 2, 15)


def test_three_years_from_the_last_day_to_pay() -> None:
    assert limitation.limitation_on(DUE, years=3) == date(2026, 2, 15)
    assert limitation.limitation_on(date(2024, 2, 29), years=3) == date(2027, 2, 28)


def test_an_acknowledgement_in_time_begins_it_anew() -> None:
    assert limitation.limitation_on(DUE, years=3, restarts=[date(2026, 2, 15)]) == date(2029, 2, 15)
    assert limitation.limitation_on(DUE, years=3, restarts=[date(2026, 2, 16)]) == date(2026, 2, 15)
    again = [date(2027, 1, 1), date(2025, 1, 1)]
    assert limitation.limitation_on(DUE, years=3, restarts=again) == date(2030, 1, 1)


def test_before_a_court_it_does_not_run() -> None:
    court = Period(date(2026, 2, 1), date(2026, 3, 3))
    assert limitation.limitation_on(DUE, years=3, pauses=[court]) == date(2026, 2, 15) + timedelta(30)
    assert limitation.limitation_on(DUE, years=3, pauses=[Period(date(2026, 2, 1), None)]) is None
    assert limitation.limitation_on(DUE, years=3, pauses=[Period(date(2026, 2, 16), None)]) == date(2026, 2, 15)


def test_the_most_pressing_claims_come_first() -> None:
    today = date(2026, 1, 1)
    limits = [(1, today + timedelta(59)), (2, today), (3, today + timedelta(60)), (4, today - timedelta(1)), (5, None)]
    assert limitation.running_out(limits, today=today, within=60) == (2, 1)


@pytest.mark.parametrize(
    ("days", "place"),
    [
        (-1, 0),
        (0, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 3),
        (90, 3),
        (91, 4),
        (180, 4),
        (181, 5),
        (365, 5),
        (366, 6),
        (1095, 6),
        (1096, 7),
    ],
)
def test_ages(days: int, place: int) -> None:
    found = limitation.ages([(DUE, 100)], today=DUE + timedelta(days))
    assert [age.amount for age in found] == [100 if number == place else 0 for number in range(8)]
    assert (found[0].first, found[1].first, found[1].last, found[7].first, found[7].last) == (None, 0, 30, 1096, None)


@pytest.mark.properties
@given(st.lists(st.tuples(st.integers(-400, 4_000), st.integers(1, 10**9)), max_size=20))
def test_ages_add_up_to_the_debt(debts: list[tuple[int, int]]) -> None:
    found = limitation.ages([(DUE - timedelta(days), amount) for days, amount in debts], today=DUE)
    assert sum(age.amount for age in found) == sum(amount for _, amount in debts)
