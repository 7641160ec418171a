"""Fees for late payment at their edges."""

from fractions import Fraction

import pytest

from core.billing.engine import fees
from core.billing.engine.fees import FeeStep, PowerStep


@pytest.mark.parametrize(("debt", "fee"), [(999, 0), (1_000, 40), (9_999, 40), (10_000, 70)])
def test_a_fixed_fee_begins_at_its_step(debt: int, fee: int) -> None:
    assert fees.fixed(debt, [FeeStep(10_000, 70), FeeStep(1_000, 40)]) == fee


def test_a_power_belongs_to_the_step_that_it_ends() -> None:
    steps = [PowerStep(Fraction(900), 3_000), PowerStep(Fraction(1_300), 5_000)]
    assert [fees.by_power(Fraction(va), bill=0, months=1, steps=steps) for va in (900, 901)] == [3_000, 5_000]
    with pytest.raises(ValueError, match="1301"):
        fees.by_power(Fraction(1_301), bill=0, months=1, steps=steps)


@pytest.mark.parametrize(
    ("days", "fee"), [(0, 0), (5, 0), (6, 1_000), (30, 1_000), (31, 2_000), (60, 2_000), (61, 3_000)]
)
def test_a_share_for_each_month_begun(days: int, fee: int) -> None:
    assert fees.by_month(50_000, days=days, share=Fraction(2, 100), grace=5) == fee


def test_a_least_fee() -> None:
    assert fees.by_month(50_000, days=1, share=Fraction(2, 100), least=1_500) == 1_500
    assert fees.by_month(0, days=100, share=Fraction(2, 100), least=1_500) == 0
