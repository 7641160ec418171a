"""What the running month will come to, and how far that may be off."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing.conditions.model import Benefit, Condition, Conditions, Kind, Value, conditions_of
from core.billing.engine import charging
from core.billing.engine.forecasting import Forecast, Readings, TooLittle, forecast
from core.metering.model import Anchor, Meter
from tests.core.billing.engine.histories import TARIFFS, meter

TODAY = date(2025, 11, 21)
NOVEMBER = Month(2025, 11)
YEAR = (210, 230, 250, 220, 190, 160, 150, 140, 150, 170, 180, 200)
"""The use of November 2024 to October 2025, in whole units."""


def readings(uses: tuple[int, ...], *, of: Meter | None = None, now: tuple[date, int] | None = None) -> Readings:
    """Readings at the ends of the last months, the last one on 31 October 2025, and one of November."""
    month, days = NOVEMBER, []
    for _ in range(len(uses) + 1):
        month = month.previous
        days.append(month.last)
    count, anchors = 1000, [Anchor(days[-1], 1_000_000)]
    for day, use in zip(days[-2::-1], uses, strict=True):
        count += use
        anchors.append(Anchor(day, count * 1000))
    if now:
        anchors.append(Anchor(now[0], (count + now[1]) * 1000))
    return {((of or meter()).id, 1): tuple(anchors)}


def told(found: Readings, *meters: Meter) -> Forecast:
    foretold = forecast(meters or (meter(),), found, TARIFFS, persons=1, today=TODAY)
    assert isinstance(foretold, Forecast)
    return foretold


def test_the_same_month_of_last_year_is_the_likeliest() -> None:
    foretold = told(readings(YEAR))
    (one,) = foretold.expected
    assert (one.volume, foretold.amount) == (210_000, 69_720)
    assert foretold.months == 12
    assert one.least == 140_000, "as June"
    assert one.most == 242_000, "as January, whose 250 were used in 31 days"


def test_without_last_year_the_usual_use_goes_on() -> None:
    foretold = told(readings((186, 180, 186, 186, 180)))
    assert foretold.months == 5
    assert foretold.expected[0].volume == 180_000


def test_what_is_read_counts_as_it_is() -> None:
    foretold = told(readings(YEAR, now=(date(2025, 11, 20), 400)))
    (one,) = foretold.expected
    assert one.volume == 470_000, "400 read, and ten days of 7"
    assert one.least >= 400_000
    closed = told(readings(YEAR, now=(date(2025, 11, 30), 400)))
    assert (closed.expected[0].least, closed.expected[0].most, closed.least, closed.most) == (
        400_000, 400_000, 132_800, 132_800,
    )  # fmt: skip


@pytest.mark.parametrize("months", range(3))
def test_little_history_is_said(months: int) -> None:
    found = forecast((meter(),), readings(YEAR[:months]), TARIFFS, persons=1, today=TODAY)
    assert found == TooLittle(months)


def test_a_month_that_was_not_read_in_does_not_count() -> None:
    """Readings once a quarter say nothing of how far single months differ."""
    days = (date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30))
    found = {(1, 1): tuple(Anchor(day, number * 500_000) for number, day in enumerate(days))}
    assert told(found).months == 3
    assert forecast((meter(),), {(1, 1): found[1, 1][:3]}, TARIFFS, persons=1, today=TODAY) == TooLittle(2)


def test_a_meter_that_was_never_read_leaves_the_sum_open() -> None:
    assert forecast((meter(), meter(2)), readings(YEAR), TARIFFS, persons=1, today=TODAY) == TooLittle(0)
    assert forecast((), {}, TARIFFS, persons=1, today=TODAY) is None


def test_meters_add_up_and_a_removed_one_has_what_it_counted() -> None:
    gone = meter(2, installed=Period(date(2024, 1, 1), date(2025, 11, 11)))
    both = {**readings(YEAR), **readings(YEAR, of=gone, now=(date(2025, 11, 10), 50))}
    foretold = told(both, meter(), gone)
    assert [one.volume for one in foretold.expected] == [210_000, 50_000]
    assert foretold.amount == 69_720 + 16_600


def test_zones_are_priced_apart() -> None:
    zoned = meter(tariff="ZONES", zones=("day", "night"))
    found = {(1, 1): readings((100,) * 12)[1, 1], (1, 2): readings((50,) * 12)[1, 1]}
    foretold = told(found, zoned)
    assert foretold.expected[0].volume == 150_000
    assert foretold.amount == 100 * 429 + 50 * 255


def said(*facts: tuple[Kind, date, Value], of: int = 1) -> Conditions:
    return conditions_of(
        Condition(no, kind, of, Period(since, None), value, "half" if kind is Kind.BENEFIT else "")
        for no, (kind, since, value) in enumerate(facts, 1)
    )


def foretold_by(conditions: Conditions) -> Forecast:
    found = forecast((meter(),), readings(YEAR), TARIFFS, persons=1, today=TODAY, conditions=conditions)
    assert isinstance(found, Forecast)
    return found


def test_a_benefit_is_taken_off() -> None:
    """Half of the price of 100 of 210 units."""
    found = foretold_by(said((Kind.BENEFIT, date(2025, 1, 1), Benefit(share=500, limit=100_000))))
    assert (found.expected[0].volume, found.amount) == (210_000, 69_720 - 16_600)


def test_a_benefit_from_the_middle_of_the_month_is_taken_off_its_days() -> None:
    found = foretold_by(said((Kind.BENEFIT, date(2025, 11, 16), Benefit(amount=3_000))))
    assert found.amount == 69_720 - 1_500


def test_the_power_of_two_parts_is_foretold() -> None:
    power = said((Kind.DEMAND, date(2025, 1, 1), 40_000))
    two = {"FLAT": tuple(replace(one, demand=950_000_000) for one in TARIFFS["FLAT"])}
    found = forecast((meter(),), readings(YEAR), two, persons=1, today=TODAY, conditions=power)
    assert isinstance(found, Forecast)
    assert found.amount == 69_720 + 3_800_000


def test_a_multiplier_holds_from_its_day() -> None:
    """The count runs on as last November, and what is read from the 16th on counts twice."""
    known = readings(YEAR, now=(date(2025, 11, 30), 210))
    twice = said((Kind.MULTIPLIER, date(2025, 11, 16), 2_000))
    found = forecast((meter(),), known, TARIFFS, persons=1, today=TODAY, conditions=twice)
    assert isinstance(found, Forecast)
    assert found.expected[0].volume == 315_000
    assert found.amount == 104_580


def test_a_month_without_a_tariff_is_refused() -> None:
    with pytest.raises(charging.NoTariff):
        forecast((meter(),), readings(YEAR), {}, persons=1, today=TODAY)


uses = st.lists(st.integers(0, 900), min_size=3, max_size=15).map(tuple)


@given(uses, st.integers(1, 30), st.integers(0, 900))
def test_the_likeliest_lies_between_the_least_and_the_most(past: tuple[int, ...], day: int, used: int) -> None:
    foretold = told(readings(past, now=(date(2025, 11, day), used)))
    (one,) = foretold.expected
    assert used * 1000 <= one.least <= one.volume <= one.most
    assert foretold.least <= foretold.amount <= foretold.most
