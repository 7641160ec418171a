"""The kinds of published worked examples, each through the engine's public functions: configuration in, sums out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from core.basics.periods import DAY, Month, Period
from core.billing.engine import formulas, houses, services
from core.billing.engine.formulas import Rounding
from core.billing.engine.services import Component, Count, ServiceLineKind
from core.billing.model import Season
from core.metering.model import Anchor
from tests.core.billing import published_debts
from tests.core.billing.inputs import (
    Found,
    Inputs,
    always,
    by_rule,
    dates,
    flat,
    fraction,
    money,
    numbers,
    optional,
    rounding,
    scales,
    version,
)

ONE = Fraction(1)


def consumption(inputs: Inputs) -> Found:
    prev, cur = fraction(inputs, "prev"), fraction(inputs, "cur")
    digits, multiplier = int(inputs["digits"]), fraction(inputs, "multiplier", "1")
    return {"volume": formulas.counted(prev, cur, digits=digits, multiplier=multiplier), "rollover": cur < prev}


def interpolate(inputs: Inputs) -> Found:
    values = [fraction(one, "value") for one in inputs["readings"]]
    parts = lcm(*(value.denominator for value in values))  # a count may have more decimals than a meter has
    anchors = [
        Anchor(date.fromisoformat(one["date"]), int(value * parts) * 1000)
        for one, value in zip(inputs["readings"], values, strict=True)
    ]
    anchors.sort(key=lambda anchor: anchor.day)
    exact = formulas.count_at(anchors, date.fromisoformat(inputs["at"]), wheel=10**18) / parts
    how, step = rounding(inputs.get("rounding"), mode="none", step="1")
    return {"value": formulas.rounded(exact, step, how)}


def standing_charge(inputs: Inputs) -> Found:
    prev, cur = inputs["prev"], inputs["cur"]
    used = formulas.counted(fraction(prev, "value"), fraction(cur, "value"), digits=int(inputs.get("digits", 9)))
    days = formulas.days_between(date.fromisoformat(prev["date"]), date.fromisoformat(cur["date"]))
    amount = used * fraction(inputs, "unit_rate") + days * fraction(inputs, "daily_charge")
    return {"volume": used, "amount": by_rule(amount, inputs.get("rounding"))}


def blocks(inputs: Inputs) -> Found:
    volume, vat = fraction(inputs, "volume"), fraction(inputs, "vat")
    mode = inputs.get("mode") or "graduated"
    if mode == "package":
        size, price = fraction(inputs, "package_size"), fraction(inputs, "package_price")
        taken = formulas.packages(volume, size=size, price=price, free=fraction(inputs, "free_units"))
        lines: tuple[Fraction, ...] = (taken * (1 + vat),)
    else:
        scaled = scales(inputs["blocks"])
        plan = version(inputs["blocks"], mode=mode, scaled=scaled)
        scale = fraction(inputs, "persons", "1") * fraction(inputs, "threshold_scale", "1")
        how, step = rounding(inputs.get("rounding"))
        each = how if inputs.get("round_each_block") else Rounding.NONE
        times = scaled.volume * scaled.price
        volumes = scaled.volumes({"total": volume})
        found = formulas.priced(plan, volumes, scale=scale, vat=vat, each=each, step=step * times)
        lines = tuple(map(scaled.amount, found))
    total = formulas.topped(
        sum(lines, Fraction(0)),
        fixed=fraction(inputs, "fixed"),
        taxes=numbers(inputs.get("taxes") or []),
        stamp=fraction(inputs, "stamp"),
    )
    return {"amount": by_rule(total, inputs.get("rounding")), "lines": list(lines)}


def tou_blocks_year(inputs: Inputs) -> Found:
    tariff = inputs["tariff"]
    zones = tuple(tariff["zones"])
    scaled = scales([tier for one in tariff["seasons"] for tier in one["tiers"]])
    seasons = tuple(
        Season(tuple(one["months"]), version(one["tiers"], zones=zones, scaled=scaled).blocks)
        for one in tariff["seasons"]
    )
    year = replace(version(tariff["seasons"][0]["tiers"], zones=zones, scaled=scaled), seasons=seasons)
    monthly: list[Fraction] = []
    for month in range(1, 13):
        volumes = {zone: Fraction(str(inputs["consumption"][zone][month - 1])) for zone in zones}
        priced = formulas.priced(year.holding(month, persons=1), scaled.volumes(volumes))
        energy = scaled.amount(sum(priced, Fraction(0)))
        fixed, least = fraction(tariff, "fixed_monthly"), fraction(tariff, "min_monthly")
        monthly.append(formulas.topped(energy, fixed=fixed, least=least))
    year_long = sum(monthly, Fraction(0))
    return {"monthly": monthly, "total": year_long, "annual": year_long}


def energy_demand(inputs: Inputs) -> Found:
    names = ("energy", "energy_rate", "power", "power_rate")
    exact = formulas.two_part(**{name: fraction(inputs, name) for name in names})
    return {"amount": by_rule(exact, inputs.get("rounding"), str(inputs.get("step") or "0.01"))}


def demand_ratchet(inputs: Inputs) -> Found:
    peaks = numbers(inputs["monthly_peak_kw"])
    demands = formulas.billing_demand(peaks, fraction(inputs, "ratchet"))
    rates = numbers(inputs["monthly_rate"], len(peaks))
    amount = sum((demand * rate for demand, rate in zip(demands, rates, strict=True)), Fraction(0))
    return {"amount": by_rule(amount, inputs.get("rounding")), "demand": list(demands)}


def proration(inputs: Inputs) -> Found:
    last = date.fromisoformat(inputs["to"])
    days = Period(date.fromisoformat(inputs["from"]), last + DAY if inputs.get("inclusive") else last)
    given = sorted({date.fromisoformat(cut) for cut in inputs.get("cuts") or ()})
    cuts = [cut for cut in given if days.start < cut and (days.end is None or cut < days.end)]
    parts = formulas.parted(fraction(inputs, "volume"), days, cuts)
    found: Found = {
        "parts": [{"days": length, "volume": formulas.rounded(volume, Fraction(1, 10**6))} for length, volume in parts]
    }
    if "monthly_charge" in inputs:
        charge = formulas.by_days(fraction(inputs, "monthly_charge"), sum(length for length, _ in parts))
        found["charge"] = by_rule(charge, inputs.get("rounding"))
    return found


def norm_hot_water(inputs: Inputs) -> Found:
    tariffs = inputs["tariffs"]
    heat_norm = fraction(inputs, "heat_norm")
    per_unit = {"heat": heat_norm, "cold": ONE, "single": ONE}
    components = [
        Component(name, flat(tariffs[name]), per_unit[name], uplifted=name != "heat")
        for name in ("single", "cold", "heat")
        if tariffs.get(name)
    ]
    month = Month.parse(inputs["period"]).period
    uplift = fraction(inputs, "uplift", "1")
    residents = [Count(dates(one), Fraction(one["count"])) for one in inputs.get("residents") or ()]
    volume = optional(inputs, "volume")
    if volume is None:
        lines = services.by_norm(month, fraction(inputs, "norm_per_person"), residents, components, uplift=uplift)
    else:
        lines = services.by_volume(month, volume, components, uplift=uplift)
    named = [(f"{line.component}{suffix[line.kind]}", money(line.amount)) for line in lines]
    return {"lines": [list(one) for one in named], "total": money(services.total(lines))}


suffix = {ServiceLineKind.USE: "", ServiceLineKind.UPLIFT: "_uplift", ServiceLineKind.VAT: "_vat"}


def heating(inputs: Inputs) -> Found:
    area = fraction(inputs, "area")
    if "house_gcal" not in inputs:
        volume = houses.heat_by_norm(fraction(inputs, "norm"), area, evenly=fraction(inputs, "k", "1"))
    else:
        house = fraction(inputs, "house_gcal") * fraction(inputs, "k", "1")
        volume = houses.share(house, area=area, total_area=fraction(inputs, "house_area"))
    month = Month(2026, 1).period
    heat = Component("heat", always(str(inputs["tariff"])))
    (line,) = services.by_volume(month, volume, [heat]) or (None,)
    amount = money(line.amount) if line else Fraction(0)
    vat = by_rule(amount * fraction(inputs, "vat"), None)
    return {"volume": volume, "amount": amount, "vat": vat, "total": amount + vat}


def common_needs(inputs: Inputs) -> Found:
    if "house" not in inputs:
        (common,) = (fraction(inputs, name) for name in inputs if "common" in name)
        house = houses.common_norm(fraction(inputs, "norm"), common)
    else:
        others = numbers(inputs.get("subtract") or [])
        house = houses.common_volume(fraction(inputs, "house"), others)
    volume = houses.share(house, area=fraction(inputs, "area"), total_area=fraction(inputs, "total_area"))
    step = optional(inputs, "volume_step")
    volume = volume if step is None else formulas.rounded(volume, step)
    amount = (volume + fraction(inputs, "own_volume")) * fraction(inputs, "tariff")
    return {"volume": volume, "amount": by_rule(amount, inputs.get("rounding"))}


def hot_water_prepared(inputs: Inputs) -> Found:
    price = houses.heated_water_price(
        fraction(inputs, "house_gcal"),
        fraction(inputs, "heat_tariff"),
        fraction(inputs, "house_m3"),
        fraction(inputs, "cold_tariff"),
    )
    return {"price": by_rule(price, inputs.get("rounding"))}


def hot_water_price(inputs: Inputs) -> Found:
    rates = numbers(inputs["heat"])
    price = houses.hot_water_price(fraction(inputs, "cold"), fraction(inputs, "gcal_per_m3"), rates)
    return {"price": by_rule(price, inputs.get("rounding"))}


def average(inputs: Inputs) -> Found:
    readings = numbers(inputs["readings"])
    return {"volume": formulas.average(readings[0], readings[-1], len(readings) - 1)}


def threshold(inputs: Inputs) -> Found:
    return {"threshold": formulas.bound(fraction(inputs, "per_day"), int(inputs["days"]))}


def per_head(inputs: Inputs) -> Found:
    amount = formulas.per_head(fraction(inputs, "norm"), fraction(inputs, "persons"), fraction(inputs, "tariff"))
    return {"amount": by_rule(amount, inputs.get("rounding"))}


def prepaid(inputs: Inputs) -> Found:
    volume = formulas.prepaid(fraction(inputs, "paid"), tax=fraction(inputs, "tax"), rate=fraction(inputs, "rate"))
    return {"volume": by_rule(volume, inputs.get("rounding") or {"step": "0.01", "mode": "floor"})}


def benefit(inputs: Inputs) -> Found:
    lines = [(fraction(one, "volume"), fraction(one, "rate"), fraction(one, "discount")) for one in inputs["lines"]]
    amount = sum(
        (volume * rate - formulas.benefit(volume, rate, share=share) for volume, rate, share in lines), Fraction(0)
    )
    return {"amount": by_rule(amount, inputs.get("rounding"))}


KINDS: dict[str, Callable[[Inputs], Found]] = {
    "consumption": consumption,
    "interpolate": interpolate,
    "standing_charge": standing_charge,
    "blocks": blocks,
    "tou_blocks_year": tou_blocks_year,
    "energy_demand": energy_demand,
    "demand_ratchet": demand_ratchet,
    "proration": proration,
    "norm_hot_water": norm_hot_water,
    "heating": heating,
    "common_needs": common_needs,
    "penalty": published_debts.penalties,
    "allocation": published_debts.allocation,
    "late_fee": published_debts.late_fee,
    "instalments": published_debts.plan,
    "average": average,
    "benefit": benefit,
    "prepaid": prepaid,
    "per_head": per_head,
    "hot_water_prepared": hot_water_prepared,
    "hot_water_price": hot_water_price,
    "threshold": threshold,
}


def computed(kind: str, inputs: Inputs) -> Found:
    """What the engine makes of a case; KeyError where the kind is none of those documented."""
    return KINDS[kind](inputs)


def agrees(found: Any, expected: Any, tolerance: Fraction) -> bool:
    """Whether everything that is expected was found, numbers within the tolerance."""
    match expected:
        case Mapping():
            return all(name in found and agrees(found[name], value, tolerance) for name, value in expected.items())
        case list():
            return len(found) == len(expected) and all(
                agrees(one, other, tolerance) for one, other in zip(found, expected, strict=True)
            )
        case bool():
            return found is expected
        case str() | int() if isinstance(found, Fraction | int):
            return abs(Fraction(found) - Fraction(expected)) <= tolerance
        case _:
            return bool(found == expected)
