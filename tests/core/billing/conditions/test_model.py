"""Of facts that speak of the same days the later one holds; the days without any keep what held before."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import DAY, Month, Period
from core.billing.conditions import stored
from core.billing.conditions.model import (
    NONE,
    TERMS,
    BadValue,
    Benefit,
    Condition,
    Dated,
    Instalments,
    Kind,
    Value,
    check,
    conditions_of,
    cuts,
)

START = date(2025, 1, 1)
MONTHS = Period(START, date(2025, 7, 1))


def day(number: int) -> date:
    return START + timedelta(days=number)


def persons(no: int, start: int, end: int | None, value: int | None) -> Condition:
    return Condition(no, Kind.PERSONS, 1, Period(day(start), None if end is None else day(end)), value)


def test_days_without_a_fact_keep_the_base() -> None:
    known = conditions_of([persons(3, 10, 20, 4)])
    assert known.numbers(Kind.PERSONS, 1, Period(day(0), day(30)), 2) == (
        Dated(Period(day(0), day(10)), 2),
        Dated(Period(day(10), day(20)), 4, 3),
        Dated(Period(day(20), day(30)), 2),
    )


def test_a_correction_is_a_later_fact() -> None:
    known = conditions_of([persons(1, 0, None, 3), persons(2, 10, 20, 5), persons(3, 12, 14, None)])
    assert [(one.value, one.no) for one in known.numbers(Kind.PERSONS, 1, Period(day(0), day(30)), 1)] == [
        (3, 1), (5, 2), (1, 0), (5, 2), (3, 1),
    ]  # fmt: skip


FACTS = st.lists(
    st.builds(
        lambda start, length, value: (start, None if length > 90 else start + length, value),
        st.integers(0, 120),
        st.integers(1, 100),
        st.none() | st.integers(0, 9),
    ),
    max_size=8,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_each_day_has_the_value_of_its_last_fact(
    drawn: list[tuple[int, int | None, int | None]], chance: Random
) -> None:
    facts = [persons(no, start, end, value) for no, (start, end, value) in enumerate(drawn, 1)]
    known = conditions_of(chance.sample(facts, len(facts)))
    intervals = known.numbers(Kind.PERSONS, 1, MONTHS, 7)
    assert [one.days.start for one in intervals[1:]] == [one.days.end for one in intervals[:-1]]
    at = MONTHS.start
    while at in MONTHS:
        last = max((fact for fact in facts if at in fact.days), key=lambda fact: fact.no, default=None)
        expected = 7 if last is None or last.value is None else last.value
        assert [one.value for one in intervals if at in one.days] == [expected]
        at += DAY
    assert stored.conditions(stored.text(known)) == known


def test_nothing_known_costs_nothing() -> None:
    assert conditions_of([]) is NONE
    assert stored.conditions(stored.text(NONE)) is NONE
    assert conditions_of([persons(1, 0, 5, None)]) is NONE


@given(FACTS, st.randoms(use_true_random=False))
def test_what_is_taken_back_was_never_said(facts: list[tuple[int, int | None, int | None]], random: Random) -> None:
    said = [persons(no, *fact) for no, fact in enumerate(facts, 1)]
    gone = [one for one in said if random.random() < 0.4]
    back = [replace(one, no=len(said) + place, withdraws=one.no) for place, one in enumerate(gone, 1)]
    mixed = [*said, *back]
    random.shuffle(mixed)
    assert conditions_of(mixed) == conditions_of([one for one in said if one not in gone])


def test_benefits_go_by_name() -> None:
    veteran, family = Benefit(share=500, limit=50_000), Benefit(amount=10_000)
    known = conditions_of(
        [
            Condition(1, Kind.BENEFIT, 1, Period(day(0), None), veteran, "veteran"),
            Condition(2, Kind.BENEFIT, 1, Period(day(10), None), family, "family"),
        ]
    )
    assert known.benefits(1, Period(day(5), day(15))) == (
        ("family", Dated(Period(day(10), day(15)), family, 2)),
        ("veteran", Dated(Period(day(5), day(15)), veteran, 1)),
    )
    assert stored.conditions(stored.text(known)) == known
    assert cuts([known.said(Kind.BENEFIT, 1, "family")], Period(day(5), day(15))) == (day(10),)


GOOD: dict[Kind, Value] = {
    Kind.CATEGORY: "electric-stove",
    Kind.BENEFIT: Benefit(share=500),
    Kind.INSTALMENTS: Instalments(Month(2025, 5), Month(2025, 8), 400_000, 4, date(2025, 10, 15)),
    Kind.INSTALMENTS_END: "terminated",
    Kind.PLAN: "RU-FLAT",
    Kind.SUPPLY: "suspended",
    Kind.METERING: "possible",
    Kind.FAILED: "failed",
    Kind.VERIFIED: "expired",
    Kind.SEAL: "broken",
    Kind.ACCESS: "refused",
    Kind.DEVICE: "breaker C25, 25 A",
    Kind.ROUTE: "12",
    Kind.PROTECTED: "protected",
}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_value_is_one_of_its_kind(kind: Kind) -> None:
    days = Period(day(0), None)
    check(Condition(1, kind, 1, days, GOOD.get(kind, 5)))
    check(Condition(1, kind, 1, days, None))
    for wrong in (Benefit(), Benefit(share=1001), -(10**20), "", True):
        with pytest.raises(BadValue, match=kind.value):
            check(Condition(1, kind, 1, days, wrong))
    with pytest.raises(BadValue, match="before they begin"):
        check(Condition(1, kind, 1, Period(day(1), day(1)), None))
    if not TERMS[kind].named:
        with pytest.raises(BadValue, match="no name"):
            check(Condition(1, kind, 1, days, None, "x"))
