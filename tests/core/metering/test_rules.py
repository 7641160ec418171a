"""What is taken, what it carries, and how a yes is met (billing.md section 6, checks 13 to 17)."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from core.basics.money import milli
from core.basics.periods import DAY, Month, Period
from core.messages import BeforeControl, ConfirmReading, Impossible, LowerThanLast, Reply, Unusual
from core.metering import rules
from core.metering.expecting import Limits
from core.metering.model import Anchor, Given, Meter, RegisterKey, RegisterState, Source, Usual
from core.metering.verdicts import Accept, Ask, Flag, Refuse, Verdict

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
MONTHLY = Usual(187_000, 21)
"""187 kWh between the month's end and the demo's day."""


def known(*counts: tuple[date, str] | tuple[date, str, Source], usual: Usual | None = MONTHLY) -> RegisterState:
    anchors = tuple(Anchor(count[0], milli(count[1]), *count[2:]) for count in counts)
    return RegisterState(anchors, usual)


def number(digits: str, meter: Meter = METER, register: int = 1) -> Given:
    return Given(meter, register, digits, milli(digits))


DEMO = {(1, 1): known((MONTH_END, "4325"))}
ZONES: dict[RegisterKey, RegisterState] = {
    (2, 1): known((MONTH_END, "5591")),
    (2, 2): known((MONTH_END, "2480"), usual=Usual(62_000, 21)),
}

check = partial(rules.check, meters=(METER,), today=TODAY, day=TODAY)


def flags(verdict: Verdict) -> tuple[Flag, ...]:
    assert isinstance(verdict, Accept)
    return verdict.usages[0].flags


def reply(verdict: Verdict) -> Reply:
    assert not isinstance(verdict, Accept)
    return verdict.reply


# 13: jumps


@pytest.mark.parametrize(("digits", "taken"), [("04791", True), ("04792", True), ("04793", False)])
def test_a_use_above_the_unusual_limit_is_asked_for(digits: str, taken: bool) -> None:
    verdict = check((number(digits),), DEMO)  # 250 % of 187 is 467.5
    assert isinstance(verdict, Accept) if taken else isinstance(reply(verdict), Unusual)


@pytest.mark.parametrize(("digits", "taken"), [("04475", True), ("04476", False)])
def test_a_use_up_to_a_months_norm_is_never_unusual(digits: str, taken: bool) -> None:
    verdict = check((number(digits),), {(1, 1): known((MONTH_END, "4325"), usual=Usual(10_000, 365))})
    assert isinstance(verdict, Accept) if taken else reply(verdict) == Unusual(digits, 151_000, 600)


@pytest.mark.parametrize(("digits", "taken"), [("04587", True), ("04588", False)])
def test_without_a_history_the_norm_is_usual(digits: str, taken: bool) -> None:
    verdict = check((number(digits),), {(1, 1): known((MONTH_END, "4325"), usual=None)})
    # 150 kWh a month are 105 in 21 days; 250 % of them is 262.5
    assert isinstance(verdict, Accept) if taken else reply(verdict) == Unusual(digits, 263_000, 105_000)


def test_a_service_without_a_norm_is_asked_for_only_once_it_has_a_history() -> None:
    heat = replace(METER, service="heat", capacity_kw=None)
    assert isinstance(check((number("99999", heat),), {(1, 1): known((MONTH_END, "4325"), usual=None)}), Accept)
    assert isinstance(reply(check((number("99999", heat),), DEMO)), Unusual)


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize(("digits", "possible"), [("11884", True), ("11885", True), ("11886", False)])
def test_nothing_above_what_the_line_carries_is_taken(digits: str, possible: bool, confirmed: bool) -> None:
    verdict = check((number(digits),), DEMO, confirmed=confirmed)  # 15 kW x 24 h x 21 days = 7560 kWh
    assert isinstance(verdict, Accept) == (possible and confirmed)
    assert possible or isinstance(reply(verdict), Impossible)


@pytest.mark.parametrize(
    ("multiplier", "digits", "possible"),
    [(1000, "39101", True), (1000, "39102", False), (60_000, "39101", True), (60_000, "39102", False)],
)
def test_a_line_of_unknown_capacity_has_its_meters_limit(multiplier: int, digits: str, possible: bool) -> None:
    meter = replace(METER, capacity_kw=None, multiplier=multiplier)
    verdict = check((number(digits, meter),), DEMO, confirmed=True)  # 69 kW x 24 h x 21 days = 34776 kWh
    assert isinstance(verdict, Accept) == possible


def test_the_multiplier_counts() -> None:
    meter = replace(METER, multiplier=60_000, capacity_kw=None)
    states = {(1, 1): known((MONTH_END, "4325"), usual=Usual(120_000, 21))}
    verdict = check((number("4327", meter),), states)
    assert isinstance(verdict, Accept)
    assert verdict.usages[0].used == 120_000


def test_a_yes_takes_the_unusual_number_and_flags_it() -> None:
    asked = check((number("04912"),), DEMO)
    assert isinstance(asked, Ask)
    taken = check(asked.yes, DEMO, confirmed=True)
    assert flags(taken) == (Flag.UNUSUAL,)


def test_a_yes_to_the_offered_number_takes_that_one() -> None:
    asked = check((number("45120"),), DEMO)
    assert isinstance(asked, Ask)
    taken = check(asked.yes, DEMO, confirmed=True)
    assert isinstance(taken, Accept)
    assert [usage.given for usage in taken.usages] == [number("04512")]


def test_all_doubtful_zones_are_named_in_one_question() -> None:
    verdict = check((number("6591", ZONED), number("3480", ZONED, 2)), ZONES, meters=(ZONED,))
    assert verdict == Ask(
        Unusual("6591 3480", 2_000_000, 249_000), yes=(number("6591", ZONED), number("3480", ZONED, 2))
    )


def test_what_a_yes_could_not_save_is_said_at_once() -> None:
    verdict = check((number("99000", ZONED), number("2000", ZONED, 2)), ZONES, meters=(ZONED,))
    assert verdict == Refuse(LowerThanLast("2000", "02480", MONTH_END))


# A number read with some doubt


def test_a_doubtful_number_is_asked_for_where_nothing_else_is() -> None:
    assert check((number("04512"),), DEMO, doubtful=True) == Ask(ConfirmReading("04512"), yes=(number("04512"),))
    assert isinstance(check((number("04512"),), DEMO, doubtful=True, confirmed=True), Accept)
    assert isinstance(reply(check((number("04912"),), DEMO, doubtful=True)), Unusual)
    repeated = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4512"))}
    assert isinstance(check((number("04512"),), repeated, doubtful=True), Accept)


# 14: drops


@pytest.mark.parametrize(("digits", "flagged"), [("04325", True), ("04326", False), ("04343", False), ("04344", False)])
def test_one_low_period_is_no_drop_but_no_use_is(digits: str, flagged: bool) -> None:
    states = {(1, 1): known((date(2025, 9, 30), "4000"), (MONTH_END, "4325"))}
    assert (Flag.DROP in flags(check((number(digits),), states))) == flagged


@pytest.mark.parametrize(("digits", "flagged"), [("04326", True), ("04343", True), ("04344", False)])
def test_two_low_periods_are_a_drop(digits: str, flagged: bool) -> None:
    states = {(1, 1): known((date(2025, 9, 30), "4310"), (MONTH_END, "4325"))}  # a tenth of 187 is 18.7
    assert (Flag.DROP in flags(check((number(digits),), states))) == flagged


# 15 and 16: the window


@pytest.mark.parametrize(
    ("day", "early", "late"),
    [(1, True, False), (14, True, False), (15, False, False), (25, False, False), (26, False, True), (30, False, True)],
)
def test_readings_about_the_window_are_taken_and_said_so(day: int, early: bool, late: bool) -> None:
    on = date(2025, 11, day)
    verdict = check((number("04400"),), DEMO, today=on, day=on, window=(15, 25))
    assert isinstance(verdict, Accept)
    assert verdict.early_for == (Month(2025, 11) if early else None)
    assert verdict.late_for == (Month(2025, 11) if late else None)
    assert (Flag.EARLY in flags(verdict), Flag.LATE in flags(verdict)) == (early, late)


def test_a_reading_for_a_past_month_is_late_until_its_bill_is_issued() -> None:
    after = date(2025, 12, 1)
    said = partial(check, (number("04512"),), DEMO, today=after, day=after - DAY, window=(15, 25))
    late, billed = said(billed_through=MONTH_END), said(billed_through=after - DAY)
    assert isinstance(late, Accept)
    assert isinstance(billed, Accept)
    assert (late.late_for, billed.late_for, billed.early_for) == (Month(2025, 11), None, None)


def test_a_reading_of_a_day_before_the_window_that_comes_after_it_is_late() -> None:
    verdict = check((number("04400"),), DEMO, today=date(2025, 11, 28), day=date(2025, 11, 10), window=(15, 25))
    assert isinstance(verdict, Accept)
    assert (verdict.late_for, verdict.early_for) == (Month(2025, 11), None)


def test_without_a_window_no_day_is_early_or_late() -> None:
    assert flags(check((number("04400"),), DEMO, today=date(2025, 11, 30))) == ()


# 17: the verification


@pytest.mark.parametrize(("until", "expired"), [(TODAY - DAY, True), (TODAY, False), (None, False)])
def test_a_meter_out_of_verification_is_read_and_flagged(until: date | None, expired: bool) -> None:
    verdict = check((number("04512", replace(METER, verified_until=until)),), DEMO)
    assert isinstance(verdict, Accept)
    assert verdict.unverified_since == (until if expired else None)
    assert (Flag.UNVERIFIED in flags(verdict)) == expired


# A register without a past, and the order of the checks


def test_the_first_count_is_taken_whatever_it_is() -> None:
    verdict = check((number("99999"),), {})
    assert flags(verdict) == (Flag.FIRST,)
    assert isinstance(verdict, Accept)
    assert verdict.usages[0].used == 0


def test_the_earlier_check_decides() -> None:
    states = {(1, 1): known((MONTH_END, "4325"), (TODAY, "4400", Source.CONTROL))}
    assert reply(check((number("04112"),), states)) == BeforeControl(TODAY, "04400")  # 7 before 11
    assert reply(check((number("45120"),), states)) == BeforeControl(TODAY, "04400")  # 7 before 13


def test_limits_are_configured() -> None:
    strict = Limits(unusual_percent=100, unusual_norms=0)
    assert isinstance(reply(check((number("04513"),), DEMO, limits=strict)), Unusual)
    assert isinstance(check((number("04512"),), DEMO, limits=strict), Accept)


@pytest.mark.parametrize("given", [(), (number("1"), number("2"))])
def test_a_reading_has_one_number_a_register(given: tuple[Given, ...]) -> None:
    with pytest.raises(ValueError, match="number"):
        check(given, DEMO)
