"""Tariffs at random, for a year, against an independent calculator: blocks × zones × seasons, fixed and least charges.

The calculator is NREL's PySAM, module Utilityrate5 (extra `oracle`). It adds up hours of binary floats; the engine's
lines are rounded to kopecks, so the two may differ by half a kopeck a line.
"""

import os
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest

from core.basics.periods import DAY, Month, Period
from core.billing.engine import charging
from core.billing.engine.usage import Curve
from core.billing.model import Block, Season, TariffVersion
from core.metering.model import Anchor

pytestmark = pytest.mark.prove

TARIFFS = int(os.environ.get("METERLINE_TARIFFS", "200"))
MONTHS = [Month(2025, number) for number in range(1, 13)]
ZONES = ("day", "night", "peak", "halfpeak")
WORST = Decimal("0.01")
ENDLESS = 1e38
"""What the calculator takes for no bound."""


@dataclass(frozen=True)
class Year:
    """A tariff, and each hour's use in thousandths with the zone that its clock hour belongs to."""

    version: TariffVersion
    zone_of: tuple[int, ...]
    hours: tuple[int, ...]

    def used(self, zone: int) -> list[int]:
        """The use of a zone in each month, thousandths."""
        found = []
        start = 0
        for month in MONTHS:
            end = start + 24 * month.days
            found.append(sum(use for hour, use in enumerate(self.hours[start:end]) if self.zone_of[hour % 24] == zone))
            start = end
        return found


def blocks(chance: random.Random, zones: tuple[str, ...]) -> tuple[Block, ...]:
    bounds = sorted(chance.sample(range(1_000, 2_500_000), chance.randint(0, 4)))
    return tuple(Block(bound, {zone: chance.randint(0, 12_000_000) for zone in zones}) for bound in (*bounds, None))


def year(chance: random.Random) -> Year:
    zones = ZONES[: chance.randint(1, len(ZONES))]
    names = list(range(1, 13))
    chance.shuffle(names)
    cuts = sorted(chance.sample(range(1, 12), chance.randint(0, 3)))
    groups = [names[start:end] for start, end in zip([0, *cuts], [*cuts, 12], strict=True)]
    seasons = tuple(Season(tuple(sorted(months)), blocks(chance, zones)) for months in groups)
    version = TariffVersion(
        id=1,
        plan="P",
        valid=Period(date(2024, 1, 1), None),
        zones=zones,
        blocks=seasons[-1].blocks,
        standing=chance.choice((0, chance.randint(1, 50_000))),
        minimum=chance.choice((0, chance.randint(1, 300_000))),
        seasons=seasons[:-1],
    )
    most = chance.choice((0, 100, 1_000, 6_000))
    away = chance.sample(range(1, 13), 2)
    hours = tuple(
        0 if month.month in away else chance.randint(0, most) for month in MONTHS for _ in range(24 * month.days)
    )
    return Year(version, tuple(chance.randrange(len(zones)) for _ in range(24)), hours)


def ours(given: Year) -> list[Decimal]:
    """The year's bills by the engine, month by month."""
    curves = {}
    for zone, name in enumerate(given.version.zones):
        counts = accumulate(given.used(zone), initial=0)
        days = [MONTHS[0].first - DAY, *(month.last for month in MONTHS)]
        anchors = [Anchor(day, count) for day, count in zip(days, counts, strict=True)]
        curves[name] = Curve(anchors, wheel=10**15, multiplier=1000, fraction=3)
    return [
        Decimal(
            charging.charge(
                days=month.period, month=month, curves=curves, versions=(given.version,), persons=2, fixed=True
            ).amount
        )
        / 100
        for month in MONTHS
    ]


def theirs(oracle: Any, given: Year) -> list[Decimal]:
    """The same by the other calculator."""
    version = given.version
    rows: list[list[float]] = []
    schedule: list[list[int]] = []
    zones = len(version.zones)
    tables = [*(season.blocks for season in version.seasons), version.blocks]
    for place, table in enumerate(tables):
        for zone, name in enumerate(version.zones):
            for tier, block in enumerate(table, 1):
                bound = ENDLESS if block.up_to is None else block.up_to / 1_000
                rows.append([place * zones + zone + 1, tier, bound, 0, block.rates[name] / 1_000_000, 0])
    for month in MONTHS:
        place = next((at for at, one in enumerate(version.seasons) if month.month in one.months), len(tables) - 1)
        schedule.append([place * zones + zone + 1 for zone in given.zone_of])
    model = oracle.new()
    model.assign(
        {
            "Lifetime": {"analysis_period": 1, "inflation_rate": 0, "system_use_lifetime_output": 0},
            "SystemOutput": {"degradation": [0], "gen": [0] * 8760},
            "Load": {"load": [use / 1_000 for use in given.hours], "load_escalation": [0]},
            "ElectricityRates": {
                "en_electricity_rates": 1,
                "rate_escalation": [0],
                "ur_metering_option": 0,
                "ur_nm_yearend_sell_rate": 0,
                "ur_monthly_fixed_charge": version.standing / 100,
                "ur_monthly_min_charge": version.minimum / 100,
                "ur_annual_min_charge": 0,
                "ur_ec_sched_weekday": schedule,
                "ur_ec_sched_weekend": schedule,
                "ur_ec_tou_mat": rows,
                "ur_dc_enable": 0,
                "ur_en_ts_buy_rate": 0,
                "ur_en_ts_sell_rate": 0,
                "ur_sell_eq_buy": 0,
                "TOU_demand_single_peak": 0,
            },
        }
    )
    model.execute(0)
    return [Decimal(repr(bill)) for bill in model.Outputs.year1_monthly_utility_bill_wo_sys]


def test_a_year_of_any_tariff_is_what_another_calculator_makes_of_it() -> None:
    oracle = pytest.importorskip("PySAM.Utilityrate5", reason="the extra `oracle` (nrel-pysam) is not installed")
    chance = random.Random(20_250_701)
    worst = Decimal(0)
    told = 0
    for number in range(TARIFFS):
        given = year(chance)
        for month, mine, other in zip(MONTHS, ours(given), theirs(oracle, given), strict=True):
            worst = max(worst, abs(mine - other))
            told += mine > 0
            assert abs(mine - other) <= WORST, f"tariff {number}, {month}: {mine} is not {other}; {given.version}"
    assert told > 6 * TARIFFS
    print(f"{TARIFFS} tariffs, worst difference {worst.quantize(Decimal('0.000001'))}")


def test_use_by_zone_is_the_use_of_the_hours() -> None:
    given = year(random.Random(1))
    assert sum(sum(given.used(zone)) for zone in range(len(given.version.zones))) == sum(given.hours)
    assert len(given.hours) == 8760
