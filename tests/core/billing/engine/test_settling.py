"""Which payment settles which claim."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing.engine.settling import Allocation, settle
from core.billing.model import Claim, ClaimKind, OpenClaim, Payment

pytestmark = pytest.mark.properties

SEPTEMBER, OCTOBER, NOVEMBER = Month(2025, 9), Month(2025, 10), Month(2025, 11)


def bill(no: int, month: Month, amount: int, kind: ClaimKind = ClaimKind.BILL) -> Claim:
    due = date(month.next.year, month.next.month, 10)
    return Claim(no, month, kind, amount, due_on=due, issued_on=month.next.first)


def paid(no: int, day: str, amount: int, month: Month | None = None) -> Payment:
    return Payment(no, date.fromisoformat(day), amount, month)


def left(claim: Claim, remaining: int) -> OpenClaim:
    return OpenClaim(claim.no, claim.month, claim.due_on, remaining)


SEP, OCT, NOV = bill(1, SEPTEMBER, 10_000), bill(2, OCTOBER, 43_160), bill(3, NOVEMBER, 62_084)


def test_the_oldest_due_is_settled_first() -> None:
    on = date(2025, 11, 21)
    found = settle([NOV, OCT], [paid(4, "2025-11-21", 70_000)])
    assert found.open == (left(NOV, 62_084 - 26_840),)
    assert found.allocations == (Allocation(4, 2, 43_160, on), Allocation(4, 3, 26_840, on))


def test_a_named_month_comes_first() -> None:
    found = settle([SEP, OCT, NOV], [paid(4, "2025-12-01", 70_000, NOVEMBER)])
    assert found.open == (left(SEP, 2_084), left(OCT, 43_160))


def test_a_surplus_is_an_advance_for_the_next_claim() -> None:
    payment = paid(4, "2025-11-21", 105_244)
    assert settle([OCT], [payment]).advance == 62_084
    later = settle([OCT, NOV], [payment])
    assert (later.open, later.advance) == ((), 0)


def test_a_recalculation_in_favour_lessens_its_own_month_then_the_oldest_open() -> None:
    favour = bill(5, NOVEMBER, -8_300, ClaimKind.RECALCULATION)
    found = settle([OCT, NOV, favour], [])
    assert found.open == (left(OCT, 43_160), left(NOV, 53_784))
    assert found.allocations == (Allocation(5, 3, 8_300, None),)
    more = bill(5, NOVEMBER, -70_000, ClaimKind.RECALCULATION)
    assert settle([OCT, NOV, more], []).open == (left(OCT, 43_160 - (70_000 - 62_084)),)
    assert settle([favour], []).advance == 8_300


def test_a_reversal_takes_back_its_payment() -> None:
    first, second = paid(4, "2025-11-01", 10_000), paid(5, "2025-11-05", 20_000, OCTOBER)
    before = settle([SEP, OCT], [first])
    assert settle([SEP, OCT], [first, second, paid(6, "2025-11-07", -20_000, OCTOBER)]) == before


def test_a_reversal_of_another_sum_takes_back_the_latest() -> None:
    payments = [paid(4, "2025-11-01", 10_000), paid(5, "2025-11-05", 20_000), paid(6, "2025-11-07", -25_000)]
    assert settle([SEP], payments).open == (left(SEP, 5_000),)


def test_a_reversal_of_nothing_is_demanded() -> None:
    found = settle([], [paid(4, "2025-11-07", -500)])
    assert found.open == (OpenClaim(4, NOVEMBER, date(2025, 11, 7), 500),)


claims = st.lists(
    st.tuples(st.integers(0, 14), st.integers(-30_000, 90_000), st.sampled_from(list(ClaimKind))), max_size=8
).map(
    lambda rows: [
        bill(no, Month(2024 + at // 12, at % 12 + 1), amount, kind) for no, (at, amount, kind) in enumerate(rows, 1)
    ]
)
payments = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.integers(-60_000, 90_000).filter(bool),
        st.none() | st.integers(0, 14).map(lambda at: Month(2024 + at // 12, at % 12 + 1)),
    ),
    max_size=8,
).map(
    lambda rows: [
        Payment(no, date(2024, 2, 1) + timedelta(days=days), amount, month)
        for no, (days, amount, month) in enumerate(rows, 101)
    ]
)


@given(claims, payments)
def test_nothing_is_lost_and_nothing_taken_twice(demanded: list[Claim], received: list[Payment]) -> None:
    found = settle(demanded, received)
    balance = sum(claim.amount for claim in demanded) - sum(payment.amount for payment in received)
    assert sum(one.remaining for one in found.open) - found.advance == balance
    assert found.advance >= 0
    assert all(one.remaining > 0 for one in found.open)
    assert not (found.open and found.advance)
    by_claim: dict[int, int] = {}
    by_credit: dict[int, int] = {}
    for one in found.allocations:
        assert one.amount > 0
        by_claim[one.claim] = by_claim.get(one.claim, 0) + one.amount
        by_credit[one.credit] = by_credit.get(one.credit, 0) + one.amount
    credits = {one.no: one.amount for one in received if one.amount > 0}
    credits |= {one.no: -one.amount for one in demanded if one.amount < 0}
    assert all(amount <= credits[no] for no, amount in by_credit.items())
    remaining = {one.no: one.remaining for one in found.open}
    for claim in demanded:
        if claim.amount > 0:
            assert by_claim.get(claim.no, 0) + remaining.get(claim.no, 0) == claim.amount


@given(claims, payments, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(demanded: list[Claim], received: list[Payment], chance: Random) -> None:
    ahead = settle(demanded, received)
    chance.shuffle(demanded)
    chance.shuffle(received)
    assert settle(demanded, received) == ahead


@given(claims, payments, st.integers(1, 90_000), st.integers(0, 400))
def test_reversing_a_payment_restores_what_was(
    demanded: list[Claim], received: list[Payment], amount: int, days: int
) -> None:
    forward = [one for one in received if one.amount > 0 and one.amount != amount]
    on = date(2024, 2, 1) + timedelta(days=days)
    undone = [*forward, Payment(200, on, amount), Payment(201, on + timedelta(days=3), -amount)]
    assert settle(demanded, undone).open == settle(demanded, forward).open
    assert settle(demanded, undone).advance == settle(demanded, forward).advance
