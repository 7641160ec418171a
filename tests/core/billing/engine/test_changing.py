"""Why a sum changed: the parts always add up, and each says what caused it."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing.engine import changing, closing, deriving
from core.billing.engine.changing import Cause, Difference
from core.billing.model import Block, Tariffs, TariffVersion
from tests.core.billing.engine.histories import FLAT, Life, meter
from tests.core.checking import lives

OCTOBER, NOVEMBER = Month(2025, 10), Month(2025, 11)
TODAY = date(2025, 12, 3)


def changed(life: Life, through: int, *, on: date = TODAY, earlier: Tariffs | None = None) -> Difference:
    return changing.difference(
        life.facts,
        life.meters,
        life.tariffs,
        persons=life.persons,
        through=through,
        since=on - timedelta(days=1),
        on=on,
        earlier=earlier,
    )


def last(life: Life) -> Difference | None:
    return changing.last_change(life.facts, life.meters, life.tariffs, persons=life.persons, today=TODAY)


@pytest.fixture
def billed() -> Life:
    """October is billed by its reading, November by forecast."""
    life = Life((meter(),))
    life.read(date(2025, 5, 31), 3_425)
    life.read(date(2025, 10, 31), 4_325)
    life.close(OCTOBER)
    life.close(NOVEMBER)
    return life


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_parts_add_up(seed: int, at: int) -> None:
    life = lives.lived(Random(seed), steps=25)
    numbers = range(life.facts.last_no + 1)
    through = numbers[at % len(numbers)]
    some = {plan: versions[: 1 + at % len(versions)] for plan, versions in life.tariffs.items()}
    earlier = {plan: unended(versions) for plan, versions in some.items()}
    found = changed(life, through, on=date(2026, 6, 1), earlier=earlier)
    assert found.after - found.before == sum(part.amount for part in found.parts)
    assert all(part.amount for part in found.parts)
    stands = life.stands(date(2026, 6, 1))
    derived = changed(life, life.facts.last_no, on=date(2026, 6, 1))
    assert derived.before == derived.after == found.after
    assert stands.to_pay - stands.credit == found.after or not life.facts.claims
    latest = last(life)
    assert latest is None or latest.after - latest.before == sum(part.amount for part in latest.parts)


def unended(versions: tuple[TariffVersion, ...]) -> tuple[TariffVersion, ...]:
    """The versions as they were when the last of them had no end yet."""
    return (*versions[:-1], *(replace(one, valid=Period(one.valid.start, None)) for one in versions[-1:]))


def test_a_reading_replaces_the_forecast(billed: Life) -> None:
    through = billed.facts.last_no
    no = billed.read(date(2025, 11, 28), 4_500)
    found = changed(billed, through)
    before = sum(one.volume for one in billed.facts.charges if one.month == NOVEMBER)
    (part,) = found.parts
    assert (part.cause, part.fact, part.month) == (Cause.READING, f"reading:{no}", NOVEMBER)
    assert part.volumes is not None
    assert part.volumes[0] == before
    assert last(billed) == replace(found, since=TODAY)


def test_each_cause_has_its_part(billed: Life) -> None:
    through = billed.facts.last_no
    billed.pay(date(2025, 12, 1), 10_000)
    billed.pay(date(2025, 12, 2), -10_000)
    no = billed.read(date(2025, 12, 2), 4_505)
    billed.withdraw(no)
    causes = [part.cause for part in changed(billed, through).parts]
    assert causes == [
        Cause.PAYMENT,
        Cause.REVERSAL,
        Cause.READING,
        Cause.USE,
        Cause.WITHDRAWAL,
        Cause.WITHDRAWAL,
    ]


def test_a_tariff_that_became_known_late(billed: Life) -> None:
    raised = TariffVersion(7, "FLAT", Period(date(2025, 11, 1), None), ("total",), (Block(None, {"total": 4_000_000}),))
    older = replace(FLAT[0], valid=Period(FLAT[0].valid.start, date(2025, 11, 1)))
    billed.tariffs = {"FLAT": (older, raised)}
    found = changed(billed, billed.facts.last_no, earlier={"FLAT": FLAT})
    assert [(part.cause, part.month, part.volumes) for part in found.parts] == [(Cause.TARIFF, NOVEMBER, None)]


def test_a_bill_that_adds_to_what_was_told() -> None:
    life = Life((meter(),))
    life.read(date(2025, 5, 31), 3_425)
    life.read(date(2025, 10, 31), 4_325)
    life.close(OCTOBER)
    life.read(date(2025, 11, 20), 4_445)
    assert last(life) is None
    life.close(NOVEMBER)
    found = last(life)
    assert found is not None
    assert [(part.cause, part.month) for part in found.parts] == [(Cause.BILL, NOVEMBER)]
    life.pay(TODAY, 100)
    assert last(life) is None


def test_what_was_posted_after_it_was_told_is_passed_over(billed: Life) -> None:
    billed.read(date(2025, 11, 28), 4_500)
    told = last(billed)
    assert told is not None
    issues = closing.recalculate(
        billed.state, billed.meters, billed.tariffs, persons=1, issued_on=TODAY, due_on=date(2026, 1, 10)
    )
    assert issues
    billed.facts = deriving.with_facts(
        billed.facts, claims=[one.claim for one in issues], charges=[line for one in issues for line in one.lines]
    )
    assert last(billed) == told
