"""The state kept up message by message is the state derived from everything on record."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.basics.money import half_up
from core.basics.periods import DAY, Month, Period
from core.billing.engine import timely
from core.billing.engine.deriving import Facts, derive
from core.billing.engine.usage import difference
from core.billing.model import AccountState, ClaimKind
from core.metering.model import Meter, Source, Usual
from tests.core.billing.engine.histories import Life, meter

Fact = TypeVar("Fact")

START = date(2025, 5, 31)


@dataclass
class Play:
    """Plays a life day by day: `draw(low, high)` decides. Readings follow a hidden true count, so they are possible;
    some come late, some are corrected, some taken back, some months have none."""

    life: Life
    draw: Callable[[int, int], int]
    today: date = START
    true: dict[tuple[int, date], int] = field(default_factory=dict)
    last: int | None = None

    def run(self, steps: int) -> None:
        for of in self.life.meters:
            self._read(of, START, Source.ACT)
        for _ in range(steps):
            self._step()

    def _step(self) -> None:
        choice = self.draw(0, 9)
        if choice <= 3:
            self._until(self.today + timedelta(days=self.draw(1, 12)))
        elif choice <= 6:
            back = self.draw(0, 31) if self.draw(0, 2) == 0 else 0
            day = max(self.today - timedelta(days=back), START + DAY)
            of = self.life.meters[self.draw(0, len(self.life.meters) - 1)]
            source = Source.CUSTOMER if self.draw(0, 9) else Source.CONTROL
            through = self.life.state.billed_through
            unbilled = source is Source.CUSTOMER and (through is None or day > through)
            no = self._read(of, day, source, late=unbilled and self.draw(0, 2) == 0)
            self.last = no if source is Source.CUSTOMER else None
        elif choice == 7 and self.last is not None:
            self.life.withdraw(self.last)
            self.last = None
        elif choice == 8:
            self.life.pay(self.today, self.draw(1, 90_000), Month.of(self.today) if self.draw(0, 3) == 0 else None)

    def _until(self, day: date) -> None:
        while self.today < day:
            month = Month.of(self.today)
            self.today += DAY
            self.last = None
            if Month.of(self.today) != month:
                self.life.close(month, on=self.today)

    def _read(self, of: Meter, day: date, source: Source, *, late: bool = False) -> int:
        counts = [self._count(of, zone, day) for zone in range(len(of.zones))]
        return self.life.read(day, *counts, meter=of, source=source, late=late)

    def _count(self, of: Meter, zone: int, day: date) -> int:
        days = (day - START).days
        slope = 3 + 2 * zone + of.id
        wheel = of.wheel // 1000
        return (wheel - 200 + slope * days + days * days // 40) % wheel


METERS = (
    (meter(),),
    (meter(tariff="BLOCKS"),),
    (meter(tariff="ZONES", zones=("day", "night")),),
    (meter(tariff="ZONES", zones=("total", "day", "night")),),
    (meter(1), meter(2, tariff="BLOCKS")),
    (meter(1, verified_until=date(2025, 9, 15)),),
    (meter(1, installed=Period(date(2024, 1, 1), date(2025, 9, 11))), meter(2, tariff="BLOCKS")),
)


def played(data: st.DataObject, steps: int) -> Life:
    play = Play(Life(data.draw(st.sampled_from(METERS))), lambda low, high: data.draw(st.integers(low, high)))
    play.run(steps)
    return play.life


@settings(deadline=None)
@given(st.data())
def test_kept_up_is_derived(data: st.DataObject) -> None:
    life = played(data, data.draw(st.integers(1, 60)))
    derived = derive(life.facts, life.meters)
    if not life.facts.claims:  # before the first bill the usual use is that of all readings
        derived = replace(derived, registers={k: replace(v, usual=None) for k, v in derived.registers.items()})
    assert _without_removals(life, life.state) == _without_removals(life, derived)


def _without_removals(life: Life, state: AccountState) -> AccountState:
    """The state but for what was usual when a meter was removed, which a message does not keep up: a day's close, and
    whatever comes by a door, derives the account anew."""
    removed = {(one.id, one.installed.end) for one in life.meters}
    registers = {
        key: replace(one, before=tuple(known for known in one.before if (key[0], known[0]) not in removed))
        for key, one in state.registers.items()
    }
    return replace(state, registers=registers)


@settings(deadline=None)
@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(data: st.DataObject, chance: Random) -> None:
    life = played(data, 40)
    facts = life.facts
    mixed = Facts(
        facts.account_id,
        readings=_shuffled(facts.readings, chance),
        withdrawals=_shuffled(facts.withdrawals, chance),
        claims=_shuffled(facts.claims, chance),
        charges=_shuffled(facts.charges, chance),
        payments=_shuffled(facts.payments, chance),
    )
    assert derive(mixed, life.meters) == derive(facts, life.meters)


def _shuffled(facts: tuple[Fact, ...], chance: Random) -> tuple[Fact, ...]:
    return tuple(chance.sample(facts, len(facts)))


@settings(deadline=None)
@given(st.data())
def test_late_is_early(data: st.DataObject) -> None:
    """Readings that come after the window, or after their months were billed, end in the same sums as if they had come
    in time."""
    life = played(data, 60)
    end = Month.of(max(one.issued_on for one in life.facts.claims)) if life.facts.claims else Month.of(START)
    _pin(life, end)
    life.close(end)
    life.close(end.next)  # takes what came too late for the bill before
    early = Life(life.meters)
    in_force = timely.in_force(life.facts, life.meters)
    for of in life.meters:
        days = sorted({anchor.day for n in range(len(of.zones)) for anchor in in_force[of.id, n + 1]})
        for day in days:
            values = [next(a for a in in_force[of.id, n + 1] if a.day == day) for n in range(len(of.zones))]
            early.read(day, *(value.value // 1000 for value in values), meter=of, source=values[0].source)
    month = Month.of(START + DAY)
    while month <= end:
        early.close(month)
        month = month.next
    first = Month.of(START).next
    billed = [{m: s for m, s in one.billed.items() if first <= m <= end} for one in (early, life)]
    assert billed[0] == billed[1]


def _pin(life: Life, end: Month) -> None:
    """A last reading of every meter on the last day of the month, so that nothing stays a forecast."""
    play = Play(life, lambda low, high: low)
    for of in life.meters:
        play._read(of, end.last, Source.ACT)


@settings(deadline=None)
@given(st.data())
def test_closing_twice_issues_nothing_the_second_time(data: st.DataObject) -> None:
    life = played(data, 50)
    month = Month.of(max((one.day for one in life.facts.readings), default=START))
    life.close(month)
    before = life.facts
    assert life.close(month) == ()
    assert life.facts == before


@settings(deadline=None)
@given(st.data())
def test_who_pays_exactly_what_is_asked_owes_nothing(data: st.DataObject) -> None:
    life = played(data, 40)
    today = max(one.day for one in life.facts.readings)
    asked = life.stands(today)
    assert asked.to_pay == 0 or asked.credit == 0
    assert asked.overdue <= asked.to_pay
    parts = [*asked.claims, *asked.provisional]
    deltas = sum(one.amount - one.billed for one in asked.recalculated)
    assert sum(part.amount for part in parts) + deltas - asked.advance == asked.to_pay - asked.credit
    if asked.to_pay:
        life.pay(today, asked.to_pay)
        after = life.stands(today)
        assert (after.to_pay, after.credit, after.overdue) == (0, 0, 0)


@settings(deadline=None)
@given(st.data())
def test_all_months_billed_add_up_to_what_the_meter_counted(data: st.DataObject) -> None:
    life = Life((meter(),))
    play = Play(life, lambda low, high: data.draw(st.integers(low, high)))
    play.run(50)
    end = Month.of(play.today)
    _pin(life, end)
    life.close(end)
    life.close(end.next)
    volume = sum(line.volume for line in life.facts.charges if line.month <= end)
    anchors = timely.in_force(life.facts, life.meters)[1, 1]
    counted = sum(difference(a.value, b.value, life.meters[0].wheel) for a, b in itertools.pairwise(anchors))
    assert volume == counted


def test_the_usual_use_wants_three_months() -> None:
    life = Life((meter(),))
    life.read(date(2025, 7, 31), 1_000)
    life.read(date(2025, 10, 27), 1_880)
    assert derive(life.facts, life.meters).registers[1, 1].usual is None
    life.read(date(2025, 10, 28), 1_890)
    assert derive(life.facts, life.meters).registers[1, 1].usual == Usual(890_000, 89)


def test_the_usual_use_is_of_twelve_months_at_most() -> None:
    life = Life((meter(),))
    for day, value in ((date(2023, 1, 31), 0), (date(2024, 10, 31), 5_000), (date(2025, 10, 31), 7_244)):
        life.read(day, value)
    assert derive(life.facts, life.meters).registers[1, 1].usual == Usual(2_244_000, 365)


def test_a_state_keeps_what_may_change_and_no_more() -> None:
    life = Life((meter(),))
    day = date(2024, 1, 31)
    for months in range(1, 22):
        life.read(day, 1_000 + 100 * months)
        life.close(Month.of(day))
        day = Month.of(day).next.last
    (anchors,) = [state.anchors for state in life.state.registers.values()]
    assert [anchor.day for anchor in anchors] == [date(2025, 7, 31), date(2025, 8, 31), date(2025, 9, 30)]
    assert [line.month for line in life.state.issued] == [Month(2025, 8), Month(2025, 9)]


def _a_year(life: Life) -> None:
    """Read at the ends of months for a year, 100 a month, and billed through October 2025: 2200 on its last day."""
    month = Month(2024, 10)
    for number in range(13):
        life.read(month.last, 1_000 + 100 * number)
        month = month.next
    life.close(Month(2025, 10))


@pytest.mark.parametrize("issued_on", [date(2025, 12, 3), date(2026, 2, 20)])
def test_a_reading_after_the_window_is_not_what_the_bill_goes_by(issued_on: date) -> None:
    """Check 16: the bill is by forecast, the difference is told at once after it and posted by the next close."""
    life, early = Life((meter(),)), Life((meter(),))
    _a_year(life)
    _a_year(early)
    life.read(date(2025, 11, 30), 2_500, late=True)
    assert [part.amount for part in life.stands(date(2025, 11, 30)).provisional] == [300 * 332]
    (bill,) = life.close(Month(2025, 11), on=issued_on)
    forecast = half_up(1_200 * 30, 365)
    assert [(line.volume, line.known) for line in bill.lines] == [(forecast * 1000, date(2025, 10, 31))]
    after = life.stands(issued_on)
    assert [(one.billed_volume, one.volume) for one in after.recalculated] == [(forecast * 1000, 300_000)]
    assert life.close(Month(2025, 11), on=issued_on) == ()
    posted = life.close(Month(2025, 12), on=issued_on + timedelta(days=31))
    early.read(date(2025, 11, 30), 2_500)
    early.close(Month(2025, 11))
    assert [issue.claim.kind for issue in posted] == [ClaimKind.RECALCULATION, ClaimKind.BILL]
    assert life.billed[Month(2025, 11)] == early.billed[Month(2025, 11)] == 300 * 332


def test_a_late_correction_leaves_what_came_in_time_to_the_bill() -> None:
    life = Life((meter(),))
    _a_year(life)
    life.read(date(2025, 11, 20), 2_280)
    life.read(date(2025, 11, 20), 2_260, late=True)
    life.read(date(2025, 11, 30), 2_400, source=Source.ACT)
    (bill,) = life.close(Month(2025, 11))
    assert bill.claim.amount == 200 * 332
    assert life.state.registers[1, 1].anchors[-2].value == 2_260_000


def test_a_late_first_count_stays_in_the_bill() -> None:
    life = Life((meter(),))
    life.read(date(2025, 11, 27), 1_000, late=True)
    (bill,) = life.close(Month(2025, 11))
    assert [line.volume for line in bill.lines] == [0]
    life.read(date(2025, 12, 31), 1_340)
    life.close(Month(2025, 12))
    assert sum(life.billed.values()) == 340 * 332


def test_a_very_late_control_reading_opens_the_months_that_it_changes() -> None:
    life = Life((meter(),))
    for month, value in ((Month(2025, 3), 1_000), (Month(2025, 6), 1_920), (Month(2025, 9), 2_840)):
        life.read(month.last, value)
    for number in range(4, 10):
        life.close(Month(2025, number))
    assert life.billed[Month(2025, 5)] == 314 * 332
    life.read(date(2025, 5, 31), 1_300, source=Source.CONTROL)
    assert life.stands(date(2025, 10, 5)).recalculated == ()
    life.state = derive(life.facts, life.meters)
    changed = {one.month: one.volume for one in life.stands(date(2025, 10, 5)).recalculated}
    assert sum(changed.values()) == 920_000
    assert set(changed) == {Month(2025, 4), Month(2025, 5), Month(2025, 6)}


@pytest.mark.parametrize("month", [Month(2025, 10), Month(2025, 12)])
def test_every_month_without_a_bill_gets_one(month: Month) -> None:
    life = Life((meter(),))
    life.read(date(2025, 8, 31), 1_000)
    life.close(Month(2025, 8))
    life.read(date(2025, 12, 31), 1_000 + 122)
    life.close(month)
    assert [claim.month for claim in life.facts.claims] == [Month(2025, n) for n in range(8, month.month + 1)]
