"""What the last value and the usual use say of a number (billing.md section 6, checks 8, 11 and 13)."""

import pytest

from core.grammar.plausible import Plausibility, judge
from core.grammar.world import KnownMeter, KnownRegister


@pytest.mark.parametrize(
    ("last", "usual", "digits", "said"),
    [
        (12_000, 187, "12345", Plausibility.FITS), (12_000, 187, "12000", Plausibility.FITS),
        (12_000, 187, "11999", Plausibility.LOWER), (12_000, 187, "13870", Plausibility.FITS),
        (12_000, 187, "13871", Plausibility.JUMP), (12_000, None, "99999", Plausibility.FITS),
        (99_990, 187, "00012", Plausibility.FITS), (99_990, None, "00012", Plausibility.ROLLED_OVER),
        (95_000, 100, "00012", Plausibility.ROLLED_OVER), (89_999, 10_000, "00012", Plausibility.LOWER),
    ],
)  # fmt: skip
def test_judge(last: int, usual: int | None, digits: str, said: Plausibility) -> None:
    register = KnownRegister("total", None, last * 1000, None if usual is None else usual * 1000)
    meter = KnownMeter("", "electricity", 5, 0, (register,))
    assert judge(digits, register, meter) is said
