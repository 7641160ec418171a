"""A count of nothing but digits is read at once, and is what the long way makes of it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.basics.money import MILLI
from core.basics.periods import Period
from core.commands import Unclear
from core.metering.model import Given, Meter
from core.metering.writing import read

NUMBERS = st.text("0123456789", min_size=1, max_size=45) | st.text("0123456789.٣-", max_size=12)


@given(NUMBERS, st.integers(1, 9), st.integers(0, 3))
def test_digits_alone(number: str, digits: int, fraction: int) -> None:
    meter = Meter(
        1, 1, 1, "1", "", "electricity", "RU-FLAT", digits, fraction, MILLI, None, ("total",),
        Period(date(2020, 1, 1), None),
    )  # fmt: skip

    plain, pointed = read(number, meter, 1), read(f"{number}.0", meter, 1)

    if not number.isascii() or not number.isdigit():
        return
    if isinstance(plain, Given):
        assert isinstance(pointed, Given)
        assert (plain.digits, plain.value) == (number, int(number) * MILLI)
        assert plain.value == pointed.value
    else:
        assert plain is pointed
        assert plain in (Unclear.TOO_MANY_DIGITS, Unclear.NOT_DIGITS)
