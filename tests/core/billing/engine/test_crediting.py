"""What a payment has settled is told in parts that come to it, whatever else was paid."""

from datetime import date

import pytest

from core.basics.periods import Month
from core.billing.engine.crediting import Credited, credited
from core.billing.model import Claim, ClaimKind, Payment
from core.billing.terms import PLAIN

SEPTEMBER, OCTOBER = Month(2025, 9), Month(2025, 10)
ISSUED = date(2025, 11, 1)
CLAIMS = (
    Claim(1, SEPTEMBER, ClaimKind.BILL, 300_00, date(2025, 10, 10), ISSUED),
    Claim(2, OCTOBER, ClaimKind.BILL, 431_60, date(2025, 11, 10), ISSUED),
    Claim(3, SEPTEMBER, ClaimKind.PENALTY, 12_34, date(2025, 11, 10), ISSUED, about=1),
)
PAID = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("payment", "found"),
    [
        (Payment(5, PAID, 100_00), Credited(100_00, ((SEPTEMBER, 100_00),), 0, 0)),
        (Payment(5, PAID, 100_00, OCTOBER), Credited(100_00, ((OCTOBER, 100_00),), 0, 0)),
        (Payment(5, PAID, 740_00), Credited(740_00, ((SEPTEMBER, 300_00), (OCTOBER, 431_60)), 8_40, 0)),
        (Payment(5, PAID, 800_00), Credited(800_00, ((SEPTEMBER, 300_00), (OCTOBER, 431_60)), 12_34, 56_06)),
    ],
)
def test_the_parts_come_to_the_payment(payment: Payment, found: Credited) -> None:
    assert credited(CLAIMS, [payment], PLAIN, {5}) == found


def test_only_its_own_part_is_told() -> None:
    earlier = Payment(4, date(2025, 11, 2), 310_00)
    assert credited(CLAIMS, [earlier, Payment(5, PAID, 50_00)], PLAIN, {5}) == Credited(
        50_00, ((OCTOBER, 50_00),), 0, 0
    )


def test_of_money_that_went_back_nothing_is_told() -> None:
    both = [Payment(4, PAID, 100_00), Payment(5, PAID, -100_00)]
    assert credited(CLAIMS, both, PLAIN, {4, 5}) is None
    assert credited(CLAIMS, both, PLAIN, ()) is None
