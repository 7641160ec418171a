"""What a month's use costs."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.money import half_up
from core.basics.periods import DAY, Month, Period
from core.billing.engine import charging, pricing
from core.billing.engine.charging import Charge, ChargeLine, LineKind
from core.billing.engine.usage import Curve
from core.billing.model import Block, BlockMode, Scaling, TariffVersion
from core.metering.model import Anchor

NOVEMBER = Month(2025, 11)
JULY = Month(2025, 7)


def version(
    *blocks: tuple[int | None, Mapping[str, int]],
    id: int = 1,
    since: date = date(2024, 1, 1),
    until: date | None = None,
    mode: BlockMode = BlockMode.GRADUATED,
    scaling: Scaling = Scaling.NONE,
    flats: tuple[int, ...] = (),
    standing: int = 0,
    minimum: int = 0,
    vat: int = 0,
) -> TariffVersion:
    fees = (*flats, *([0] * len(blocks)))
    return TariffVersion(
        id=id,
        plan="P",
        valid=Period(since, until),
        zones=tuple(blocks[0][1]),
        blocks=tuple(Block(bound, rates, fee) for (bound, rates), fee in zip(blocks, fees, strict=False)),
        mode=mode,
        scaling=scaling,
        standing=standing,
        minimum=minimum,
        vat=vat,
    )


FLAT = version((None, {"total": 3_320_000}))
CITY_24 = version(
    (150_000, {"total": 4_490_000}),
    (600_000, {"total": 4_820_000}),
    (None, {"total": 8_280_000}),
    id=24,
    until=date(2025, 7, 16),
)
CITY_25 = version(
    (150_000, {"total": 5_050_000}),
    (600_000, {"total": 5_430_000}),
    (None, {"total": 9_320_000}),
    id=25,
    since=date(2025, 7, 16),
)


def used(month: Month, **volumes: int) -> dict[str, Curve]:
    """Curves on which the month's volumes were used evenly, with an anchor on its last day."""
    before = month.first - DAY
    return {
        zone: Curve([Anchor(before, 0), Anchor(month.last, volume)], wheel=10**9, multiplier=1000, fraction=3)
        for zone, volume in volumes.items()
    }


def charge(
    *versions: TariffVersion, month: Month = NOVEMBER, fixed: bool = True, persons: int = 1, **volumes: int
) -> Charge:
    return charging.charge(
        days=month.period,
        month=month,
        curves=used(month, **volumes),
        versions=versions,
        persons=persons,
        fixed=fixed,
    )


def test_one_rate() -> None:
    found = charge(FLAT, fixed=False, total=187_000)
    assert (found.amount, found.volume, found.pieces) == (62_084, 187_000, ((187_000, 3_320_000),))
    assert found == charge(FLAT, total=187_000)


def test_day_and_night_are_one_line_rounded_once() -> None:
    zones = version((None, {"day": 3_815_000, "night": 2_275_000}))
    found = charge(zones, day=101_000, night=61_000)
    assert found.amount == half_up(101 * 3815 + 61 * 2275, 10)
    assert found.pieces == ((101_000, 3_815_000), (61_000, 2_275_000))


@pytest.mark.parametrize(
    ("volume", "amount"),
    [
        (0, 0),
        (149_999, 75_749),
        (150_000, 75_750),
        (150_001, 75_751),
        (600_000, 320_100),
        (600_001, 320_101),
        (610_000, 329_420),
    ],
)
def test_a_bound_belongs_to_the_lower_block(volume: int, amount: int) -> None:
    assert charge(CITY_25, total=volume).amount == amount


def test_blocks_are_told_as_pieces() -> None:
    found = charge(CITY_25, total=210_000)
    assert found.pieces == ((150_000, 5_050_000), (60_000, 5_430_000))
    assert found.amount == 108_330


def test_a_tariff_change_cuts_the_month_and_the_bounds() -> None:
    found = charge(CITY_24, CITY_25, month=JULY, total=310_000)
    old, new = Fraction(15, 31), Fraction(16, 31)
    expected = 150 * old * 449 + (150 - 150 * old) * 482 + 150 * new * 505 + (160 - 150 * new) * 543
    assert found.amount == half_up(expected.numerator, expected.denominator)
    assert found.tariffs == (24, 25)
    assert sum(volume for volume, _ in found.pieces) == found.volume == 310_000
    assert [rate for _, rate in found.pieces] == [4_490_000, 4_820_000, 5_050_000, 5_430_000]


