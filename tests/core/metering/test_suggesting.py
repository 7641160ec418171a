"""What an impossible number was probably meant to be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Period
from core.metering.expecting import Expectation, expect
from core.metering.model import Anchor, Meter, RegisterState, Usual
from core.metering.suggesting import suggest

METER = Meter(1, 1, 1, "1", "", "electricity", "F", 5, 0, 1000, 15_000, ("total",), Period(date(2020, 1, 1), None))


def known(last: str, usual: int = 187) -> Expectation:
    state = RegisterState((Anchor(date(2025, 10, 31), int(last) * 1000),), Usual(usual * 1000, 21))
    return expect(METER, state, day=date(2025, 11, 21))


@pytest.mark.parametrize(
    ("last", "digits", "meant"),
    [
        ("4325", "45120", "04512"),  # the leading zero left out, a zero or the first decimal taken along
        ("4325", "45127", "04512"),
        ("12000", "21150", "12150"),  # neighbours swapped
        ("4325", "14512", "04512"),  # one digit wrong
        ("4325", "94512", "04512"),
        ("4325", "44512", "04451"),  # a digit too many at the end is commoner than one twice at the start
        ("4325", "99999", None),
        ("99990", "45120", None),  # a rollover is never guessed
    ],
)
def test_the_commonest_slip_that_gives_an_ordinary_number_is_meant(last: str, digits: str, meant: str | None) -> None:
    assert suggest(digits, known(last)) == meant


def test_of_one_kind_the_slip_nearest_to_the_usual_use_is_meant() -> None:
    assert suggest("15187", known("5000", usual=187)) == "05187"
    assert suggest("94325", known("04300", usual=25)) == "04325"


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 2000))
def test_a_suggestion_is_another_number_that_would_be_taken_without_a_question(
    last: int, number: int, usual: int
) -> None:
    expected = known(str(last), usual)
    meant = suggest(str(number), expected)
    assert meant == suggest(f"{number:05d}.7", expected)
    if meant is not None:
        assert len(meant) == 5
        assert int(meant) != number
        assert expected.ordinary(int(meant) * 1000)
