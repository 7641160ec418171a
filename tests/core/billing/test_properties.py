"""The properties of billing.md section 10: each has its tests, and those that stand nowhere else stand here."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing.engine import formulas
from core.billing.engine.settling import settle
from core.billing.engine.statement import explain
from core.billing.engine.usage import Curve
from core.billing.model import Block, BlockMode, Claim, ClaimKind, Payment, TariffVersion
from core.metering.model import Anchor
from tests.core.billing.engine.histories import ALWAYS, Life, meter

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs" / "billing" / "properties.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", PAGE, re.MULTILINE)


def test_every_property_is_there() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 16))


@pytest.mark.parametrize(("number", "tests"), ROWS)
def test_every_property_has_its_tests(number: str, tests: str) -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
    assert named, number
    for file, name in named:
        text = (HERE / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), f"{number}: {file}::{name} is not there"


@pytest.mark.properties
@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(0, 9_000), min_size=5, max_size=5),
    st.integers(0, 2_000_000),
    st.sampled_from(BlockMode),
)
def test_another_unit_of_money_changes_nothing_but_the_unit(
    bounds: list[int], prices: list[int], volume: int, mode: BlockMode
) -> None:
    tops = [*(bound * 1000 for bound in sorted(bounds)), None]
    blocks = [Block(top, {"total": price * 1000}, price) for top, price in zip(tops, prices, strict=False)]
    dear = [replace(one, rates={"total": one.rates["total"] * 100}, flat=one.flat * 100) for one in blocks]
    plan = TariffVersion(1, "P", ALWAYS, ("total",), tuple(blocks), mode)
    used = {"total": Fraction(volume, 1000)}
    worth = formulas.priced(plan, used)
    assert formulas.priced(replace(plan, blocks=tuple(dear)), used) == tuple(part * 100 for part in worth)
    claims = [Claim(1, Month(2025, 5), ClaimKind.BILL, 7_001, ALWAYS.start, ALWAYS.start)]
    claims.append(replace(claims[0], no=2, month=Month(2025, 6), amount=volume))
    paid = [Payment(3, ALWAYS.start, 1 + prices[0]), Payment(4, ALWAYS.start + timedelta(1), 1 + prices[1])]
    found = settle(claims, paid)
    scaled = settle([replace(one, amount=one.amount * 100) for one in claims],
                    [replace(one, amount=one.amount * 100) for one in paid])  # fmt: skip
    assert scaled.advance == found.advance * 100
    assert scaled.allocations == tuple(replace(one, amount=one.amount * 100) for one in found.allocations)


@pytest.mark.properties
@given(st.lists(st.integers(1, 400), min_size=4, max_size=4), st.integers(1, 4_000))
def test_a_month_behind_is_the_same_years_later(uses: list[int], later: int) -> None:
    life, month, count = Life((meter(tariff="BLOCKS"),)), Month(2025, 3), 1_000
    life.read(month.previous.last, count)
    life.billed_elsewhere(month.previous)
    for used in uses:
        count += used
        life.read(month.last, count)
        life.close(month)
        month = month.next
    told = [
        explain(life.facts, life.meters, life.tariffs, account="1", persons=1, today=today)
        for today in (month.first, month.first + timedelta(later))
    ]
    assert told[0].lines == told[1].lines
    assert all(line.reproduced for line in told[1].lines)


@pytest.mark.parametrize("month", [Month(2023, 2), Month(2024, 2), Month(2025, 4), Month(2025, 7)], ids=str)
def test_every_day_of_months_of_every_length_is_in_one_part(month: Month) -> None:
    """28, 29, 30 and 31 days, cut behind each of them, with a wheel that turns inside."""
    first = month.previous.last
    anchors = [Anchor(first, 99_950_000), Anchor(month.last, 137_000)]
    curve = Curve(anchors, wheel=100_000_000, multiplier=1000, fraction=0)
    whole = curve.volume(month.period).volume
    assert whole == 187_000
    for number in range(month.days + 1):
        cut = month.first + timedelta(number)
        parts = [Period(start, end) for start, end in ((month.first, cut), (cut, month.next.first)) if start < end]
        assert sum(curve.volume(one).volume for one in parts) == whole
    cuts = [month.first + timedelta(number) for number in range(1, month.days)]
    assert sum(days for days, _ in formulas.parted(Fraction(1), month.period, cuts)) == month.days
