"""Readings that count for the month in whose window they came: late ends as early, whatever came before what."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.basics.periods import DAY, Month
from core.billing.engine import deriving, timely
from core.billing.engine.statement import explain
from core.metering.model import Source
from core.metering.rules import open_month
from tests.core.billing.engine.histories import ALWAYS, Life, meter

WINDOW = (15, 25)
START = Month(2025, 7)
MONTHS = 5
END = date(2025, 12, 1)
BASE = date(2025, 1, 31)


def life(tariff: str = "BLOCKS") -> Life:
    """Half a year of counts, billed in an older system."""
    found = Life((meter(1, tariff=tariff, installed=ALWAYS),), persons=2)
    for day in (BASE, date(2025, 4, 30), date(2025, 6, 30)):
        found.read(day, count(day), source=Source.ACT)
    found.billed_elsewhere(START.previous)
    return found


def count(day: date) -> int:
    days = (day - BASE).days
    return 4000 + 6 * days + days * days // 50


def sent(found: Life, day: date, value: int, came: date) -> int:
    since = open_month(came, WINDOW)
    return found.read(day, value, late=Month.of(day) < since, since=since)


def test_a_month_that_is_billed_changes_with_the_bill_of_the_next() -> None:
    found = life("FLAT")
    found.close(START)
    billed, day = found.billed[START], date(2025, 7, 28)
    sent(found, day, count(day) + 50, date(2025, 7, 28))
    assert found.derived() == found.state
    assert found.stands(date(2025, 8, 3)).recalculated == ()
    assert found.stands(date(2025, 8, 3)).to_pay == billed
    first, second = found.close(START.next)
    assert (first.claim.kind, first.claim.month) == ("recalculation", START)
    assert (second.claim.kind, second.claim.month) == ("bill", START.next)
    assert found.billed[START] > billed
    assert found.derived() == found.state


def test_what_an_inspector_reads_waits_for_nothing() -> None:
    found = life("FLAT")
    found.close(START)
    day = date(2025, 7, 28)
    found.read(day, count(day) + 50, source=Source.CONTROL)
    found.state = found.derived()
    (changed,) = found.stands(date(2025, 8, 3)).recalculated
    assert changed.month == START


def test_a_meter_that_was_first_read_too_late_is_billed_all_the_same() -> None:
    found = Life((meter(1),), persons=1)
    sent(found, date(2025, 7, 28), 100, date(2025, 7, 28))
    sent(found, date(2025, 7, 30), 110, date(2025, 7, 30))
    found.close(START)
    assert found.derived() == found.state
    assert found.billed[START] == 10 * 332


@dataclass(frozen=True)
class Text:
    """A count sent on a day for the end of that day or of one before."""

    came: date
    day: date

    @property
    def value(self) -> int:
        return count(self.day)


@st.composite
def texts(draw: st.DrawFn) -> list[Text]:
    came = sorted(draw(st.sets(st.dates(START.first, END - DAY), max_size=9)))
    return [Text(one, max(START.first, one - timedelta(days=draw(st.integers(0, 31))))) for one in came]


@pytest.mark.properties
@settings(deadline=None)
@given(texts(), st.data(), st.sampled_from(("FLAT", "BLOCKS")), st.booleans())
def test_late_is_early_and_the_order_changes_nothing(
    sends: list[Text], data: st.DataObject, tariff: str, undone: bool
) -> None:
    """Bills come on the days that are drawn, whatever was sent before them; in the end each month costs what it costs
    where all was known at first. The state is that of all facts at every step, and the protocol adds up."""
    found, early = life(tariff), life(tariff)
    month, closed = START, []
    while month.first < END:
        closed.append((month.next.first + timedelta(days=data.draw(st.integers(0, 20))), month))
        month = month.next
    events: list[tuple[date, Text | Month]] = [(one.came, one) for one in sends]
    events += [(on, of) for on, of in closed]
    for on, event in sorted(events, key=lambda pair: (pair[0], isinstance(pair[1], Month))):
        if isinstance(event, Month):
            found.close(event, on=on)
            continue
        no = sent(found, event.day, event.value, on)
        assert found.derived() == found.state
        if undone and data.draw(st.booleans()):
            found.withdraw(no)
            assert found.derived() == found.state
            sent(found, event.day, event.value, on)
            assert found.derived() == found.state
        assert all(one.month >= open_month(on, WINDOW) for one in found.stands(on).recalculated)
        _adds_up(found, on)
    for last in (Month.of(END), Month.of(END).next):
        found.close(last)
        _adds_up(found, last.next.first)
    for one in sends:
        early.read(one.day, one.value)
    for _, of in closed:
        early.close(of)
    early.close(Month.of(END))
    early.close(Month.of(END).next)
    first = [found.billed.get(of, 0) for _, of in closed]
    assert first == [early.billed.get(of, 0) for _, of in closed]


def _adds_up(found: Life, today: date) -> None:
    told = explain(found.facts, found.meters, found.tariffs, account="1", persons=found.persons, today=today)
    stands = found.stands(today)
    assert sum(line.amount for line in told.lines) == stands.to_pay - stands.credit
    assert all(line.reproduced for line in told.lines)


def test_the_bill_leaves_out_what_came_too_late() -> None:
    found = life("FLAT")
    no = sent(found, date(2025, 7, 28), 9_999, date(2025, 7, 28))
    view = timely.in_force(found.facts, found.meters, bill_of=START)
    assert no not in {one.no for one in view[1, 1]}
    assert list(deriving.at_bills(found.facts, found.meters)) == [START]
