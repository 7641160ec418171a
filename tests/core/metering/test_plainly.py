"""A plain reading taken at once: what comes out is what placing and the checks say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.basics.periods import DAY, Period
from core.commands import Named, SubmitReading
from core.metering import placing, plainly, rules
from core.metering.model import Anchor, Meter, RegisterState, Source, Usual
from core.metering.placing import Placed
from core.metering.verdicts import Accept, Ask, Refuse
from core.records import Doubt
from tests.conftest import EXAMPLES
from tests.core.metering.test_laws import TODAY, States, accounts, meters, registers

METER = Meter(
    1, 1, 1, "0098765", "", "electricity", "FLAT", 5, 0, 1000, 15_000, ("total",), Period(date(2020, 1, 1), None)
)
STATES = {(1, 1): RegisterState((Anchor(date(2025, 10, 24), 4_325_000),), Usual(2_244_000, 365))}
PLAIN = SubmitReading((Named("total", "04512"),))
DETAILS: dict[str, Any] = {"today": TODAY, "day": TODAY}


def checked(
    command: SubmitReading, found: tuple[Meter, ...], states: States, details: dict[str, Any]
) -> Accept | Ask | Refuse:
    placed = placing.place(command, found, states, day=details["day"])
    if not isinstance(placed, Placed):
        return placed
    return rules.check(placed.given, states, found, doubtful=command.doubt is not None, tries=2, **details)


@st.composite
def lone(draw: st.DrawFn) -> tuple[tuple[Meter, ...], States]:
    """One meter with one register, read a few times."""
    meter = replace(draw(meters(1)), zones=("total",), verified_until=draw(st.sampled_from([None, None, TODAY - DAY])))
    span = Period(TODAY - timedelta(9), draw(st.sampled_from([None, TODAY])))
    told = draw(st.sampled_from(["", "", "", "multipliers", "doubts", "no doubts"]))
    if told == "multipliers":
        meter = replace(meter, multipliers=((span, 40_000),))
    elif told:
        meter = replace(meter, doubts=((span, Doubt.SEAL),) if told == "doubts" else ())
    return (meter,), {(1, 1): draw(registers(meter))} if draw(st.integers(0, 9)) else {}


@st.composite
def ordinary(draw: st.DrawFn) -> tuple[tuple[Meter, ...], States]:
    """The same without anything odd, and with ordinary use."""
    meter = replace(
        METER,
        fraction=draw(st.integers(0, 3)),
        multiplier=draw(st.sampled_from([1000, 1500, 20_000])),
        capacity_kw=draw(st.sampled_from([None, 15_000, 500])),
        service=draw(st.sampled_from(["electricity", "gas", "heat"])),
        verified_until=draw(st.sampled_from([None, TODAY + DAY])),
    )
    ends = (TODAY - timedelta(draw(st.sampled_from([0, 1, 20, 27, 30, 31, 62]))), draw(st.integers(0, 99_000)) * 1000)
    earlier = (ends[0] - timedelta(30), max(0, ends[1] - 150_000))
    anchors = tuple(Anchor(day, value) for day, value in (earlier, ends))
    usual = draw(st.none() | st.builds(Usual, st.integers(0, 6_000_000), st.just(365)))
    return (meter,), {(1, 1): RegisterState(anchors, usual)}


@st.composite
def commands(draw: st.DrawFn, states: States) -> SubmitReading:
    """A number near the last count, or any, with or without what makes it no plain one."""
    last = next((one.last for one in states.values() if one.last), None)
    whole = 0 if last is None else last.value // 1000
    number = max(
        0, draw(st.one_of(st.integers(whole - 30, whole + 900), st.integers(whole, whole + 300), st.integers(0, 10**6)))
    )
    digits = str(number).zfill(draw(st.integers(0, 6))) + draw(st.sampled_from(["", "", "", "", ".5", ".123"]))
    plain = SubmitReading((Named("total", digits),))
    match draw(st.integers(0, 15)):
        case 1:
            return replace(plain, values=(Named(draw(st.sampled_from(["t1", "day", "cold"])), digits),))
        case 2:
            return replace(plain, values=(Named("total", digits, draw(st.sampled_from(["98765", "4521"]))),))
        case 3:
            return replace(plain, values=plain.values * draw(st.sampled_from([0, 2])))
        case 4:
            return replace(plain, meter="98765")
        case 5:
            return replace(plain, doubt="typo")
        case _:
            return plain


def details(draw: st.DataObject) -> dict[str, Any]:
    return {
        "today": TODAY,
        "day": TODAY - timedelta(days=draw.draw(st.sampled_from([0, 0, 0, 0, 1, 20]))),
        "window": draw.draw(st.sampled_from([None, (15, 25), (1, 31), (23, 26), (2, 9)])),
        "billed_through": draw.draw(st.sampled_from([None, date(2025, 10, 31)])),
        "next_period": draw.draw(st.booleans()),
    }


def agree(command: SubmitReading, found: tuple[Meter, ...], states: States, details: dict[str, Any]) -> None:
    taken = plainly.taken(command, found, states, **details)
    event(f"plain: {taken is not None}")
    if taken is not None:
        assert taken == checked(command, found, states, details)


@settings(max_examples=EXAMPLES * 2)
@given(ordinary(), st.integers(-30, 900), st.data())
def test_both_ways_take_the_same(known: tuple[tuple[Meter, ...], States], use: int, data: st.DataObject) -> None:
    found, states = known
    last = states[1, 1].last
    assert last is not None
    digits = str(max(0, last.value // 1000 + use)).zfill(data.draw(st.integers(0, 6)))
    agree(SubmitReading((Named("total", digits),)), found, states, details(data))


@settings(max_examples=EXAMPLES * 2)
@given(st.one_of(ordinary(), lone(), accounts()), st.data())
def test_both_ways_take_the_same_of_anything(known: tuple[tuple[Meter, ...], States], data: st.DataObject) -> None:
    found, states = known
    agree(data.draw(commands(states)), found, states, details(data))


def test_a_plain_reading_is_plain() -> None:
    taken = plainly.taken(PLAIN, (METER,), STATES, **DETAILS)
    assert taken == checked(PLAIN, (METER,), STATES, DETAILS)
    assert taken is not None
    assert taken.usages[0].used == 187_000


@pytest.mark.parametrize(
    ("change", "digits"),
    [
        ({"zones": ("day", "night")}, "04512"),
        ({"installed": Period(date(2020, 1, 1), TODAY)}, "04512"),
        ({"verified_until": TODAY - DAY}, "04512"),
        ({"multipliers": ((Period(TODAY, None), 2000),)}, "04512"),
        ({"doubts": ((Period(TODAY, None), Doubt.SEAL),)}, "04512"),
        ({}, "04324"),
        ({}, "04325"),
        ({}, "04330"),
        ({}, "09512"),
        ({}, "104512"),
        ({}, "4512.123"),
    ],
)
def test_what_is_to_be_remarked_or_asked_is_not(change: dict[str, Any], digits: str) -> None:
    command = SubmitReading((Named("total", digits),))
    assert plainly.taken(command, (replace(METER, **change),), STATES, **DETAILS) is None


def test_nor_is_one_for_a_day_that_has_a_count() -> None:
    for day in (TODAY, TODAY + DAY):
        last = Anchor(day, 4_500_000, Source.CUSTOMER)
        states = {(1, 1): RegisterState((*STATES[1, 1].anchors, last), STATES[1, 1].usual)}
        assert plainly.taken(PLAIN, (METER,), states, **DETAILS) is None
