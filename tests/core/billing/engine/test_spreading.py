"""A payment over debts of several components: what any order of them keeps (billing.md section 10: 1, 6, 13)."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing.engine.ordering import Ahead, Mode
from core.billing.engine.settling import Debt, Share, spread

pytestmark = pytest.mark.properties

ON = date(2025, 6, 10)
COMPONENTS = ("costs", "principal", "penalty")

sums = st.dictionaries(st.sampled_from(COMPONENTS), st.integers(0, 50_000), min_size=1)
debts = st.lists(st.tuples(st.integers(-60, 60), sums), max_size=6).map(
    lambda rows: [
        Debt(str(number), ON + timedelta(days), components) for number, (days, components) in enumerate(rows, 1)
    ]
)
orders = st.sampled_from(list(permutations(COMPONENTS)))


@given(st.integers(0, 400_000), debts, orders, st.sampled_from(Mode), st.sampled_from(Ahead))
def test_nothing_is_lost_and_no_debt_takes_more_than_it_is(
    amount: int, owed: list[Debt], order: tuple[str, ...], mode: Mode, ahead: Ahead
) -> None:
    shares, left = spread(amount, owed, on=ON, order=order, mode=mode, ahead=ahead)
    assert sum(share.amount for share in shares) + left == amount
    assert len({(share.debt, share.component) for share in shares}) == len(shares)
    components = {(debt.id, name): owing for debt in owed for name, owing in debt.components.items()}
    assert all(0 < share.amount <= components[share.debt, share.component] for share in shares)
    assert left == max(0, amount - sum(components.values()))


@given(st.integers(0, 400_000), debts, orders, st.sampled_from(Mode), st.sampled_from(Ahead))
def test_no_later_debt_is_paid_while_one_is_due(
    amount: int, owed: list[Debt], order: tuple[str, ...], mode: Mode, ahead: Ahead
) -> None:
    shares, _ = spread(amount, owed, on=ON, order=order, mode=mode, ahead=ahead)
    due = {debt.id for debt in owed if debt.due_on <= ON}
    owing = sum(sum(debt.components.values()) for debt in owed if debt.id in due)
    assert sum(share.amount for share in shares if share.debt in due) == min(amount, owing)


@given(st.integers(0, 200_000), st.integers(0, 200_000), debts, orders, st.sampled_from(Mode))
def test_paying_in_two_parts_settles_what_paying_at_once_does(
    one: int, other: int, owed: list[Debt], order: tuple[str, ...], mode: Mode
) -> None:
    at_once, left = spread(one + other, owed, on=ON, order=order, mode=mode)
    first, rest = spread(one, owed, on=ON, order=order, mode=mode)
    remaining = [Debt(debt.id, debt.due_on, _less(debt, first)) for debt in owed]
    second, more = spread(other, remaining, on=ON, order=order, mode=mode)
    totals: dict[tuple[str, str], int] = {}
    for share in (*first, *second):
        totals[share.debt, share.component] = totals.get((share.debt, share.component), 0) + share.amount
    assert totals == {(share.debt, share.component): share.amount for share in at_once}
    assert rest + more == left


def _less(debt: Debt, shares: tuple[Share, ...]) -> dict[str, int]:
    taken = {share.component: share.amount for share in shares if share.debt == debt.id}
    return {name: owing - taken.get(name, 0) for name, owing in debt.components.items()}
