"""A register's count as a curve over days."""

import itertools
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import DAY, Month, Period
from core.billing.engine.usage import Curve, Used, consistent, difference, possible
from core.metering.model import Anchor, Source, Usual

WHEEL = 100_000_000
FIRST = date(2025, 1, 31)


def curve(*anchors: tuple[date, int], usual: Usual | None = None, multiplier: int = 1000, fraction: int = 0) -> Curve:
    known = [Anchor(day, value) for day, value in anchors]
    return Curve(known, wheel=WHEEL, multiplier=multiplier, fraction=fraction, usual=usual)


@st.composite
def anchors(draw: st.DrawFn) -> list[Anchor]:
    """Counts of a five-digit meter on ascending days, passing zero at times."""
    count = draw(st.integers(2, 8))
    gaps = draw(st.lists(st.integers(1, 90), min_size=count, max_size=count))
    uses = draw(st.lists(st.integers(0, 3_000_000), min_size=count, max_size=count))
    day, value = FIRST, draw(st.integers(0, WHEEL - 1))
    found = []
    for gap, use in zip(gaps, uses, strict=True):
        found.append(Anchor(day, value))
        day += timedelta(days=gap)
        value = (value + use) % WHEEL
    return found


def test_the_use_between_two_counts() -> None:
    assert difference(4_325_000, 4_512_000, WHEEL) == 187_000
    assert difference(99_990_000, 12_000, WHEEL) == 22_000
    assert difference(WHEEL - 1, 0, WHEEL) == 1
    assert difference(5, 5, WHEEL) == 0


def test_a_reading_is_the_count_at_the_end_of_its_day() -> None:
    known = curve((date(2025, 10, 31), 4_325_000), (date(2025, 11, 21), 4_512_000))
    assert known.volume(Period(date(2025, 11, 1), date(2025, 11, 22))) == Used(187_000, None)
    assert known.volume(Period(date(2025, 11, 1), date(2025, 11, 1))) == Used(0, None)


def test_a_count_inside_a_month_is_on_the_straight_line() -> None:
    known = curve((date(2025, 10, 20), 4_300_000), (date(2025, 11, 20), 4_610_000))
    assert known.volume(Period(date(2025, 10, 21), date(2025, 11, 1))).volume == 110_000
    assert known.volume(Period(date(2025, 11, 1), date(2025, 11, 21))).volume == 200_000


def test_days_behind_the_last_count_are_forecast_and_say_so() -> None:
    known = curve((date(2025, 10, 31), 4_325_000), (date(2025, 11, 20), 4_500_000), usual=Usual(2_190_000, 365))
    used = known.volume(Month(2025, 11).period)
    assert used == Used(175_000 + 60_000, Period(date(2025, 11, 21), date(2025, 12, 1)))
    assert known.volume(Month(2025, 12).period).estimated == Month(2025, 12).period


def test_without_a_usual_use_the_forecast_is_nothing() -> None:
    known = curve((date(2025, 10, 31), 4_325_000))
    assert known.volume(Month(2025, 11).period) == Used(0, Month(2025, 11).period)
    assert curve().volume(Month(2025, 11).period) == Used(0, Month(2025, 11).period)


def test_before_the_first_count_nothing_was_used() -> None:
    known = curve((date(2025, 10, 15), 1_000), (date(2025, 10, 31), 17_000))
    assert known.volume(Month(2025, 9).period) == Used(0, None)
    assert known.volume(Month(2025, 10).period) == Used(16_000, None)


def test_the_multiplier_comes_before_the_rounding() -> None:
    known = curve((FIRST, 0), (FIRST + 3 * DAY, 1_000), multiplier=60_000)
    days = [known.volume(Period(FIRST + n * DAY, FIRST + (n + 1) * DAY)).volume for n in range(1, 4)]
    assert days == [20_000, 20_000, 20_000]


def test_an_open_period_has_no_volume() -> None:
    with pytest.raises(ValueError, match="open"):
        curve((FIRST, 0)).volume(Period(FIRST, None))


@given(anchors(), st.integers(0, 3), st.sampled_from([1000, 1500, 60_000, 7]))
def test_the_spans_between_two_readings_add_up_to_their_difference(
    known: list[Anchor], fraction: int, multiplier: int
) -> None:
    """Telescoping: whatever the months in between, their volumes come to the multiplier times the difference."""
    line = Curve(known, wheel=WHEEL, multiplier=multiplier, fraction=fraction)
    total = sum(difference(one.value, two.value, WHEEL) for one, two in itertools.pairwise(known))
    months, month = 0, Month.of(known[0].day + DAY)
    while month.first <= known[-1].day:
        days = month.period.meet(Period(known[0].day + DAY, known[-1].day + DAY))
        assert days is not None
        months += line.volume(days).volume
        month = month.next
    unit = 10 ** (3 - fraction)
    assert abs(months - Fraction(total * multiplier, 1000)) <= unit
    if total * multiplier % (1000 * unit) == 0 and known[0].value * multiplier % (1000 * unit) == 0:
        assert months == total * multiplier // 1000


@given(anchors(), st.lists(st.integers(0, 900), max_size=10), st.integers(0, 3), st.booleans())
def test_cutting_a_period_changes_no_volume(
    known: list[Anchor], cuts: list[int], fraction: int, forecast: bool
) -> None:
    usual = Usual(1_234_567, 321) if forecast else None
    line = Curve(known, wheel=WHEEL, multiplier=1000, fraction=fraction, usual=usual)
    whole = Period(FIRST - 30 * DAY, FIRST + 900 * DAY)
    assert whole.end is not None
    edges = [whole.start, *sorted({FIRST + cut * DAY for cut in cuts if cut < 900}), whole.end]
    parts = [line.volume(Period(one, two)).volume for one, two in itertools.pairwise(edges)]
    assert sum(parts) == line.volume(whole).volume
    assert all(part >= 0 for part in parts)


@given(anchors(), st.integers(1, 6))
def test_older_anchors_do_not_change_younger_days(known: list[Anchor], drop: int) -> None:
    keep = known[min(drop, len(known) - 1) :]
    period = Period(keep[0].day + DAY, keep[-1].day + 40 * DAY)
    usual = Usual(987_654, 365)
    full = Curve(known, wheel=WHEEL, multiplier=1500, fraction=0, usual=usual)
    short = Curve(keep, wheel=WHEEL, multiplier=1500, fraction=0, usual=usual)
    assert full.volume(period) == short.volume(period)


def test_a_control_reading_makes_impossible_values_of_the_customer_void() -> None:
    known = [
        Anchor(date(2025, 9, 30), 4_000_000),
        Anchor(date(2025, 10, 15), 4_300_000),
        Anchor(date(2025, 10, 20), 4_200_000, Source.CONTROL),
        Anchor(date(2025, 10, 25), 4_150_000),
        Anchor(date(2025, 10, 31), 4_260_000),
    ]
    assert [one.value for one in consistent(known, WHEEL)] == [4_000_000, 4_200_000, 4_260_000]


def test_a_turn_of_the_wheel_is_possible_where_it_is_short() -> None:
    assert possible(99_990_000, 12_000, WHEEL)
    assert not possible(4_300_000, 4_200_000, WHEEL)
    assert possible(60_000_000, 10_000_000, WHEEL)
    assert not possible(59_999_999, 10_000_000, WHEEL)
