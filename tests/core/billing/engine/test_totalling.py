"""The company's month: sums add up, bounds are those of whole months, and the trial tells how far it was off."""

import re
from datetime import date
from pathlib import Path

from core.basics.periods import DAY, Month
from core.billing.engine.forecasting import Forecast, TooLittle, came, forecast
from core.billing.engine.totalling import total, tried
from core.metering.model import Anchor
from tests.core.billing.engine.histories import TARIFFS, meter

TODAY = date(2025, 11, 1)
DOCS = Path("docs/billing/forecast.md").read_text(encoding="utf-8")
DAYS = {Month(2025, 8): (10, 2), Month(2025, 9): (4, 9), Month(2025, 10): (6, 3)}
"""What the two accounts of the worked example used a day."""

Readings = dict[tuple[int, int], tuple[Anchor, ...]]


def readings(place: int, *more: Anchor) -> Readings:
    count, anchors = 1000, [Anchor(date(2025, 7, 31), 1_000_000)]
    for month, used in DAYS.items():
        count += used[place] * month.days
        anchors.append(Anchor(month.last, count * 1000))
    return {(1, 1): (*anchors, *more)}


def foretold(found: Readings) -> Forecast:
    one = forecast((meter(),), found, TARIFFS, persons=1, today=TODAY)
    assert isinstance(one, Forecast)
    return one


def test_the_worked_example() -> None:
    accounts = [foretold(readings(place)) for place in (0, 1)]
    november = total(Month(2025, 11), [*accounts, TooLittle(2)])
    assert (november.accounts, november.unknown, november.months) == (2, 1, 3)
    assert (november.volume, november.least, november.most) == (340_000, 270_000, 390_000)
    assert (november.amount, november.least_amount, november.most_amount) == (112_880, 89_640, 129_480)
    own = [one.expected[0] for one in accounts]
    assert (sum(one.least for one in own), sum(one.most for one in own)) == (180_000, 570_000)
    text = re.sub(r"\s+", " ", DOCS)
    assert "340 kWh from 270 to 390, 1128.80 from 896.40 to 1294.80" in text
    assert "616 of 92 days" in text
    assert "425 of 92 days" in text


def test_a_month_that_was_read_to_its_end_is_what_came() -> None:
    read = readings(0, Anchor(date(2025, 12, 10), (1_000 + 616 + 40 * 7) * 1000))
    assert came((meter(),), read, TARIFFS, Month(2025, 11), persons=1) == (210_000, 69_720)
    assert came((meter(),), readings(0), TARIFFS, Month(2025, 11), persons=1) is None
    assert came((), {}, TARIFFS, Month(2025, 11), persons=1) is None


def test_a_trial_tells_by_how_much_it_was_off() -> None:
    accounts = [foretold(readings(place)) for place in (0, 1)]
    found = tried(Month(2025, 11), [(accounts[0], (201_000, 66_732)), (accounts[1], (300_000, 99_600))])
    assert (found.volume, found.amount, found.within) == (501_000, 166_332, 1)
    assert found.off == round((112_880 - 166_332) * 1000 / 166_332)
    assert not found.inside
    assert tried(Month(2025, 11), []).off == 0


def test_the_total_of_nobody_is_nothing() -> None:
    nobody = total(Month.of(TODAY - DAY), [])
    assert (nobody.accounts, nobody.volume, nobody.most_amount, nobody.months) == (0, 0, 0, 0)
