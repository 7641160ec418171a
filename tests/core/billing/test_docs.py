"""The worked numbers in docs/billing come out of the engine."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from core.basics.periods import DAY, Month, Period
from core.billing import tariffs
from core.billing.engine import charging, penalty, protocol
from core.billing.engine.charging import Charge
from core.billing.engine.penalty import PenaltyRules, Rate, Settlement, Stage
from core.billing.engine.usage import Curve
from core.billing.model import Block, TariffVersion
from core.metering.model import Anchor, Usual

DOCS = Path(__file__).resolve().parents[3] / "docs" / "billing"
NOVEMBER = Month(2025, 11)


def page(name: str) -> str:
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def curve(*anchors: tuple[date, int], usual: Usual | None = None) -> Curve:
    known = [Anchor(day, value * 1000) for day, value in anchors]
    return Curve(known, wheel=10**8, multiplier=1000, fraction=0, usual=usual)


def november(versions: tuple[TariffVersion, ...], volumes: Mapping[str, int]) -> Charge:
    curves = {zone: curve((NOVEMBER.first - DAY, 0), (NOVEMBER.last, volume)) for zone, volume in volumes.items()}
    return charging.charge(
        days=NOVEMBER.period, month=NOVEMBER, curves=curves, versions=versions, persons=1, fixed=True
    )


def shipped(plan: str) -> tuple[TariffVersion, ...]:
    return tariffs.in_order(version for version in tariffs.shipped() if version.plan == plan)


def test_use_by_day() -> None:
    text = page("usage.md")
    known = curve((date(2025, 10, 20), 4_300), (date(2025, 11, 20), 4_500))
    count = known.count(date(2025, 10, 31).toordinal()) // 1000
    parts = [
        known.volume(Period(date(2025, 10, 21), date(2025, 11, 1))).volume // 1000,
        known.volume(Period(date(2025, 11, 1), date(2025, 11, 21))).volume // 1000,
    ]
    assert f"rounded {count}. So 21 to 31 October used {parts[0]} kWh, 1 to 20 November {parts[1]} kWh" in text
    forecast = curve((date(2025, 10, 31), 4_325), (date(2025, 11, 20), 4_500), usual=Usual(2_184_000, 365))
    assert f"rounded {forecast.count(date(2025, 11, 30).toordinal()) // 1000}, so" in text
    assert f"charged {forecast.volume(NOVEMBER.period).volume // 1000} kWh" in text
    turned = curve((date(2025, 10, 31), 99_990), (date(2025, 11, 30), 12))
    assert f"00012 on 30 November is {turned.volume(NOVEMBER.period).volume // 1000} kWh" in text


def test_what_a_month_costs() -> None:
    text = page("charging.md")
    for plan, volumes in (
        ("RU-FLAT", {"total": 187}),
        ("RU-DN", {"day": 150, "night": 60}),
        ("CRIMEA-CITY", {"total": 210}),
        ("CRIMEA-CITY", {"total": 700}),
    ):
        found = november(shipped(plan), volumes)
        products = " + ".join(f"{volume // 1000} × {tariffs.plain(rate, 10**6)}" for volume, rate in found.pieces)
        assert f"{products.replace(' × ', ' kWh × ', 1) if len(found.pieces) == 1 else products} = " in text
        assert f"= {protocol.money(found.amount)}" in text
    always = Period(date(2020, 1, 1), None)
    shared = TariffVersion(
        1, "P", always, ("day", "night"),
        (Block(150_000, {"day": 4_560_000, "night": 1_220_000}), Block(None, {"day": 5_710_000, "night": 1_520_000})),
    )  # fmt: skip
    assert f"= {protocol.money(november((shared,), {'day': 200, 'night': 100}).amount)}" in text
    topped = TariffVersion(1, "P", always, ("total",), (Block(None, {"total": 10**6}),), standing=15_000, vat=200)
    lines = [protocol.money(line.amount) for line in november((topped,), {"total": 100}).lines]
    assert "energy {}, standing {}, VAT {}".format(*lines) in text


def test_what_late_payment_costs() -> None:
    text = page("penalty.md")
    rules = PenaltyRules(
        (Stage(31, 90, Fraction(1, 300)), Stage(91, None, Fraction(1, 130))),
        (Rate(date(2020, 1, 1), Fraction(95, 1000)),),
    )
    found = penalty.penalty(231_547, date(2026, 4, 15), [], rules, through=date(2026, 6, 30))
    last = found.segments[-1]
    span = f"{last.first:%d.%m}–{last.last:%d.%m} {last.days} days × {protocol.money(last.balance)}"
    assert f"{span} × 9.5 %/300 = {protocol.money(found.amount)}" in text
    paid = [Settlement(date(2026, 7, 25), 60_000)]
    partly = penalty.penalty(100_000, date(2026, 6, 15), paid, rules, through=date(2026, 8, 4))
    one, other = (segment for segment in partly.segments if segment.share)
    said = " and ".join(f"{segment.days} days × {protocol.money(segment.balance)}" for segment in (one, other))
    assert f"{said} at 9.5 %/300 = {protocol.money(partly.amount)}" in text
