"""Where the numbers of a message belong (billing.md section 6, checks 1 to 4; ruling 7)."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from core.basics.money import milli
from core.basics.periods import Period
from core.commands import Named, SubmitReading, Unclear
from core.messages import (
    ConfirmReading,
    MeterGone,
    MeterUnknown,
    NoMeter,
    NotUnderstoodTold,
    OtherMeter,
    ReadingWanted,
    Reply,
    TooManyDigits,
    WhichMeter,
    ZonesWanted,
)
from core.metering import placing
from core.metering.model import Anchor, Given, Meter, RegisterKey, RegisterState, Usual
from core.metering.placing import Placed
from core.metering.verdicts import Ask, Refuse

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
THREE = replace(ZONED, id=5, zones=("peak", "night", "halfpeak"))
COLD = replace(METER, id=3, point_id=3, serial="12344521", service="cold_water", fraction=3, capacity_kw=None)
HOT = replace(COLD, id=4, point_id=4, serial="12347788", service="hot_water")


def known(count: str, used: str) -> RegisterState:
    return RegisterState((Anchor(MONTH_END, milli(count)),), Usual(milli(used), 21))


STATES: dict[RegisterKey, RegisterState] = {
    (1, 1): known("4325", "187"),
    (2, 1): known("5591", "187"),
    (2, 2): known("2480", "62"),
    (3, 1): known("310.5", "4"),
    (4, 1): known("120", "3"),
}

place = partial(placing.place, states=STATES, day=TODAY)


def said(*values: tuple[str, str] | tuple[str, str, str], meter: str | None = None) -> SubmitReading:
    return SubmitReading(tuple(Named(*value) for value in values), meter=meter)


def number(digits: str, meter: Meter = METER, register: int = 1) -> Given:
    return Given(meter, register, digits, milli(digits))


def reply(result: Placed | Ask | Refuse) -> Reply:
    assert not isinstance(result, Placed)
    return result.reply


# 2: digits and decimals


@pytest.mark.parametrize(
    ("digits", "written", "value"),
    [
        ("04512", "04512", 4_512_000),
        ("4512", "4512", 4_512_000),
        ("0", "0", 0),
        ("99999", "99999", 99_999_000),
        ("0004512", "0004512", 4_512_000),
        ("4512.7", "4512", 4_512_000),
        ("4512.79", "4512", 4_512_000),
    ],
)
def test_one_or_two_decimals_are_cut_on_a_meter_without_them(digits: str, written: str, value: int) -> None:
    assert place(said(("total", digits)), (METER,)) == Placed((Given(METER, 1, written, value),))


@pytest.mark.parametrize("digits", ["4512.798", "4512.000", "12.345", "1.2345"])
def test_three_decimals_are_asked_for(digits: str) -> None:
    told = NotUnderstoodTold(Unclear.TOO_MANY_DECIMALS, digits, "04512")
    assert place(said(("total", digits)), (METER,)) == Ask(told)


@pytest.mark.parametrize(
    ("fraction", "digits", "written", "value"),
    [
        (1, "314.7", "314.7", 314_700),
        (1, "314.79", "314.7", 314_700),
        (2, "314.79", "314.79", 314_790),
        (3, "314.798", "314.798", 314_798),
        (3, "314.7", "314.7", 314_700),
        (3, "314", "314", 314_000),
    ],
)
def test_the_decimals_of_the_meter_are_kept(fraction: int, digits: str, written: str, value: int) -> None:
    meter = replace(COLD, fraction=fraction)
    assert place(said(("total", digits)), (meter,)) == Placed((Given(meter, 1, written, value),))


@pytest.mark.parametrize(("fraction", "digits"), [(1, "314.798"), (2, "314.798"), (3, "314.7981")])
def test_more_decimals_than_the_meter_has_and_than_two_are_asked_for(fraction: int, digits: str) -> None:
    asked = reply(place(said(("total", digits)), (replace(COLD, fraction=fraction),)))
    assert isinstance(asked, NotUnderstoodTold)
    assert asked.reason is Unclear.TOO_MANY_DECIMALS


@pytest.mark.parametrize(("digits", "fits"), [("99999", True), ("100000", False), ("451234", False), ("099999", True)])
def test_more_digits_than_the_meter_shows_are_asked_for(digits: str, fits: bool) -> None:
    result = place(said(("total", digits)), (METER,))
    assert isinstance(result, Placed) if fits else result == Ask(TooManyDigits(digits, 5, "04512"))


@pytest.mark.parametrize("digits", ["", ".", "1.", ".5", "-5", "1e3", "4 512", "45x2", "٣", "NaN", "9" * 41])
def test_what_is_no_number_is_asked_for(digits: str) -> None:
    assert place(said(("total", digits)), (METER,)) == Ask(NotUnderstoodTold(Unclear.NOT_DIGITS, digits, "04512"))


# 3: zones by name and number


@pytest.mark.parametrize(
    "names", [("day", "night"), ("t1", "t2"), ("T1", "T2"), ("1", "2"), ("peak", "offpeak"), ("day", "offpeak")]
)
def test_two_zones_by_any_of_their_names(names: tuple[str, str]) -> None:
    placed = Placed((number("5778", ZONED), number("2542", ZONED, 2)))
    assert place(said((names[0], "5778"), (names[1], "2542")), (ZONED,)) == placed
    swapped = place(said((names[1], "2542"), (names[0], "5778")), (ZONED,))
    assert swapped == Placed(placed.given[::-1])


def test_t1_to_t3_are_the_zones_in_the_order_of_the_meter() -> None:
    result = place(said(("t1", "10"), ("t2", "20"), ("t3", "30")), (THREE,))
    assert result == place(said(("peak", "10"), ("night", "20"), ("halfpeak", "30")), (THREE,))
    assert isinstance(result, Placed)
    assert [it.register for it in result.given] == [1, 2, 3]


@pytest.mark.parametrize(
    "values",
    [
        (("total", "5778"),),
        (("day", "5778"),),
        (("night", "2542"),),
        (("total", "5778"), ("total", "2542")),
        (("day", "5778"), ("night", "2542"), ("t3", "1")),
        (("day", "5778"), ("peak", "2542")),
        (("day", "5778"), ("halfpeak", "2542")),
    ],
)
def test_missing_and_unknown_zones_are_asked_for(values: tuple[tuple[str, str], ...]) -> None:
    asked = place(said(*values), (ZONED,))
    assert isinstance(asked, Ask)
    assert asked.reply in (
        ZonesWanted(("day", "night"), ("05778", "02542")),
        NotUnderstoodTold(Unclear.SEVERAL_NUMBERS, "5778 2542", "05778"),
    )


def test_one_zone_is_enough_where_the_other_was_read_on_the_day() -> None:
    night = RegisterState((Anchor(MONTH_END, milli("2480")), Anchor(TODAY, milli("2542"))))
    result = placing.place(said(("day", "5778")), (ZONED,), STATES | {(2, 2): night}, day=TODAY)
    assert result == Placed((number("5778", ZONED),))


def test_the_total_beside_zones_may_be_left_out() -> None:
    meter = replace(ZONED, zones=("total", "day", "night"))
    states = {(2, 1): known("8071", "249"), (2, 2): known("5591", "187"), (2, 3): known("2480", "62")}
    zones = (number("5778", meter, 2), number("2542", meter, 3))
    fully = said(("total", "8320"), ("day", "5778"), ("night", "2542"))
    assert placing.place(said(("day", "5778"), ("t2", "2542")), (meter,), states, day=TODAY) == Placed(zones)
    assert placing.place(fully, (meter,), states, day=TODAY) == Placed((number("8320", meter), *zones))


def test_the_same_number_twice_is_one_and_two_numbers_for_one_register_are_asked_for() -> None:
    assert place(said(("total", "04512"), ("total", "04512")), (METER,)) == Placed((number("04512"),))
    told = NotUnderstoodTold(Unclear.SEVERAL_NUMBERS, "04512 04513", "04512")
    assert place(said(("total", "04512"), ("total", "04513")), (METER,)) == Ask(told)


@pytest.mark.parametrize("name", ["t1", "1", "total", "electricity"])
def test_the_only_register_has_several_names(name: str) -> None:
    assert place(said((name, "04512")), (METER,)) == Placed((number("04512"),))


@pytest.mark.parametrize("name", ["day", "night", "t2", "2", "cold", "gas", "nonsense", ""])
def test_a_name_that_the_only_meter_does_not_have_is_asked_for(name: str) -> None:
    assert place(said((name, "04512")), (METER,)) == Ask(ConfirmReading("04512"), yes=(number("04512"),))


def test_zones_of_a_meter_without_them_are_asked_for() -> None:
    told = NotUnderstoodTold(Unclear.SEVERAL_NUMBERS, "5778 2542", "04512")
    assert place(said(("day", "5778"), ("night", "2542")), (METER,)) == Ask(told)


# 4 and serials


@pytest.mark.parametrize("serial", ["0098765", "98765", "8765", "*8765", "№0098765"])
def test_a_meter_is_named_by_its_serial_or_its_end(serial: str) -> None:
    placed = Placed((number("04512"),))
    assert place(said(("total", "04512"), meter=serial), (METER, ZONED, COLD)) == placed
    assert place(said(("total", "04512", serial)), (METER, ZONED, COLD)) == placed


@pytest.mark.parametrize("serial", ["765", "1234", "555", "00987655"])
def test_a_serial_that_is_not_on_the_account_is_said_so(serial: str) -> None:
    assert place(said(("total", "04512"), meter=serial), (METER, ZONED, COLD, HOT)) == Refuse(MeterUnknown(serial))


def test_the_serial_of_a_removed_meter_is_explained() -> None:
    old = replace(METER, id=8, serial="0077777", installed=Period(date(2010, 1, 1), date(2025, 10, 4)))
    told = MeterGone("0077777", date(2025, 10, 3), "0098765")
    assert place(said(("total", "04512"), meter="0077777"), (old, METER)) == Refuse(told)
    assert place(said(("total", "04512"), meter="77777"), (old, METER)) == Refuse(told)
    assert place(said(("total", "04512")), (old, METER)) == Placed((number("04512"),))
    assert place(said(("total", "04512")), (old,)) == Refuse(MeterGone("0077777", date(2025, 10, 3), None))


def test_a_reading_of_a_day_when_the_old_meter_stood_is_for_the_old_meter() -> None:
    old = replace(METER, id=8, serial="0077777", installed=Period(date(2010, 1, 1), date(2025, 11, 4)))
    new = replace(METER, installed=Period(date(2025, 11, 4), None))
    result = placing.place(said(("total", "04512")), (old, new), STATES, day=date(2025, 11, 3))
    assert result == Placed((number("04512", old),))


def test_an_account_without_meters_is_told_so() -> None:
    assert place(said(("total", "04512")), ()) == Refuse(NoMeter())
    assert place(said(), ()) == Refuse(NoMeter())


# 1: several meters


@pytest.mark.parametrize(("name", "meter"), [("cold", COLD), ("hot", HOT), ("electricity", METER), ("12347788", HOT)])
def test_a_service_or_a_serial_tells_the_meter(name: str, meter: Meter) -> None:
    assert place(said((name, "321")), (METER, COLD, HOT)) == Placed((number("321", meter),))


def test_each_number_goes_to_the_meter_that_it_names() -> None:
    result = place(said(("hot", "123"), ("cold", "314.9"), ("electricity", "4512")), (METER, COLD, HOT))
    assert result == Placed((number("123", HOT), number("314.9", COLD), number("4512", METER)))


@pytest.mark.parametrize(
    ("digits", "meter"), [("04512", METER), ("00314.9", COLD), ("00123", HOT)], ids=["electricity", "cold", "hot"]
)
def test_a_bare_number_that_fits_one_meter_is_proposed_there(digits: str, meter: Meter) -> None:
    asked = OtherMeter(digits, meter.service, meter.serial)
    assert place(said(("total", digits)), (METER, COLD, HOT)) == Ask(asked, yes=(number(digits, meter),))


def test_a_bare_number_that_fits_none_or_several_meters_asks_which() -> None:
    choices = (("electricity", "8765"), ("cold_water", "4521"), ("hot_water", "7788"))
    for digits in ("77777", "0"):
        each = tuple((number(digits, meter),) for meter in (METER, COLD, HOT))
        assert place(said(("total", digits)), (METER, COLD, HOT)) == Ask(WhichMeter(digits, choices), choices=each)


def test_a_number_that_only_one_meter_can_show_goes_there() -> None:
    long = replace(METER, digits=6)
    assert place(said(("total", "777777")), (long, COLD, HOT)) == Placed((number("777777", long),))


@pytest.mark.parametrize("names", [("total", "total"), ("1", "2"), ("2", "1")])
def test_bare_numbers_for_several_meters_ask_for_the_meter_of_the_first(names: tuple[str, str]) -> None:
    asked = place(said((names[0], "314"), (names[1], "123")), (COLD, HOT))
    choices = (("cold_water", "4521"), ("hot_water", "7788"))
    right, crossed = (number("314", COLD), number("123", HOT)), (number("314", HOT), number("123", COLD))
    assert asked == Ask(WhichMeter("314", choices), choices=(right, crossed))


def test_a_bare_number_beside_a_named_one_is_proposed_where_it_fits() -> None:
    asked = place(said(("hot", "123"), ("total", "314")), (METER, COLD, HOT))
    proposed = (number("123", HOT), number("314", COLD))
    assert asked == Ask(OtherMeter("314", "cold_water", "12344521"), yes=proposed)


def test_bare_numbers_for_the_zones_of_one_of_several_meters_are_asked_for_by_name() -> None:
    wanted = ZonesWanted(("day", "night"), ("05778", "02542"))
    assert place(said(("total", "5778"), ("total", "2542")), (ZONED, COLD)) == Ask(wanted)


def test_bare_numbers_that_do_not_fit_ask_for_the_meter_of_the_first() -> None:
    asked = place(said(("total", "77777"), ("total", "88888")), (COLD, HOT))
    first, second = (
        (number("77777", COLD), number("88888", HOT)),
        (number("77777", HOT), number("88888", COLD)),
    )
    choices = (("cold_water", "4521"), ("hot_water", "7788"))
    assert asked == Ask(WhichMeter("77777", choices), choices=(first, second))


def test_a_bare_number_that_may_lack_its_zone_asks_for_the_zones() -> None:
    wanted = ZonesWanted(("day", "night"), ("05778", "02542"))
    assert place(said(("total", "5778")), (ZONED, COLD)) == Ask(wanted)
    assert isinstance(reply(place(said(("total", "314")), (ZONED, COLD))), OtherMeter)


def test_a_service_that_the_account_lacks_asks_which_meter() -> None:
    asked = reply(place(said(("gas", "123")), (COLD, HOT)))
    assert asked == WhichMeter("123", (("cold_water", "4521"), ("hot_water", "7788")))


# No number


@pytest.mark.parametrize(
    ("meters", "named", "wanted"),
    [
        ((METER,), None, ReadingWanted(("04512",), ("total",))),
        ((ZONED,), None, ReadingWanted(("05778", "02542"), ("day", "night"))),
        ((METER, COLD), "4521", ReadingWanted(("00314",), ("total",))),
        ((METER, COLD), "9999", MeterUnknown("9999")),
    ],
)
def test_without_a_number_one_is_asked_for(meters: tuple[Meter, ...], named: str | None, wanted: Reply) -> None:
    assert reply(place(said(meter=named), meters)) == wanted
