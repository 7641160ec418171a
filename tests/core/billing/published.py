"""The kinds of published worked examples, each through the engine's public functions: configuration in, sums out."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.basics.money import micro, milli, minor
from core.basics.periods import DAY, Month, Period
from core.billing.engine import fees, formulas, houses, instalments, penalty, services, settling
from core.billing.engine.formulas import Rounding
from core.billing.engine.services import Component, Count, ServiceLineKind
from core.billing.model import Block, BlockMode, Claim, ClaimKind, Payment, TariffVersion
from core.metering.model import Anchor

Inputs = Mapping[str, Any]
Found = dict[str, Any]

ONE = Fraction(1)


def fraction(inputs: Inputs, name: str, default: str = "0") -> Fraction:
    """A number of the inputs; absent and null are the default."""
    given = inputs.get(name)
    return Fraction(str(default if given is None or given == "" else given))


def optional(inputs: Inputs, name: str) -> Fraction | None:
    return None if inputs.get(name) is None else fraction(inputs, name)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def dates(one: Inputs) -> Period:
    return Period(date.fromisoformat(one["from"]), day(one.get("to")))


def by_rule(amount: Fraction, rule: Mapping[str, str] | None, step: str = "0.01") -> Fraction:
    """The amount rounded as the case says, half up to the hundredth where it says nothing."""
    rule = rule or {}
    return formulas.rounded(amount, Fraction(str(rule.get("step", step))), Rounding(rule.get("mode", "half_up")))


def money(kopecks: int) -> Fraction:
    return Fraction(kopecks, 100)


def version(
    tiers: list[Mapping[str, Any]], *, mode: str = "graduated", zones: tuple[str, ...] = ("total",), vat: int = 0
) -> TariffVersion:
    blocks = tuple(
        Block(
            None if tier["up_to"] is None else milli(str(tier["up_to"])),
            {zone: micro(str(tier["rates"][zone] if "rates" in tier else tier.get("rate") or "0")) for zone in zones},
            minor(str(tier.get("flat") or "0")),
        )
        for tier in tiers
    )
    return TariffVersion(1, "P", Period(date(2000, 1, 1), None), zones, blocks, BlockMode(mode), vat=vat)


def flat(rows: list[Inputs], *, vat: int = 0) -> tuple[TariffVersion, ...]:
    """Versions of one rate each; one without an end lasts until the next begins."""
    ordered = sorted(rows, key=lambda one: str(one["from"]))
    nexts = [*(str(one["from"]) for one in ordered[1:]), None]
    ends = [one.get("to") or after for one, after in zip(ordered, nexts, strict=True)]
    blocks = [(Block(None, {"total": micro(str(one["value"]))}),) for one in ordered]
    return tuple(
        TariffVersion(number, "P", Period(date.fromisoformat(one["from"]), day(end)), ("total",), block, vat=vat)
        for number, (one, end, block) in enumerate(zip(ordered, ends, blocks, strict=True), 1)
    )


def always(rate: str, *, vat: int = 0) -> tuple[TariffVersion, ...]:
    return flat([{"from": "2000-01-01", "value": rate}], vat=vat)


def consumption(inputs: Inputs) -> Found:
    prev, cur = fraction(inputs, "prev"), fraction(inputs, "cur")
    digits, multiplier = int(inputs["digits"]), fraction(inputs, "multiplier", "1")
    return {"volume": formulas.counted(prev, cur, digits=digits, multiplier=multiplier), "rollover": cur < prev}


def interpolate(inputs: Inputs) -> Found:
    anchors = [Anchor(date.fromisoformat(one["date"]), milli(str(one["value"]))) for one in inputs["readings"]]
    anchors.sort(key=lambda anchor: anchor.day)
    exact = formulas.count_at(anchors, date.fromisoformat(inputs["at"]), wheel=10**15)
    return {"value": formulas.rounded(exact, ONE, Rounding(inputs.get("rounding") or "none"))}


def standing_charge(inputs: Inputs) -> Found:
    prev, cur = inputs["prev"], inputs["cur"]
    used = formulas.counted(fraction(prev, "value"), fraction(cur, "value"), digits=int(inputs.get("digits", 9)))
    days = formulas.days_between(date.fromisoformat(prev["date"]), date.fromisoformat(cur["date"]))
    amount = used * fraction(inputs, "unit_rate") + days * fraction(inputs, "daily_charge")
    return {"volume": used, "amount": by_rule(amount, inputs.get("rounding"))}


def blocks(inputs: Inputs) -> Found:
    volume, vat = fraction(inputs, "volume"), fraction(inputs, "vat")
    if inputs["mode"] == "package":
        size, price = fraction(inputs, "package_size"), fraction(inputs, "package_price")
        taken = formulas.packages(volume, size=size, price=price, free=fraction(inputs, "free_units"))
        lines: tuple[Fraction, ...] = (taken * (1 + vat),)
    else:
        plan = version(inputs["blocks"], mode=inputs["mode"])
        scale = fraction(inputs, "persons", "1") * fraction(inputs, "threshold_scale", "1")
        each = bool(inputs.get("round_each_block"))
        lines = formulas.priced(plan, {"total": volume}, scale=scale, vat=vat, each=each)
    total = formulas.topped(
        sum(lines, Fraction(0)),
        fixed=fraction(inputs, "fixed"),
        taxes=[Fraction(str(tax)) for tax in inputs.get("taxes") or ()],
        stamp=fraction(inputs, "stamp"),
    )
    return {"amount": by_rule(total, inputs.get("rounding")), "lines": list(lines)}


def tou_blocks_year(inputs: Inputs) -> Found:
    tariff = inputs["tariff"]
    zones = tuple(tariff["zones"])
    monthly: list[Fraction] = []
    for month in range(1, 13):
        (season,) = [one for one in tariff["seasons"] if month in one["months"]]
        volumes = {zone: Fraction(str(inputs["consumption"][zone][month - 1])) for zone in zones}
        energy = sum(formulas.priced(version(season["tiers"], zones=zones), volumes), Fraction(0))
        fixed, least = fraction(tariff, "fixed_monthly"), fraction(tariff, "min_monthly")
        monthly.append(formulas.topped(energy, fixed=fixed, least=least))
    return {"monthly": monthly, "total": sum(monthly, Fraction(0))}


def energy_demand(inputs: Inputs) -> Found:
    names = ("energy", "energy_rate", "power", "power_rate")
    exact = formulas.two_part(**{name: fraction(inputs, name) for name in names})
    return {"amount": by_rule(exact, inputs.get("rounding"), str(inputs.get("step") or "0.01"))}


def demand_ratchet(inputs: Inputs) -> Found:
    peaks = [Fraction(str(peak)) for peak in inputs["monthly_peak_kw"]]
    demands = formulas.billing_demand(peaks, fraction(inputs, "ratchet"))
    rates = [Fraction(str(rate)) for rate in inputs["monthly_rate"]]
    amount = sum((demand * rate for demand, rate in zip(demands, rates, strict=True)), Fraction(0))
    return {"amount": by_rule(amount, inputs.get("rounding")), "demand": list(demands)}


def proration(inputs: Inputs) -> Found:
    last = date.fromisoformat(inputs["to"])
    days = Period(date.fromisoformat(inputs["from"]), last + DAY if inputs.get("inclusive") else last)
    cuts = [date.fromisoformat(cut) for cut in inputs.get("cuts") or ()]
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
    if inputs["mode"] == "norm":
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
    if inputs["mode"] == "norm":
        areas = ("common_area", "house_common_area", "area_common", "s_common")
        common = next(fraction(inputs, name) for name in areas if name in inputs)
        house = houses.common_norm(fraction(inputs, "norm"), common)
    else:
        others = [Fraction(str(one)) for one in inputs.get("subtract") or ()]
        house = houses.common_volume(fraction(inputs, "house"), others)
    volume = houses.share(house, area=fraction(inputs, "area"), total_area=fraction(inputs, "total_area"))
    step = optional(inputs, "volume_step")
    volume = volume if step is None else formulas.rounded(volume, step)
    amount = (volume + fraction(inputs, "own_volume")) * fraction(inputs, "tariff")
    return {"volume": volume, "amount": by_rule(amount, inputs.get("rounding"))}


def penalty_rules(inputs: Inputs) -> penalty.PenaltyRules:
    given = inputs["rate"]
    rows = given if isinstance(given, list) else [{"from": "1900-01-01", "rate": given}]
    rates = [penalty.Rate(date.fromisoformat(one["from"]), fraction(one, "rate")) for one in rows]
    stages = [
        penalty.Stage(int(one["from_day"]), one["to_day"] and int(one["to_day"]), fraction(one, "fraction"))
        for one in inputs["schedule"]
    ]
    cap = optional(inputs, "cap")
    moratoria = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in inputs.get("moratoria") or ()]
    return penalty.PenaltyRules(
        tuple(stages),
        tuple(sorted(rates, key=lambda rate: rate.since)),
        () if cap is None else (penalty.Cap(Period(date(1900, 1, 1), None), cap),),
        tuple(Period(first, last + DAY) for first, last in moratoria),
        penalty.RatePolicy(inputs.get("rate_policy", "on_payment_date")),
    )


def penalties(inputs: Inputs) -> Found:
    through = date.fromisoformat(inputs["accrue_through"])
    rules = penalty_rules(inputs)
    claims = [
        Claim(number, Month.of(due), ClaimKind.BILL, minor(str(one["amount"])), due, due)
        for number, (one, due) in enumerate(((one, date.fromisoformat(one["due_date"])) for one in inputs["claims"]), 1)
    ]
    payments = [
        Payment(number, date.fromisoformat(one["date"]), minor(str(one["amount"])))
        for number, one in enumerate(inputs.get("payments") or (), len(claims) + 1)
        if date.fromisoformat(one["date"]) <= through
    ]
    settled = settling.settle(claims, payments)
    paid_on = {payment.no: payment.paid_on for payment in payments}
    found: list[Found] = []
    total = 0
    for claim, given in zip(claims, inputs["claims"], strict=True):
        own = [
            penalty.Settlement(paid_on[one.credit], one.amount) for one in settled.allocations if one.claim == claim.no
        ]
        one = penalty.penalty(claim.amount, claim.due_on, own, rules, through=through)
        total += one.amount
        found.append({"id": given["id"], "penalty": money(one.amount), "outstanding": money(one.outstanding)})
    return {"total": money(total), "claims": found, "unallocated": money(settled.advance)}


def allocation(inputs: Inputs) -> Found:
    debts = [
        settling.Debt(
            one["id"],
            date.fromisoformat(one["due"]),
            {name: minor(str(amount)) for name, amount in one["components"].items()},
        )
        for one in inputs["debts"]
    ]
    shares, left = settling.spread(
        minor(str(inputs["payment"]["amount"])),
        debts,
        on=date.fromisoformat(inputs["payment"]["date"]),
        order=inputs["order"],
        mode=settling.Mode(inputs["mode"]),
        ahead=settling.Ahead(inputs.get("advance") or "next"),
    )
    return {
        "allocations": [{"debt": one.debt, "component": one.component, "amount": money(one.amount)} for one in shares],
        "unallocated": money(left),
    }


def late_fee(inputs: Inputs) -> Found:
    if inputs["method"] == "by_power":
        steps = [
            fees.PowerStep(
                optional(one, "max_va"),
                minor(str(one.get("fee") or one.get("min") or "0")),
                fraction(one, "percent"),
            )
            for one in inputs["tiers"]
        ]
        bill, months = minor(str(inputs["bill"])), int(inputs.get("months", 1))
        return {"fee": money(fees.by_power(fraction(inputs, "power_va"), bill=bill, months=months, steps=steps))}
    amount = minor(str(inputs["amount"]))
    interest = fees.simple_interest(
        amount,
        rate=fraction(inputs, "rate"),
        year_days=int(inputs.get("year_days", 365)),
        days=int(inputs["days"]),
        round_daily=bool(inputs.get("round_daily")),
    )
    tiers = [fees.FeeStep(minor(str(one["from"])), minor(str(one["fee"]))) for one in inputs.get("fixed_tiers") or ()]
    fee = fees.fixed(amount, tiers)
    return {"interest": money(interest), "fee": money(fee), "total": money(interest + fee)}


def plan(inputs: Inputs) -> Found:
    rates = [penalty.Rate(date.fromisoformat(one["from"]), fraction(one, "rate") / 100) for one in inputs["rates"]]
    found = instalments.with_interest(
        [instalments.Part(date.fromisoformat(one["due"]), minor(str(one["amount"]))) for one in inputs["debts"]],
        initial=minor(str(inputs.get("initial_payment") or "0")),
        initial_days=int(inputs.get("initial_days", 7)),
        start=date.fromisoformat(inputs["start"]),
        first=date.fromisoformat(inputs["first"]),
        count=int(inputs["count"]),
        rates=sorted(rates, key=lambda rate: rate.since),
    )
    return {
        "interest": money(found.interest),
        "total": money(found.total),
        "regular": money(found.parts[0].amount),
        "final": money(found.parts[-1].amount),
        "parts": [money(part.amount) for part in found.parts],
        "dates": [part.due_on.isoformat() for part in found.parts],
    }


def hot_water_prepared(inputs: Inputs) -> Found:
    price = houses.heated_water_price(
        fraction(inputs, "house_gcal"),
        fraction(inputs, "heat_tariff"),
        fraction(inputs, "house_m3"),
        fraction(inputs, "cold_tariff"),
    )
    return {"price": by_rule(price, inputs.get("rounding"))}


def hot_water_price(inputs: Inputs) -> Found:
    heat = inputs["heat"] if isinstance(inputs["heat"], list) else [inputs["heat"]]
    rates = [Fraction(str(one)) for one in heat]
    price = houses.hot_water_price(fraction(inputs, "cold"), fraction(inputs, "gcal_per_m3"), rates)
    return {"price": by_rule(price, inputs.get("rounding"))}


def average(inputs: Inputs) -> Found:
    readings = [Fraction(str(one)) for one in inputs["readings"]]
    return {"volume": formulas.average(readings[0], readings[-1], len(readings) - 1)}


def threshold(inputs: Inputs) -> Found:
    return {"threshold": formulas.bound(fraction(inputs, "per_day"), int(inputs["days"]))}


def per_head(inputs: Inputs) -> Found:
    amount = formulas.per_head(fraction(inputs, "norm"), int(inputs["persons"]), fraction(inputs, "tariff"))
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
    "penalty": penalties,
    "allocation": allocation,
    "late_fee": late_fee,
    "instalments": plan,
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
