"""Worked examples from published pages and other people's programs, through the engine's own functions.

Their file is not part of this repository; without it these tests are skipped.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from core.basics.money import micro, milli, minor
from core.basics.periods import Period
from core.billing.engine import formulas, settling, usage
from core.billing.engine.formulas import Rounding
from core.billing.model import Block, BlockMode, TariffVersion
from core.metering.model import Anchor

Inputs = Mapping[str, Any]
Found = dict[str, Any]

LATER = {"penalty", "late_fee", "instalments", "norm_hot_water", "heating", "hot_water_prepared", "hot_water_price"}
"""Kinds that the engine does not compute yet."""


def fraction(inputs: Inputs, name: str, default: str = "0") -> Fraction:
    return Fraction(str(inputs.get(name) or default))


def version(
    tiers: list[Mapping[str, Any]], *, mode: str = "graduated", vat: str = "0", zones: tuple[str, ...] = ("total",)
) -> TariffVersion:
    blocks = tuple(
        Block(
            None if tier["up_to"] is None else milli(str(tier["up_to"])),
            {zone: micro(str(tier["rates"][zone] if "rates" in tier else tier.get("rate", "0"))) for zone in zones},
            minor(tier.get("flat", "0")),
        )
        for tier in tiers
    )
    return TariffVersion(
        1, "P", Period(date(2000, 1, 1), None), zones, blocks, BlockMode(mode), vat=int(Fraction(vat) * 1000)
    )


def consumption(inputs: Inputs) -> Found:
    prev, cur = milli(inputs["prev"]), milli(inputs["cur"])
    volume = usage.difference(prev, cur, 10 ** inputs["digits"] * 1000)
    return {
        "volume": Fraction(volume, 1000) * Fraction(str(inputs.get("multiplier", 1))),
        "rollover": cur < prev,
    }


def interpolate(inputs: Inputs) -> Found:
    anchors = [Anchor(date.fromisoformat(one["date"]), milli(one["value"])) for one in inputs["readings"]]
    exact = formulas.count_at(anchors, date.fromisoformat(inputs["at"]), wheel=10**12)
    return {"value": formulas.rounded(exact, Fraction(1), Rounding(inputs.get("rounding", "none")))}


def standing_charge(inputs: Inputs) -> Found:
    prev, cur = inputs["prev"], inputs["cur"]
    used = Fraction(usage.difference(milli(prev["value"]), milli(cur["value"]), 10**9), 1000)
    days = formulas.days_between(date.fromisoformat(prev["date"]), date.fromisoformat(cur["date"]))
    amount = used * fraction(inputs, "unit_rate") + days * fraction(inputs, "daily_charge")
    return {"volume": used, "amount": formulas.rounded(amount)}


def blocks(inputs: Inputs) -> Found:
    if inputs["mode"] == "package":
        amount = formulas.packages(
            fraction(inputs, "volume"),
            size=fraction(inputs, "package_size"),
            price=fraction(inputs, "package_price"),
            free=fraction(inputs, "free_units"),
        )
        return {"amount": amount}
    each = bool(inputs.get("round_each_block"))
    plan = version(inputs["blocks"], mode=inputs["mode"], vat=inputs.get("vat", "0"))
    scale = fraction(inputs, "persons", "1") * fraction(inputs, "threshold_scale", "1")
    lines = formulas.priced(plan, {"total": milli(inputs["volume"])}, scale=scale, each=each)
    total = formulas.topped(
        sum(lines, Fraction(0)),
        fixed=fraction(inputs, "fixed"),
        taxes=[Fraction(tax) for tax in inputs.get("taxes", [])],
        stamp=fraction(inputs, "stamp"),
    )
    rule = inputs.get("rounding") or {"step": "0.01", "mode": "half_up"}
    return {"amount": formulas.rounded(total, Fraction(rule["step"]), Rounding(rule["mode"])), "lines": list(lines)}


def tou_blocks_year(inputs: Inputs) -> Found:
    tariff = inputs["tariff"]
    zones = tuple(tariff["zones"])
    monthly: list[Fraction] = []
    for month in range(1, 13):
        (season,) = [one for one in tariff["seasons"] if month in one["months"]]
        volumes = {zone: milli(str(inputs["consumption"][zone][month - 1])) for zone in zones}
        energy = sum(formulas.priced(version(season["tiers"], zones=zones), volumes), Fraction(0))
        fixed, least = fraction(tariff, "fixed_monthly"), fraction(tariff, "min_monthly")
        monthly.append(formulas.topped(energy, fixed=fixed, least=least))
    return {"monthly": monthly}


def energy_demand(inputs: Inputs) -> Found:
    names = ("energy", "energy_rate", "power", "power_rate")
    exact = formulas.two_part(**{name: fraction(inputs, name) for name in names})
    return {"amount": formulas.rounded(exact, fraction(inputs, "step", "0.01"))}


def demand_ratchet(inputs: Inputs) -> Found:
    peaks = [Fraction(str(peak)) for peak in inputs["monthly_peak_kw"]]
    demands = formulas.billing_demand(peaks, fraction(inputs, "ratchet"))
    rates = [Fraction(rate) for rate in inputs["monthly_rate"]]
    return {"amount": sum((demand * rate for demand, rate in zip(demands, rates, strict=True)), Fraction(0))}


def proration(inputs: Inputs) -> Found:
    days = Period(date.fromisoformat(inputs["from"]), date.fromisoformat(inputs["to"]))
    cuts = [date.fromisoformat(cut) for cut in inputs["cuts"]]
    parts = formulas.parted(fraction(inputs, "volume"), days, cuts)
    found: Found = {
        "parts": [{"days": length, "volume": formulas.rounded(volume, Fraction(1, 10**6))} for length, volume in parts]
    }
    if "monthly_charge" in inputs:
        charge = formulas.by_days(fraction(inputs, "monthly_charge"), sum(length for length, _ in parts))
        found["charge"] = formulas.rounded(charge)
    return found


def common_needs(inputs: Inputs) -> Found:
    others = [Fraction(one) for one in inputs["subtract"]]
    volume = formulas.common_need(
        fraction(inputs, "house"), others, area=fraction(inputs, "area"), total_area=fraction(inputs, "total_area")
    )
    return {"volume": volume, "amount": formulas.rounded(volume * fraction(inputs, "tariff"))}


def allocation(inputs: Inputs) -> Found:
    debts = [
        settling.Debt(
            one["id"],
            date.fromisoformat(one["due"]),
            {name: minor(amount) for name, amount in one["components"].items()},
        )
        for one in inputs["debts"]
    ]
    shares, left = settling.spread(
        minor(inputs["payment"]["amount"]),
        debts,
        on=date.fromisoformat(inputs["payment"]["date"]),
        order=inputs["order"],
        mode=settling.Mode(inputs["mode"]),
        ahead=settling.Ahead(inputs["advance"]),
    )
    return {
        "allocations": [
            {"debt": one.debt, "component": one.component, "amount": Fraction(one.amount, 100)} for one in shares
        ],
        "unallocated": Fraction(left, 100),
    }


def average(inputs: Inputs) -> Found:
    readings = [Fraction(one) for one in inputs["readings"]]
    return {"volume": formulas.average(readings[0], readings[-1], len(readings) - 1)}


def threshold(inputs: Inputs) -> Found:
    return {"threshold": formulas.bound(fraction(inputs, "per_day"), inputs["days"])}


def per_head(inputs: Inputs) -> Found:
    amount = formulas.per_head(fraction(inputs, "norm"), inputs["persons"], fraction(inputs, "tariff"))
    return {"amount": formulas.rounded(amount)}


def prepaid(inputs: Inputs) -> Found:
    volume = formulas.prepaid(fraction(inputs, "paid"), tax=fraction(inputs, "tax"), rate=fraction(inputs, "rate"))
    rule = inputs["rounding"]
    return {"volume": formulas.rounded(volume, Fraction(rule["step"]), Rounding(rule["mode"]))}


def benefit(inputs: Inputs) -> Found:
    amount = sum((Fraction(one["volume"]) * Fraction(one["rate"]) for one in inputs["lines"]), Fraction(0))
    return {"amount": formulas.rounded(amount)}


KINDS: dict[str, Callable[[Inputs], Found]] = {
    "consumption": consumption,
    "interpolate": interpolate,
    "standing_charge": standing_charge,
    "blocks": blocks,
    "tou_blocks_year": tou_blocks_year,
    "energy_demand": energy_demand,
    "demand_ratchet": demand_ratchet,
    "proration": proration,
    "common_needs": common_needs,
    "allocation": allocation,
    "average": average,
    "threshold": threshold,
    "per_head": per_head,
    "prepaid": prepaid,
    "benefit": benefit,
}


def agrees(found: Any, expected: Any, tolerance: Fraction) -> bool:
    if isinstance(expected, Mapping):
        return all(agrees(found[name], value, tolerance) for name, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(agrees, found, expected, [tolerance] * len(expected)))
    if isinstance(expected, str) and not isinstance(found, str):
        return abs(Fraction(found) - Fraction(expected)) <= tolerance
    return bool(found == expected)


def test_published_examples(cases: Path) -> None:
    lines = (cases / "billing.jsonl").read_text(encoding="utf-8").splitlines()
    wrong: list[str] = []
    computed = 0
    for case in map(json.loads, lines):
        if case["kind"] in LATER:
            continue
        computed += 1
        found = KINDS[case["kind"]](case["inputs"])
        if not agrees(found, case["expected"], Fraction(case["tolerance"])):
            wrong.append(f"{case['id']}: {found} is not {case['expected']}")
    assert wrong == []
    assert computed >= 50


@pytest.mark.parametrize(
    ("number", "whole"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499", "0"), ("1.315", "1.32")]
)
def test_halves_go_away_from_zero(number: str, whole: str) -> None:
    assert formulas.rounded(Fraction(number)) == Fraction(whole)


def test_what_is_distributed_adds_up() -> None:
    assert formulas.distributed(100, [1, 1, 1]) == (34, 33, 33)
    assert formulas.distributed(7, [3, 2, 2]) == (3, 2, 2)
    assert sum(formulas.distributed(1_234_567, [47, 52, 61, 38])) == 1_234_567
    with pytest.raises(ValueError, match="nothing"):
        formulas.distributed(1, [0, 0])
