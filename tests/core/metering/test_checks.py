"""Each of the checks on a reading, at its boundaries (billing.md section 6)."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from core.basics.money import milli
from core.basics.periods import DAY, Period
from core.messages import (
    BeforeControl,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    MeterGone,
    OtherMeter,
    Reply,
    RolledOver,
    SumDiffers,
    Unusual,
    ZonesSwapped,
    ZonesWanted,
)
from core.metering import rules, verdicts
from core.metering.model import Anchor, Given, Meter, RegisterState, Source, Usual
from core.metering.verdicts import Accept, Ask, Flag, Refuse, Usage, Verdict

TODAY = date(2025, 11, 21)
MONTH_END = date(2025, 10, 31)
METER = Meter(
    id=1,
    account_id=1,
    point_id=1,
    serial="0098765",
    brand="Energomera",
    service="electricity",
    tariff="FLAT",
    digits=5,
    fraction=0,
    multiplier=1000,
    capacity_kw=15_000,
    zones=("total",),
    installed=Period(date(2020, 1, 1), None),
)
ZONED = replace(METER, id=2, point_id=2, serial="0098766", zones=("day", "night"))
COLD = replace(METER, id=3, point_id=3, serial="4521", service="cold_water", fraction=3, capacity_kw=None)
HOT = replace(COLD, id=4, point_id=4, serial="7788", service="hot_water")
MONTHLY = Usual(187_000, 21)
"""187 kWh between the month's end and the demo's day."""


def known(*counts: tuple[date, str] | tuple[date, str, Source], usual: Usual | None = MONTHLY) -> RegisterState:
    anchors = tuple(Anchor(count[0], milli(count[1]), *count[2:]) for count in counts)
    return RegisterState(anchors, usual)


def number(digits: str, meter: Meter = METER, register: int = 1) -> Given:
    return Given(meter, register, digits, milli(digits))


DEMO = {(1, 1): known((MONTH_END, "4325"))}

check = partial(rules.check, meters=(METER,), today=TODAY, day=TODAY)


def flags(verdict: Verdict) -> tuple[Flag, ...]:
    assert isinstance(verdict, Accept)
    return verdict.usages[0].flags


def reply(verdict: Verdict) -> Reply:
    assert not isinstance(verdict, Accept)
    return verdict.reply


# Ruling 5: the day that a reading is for


@pytest.mark.parametrize(
    ("named", "day"),
    [
        (None, TODAY),
        (TODAY, TODAY),
        (TODAY + DAY, TODAY),
        (TODAY + 2 * DAY, None),
        (TODAY - DAY, TODAY - DAY),
        (TODAY - 31 * DAY, TODAY - 31 * DAY),
        (TODAY - 32 * DAY, None),
    ],
)
def test_a_named_day_is_taken_up_to_a_month_back_and_a_day_ahead(named: date | None, day: date | None) -> None:
    assert verdicts.reading_day(named, today=TODAY) == day


# The demo's three answers (product.md, J3)


def test_an_ordinary_reading_is_taken_silently() -> None:
    verdict = check((number("04512"),), DEMO)
    assert verdict == Accept((Usage(number("04512"), 187_000, Anchor(MONTH_END, 4_325_000)),), TODAY)


def test_an_unusual_reading_is_asked_for() -> None:
    verdict = check((number("04912"),), DEMO)
    assert verdict == Ask(Unusual("04912", 587_000, 187_000), yes=(number("04912"),))


def test_an_impossible_reading_is_refused_and_the_likely_one_offered() -> None:
    verdict = check((number("45120"),), DEMO)
    assert verdict == Ask(Impossible("45120", 40_795_000, "04512"), yes=(number("04512"),))


# 3: zones


def test_a_missing_zone_is_asked_for() -> None:
    states = {(2, 1): known((MONTH_END, "5591")), (2, 2): known((MONTH_END, "2480"), usual=Usual(62_000, 21))}
    verdict = check((number("5778", ZONED),), states, meters=(ZONED,))
    assert verdict == Ask(ZonesWanted(("day", "night"), ("05778", "02542")))


def test_one_zone_may_be_corrected_alone_on_the_day() -> None:
    states = {(2, 1): known((MONTH_END, "5591"), (TODAY, "5787")), (2, 2): known((MONTH_END, "2480"), (TODAY, "2542"))}
    verdict = check((number("5778", ZONED),), states, meters=(ZONED,))
    assert isinstance(verdict, Accept)
    assert verdict.instead == ("05787",)


# 4: a meter that was removed


@pytest.mark.parametrize(("day", "stands"), [(date(2025, 10, 3), True), (date(2025, 10, 4), False)])
def test_a_removed_meter_takes_readings_to_its_last_day(day: date, stands: bool) -> None:
    old = replace(METER, installed=Period(date(2020, 1, 1), date(2025, 10, 4)))
    new = replace(METER, id=9, serial="7788", installed=Period(date(2025, 10, 4), None))
    verdict = check((number("4400", old),), {(1, 1): known((date(2025, 9, 30), "4325"))}, meters=(old, new), day=day)
    assert verdict == Refuse(MeterGone("0098765", date(2025, 10, 3), "7788")) if not stands else flags(verdict) == ()


# 5 and 6: the same day again


def test_the_same_number_again_changes_nothing() -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4512"))}
    verdict = check((number("04512"),), states)
    assert isinstance(verdict, Accept)
    assert verdict.repeated
    assert flags(verdict) == (Flag.REPEAT,)
    assert verdict.usages[0].used == 187_000


@pytest.mark.parametrize("second", ["04325", "04500", "04511", "04513", "04700"])
def test_another_number_the_same_day_corrects_the_first(second: str) -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4512"))}
    verdict = check((number(second),), states)
    assert isinstance(verdict, Accept)
    assert not verdict.repeated
    assert verdict.instead == ("04512",)
    assert verdict.usages[0].used == milli(second) - 4_325_000
    assert Flag.CORRECTION in flags(verdict)


def test_a_correction_is_measured_against_the_anchor_before_it() -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4512"))}
    assert reply(check((number("04912"),), states)) == Unusual("04912", 587_000, 187_000)
    assert reply(check((number("04324"),), states)) == LowerThanLast("04324", "04325", MONTH_END)


@pytest.mark.parametrize("source", [Source.AMR, Source.ACT, Source.CONTROL])
def test_a_firmer_reading_of_the_day_is_not_replaced(source: Source) -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4512", source))}
    assert reply(check((number("04513"),), states)) == BeforeControl(TODAY, "04512")
    assert isinstance(check((number("04512"),), states), Accept)


# 7: an inspector's reading


@pytest.mark.parametrize(("day", "taken"), [(19, False), (20, False), (21, True)])
def test_nothing_is_taken_up_to_an_inspectors_reading(day: int, taken: bool) -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (date(2025, 11, 20), "4490", Source.CONTROL))}
    verdict = check((number("04500"),), states, day=date(2025, 11, day))
    assert isinstance(verdict, Accept) if taken else reply(verdict) == BeforeControl(date(2025, 11, 20), "04490")


# 8: past zero


@pytest.mark.parametrize(
    ("last", "digits", "used"),
    [("99990", "00012", 22_000), ("99999", "00000", 1_000), ("99000", "00500", 1_500_000)],
)
def test_a_rollover_within_the_jump_limit_is_silent(last: str, digits: str, used: int) -> None:
    verdict = check((number(digits),), {(1, 1): known((MONTH_END, last))})
    assert isinstance(verdict, Accept)
    assert verdict.usages[0].used == used
    assert flags(verdict)[0] == Flag.ROLLOVER


@pytest.mark.parametrize(("digits", "silent"), [("01859", True), ("01860", True), ("01861", False)])
def test_a_rollover_above_the_jump_limit_is_asked_for(digits: str, silent: bool) -> None:
    verdict = check((number(digits),), {(1, 1): known((MONTH_END, "99990"))})
    if silent:
        assert flags(verdict)[0] == Flag.ROLLOVER
        return
    assert verdict == Ask(RolledOver("01861", "99990", 1_871_000), yes=(number("01861"),))
    confirmed = check((number(digits),), {(1, 1): known((MONTH_END, "99990"))}, confirmed=True)
    assert flags(confirmed) == (Flag.ROLLOVER, Flag.UNUSUAL)


@pytest.mark.parametrize(("last", "rolls"), [("89999", False), ("90000", True)])
def test_only_a_count_near_the_end_of_the_wheel_rolls_over(last: str, rolls: bool) -> None:
    states = {(1, 1): known((date(2025, 1, 31), last))}
    meter = replace(METER, capacity_kw=None)
    verdict = check((number("40000", meter),), states)
    assert isinstance(reply(verdict), RolledOver if rolls else LowerThanLast)


def test_a_rollover_beyond_the_line_is_a_lower_count() -> None:
    verdict = check((number("07551"),), {(1, 1): known((MONTH_END, "99990"))})
    assert verdict == Refuse(LowerThanLast("07551", "99990", MONTH_END))  # 7561 kWh; 15 kW carry 7560 in 21 days


# 9 and 10: another meter, another zone

WATER = {
    (3, 1): known((MONTH_END, "310"), usual=Usual(4_000, 21)),
    (4, 1): known((MONTH_END, "120"), usual=Usual(3_000, 21)),
}


def test_a_smaller_count_that_fits_another_meter_is_asked_for_there() -> None:
    verdict = check((number("00314"),), DEMO | WATER, meters=(METER, COLD, HOT))
    assert verdict == Ask(OtherMeter("00314", "cold_water", "4521"), yes=(number("00314", COLD),))
    again = check((number("00314", COLD),), DEMO | WATER, meters=(METER, COLD, HOT), confirmed=True)
    assert isinstance(again, Accept)


def test_of_several_other_meters_the_likeliest_is_asked_for() -> None:
    near = WATER | {(4, 1): known((MONTH_END, "312"), usual=Usual(3_000, 21))}
    verdict = check((number("00316"),), DEMO | near, meters=(METER, COLD, HOT))
    assert reply(verdict) == OtherMeter("00316", "hot_water", "7788")


def test_swapped_zones_are_noticed() -> None:
    states = {(2, 1): known((MONTH_END, "5591")), (2, 2): known((MONTH_END, "2480"), usual=Usual(62_000, 21))}
    verdict = check((number("2542", ZONED), number("5778", ZONED, 2)), states, meters=(ZONED,))
    right = (number("5778", ZONED), number("2542", ZONED, 2))
    assert verdict == Ask(ZonesSwapped((("day", "5778"), ("night", "2542"))), yes=right)
    assert isinstance(check(right, states, meters=(ZONED,), confirmed=True), Accept)


def test_three_zones_are_put_in_the_order_that_fits() -> None:
    meter = replace(ZONED, zones=("peak", "halfpeak", "night"))
    states = {(2, n): known((MONTH_END, last)) for n, last in enumerate(("1000", "5000", "9000"), 1)}
    given = (number("9100", meter), number("1100", meter, 2), number("5100", meter, 3))
    placed = (("peak", "1100"), ("halfpeak", "5100"), ("night", "9100"))
    assert reply(check(given, states, meters=(meter,))) == ZonesSwapped(placed)


def test_swapped_water_meters_are_noticed() -> None:
    verdict = check((number("124", COLD), number("314", HOT)), WATER, meters=(COLD, HOT))
    assert verdict == Ask(
        ZonesSwapped((("cold", "314"), ("hot", "124"))), yes=(number("314", COLD), number("124", HOT))
    )


# 11: smaller than before


@pytest.mark.parametrize(("digits", "taken"), [("04324", False), ("04325", True), ("04326", True)])
def test_a_smaller_count_is_refused(digits: str, taken: bool) -> None:
    verdict = check((number(digits),), DEMO)
    assert isinstance(verdict, Accept) if taken else verdict == Refuse(LowerThanLast(digits, "04325", MONTH_END))


@pytest.mark.parametrize(("tries", "person"), [(0, False), (1, False), (2, True), (3, True)])
def test_from_the_third_refusal_on_a_person_takes_over(tries: int, person: bool) -> None:
    verdict = check((number("04112"),), DEMO, tries=tries)
    assert reply(verdict) == LowerThanLast("04112", "04325", MONTH_END, handed_over=person)


@pytest.mark.parametrize(("digits", "taken"), [("04325", True), ("04450", True), ("04512", True), ("04513", False)])
def test_a_reading_of_a_past_day_lies_between_its_neighbours(digits: str, taken: bool) -> None:
    later = date(2025, 11, 20)
    states = {(1, 1): known((MONTH_END, "4325"), (later, "4512"))}
    verdict = check((number(digits),), states, day=date(2025, 11, 19))
    assert isinstance(verdict, Accept) if taken else reply(verdict) == HigherThanLater(digits, "04512", later)


# 12: the sum of the zones


@pytest.mark.parametrize(
    ("total", "differs"), [("8318", True), ("8319", False), ("8320", False), ("8321", False), ("8322", True)]
)
def test_zones_add_up_to_the_total(total: str, differs: bool) -> None:
    meter = replace(ZONED, zones=("total", "day", "night"))
    states = {
        (2, 1): known((MONTH_END, "8071")),
        (2, 2): known((MONTH_END, "5591")),
        (2, 3): known((MONTH_END, "2480")),
    }
    given = (number(total, meter), number("5778", meter, 2), number("2542", meter, 3))
    verdict = check(given, states, meters=(meter,))
    assert reply(verdict) == SumDiffers("08320", total) if differs else isinstance(verdict, Accept)
    if differs:
        assert reply(check(given, states, meters=(meter,), confirmed=True)) == SumDiffers("08320", total)