def test_a_part_of_the_month_has_the_bounds_of_the_whole() -> None:
    curves = used(NOVEMBER, total=300_000)
    found = charging.charge(
        days=Period(NOVEMBER.first, date(2025, 11, 16)), month=NOVEMBER, curves=curves, versions=[CITY_25], persons=1
    )
    assert (found.volume, found.amount) == (150_000, 75_750)


def test_a_meter_that_was_there_for_half_the_month_has_half_the_bounds() -> None:
    curves = {"total": Curve([Anchor(date(2025, 11, 15), 0), Anchor(NOVEMBER.last, 100_000)], wheel=10**9,
                             multiplier=1000, fraction=0)}  # fmt: skip
    found = charging.charge(
        days=NOVEMBER.period, month=NOVEMBER, curves=curves, versions=[CITY_25], persons=1,
        present=Period(date(2025, 11, 16), None),
    )  # fmt: skip
    assert found.pieces == ((75_000, 5_050_000), (25_000, 5_430_000))


def test_zones_share_each_block_by_their_volumes() -> None:
    zones = version((150_000, {"day": 4_560_000, "night": 1_220_000}), (None, {"day": 5_710_000, "night": 1_520_000}))
    found = charge(zones, day=200_000, night=100_000)
    expected = Fraction(150 * 2, 3) * (456 + 571) + Fraction(150, 3) * (122 + 152)
    assert found.amount == half_up(expected.numerator, expected.denominator)


def test_the_whole_volume_at_the_rate_of_its_block() -> None:
    by_volume = version((100_000, {"total": 2_000_000}), (None, {"total": 1_500_000}), mode=BlockMode.VOLUME)
    assert charge(by_volume, total=100_000).amount == 20_000
    assert charge(by_volume, total=101_000).amount == 15_150


def test_entering_a_block_may_cost_something() -> None:
    fees = version((10_000, {"total": 10_000_000}), (None, {"total": 5_000_000}), flats=(200, 300))
    assert charge(fees, total=0).amount == 200
    assert charge(fees, total=10_000).amount == 10_200
    assert charge(fees, total=10_001).amount == 10_501
    assert charge(version((None, {"total": 1_000_000}), flats=(200,)), fixed=False, total=1_000).amount == 300


@pytest.mark.parametrize(
    ("scaling", "persons", "bound"),
    [
        (Scaling.NONE, 3, 150_000),
        (Scaling.PERSONS, 3, 450_000),
        (Scaling.PERSONS, 0, 150_000),
        (Scaling.DAYS_30, 1, 155_000),
        (Scaling.PER_DAY, 1, 4_650_000),
    ],
)
def test_bounds_are_scaled(scaling: Scaling, persons: int, bound: int) -> None:
    scaled = version((150_000, {"total": 1_000_000}), (None, {"total": 2_000_000}), scaling=scaling)
    found = charge(scaled, month=JULY, persons=persons, total=5_000_000)
    assert found.pieces[0] == (bound, 1_000_000)


def test_a_bound_by_a_month_of_thirty_and_a_half_days() -> None:
    scaled = version((61_000, {"total": 1_000_000}), (None, {"total": 2_000_000}), scaling=Scaling.DAYS_30_5)
    assert charge(scaled, month=JULY, total=100_000).pieces == ((62_000, 1_000_000), (38_000, 2_000_000))


def test_fixed_parts_and_vat_are_lines_of_their_own() -> None:
    both = version((None, {"total": 1_000_000}), standing=15_000, vat=200)
    assert charge(both, total=100_005).lines == (
        ChargeLine(LineKind.ENERGY, 10_001),
        ChargeLine(LineKind.STANDING, 15_000),
        ChargeLine(LineKind.VAT, 5_000),
    )
    assert charge(both, fixed=False, total=100_005).amount == 10_001 + 2_000
    least = version((None, {"total": 1_000_000}), standing=1_000, minimum=5_000)
    assert charge(least, total=10_000).lines[-1] == ChargeLine(LineKind.MINIMUM, 3_000)
    assert len(charge(least, total=40_000).lines) == 2


