"""Gaps and overlaps in consumption are found and priced."""

from dataclasses import replace
from datetime import date

from core.basics.money import half_up
from core.basics.periods import DAY, Month, Period
from core.billing.engine import deriving
from core.billing.engine.covering import Hole, Lack, holes
from core.billing.engine.supplying import supplies
from core.metering.model import Source
from tests.core.billing.engine.histories import Life, meter
from tests.core.billing.engine.test_supplying import a_year, pair

WITHIN = Period(date(2024, 11, 1), date(2025, 12, 1))


def found(life: Life, within: Period = WITHIN) -> tuple[Hole, ...]:
    use = deriving.use_of(life.facts, life.meters)
    state = deriving.whole(life.facts, use, use)
    known = supplies(state, life.meters, persons=life.persons, rules=life.rules, through=date(2025, 11, 30))
    return holes(life.facts, known, life.tariffs, within=within, rules=life.rules)


def test_a_life_without_holes() -> None:
    life = Life((meter(),))
    a_year(life)
    assert found(life) == ()


def test_days_before_the_first_count_and_behind_a_short_history() -> None:
    life = Life((meter(installed=Period(date(2025, 11, 1), None)),))
    life.read(date(2025, 11, 10), 100)
    life.read(date(2025, 11, 20), 150)
    assert [(one.days.start, one.days.end, one.lack, one.volume) for one in found(life)] == [
        (date(2025, 11, 1), date(2025, 11, 11), Lack.UNREAD, 0),
        (date(2025, 11, 21), date(2025, 12, 1), Lack.NO_BASIS, 0),
    ]


def test_a_month_left_out_of_the_bill_is_priced_by_the_usual_use() -> None:
    life = Life((meter(), meter(2)))
    a_year(life)
    second = life.meters[1]
    for month, value in ((Month(2025, 5), 0), (Month(2025, 11), 1_840)):
        life.read(month.last, value, meter=second)
    (one,) = [one for one in found(life) if one.days.start == date(2025, 6, 1)]
    assert one.lack is Lack.NOT_BILLED
    volume = half_up(1_840_000 * 30, 183)
    assert (one.volume, one.amount) == (volume, half_up(volume * 332, 1000))


def test_what_two_meters_count_on_the_same_days_is_charged_twice() -> None:
    old, new = pair("FLAT", gone=date(2025, 11, 11), new=date(2025, 11, 1))
    life = Life((old, replace(new, installed=Period(date(2025, 10, 31), None))))
    a_year(life)
    life.read(date(2025, 11, 10), 2_300, meter=old, source=Source.ACT)
    life.read(date(2025, 10, 31), 0, meter=new, source=Source.ACT)
    life.read(date(2025, 11, 30), 90, meter=new)
    (hole,) = [one for one in found(life) if one.lack is Lack.TWICE]
    assert hole.days == Period(date(2025, 10, 31), date(2025, 11, 10) + DAY)
    assert (hole.volume, hole.amount) == (-30_000, -30 * 332)
