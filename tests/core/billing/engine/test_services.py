"""Services by norm and by volume: cut by days, each line rounded once, uplift and VAT as lines of their own."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing.engine import houses, services
from core.billing.engine.houses import Negative
from core.billing.engine.services import Component, Count, NoServiceTariff, ServiceLineKind
from core.billing.model import Block, TariffVersion

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
ALWAYS = Period(date(2000, 1, 1), None)


def version(rate: int, valid: Period = ALWAYS, *, vat: int = 0, number: int = 1) -> TariffVersion:
    return TariffVersion(number, "P", valid, ("total",), (Block(None, {"total": rate}),), vat=vat)


def test_waste_by_persons_sewerage_by_volume_heat_by_area() -> None:
    three = [Count(ALWAYS, Fraction(3))]
    (waste,) = services.by_norm(JUNE, Fraction("0.16"), three, [Component("waste", (version(600_000_000),))])
    assert (waste.amount, waste.volume) == (28_800, Fraction("0.48"))
    (sewer,) = services.by_volume(JUNE, Fraction("7.123"), [Component("sewerage", (version(31_500_000),))])
    assert sewer.amount == 22_437  # 7.123 × 31.5 = 224.3745
    area = [Count(ALWAYS, Fraction("55.44"))]
    evenly = houses.heat_by_norm(Fraction("0.0195"), Fraction(1), evenly=Fraction(7, 12))
    (heat,) = services.by_norm(JUNE, evenly, area, [Component("heat", (version(2_000_000_000),))])
    assert heat.amount == 126_126  # 55.44 × 0.0195 × 7/12 × 2000


def test_vat_on_top_is_counted_from_the_rounded_line() -> None:
    use, vat = services.by_volume(JUNE, Fraction("0.333"), [Component("gas", (version(10_020_000, vat=200),))])
    assert (use.amount, vat.amount, vat.kind) == (334, 67, ServiceLineKind.VAT)
    assert services.total((use, vat)) == 401


def test_a_part_of_the_month_has_its_share_of_the_norm() -> None:
    ten = Period(date(2026, 6, 21), date(2026, 7, 1))
    one = [Count(ALWAYS, Fraction(1))]
    (line,) = services.by_norm(ten, Fraction(30), one, [Component("water", (version(10**6),))], month=30)
    assert (line.amount, line.days) == (1_000, ten)


def test_blocks_hold_against_an_exact_share() -> None:
    blocks = (Block(1_000, {"total": 10**6}), Block(None, {"total": 4 * 10**6}))
    plan = TariffVersion(1, "P", ALWAYS, ("total",), blocks)
    (line,) = services.by_volume(JUNE, Fraction(4, 3), [Component("gas", (plan,))])
    assert (line.amount, line.volume) == (233, Fraction(4, 3))  # 1 + 1/3 × 4


@pytest.mark.parametrize(("month", "days"), [((2025, 2), 28), ((2024, 2), 29), ((2025, 4), 30), ((2025, 7), 31)])
def test_a_month_of_any_length_is_one_norm_and_its_days_are_equal(month: tuple[int, int], days: int) -> None:
    whole = Month(*month).period
    one, water = [Count(ALWAYS, Fraction(1))], [Component("water", (version(10**6),))]
    norm = Fraction(days)
    assert services.total(services.by_norm(whole, norm, one, water)) == 100 * days
    last = Month(*month).last
    two = [Count(Period(date(2000, 1, 1), last), Fraction(1)), Count(Period(last, None), Fraction(2))]
    assert [line.amount for line in services.by_norm(whole, norm, two, water)] == [100 * (days - 1), 200]


def test_days_without_a_tariff_are_told() -> None:
    short = version(10**6, Period(date(2026, 6, 1), date(2026, 6, 16)))
    with pytest.raises(NoServiceTariff, match="2026-06-16"):
        services.by_volume(JUNE, Fraction(1), [Component("gas", (short,))])
    with pytest.raises(ValueError, match="open"):
        services.by_volume(ALWAYS, Fraction(1), [Component("gas", (version(1),))])


def test_what_a_house_uses_in_common() -> None:
    used = [Fraction(1_000), Fraction(4_000), Fraction(5_000)]
    assert houses.common_volume(Fraction(12_000), used) == 2_000
    assert houses.common_volume(Fraction(12_000), used, most=Fraction(1_500)) == 1_500
    assert houses.common_volume(Fraction(9_000), used) == 0
    assert houses.common_volume(Fraction(9_000), used, negative=Negative.BACK) == -1_000
    assert houses.common_norm(Fraction("2.5"), Fraction(400)) == 1_000


@pytest.mark.properties
@given(
    st.fractions(0, 100, max_denominator=1_000),
    st.integers(0, 10**9),
    st.sets(st.integers(1, 29), max_size=4),
    st.booleans(),
)
def test_cutting_a_month_costs_at_most_half_a_kopeck_a_line(
    volume: Fraction, rate: int, cuts: set[int], uplifted: bool
) -> None:
    uplift = Fraction(3, 2) if uplifted else Fraction(1)
    edges = [JUNE.start, *(JUNE.start + timedelta(cut) for cut in sorted(cuts)), None]
    pieces = tuple(
        version(rate, Period(start, end), number=number)
        for number, (start, end) in enumerate(pairwise(edges), 1)
        if start is not None
    )
    whole = services.by_volume(JUNE, volume, [Component("water", (version(rate),))], uplift=uplift)
    cut = services.by_volume(JUNE, volume, [Component("water", pieces)], uplift=uplift)
    assert all(line.amount >= 0 for line in cut)
    assert sum(line.volume for line in cut) == sum(line.volume for line in whole)
    assert 2 * abs(services.total(cut) - services.total(whole)) <= len(cut) + len(whole)