def test_a_standing_charge_that_changes_is_parted_by_days() -> None:
    old = version((None, {"total": 1_000_000}), standing=10_000, until=date(2025, 7, 16), vat=100)
    new = version((None, {"total": 1_000_000}), standing=20_000, since=date(2025, 7, 16), id=2, vat=200)
    found = charge(old, new, month=JULY, total=310_000)
    assert found.lines[1] == ChargeLine(LineKind.STANDING, half_up(10_000 * 15 + 20_000 * 16, 31))
    assert found.lines[2] == ChargeLine(LineKind.VAT, half_up((31_000 + 15_161) * (150 * 100 + 160 * 200), 310 * 1000))
    unused = charge(old, new, month=JULY, total=0)
    assert unused.lines[2] == ChargeLine(LineKind.VAT, half_up(15_161 * (15 * 100 + 16 * 200), 31 * 1000))


def test_days_without_a_tariff_are_refused() -> None:
    with pytest.raises(charging.NoTariff, match="2025-07"):
        charge(CITY_24, month=JULY, total=1_000)
    with pytest.raises(ValueError, match="night"):
        charge(version((None, {"day": 1})), day=1, night=1)


def blocks() -> st.SearchStrategy[TariffVersion]:
    bounds = st.lists(st.integers(1, 900_000), unique=True, max_size=4).map(sorted)
    rates = st.lists(st.integers(0, 20_000_000), min_size=5, max_size=5)
    scaling = st.sampled_from(list(Scaling))
    return st.builds(
        lambda cuts, prices, how: version(
            *[(bound, {"total": price}) for bound, price in zip([*cuts, None], sorted(prices), strict=False)],
            scaling=how,
        ),
        bounds,
        rates,
        scaling,
    )


@given(blocks(), st.integers(0, 2_000_000), st.integers(0, 500_000), st.integers(0, 6))
def test_more_volume_never_costs_less(plan: TariffVersion, volume: int, more: int, persons: int) -> None:
    less = charge(plan, persons=persons, total=volume).amount
    assert less <= charge(plan, persons=persons, total=volume + more).amount


@given(blocks(), st.integers(0, 2_000_000), st.integers(2, 31))
def test_a_change_that_changes_nothing_moves_a_sum_by_no_more_than_its_rounding(
    plan: TariffVersion, volume: int, day: int
) -> None:
    """Splitting: the same rates in two versions, bounds in proportion to days, use even over the month."""
    cut = date(2025, 7, day)
    one = version(*[(b.up_to, b.rates) for b in plan.blocks], scaling=plan.scaling, until=cut)
    two = version(*[(b.up_to, b.rates) for b in plan.blocks], scaling=plan.scaling, since=cut, id=2)
    whole, parted = charge(plan, month=JULY, total=volume), charge(one, two, month=JULY, total=volume)
    assert parted.volume == whole.volume
    dearest = max(block.rates["total"] for block in plan.blocks)
    assert abs(parted.amount - whole.amount) <= 1 + dearest // pricing.KOPECK


@given(blocks(), st.integers(0, 2_000_000))
def test_the_steps_are_worth_the_line(plan: TariffVersion, volume: int) -> None:
    found = charge(plan, month=JULY, total=volume)
    exact = sum(
        (Fraction(s.volume, s.per) * s.rate / pricing.KOPECK + Fraction(s.flat, s.flat_per) for s in found.steps),
        Fraction(0),
    )
    assert found.lines[0].amount == half_up(exact.numerator, exact.denominator)
    assert sum(Fraction(step.volume, step.per) for step in found.steps) == found.volume
    assert sum(piece for piece, _ in found.pieces) == found.volume


@given(blocks(), st.integers(0, 2_000_000))
def test_a_hundredfold_rate_is_a_hundredfold_sum_before_rounding(plan: TariffVersion, volume: int) -> None:
    dear = version(
        *[(block.up_to, {"total": block.rates["total"] * 100}) for block in plan.blocks], scaling=plan.scaling
    )
    cheap = Fraction(*pricing.worth(charge(plan, total=volume).steps))
    assert Fraction(*pricing.worth(charge(dear, total=volume).steps)) == cheap * 100
