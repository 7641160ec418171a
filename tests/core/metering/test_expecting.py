"""What a register may be expected to show."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Period
from core.metering.expecting import Limits, example, examples, expect, lacking, needed, shown, zone_names
from core.metering.model import Anchor, Meter, RegisterState, Usual

START = date(2025, 10, 31)
METER = Meter(1, 1, 1, "1", "", "electricity", "F", 5, 0, 1000, 15_000, ("total",), Period(date(2020, 1, 1), None))
STATE = RegisterState((Anchor(START, 4_325_000),), Usual(187_000, 21))


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 5, "00000"),
        (4_512_000, 5, "04512"),
        (4_512_700, 5, "04512.7"),
        (4_512_007, 3, "4512.007"),
        (99_999_000, 5, "99999"),
    ],
)
def test_a_count_is_shown_as_the_meter_shows_it(value: int, digits: int, text: str) -> None:
    assert shown(replace(METER, digits=digits), value) == text


def test_the_limits_follow_the_days() -> None:
    for days in (1, 7, 21, 31, 365):
        expected = expect(METER, STATE, day=START + timedelta(days=days))
        usual = round(187_000 * days / 21)
        assert (expected.usual, expected.physical) == (usual, 15_000 * 24 * days)
        assert expected.unusual == max(usual * 250 // 100, 150_000)
        assert expected.jump == max(usual * 10, 450_000)


def test_nothing_is_expected_of_a_register_without_a_past() -> None:
    expected = expect(METER, RegisterState(()), day=START)
    assert (expected.before, expected.usual, expected.unusual, expected.jump, expected.physical) == (None,) * 5
    assert expected.ordinary(99_999_000)
    assert expect(METER, STATE, day=START).before is None


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 99_999), st.integers(1, 60))
def test_a_count_between_two_that_stand_passes_neither(first: int, middle: int, last: int, days: int) -> None:
    after = START + timedelta(days=days + 1)
    state = RegisterState((Anchor(START, first * 1000), Anchor(after, last * 1000)))
    expected = expect(METER, state, day=START + timedelta(days=days))
    ahead = (middle - first) % 100_000 > (last - first) % 100_000
    assert expected.passes_later(middle * 1000) == ahead
    assert not (ahead and expected.believed(middle * 1000))


def test_an_example_would_be_taken_without_a_question() -> None:
    day = START + timedelta(days=21)
    assert example(METER, 1, {(1, 1): STATE}, day=day) == "04512"
    assert example(METER, 1, {}, day=day) == "12345"
    assert (
        example(METER, 1, {(1, 1): RegisterState((Anchor(START, 99_990_000),), Usual(187_000, 21))}, day=day) == "00177"
    )


def test_a_whole_reading_names_every_zone() -> None:
    three = replace(METER, zones=("total", "day", "night"))
    assert (needed(METER), needed(three)) == ((1,), (2, 3))
    assert zone_names(three) == ("day", "night")
    assert examples(three, {}, day=START) == ("12345", "12345")
    assert lacking(three, {(1, 2)}, {}, day=START)
    assert not lacking(three, {(1, 2)}, {(1, 3): STATE}, day=START)
    assert not lacking(three, {(1, 2), (1, 3)}, {}, day=START)


def test_limits_state_their_numbers() -> None:
    limits = Limits(norms={"electricity": 300_000}, unusual_norms=2, jump_norms=4)
    expected = expect(METER, RegisterState((Anchor(START, 0),)), day=START + timedelta(days=1), limits=limits)
    assert (expected.usual, expected.unusual, expected.jump) == (10_000, 600_000, 1_200_000)
