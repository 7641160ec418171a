"""The published formulas: rounding, distribution, and the laws of blocks (billing.md section 10: 1, 4, 6, 9, 15)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Period
from core.billing.engine import fees, formulas, houses, instalments, penalty, services
from core.billing.engine.fees import PowerStep
from core.billing.engine.formulas import Rounding
from core.billing.engine.penalty import PenaltyRules
from core.billing.engine.services import Component, Count
from core.billing.model import Block, BlockMode, TariffVersion, ZoneRule

pytestmark = pytest.mark.properties

ALWAYS = Period(date(2000, 1, 1), None)
EPSILON = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("number", "whole"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499", "0"), ("1.315", "1.32")]
)
def test_halves_go_away_from_zero(number: str, whole: str) -> None:
    assert formulas.rounded(Fraction(number)) == Fraction(whole)


def test_a_floor_and_no_rounding() -> None:
    assert formulas.rounded(Fraction("7.999"), Fraction(1, 2), Rounding.FLOOR) == Fraction("7.5")
    assert formulas.rounded(Fraction(1, 3), Fraction(1), Rounding.NONE) == Fraction(1, 3)


def test_what_is_distributed_adds_up() -> None:
    assert formulas.distributed(100, [1, 1, 1]) == (34, 33, 33)
    assert formulas.distributed(7, [3, 2, 2]) == (3, 2, 2)
    with pytest.raises(ValueError, match="nothing"):
        formulas.distributed(1, [0, 0])


def test_what_a_house_gives_back_adds_up() -> None:
    assert houses.shares(-100, [1, 1, 1]) == (-34, -33, -33)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**7), min_size=1, max_size=60).filter(any))
def test_a_house_is_parted_without_a_rest(volume: int, areas: list[int]) -> None:
    parts = houses.shares(volume, areas)
    assert sum(parts) == volume
    for part, area in zip(parts, areas, strict=True):
        exact = houses.share(Fraction(volume), area=Fraction(area), total_area=Fraction(sum(areas)))
        assert abs(part - exact) < 1


@st.composite
def tables(draw: st.DrawFn, *, mode: BlockMode = BlockMode.GRADUATED) -> TariffVersion:
    """A version of up to four blocks with any rates that are not negative, for two zones."""
    rates = st.integers(0, 20_000_000)
    bounds = sorted(draw(st.sets(st.integers(1, 2_000_000), max_size=3)))
    blocks = tuple(Block(bound, {"day": draw(rates), "night": draw(rates)}) for bound in (*bounds, None))
    return TariffVersion(1, "P", ALWAYS, ("day", "night"), blocks, mode)


VOLUMES = st.fractions(0, 5_000, max_denominator=1_000)


def cost(version: TariffVersion, volume: Fraction, *, scale: Fraction = Fraction(1)) -> Fraction:
    return sum(formulas.priced(version, {"day": volume}, scale=scale), Fraction(0))


@given(tables(), VOLUMES, VOLUMES)
def test_more_never_costs_less(version: TariffVersion, volume: Fraction, more: Fraction) -> None:
    assert cost(version, volume) <= cost(version, volume + more)


@given(tables(), VOLUMES, st.fractions(Fraction(1, 31), 12, max_denominator=31))
def test_scaled_bounds_are_a_month_of_another_length(version: TariffVersion, volume: Fraction, scale: Fraction) -> None:
    assert cost(version, volume * scale, scale=scale) == cost(version, volume) * scale


@given(tables(), VOLUMES, VOLUMES)
def test_zones_of_one_rate_are_one_zone(version: TariffVersion, day: Fraction, night: Fraction) -> None:
    blocks = tuple(Block(block.up_to, {"total": block.rates["day"]}) for block in version.blocks)
    alike = TariffVersion(1, "P", ALWAYS, ("day", "night"), blocks)
    assert sum(formulas.priced(alike, {"day": day, "night": night}), Fraction(0)) == cost(alike, day + night)


@given(tables(), VOLUMES, VOLUMES)
def test_bounds_of_each_zone_are_those_of_zones_alone(version: TariffVersion, day: Fraction, night: Fraction) -> None:
    each = replace(version, zone_rule=ZoneRule.PER_ZONE)
    both = sum(formulas.priced(each, {"day": day, "night": night}), Fraction(0))
    alone = [
        sum(formulas.priced(version, {zone: volume}), Fraction(0)) for zone, volume in (("day", day), ("night", night))
    ]
    assert both == sum(alone)


def test_a_block_is_entered_once_whatever_the_zones() -> None:
    rates = {"day": 10**6, "night": 10**6}
    blocks = (Block(10_000, rates, flat=500), Block(None, rates, flat=700))
    each = TariffVersion(1, "P", ALWAYS, ("day", "night"), blocks, zone_rule=ZoneRule.PER_ZONE)
    twenty = {"day": Fraction(20), "night": Fraction(20)}
    assert sum(formulas.priced(each, twenty), Fraction(0)) == 40 + 12
    assert sum(formulas.priced(each, {"day": Fraction(0), "night": Fraction(0)}), Fraction(0)) == 5


@given(tables(mode=BlockMode.VOLUME))
def test_every_bound_belongs_to_the_block_below(version: TariffVersion) -> None:
    for block, after in pairwise(version.blocks):
        bound = Fraction(block.up_to or 0, 1000)
        for volume, taken in ((bound - EPSILON, block), (bound, block), (bound + EPSILON, after)):
            if volume > 0 and (taken is not block or volume > _below(version, block)):
                assert cost(version, volume) == volume * Fraction(taken.rates["day"], 10**6)


def _below(version: TariffVersion, block: Block) -> Fraction:
    place = version.blocks.index(block)
    return Fraction(version.blocks[place - 1].up_to or 0, 1000) if place else Fraction(0)


@given(tables(), VOLUMES)
def test_a_currency_a_hundred_times_smaller(version: TariffVersion, volume: Fraction) -> None:
    smaller = tuple(
        Block(block.up_to, {zone: rate * 100 for zone, rate in block.rates.items()}) for block in version.blocks
    )
    assert cost(TariffVersion(1, "P", ALWAYS, version.zones, smaller), volume) == 100 * cost(version, volume)


@given(VOLUMES, st.integers(1, 400), st.sets(st.integers(1, 399), max_size=5))
def test_cutting_a_period_changes_no_volume(volume: Fraction, length: int, cuts: set[int]) -> None:
    start = date(2024, 1, 31)
    days = Period(start, start + timedelta(length))
    at = [start + timedelta(cut) for cut in sorted(cuts) if cut < length]
    parts = formulas.parted(volume, days, at)
    assert sum(part for _, part in parts) == volume
    assert sum(days for days, _ in parts) == length


@given(st.integers(1, 8), st.integers(0, 10**8 - 1), st.integers(0, 10**8 - 1))
def test_a_turned_wheel_counts_on(digits: int, prev: int, used: int) -> None:
    wheel = 10**digits
    prev, used = prev % wheel, used % wheel
    assert formulas.counted(Fraction(prev), Fraction((prev + used) % wheel), digits=digits) == used


BINARY: Any = 0.5
"""What no sum may be computed from."""

MONTH = Period(date(2025, 1, 1), date(2025, 2, 1))
RATED = TariffVersion(1, "P", ALWAYS, ("total",), (Block(None, {"total": 10**6}),))


@pytest.mark.parametrize(
    "call",
    [
        lambda: formulas.rounded(BINARY),
        lambda: formulas.priced(RATED, {"total": BINARY}),
        lambda: formulas.priced(RATED, {"total": Fraction(1)}, scale=BINARY),
        lambda: formulas.topped(Fraction(1), taxes=[BINARY]),
        lambda: formulas.two_part(energy=Fraction(1), energy_rate=BINARY, power=Fraction(1), power_rate=Fraction(1)),
        lambda: formulas.distributed(BINARY, [1]),
        lambda: houses.share(Fraction(1), area=BINARY, total_area=Fraction(2)),
        lambda: houses.common_volume(Fraction(1), [BINARY]),
        lambda: services.by_volume(MONTH, BINARY, [Component("heat", (RATED,))]),
        lambda: services.by_volume(MONTH, Fraction(1), [Component("heat", (RATED,), per_unit=BINARY)]),
        lambda: services.by_norm(MONTH, Fraction(1), [Count(ALWAYS, BINARY)], [Component("heat", (RATED,))]),
        lambda: fees.simple_interest(100, rate=BINARY, year_days=365, days=1),
        lambda: fees.by_power(Fraction(1), bill=100, months=1, steps=[PowerStep(None, 1, BINARY)]),
        lambda: instalments.equal(BINARY, 1),
        lambda: penalty.Rate(date(2025, 1, 1), BINARY),
        lambda: penalty.Stage(1, None, BINARY),
        lambda: penalty.penalty(BINARY, date(2025, 1, 1), [], PenaltyRules((), ()), through=date(2025, 1, 1)),
    ],
)
def test_binary_floats_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        call()
