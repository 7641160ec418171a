"""What an ordinary account used, in whole numbers: what comes out is what its supplies give."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing.engine import plainly, standing
from core.billing.engine.charging import NoTariff
from core.billing.engine.pricing import NoRate
from core.billing.model import AccountState, Block, Season, Tariffs, TariffVersion
from core.metering.model import Anchor, Meter, RegisterState
from tests.conftest import EXAMPLES
from tests.core.billing.engine.histories import FLAT, TARIFFS, Life, meter
from tests.core.billing.engine.test_ordinary import Town, lives

OCTOBER = Month(2025, 10)


def dearer(since: date, **terms: object) -> tuple[TariffVersion, ...]:
    """The flat plan until a day, and from it on another version."""
    (old,) = FLAT
    new = TariffVersion(9, "FLAT", Period(since, None), ("total",), (Block(None, {"total": 4_000_000}),))
    return replace(old, valid=Period(old.valid.start, since)), replace(new, **terms)  # type: ignore[arg-type]


def terms(**changed: object) -> tuple[TariffVersion, ...]:
    return (replace(FLAT[0], **changed),)  # type: ignore[arg-type]


def plans(first: date) -> dict[str, tuple[TariffVersion, ...]]:
    """The flat plan as it may be, and may become in the month that begins on a day."""
    blocks = (Block(100_000, {"total": 1_000_000}), FLAT[0].blocks[0])
    return {
        "one rate": FLAT,
        "another from the first of a month": dearer(first),
        "another within a month": dearer(first + timedelta(10)),
        "blocks from a month on": dearer(first, blocks=blocks),
        "VAT on top": terms(vat=200),
        "a standing charge": terms(standing=5_000),
        "a minimum": terms(minimum=90_000),
        "a fee of the block": terms(blocks=(Block(None, {"total": 3_320_000}, flat=700),)),
        "no rate": terms(blocks=(Block(None, {"peak": 3_320_000}),)),
        "a season": terms(seasons=(Season((first.month,), (Block(None, {"total": 9_000_000}),)),)),
        "only later": terms(valid=Period(first + timedelta(15), None)),
        "not any more": terms(valid=Period(date(2020, 1, 1), first + timedelta(19))),
        "none": (),
    }


PLANS = plans(date(2025, 2, 1))


def agree(state: AccountState, meters: tuple[Meter, ...], tariffs: Tariffs, life: Life) -> bool:
    """Whether whole numbers tell it; then it must be the same."""
    found = plainly.used(state, meters, tariffs, life.rules)
    if found is None:
        return False
    assert found == standing.used(state, meters, tariffs, persons=life.persons, rules=life.rules)
    return True


@pytest.mark.properties
@settings(max_examples=EXAMPLES)
@given(
    lives(), st.sampled_from(sorted(PLANS)), st.lists(st.tuples(st.integers(1, 70), st.integers(0, 600)), max_size=3)
)
def test_both_ways_find_the_same(town: Town, plan: str, more: list[tuple[int, int]]) -> None:
    tariffs = {**TARIFFS, "FLAT": PLANS[plan]}
    life = town.life
    plain = agree(life.state, life.meters, tariffs, life)
    for days, use in more:
        last = max((anchor.day for one in life.state.registers.values() for anchor in one.anchors), default=None)
        town.read((last or date(2025, 1, 1)) + timedelta(days), use)
        plain |= agree(life.state, life.meters, tariffs, life)
    event(f"in whole numbers: {plain}")


@pytest.fixture
def life() -> Life:
    """Read on the last days of September and the 24th of October; October billed with a forecast of its end."""
    life = Life((meter(),))
    life.read(date(2024, 9, 30), 1_950)
    life.read(date(2025, 9, 30), 4_195)
    life.billed_elsewhere(Month(2025, 9))
    life.read(date(2025, 10, 24), 4_325)
    life.close(OCTOBER)
    return life


def test_an_ordinary_account_is_told_in_whole_numbers(life: Life) -> None:
    assert agree(life.state, life.meters, TARIFFS, life)
    life.read(date(2025, 11, 21), 4_512)
    assert agree(life.state, life.meters, TARIFFS, life)
    found = plainly.used(life.state, life.meters, TARIFFS, life.rules)
    assert found is not None
    (november,), (october,) = found
    assert (november.month, october.month) == (Month(2025, 11), OCTOBER)


@pytest.mark.parametrize(
    "other",
    [
        lambda one: replace(one, verified_until=date(2026, 1, 1)),
        lambda one: replace(one, installed=Period(one.installed.start, date(2025, 11, 3))),
        lambda one: replace(one, installed=Period(date(2025, 10, 3), None)),
        lambda one: replace(one, zones=("day", "night")),
    ],
)
def test_another_meter_is_left_to_its_supply(life: Life, other: Callable[[Meter], Meter]) -> None:
    life.read(date(2025, 11, 21), 4_512)
    assert plainly.used(life.state, (other(life.meters[0]),), TARIFFS, life.rules) is None


@pytest.mark.parametrize("plan", sorted(PLANS.keys() - {"one rate", "another from the first of a month"}))
def test_what_one_rate_does_not_tell_is_left_to_its_supply(life: Life, plan: str) -> None:
    """Who has no tariff is told so, as ever."""
    life.read(date(2025, 11, 21), 4_512)
    tariffs = {"FLAT": plans(date(2025, 11, 1))[plan]}
    assert plainly.used(life.state, life.meters, tariffs, life.rules) is None
    if plan in ("none", "no rate", "only later", "not any more"):
        with pytest.raises((NoTariff, NoRate)):
            standing.standing(life.state, life.meters, tariffs, persons=1, today=date(2025, 11, 21))


def test_what_counts_only_later_is_left_to_the_supply(life: Life) -> None:
    anchors = (Anchor(date(2025, 10, 24), 4_325_000), Anchor(date(2025, 11, 21), 4_512_000))
    register = RegisterState(anchors, counted=anchors[:1])
    state = replace(life.state, registers={(1, 1): register})
    assert plainly.used(state, life.meters, TARIFFS, life.rules) is None
