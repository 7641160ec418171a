"""Laws that hold for any numbers on any meters (billing.md section 6)."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.basics.periods import DAY, Period
from core.commands import Named, SubmitReading
from core.messages import (
    BeforeControl,
    ConfirmReading,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    OtherMeter,
    Reply,
    RolledOver,
    TooManyDigits,
    Unusual,
    WhichMeter,
)
from core.metering import placing, rules
from core.metering.expecting import expect, shown
from core.metering.model import Anchor, Given, Meter, RegisterKey, RegisterState, Source, Usual
from core.metering.placing import Placed
from core.metering.verdicts import Accept, Ask, Flag, Refuse, Verdict

TODAY = date(2025, 11, 21)
SERVICES = ("electricity", "cold_water", "hot_water", "gas", "heat")
ZONES = (("total",), ("day", "night"), ("peak", "halfpeak", "night"), ("total", "day", "night"))
States = dict[RegisterKey, RegisterState]


@st.composite
def meters(draw: st.DrawFn, number: int) -> Meter:
    service = draw(st.sampled_from(SERVICES))
    start = date(2020, 1, 1)
    end = draw(st.sampled_from([None, None, None, None, None, TODAY + DAY, TODAY - 25 * DAY]))
    return Meter(
        id=number,
        account_id=1,
        point_id=number,
        serial=draw(st.sampled_from(["0098765", "98766", "4521", f"A-{number}", "12345678"])),
        brand="",
        service=service,
        tariff="FLAT",
        digits=draw(st.integers(3, 9)),
        fraction=draw(st.integers(0, 3)),
        multiplier=draw(st.sampled_from([1000, 1000, 20_000, 1500, 1])),
        capacity_kw=draw(st.sampled_from([None, 5_000, 15_000, 1])),
        zones=draw(st.sampled_from(ZONES if service == "electricity" else ZONES[:1])),
        installed=Period(start, end),
        verified_until=draw(st.sampled_from([None, TODAY - DAY, TODAY])),
    )


def counts(meter: Meter) -> st.SearchStrategy[int]:
    """Any count of the meter, often one near the ends of its wheel."""
    step = 10 ** (3 - meter.fraction)
    top = meter.wheel // step - 1
    near = st.integers(0, min(300, top))
    return st.one_of(near, near.map(lambda it: top - it), st.integers(0, top)).map(lambda it: it * step)


def floored(value: int, *, step: int) -> int:
    return value // step * step


@st.composite
def registers(draw: st.DrawFn, meter: Meter) -> RegisterState:
    days = sorted(draw(st.sets(st.integers(-3, 400), max_size=4)), reverse=True)
    anchors = tuple(
        Anchor(TODAY - timedelta(days=ago), draw(counts(meter)), draw(st.sampled_from(list(Source)[1:])))
        for ago in days
    )
    usual = draw(st.none() | st.builds(Usual, st.integers(0, 10**8), st.integers(0, 366)))
    return RegisterState(anchors, usual)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[tuple[Meter, ...], States]:
    found = tuple(draw(meters(number)) for number in range(1, draw(st.integers(1, 3)) + 1))
    states = {
        (meter.id, register): draw(registers(meter))
        for meter in found
        for register in range(1, len(meter.zones) + 1)
        if draw(st.booleans()) or meter.id == 1
    }
    return found, states


@st.composite
def readings(draw: st.DrawFn) -> tuple[tuple[Meter, ...], States, tuple[Given, ...]]:
    """Placed numbers: all the registers of one meter or two, near the last counts as often as anywhere."""
    found, states = draw(accounts())
    numbers = []
    for meter in found[: draw(st.integers(1, 2))]:
        for register in range(1, len(meter.zones) + 1):
            last = states.get((meter.id, register), RegisterState(())).last
            start = last.value if last else 0
            near = st.integers(start - 200_000, start + 700_000).map(partial(floored, step=10 ** (3 - meter.fraction)))
            value = draw(st.one_of(counts(meter), near)) % meter.wheel
            numbers.append(Given(meter, register, shown(meter, value), value))
    return found, states, tuple(numbers)


def details(draw: st.DataObject) -> dict[str, Any]:
    day = TODAY - timedelta(days=draw.draw(st.sampled_from([0, 0, 0, 1, 20, 31])))
    return {
        "today": TODAY,
        "day": day,
        "doubtful": draw.draw(st.booleans()),
        "window": draw.draw(st.sampled_from([None, (15, 25), (1, 31), (23, 26)])),
        "tries": draw.draw(st.integers(0, 4)),
        "billed_through": draw.draw(st.sampled_from([None, date(2025, 10, 31)])),
    }


def named(reply: Reply) -> str | None:
    """The number that a yes to the question takes."""
    match reply:
        case Unusual() | RolledOver() | OtherMeter() | ConfirmReading():
            return reply.digits
        case Impossible():
            return reply.suggestion
        case _:
            return None


@settings(max_examples=400, deadline=None)
@given(readings(), st.data())
def test_what_is_taken_is_what_was_said_and_the_line_can_carry_it(
    reading: tuple[tuple[Meter, ...], States, tuple[Given, ...]], data: st.DataObject
) -> None:
    found, states, numbers = reading
    said = details(data) | {"confirmed": data.draw(st.booleans())}
    verdict = rules.check(numbers, states, found, **said)
    if not isinstance(verdict, Accept):
        return
    assert tuple(usage.given for usage in verdict.usages) == numbers
    for usage in verdict.usages:
        expected = expect(usage.given.meter, states.get(usage.given.key, RegisterState(())), day=said["day"])
        assert usage.used == expected.used(usage.given.value) >= 0
        assert (
            verdict.repeated or said["confirmed"] or expected.believed(usage.given.value) or Flag.REPEAT in usage.flags
        )
        if Flag.REPEAT not in usage.flags:
            assert expected.physical is None or usage.used <= expected.physical
            assert not expected.lower(usage.given.value) or Flag.ROLLOVER in usage.flags


@settings(max_examples=400, deadline=None)
@given(readings(), st.data())
def test_a_yes_takes_exactly_what_the_question_named(
    reading: tuple[tuple[Meter, ...], States, tuple[Given, ...]], data: st.DataObject
) -> None:
    found, states, numbers = reading
    said = details(data)
    verdict = rules.check(numbers, states, found, **said)
    if not isinstance(verdict, Ask) or not verdict.yes:
        return
    taken = rules.check(verdict.yes, states, found, **said, confirmed=True)
    assert isinstance(taken, Accept)
    assert tuple(usage.given for usage in taken.usages) == verdict.yes
    digits = named(verdict.reply)
    assert digits is None or set(digits.split()) <= {it.digits for it in verdict.yes}


@settings(max_examples=300, deadline=None)
@given(readings(), st.data())
def test_a_reading_taken_twice_is_taken_once(
    reading: tuple[tuple[Meter, ...], States, tuple[Given, ...]], data: st.DataObject
) -> None:
    found, states, numbers = reading
    said = details(data) | {"confirmed": data.draw(st.booleans())}
    verdict = rules.check(numbers, states, found, **said)
    if not isinstance(verdict, Accept):
        return
    again = rules.check(numbers, kept(states, verdict), found, **(said | {"confirmed": False}))
    assert isinstance(again, Accept)
    assert again.repeated
    assert [usage.used for usage in again.usages] == [usage.used for usage in verdict.usages]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 99_999), st.lists(st.integers(0, 99_999), min_size=1, max_size=12), st.booleans())
def test_the_counts_that_are_taken_never_run_back(first: int, numbers: list[int], confirmed: bool) -> None:
    meter = Meter(1, 1, 1, "1", "", "electricity", "F", 5, 0, 1000, 15_000, ("total",), Period(date(2020, 1, 1), None))
    state = RegisterState((Anchor(TODAY, first * 1000),), Usual(250_000, 30))
    total, day = first * 1000, TODAY
    for number in numbers:
        day += timedelta(days=10)
        one = Given(meter, 1, str(number), number * 1000)
        verdict = rules.check((one,), {(1, 1): state}, (meter,), today=day, day=day, confirmed=confirmed)
        if isinstance(verdict, Accept):
            total += verdict.usages[0].used
            state = replace(state, anchors=(*state.anchors, Anchor(day, one.value)))
            assert total % meter.wheel == one.value
    assert total - first * 1000 <= 15_000 * 24 * 10 * len(numbers)


def kept(states: States, verdict: Accept) -> States:
    """The states once the reading stands."""
    after = dict(states)
    for usage in verdict.usages:
        state = states.get(usage.given.key, RegisterState(()))
        same = next((anchor for anchor in state.anchors if anchor.day == verdict.day), None)
        source = Source.CUSTOMER if same is None else same.source
        others = [anchor for anchor in state.anchors if anchor.day != verdict.day]
        anchors = sorted([*others, Anchor(verdict.day, usage.given.value, source)], key=lambda anchor: anchor.day)
        after[usage.given.key] = replace(state, anchors=tuple(anchors))
    return after


NAMES = st.sampled_from(
    ["total", "day", "night", "peak", "halfpeak", "offpeak", "t1", "t2", "t3", "t9", "cold", "hot", "gas", "heat",
     "electricity", "1", "2", "0", "99999999", "4521", "0098765", "", "x" * 50, "т1", "٣"]
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(0, 10**6, places=3).map(str),
    st.text("0123456789.,-+ eЕ٣x", max_size=12),
    st.sampled_from(["", ".", "0", "00000", "9" * 45, "1.0000", "04512.", ".5", "NaN", "1e3"]),
)
SERIALS = st.none() | st.sampled_from(["0098765", "98765", "8765", "4521", "12345678", "", "*4521", "7", "А-1"])
ANY = st.builds(
    SubmitReading,
    values=st.lists(st.builds(Named, NAMES, NUMBERS, SERIALS), max_size=5).map(tuple),
    meter=SERIALS,
)


@st.composite
def commands(draw: st.DrawFn) -> tuple[tuple[Meter, ...], States, SubmitReading]:
    """Any command for an account, or one that names its registers rightly."""
    found, states, numbers = draw(readings())
    if draw(st.booleans()):
        return found, states, draw(ANY)
    serials = draw(st.booleans())
    bare = draw(st.booleans())
    values = tuple(
        Named("total" if bare else it.meter.zones[it.register - 1], it.digits, it.meter.serial if serials else None)
        for it in numbers
    )
    return found, states, SubmitReading(values)


@settings(max_examples=500, deadline=None)
@given(commands(), st.sampled_from([0, 1, 31]))
def test_no_text_upsets_the_placing_and_the_checks(
    case: tuple[tuple[Meter, ...], States, SubmitReading], ago: int
) -> None:
    found, states, command = case
    day = TODAY - timedelta(days=ago)
    placed = placing.place(command, found, states, day=day)
    if isinstance(placed, Placed):
        assert len(placed.given) == len(set(command.values)) > 0
        tidy(placed.given)
        seen(rules.check(placed.given, states, found, today=TODAY, day=day), placed.given)
    elif isinstance(placed, Ask):
        tidy(placed.yes)
        for choice in placed.choices:
            assert choice
            tidy(choice)
            rules.check(choice, states, found, today=TODAY, day=day)
        assert not isinstance(placed.reply, WhichMeter) or len(placed.reply.choices) == len(placed.choices) > 0


def tidy(numbers: tuple[Given, ...]) -> None:
    """Numbers that a meter can show, worth what their digits say."""
    for it in numbers:
        assert 0 <= it.value < it.meter.wheel
        assert it.value % 10 ** (3 - it.meter.fraction) == 0
        whole, _, fraction = it.digits.partition(".")
        assert int(whole) * 1000 + int(fraction.ljust(3, "0")) == it.value


def seen(verdict: Verdict, numbers: tuple[Given, ...]) -> None:
    """A refusal or a question quotes the customer's own number."""
    said = {it.digits for it in numbers}
    match verdict:
        case Refuse(reply=LowerThanLast() | HigherThanLater() | Impossible() | TooManyDigits() as reply):
            assert reply.digits in said
        case Refuse(reply=reply):
            assert isinstance(reply, BeforeControl)
        case Ask():
            tidy(verdict.yes)
        case Accept():
            pass
