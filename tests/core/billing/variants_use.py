"""Variants of the kinds about use, blocks, zones, demand and parts of a month."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from random import Random
from typing import Any

from tests.core.billing.drawing import Drawn, decimal, maybe, rounded, rounding, text


def consumption(dice: Random) -> Drawn:
    digits, places = dice.randint(3, 8), dice.choice((0, 1, 3))
    prev, cur = decimal(dice, 0, 10**digits - 1, places), decimal(dice, 0, 10**digits - 1, places)
    prev, cur = dice.choice(((prev, cur), (prev, prev), (Fraction(10**digits - 1), Fraction(0)), (Fraction(0), cur)))
    inputs: dict[str, Any] = {"digits": dice.choice((digits, str(digits))), "prev": text(prev), "cur": text(cur)}
    times = decimal(dice, 1, 60, 1)
    factor = times if maybe(dice, inputs, "multiplier", text(times)) else Fraction(1)
    used = cur - prev if cur >= prev else 10**digits - prev + cur
    return inputs, {"volume": used * factor, "rollover": cur < prev}


def interpolate(dice: Random) -> Drawn:
    start = date(2023, 12, 1) + timedelta(dice.randrange(120))
    days, value = [start], [decimal(dice, 0, 90_000, dice.choice((0, 1, 4)))]
    for _ in range(dice.randint(1, 3)):
        days.append(days[-1] + timedelta(dice.randint(1, 70)))
        value.append(value[-1] + decimal(dice, 0, 900, dice.choice((0, 2))))
    at = dice.choice([*days, days[0] + timedelta(1), days[-1] + timedelta(dice.randint(1, 90))])
    rows = [{"date": day.isoformat(), "value": text(count)} for day, count in zip(days, value, strict=True)]
    dice.shuffle(rows)
    inputs: dict[str, Any] = {"readings": rows, "at": at.isoformat()}
    mode = dice.choice(("none", "floor")) if maybe(dice, inputs, "rounding", "none") else "none"
    if inputs.get("rounding"):
        inputs["rounding"] = mode
    k = max(1, next((n for n, day in enumerate(days) if day >= at), len(days) - 1))
    slope = (value[k] - value[k - 1]) / (days[k] - days[k - 1]).days
    exact = value[k - 1] + slope * (at - days[k - 1]).days
    return inputs, {"value": Fraction(floor(exact)) if mode == "floor" else exact}


def standing_charge(dice: Random) -> Drawn:
    first = date(2024, 2, 1) + timedelta(dice.randrange(60))
    last, prev = first + timedelta(dice.randint(0, 400)), decimal(dice, 0, 9_000, 1)
    cur, rate, daily = prev + decimal(dice, 0, 999, 1), decimal(dice, 0, 9, 5), decimal(dice, 0, 2, 4)
    inputs: dict[str, Any] = {
        "prev": {"date": first.isoformat(), "value": text(prev)}, "cur": {"date": last.isoformat(), "value": text(cur)},
        "unit_rate": text(rate), "daily_charge": text(daily),
    }  # fmt: skip
    exact = (cur - prev) * rate + (last - first).days * daily
    return inputs, {"volume": cur - prev, "amount": rounded(exact, rounding(dice, inputs))}


def _bounds(dice: Random) -> list[Fraction]:
    return sorted({decimal(dice, 10, 900, dice.choice((0, 0, 1))) for _ in range(dice.randint(1, 4))})


def blocks(dice: Random) -> Drawn:
    bounds, mode = _bounds(dice), dice.choice(("graduated", "volume"))
    rates = [decimal(dice, 0, 30, 5) for _ in range(len(bounds) + 1)]
    fees = [decimal(dice, 0, 200, 2) if dice.randrange(3) == 0 else Fraction(0) for _ in rates]
    inputs: dict[str, Any] = {"mode": mode}
    rows: list[dict[str, Any]] = [
        {"up_to": text(bound), "rate": text(rate)} for bound, rate in zip(bounds, rates, strict=False)
    ]
    rows.append({"up_to": None, "rate": text(rates[-1])})
    for row, fee in zip(rows, fees, strict=True):
        if fee:
            row["flat"] = text(fee)
    persons, scale = dice.randint(1, 5), dice.choice((Fraction(12), Fraction(31, 30), Fraction(1, 2)))
    times = Fraction(persons) if maybe(dice, inputs, "persons", persons) else Fraction(1)
    if scale == Fraction(31, 30):
        scale = Fraction(2)
    times *= scale if maybe(dice, inputs, "threshold_scale", text(scale)) else 1
    tops = [bound * times for bound in bounds]
    volume = dice.choice([decimal(dice, 1, 5_000, 1), *tops, *(top + Fraction(1, 10) for top in tops)])
    vat = dice.choice((Fraction(0), Fraction(12, 100), Fraction(1, 5)))
    tax = 1 + (vat if maybe(dice, inputs, "vat", text(vat)) else 0)
    if mode == "graduated":
        low, lines = Fraction(0), []
        for top, rate, fee in zip([*tops, None], rates, fees, strict=True):
            if volume > low or (low == 0):
                lines.append(((volume if top is None else min(volume, top)) - low) * rate + fee)
            low = low if top is None else top
            if top is not None and volume <= top:
                break
    else:
        at = next((n for n, top in enumerate(tops) if volume <= top), len(tops))
        lines = [volume * rates[at] + fees[at]]
    rule = rounding(dice, inputs)
    taxed = [line * tax for line in lines]
    if maybe(dice, inputs, "round_each_block", True):
        taxed = [rounded(line, rule) for line in taxed]
    total = sum(taxed, Fraction(0))
    fixed, stamp, taxes = decimal(dice, 0, 90), decimal(dice, 0, 9), [Fraction(1, 20), Fraction(3, 100)]
    total += fixed if maybe(dice, inputs, "fixed", text(fixed)) else 0
    if maybe(dice, inputs, "taxes", [text(one) for one in taxes]):
        total *= (1 + taxes[0]) * (1 + taxes[1])
    total += stamp if maybe(dice, inputs, "stamp", text(stamp)) else 0
    dice.shuffle(rows)
    inputs |= {"volume": text(volume), "blocks": rows}
    return inputs, {"amount": rounded(total, rule), "lines": taxed}


def packages(dice: Random) -> Drawn:
    size, price, free = dice.randint(1, 20), decimal(dice, 1, 300), dice.randint(0, 30)
    volume = dice.choice(
        (Fraction(free), Fraction(free + size), Fraction(free + 3 * size + 1), decimal(dice, 0, 400, 1))
    )
    inputs: dict[str, Any] = {
        "volume": text(volume),
        "mode": "package",
        "blocks": [],
        "package_size": str(size),
        "package_price": text(price),
    }
    without = free if maybe(dice, inputs, "free_units", free) else 0
    begun = max(0, ceil((volume - without) / size))
    return inputs, {"amount": rounded(begun * price, rounding(dice, inputs))}


def tou_blocks_year(dice: Random) -> Drawn:
    zones, bounds = ["T1", "T2", "T3"][: dice.randint(1, 3)], _bounds(dice)
    split = dice.randint(2, 11)
    seasons: list[Any] = []
    months = [list(range(1, split)), list(range(split, 13))]
    for own in months:
        tiers: list[Any] = [{"up_to": text(bound), "rates": {}} for bound in bounds] + [{"up_to": None, "rates": {}}]
        for tier in tiers:
            tier["rates"] = {zone: text(decimal(dice, 0, 9, 4)) for zone in zones}
        seasons.append({"months": own, "tiers": tiers})
    use = {zone: [dice.randint(0, 900) for _ in range(12)] for zone in zones}
    monthly = []
    for month in range(1, 13):
        tiers = next(one["tiers"] for one in seasons if month in one["months"])
        total = sum(use[zone][month - 1] for zone in zones)
        low, amount = Fraction(0), Fraction(0)
        for top, tier in zip([*bounds, Fraction(total)], tiers, strict=True):
            part = max(Fraction(0), min(Fraction(total), top) - low)
            for zone in zones if total else ():
                amount += part * use[zone][month - 1] / total * Fraction(tier["rates"][zone])
            low = max(low, min(top, Fraction(total)))
        monthly.append(amount)
    given = {zone: [dice.choice((str(one), one)) for one in row] for zone, row in use.items()}
    inputs = {"tariff": {"zones": zones, "seasons": seasons}, "consumption": given, "year_days": 365}
    return inputs, {"monthly": monthly, "total": sum(monthly)}


def energy_demand(dice: Random) -> Drawn:
    names = ("energy", "energy_rate", "power", "power_rate")
    given = {name: decimal(dice, 0, 900, dice.choice((0, 4, 5))) for name in names}
    inputs: dict[str, Any] = {name: text(one) for name, one in given.items()}
    step = dice.choice(("0.0001", "1")) if maybe(dice, inputs, "step", "1") else "0.01"
    if inputs.get("step"):
        inputs["step"] = step
    exact = given["energy"] * given["energy_rate"] + given["power"] * given["power_rate"]
    return inputs, {"amount": rounded(exact, step=step)}


def demand_ratchet(dice: Random) -> Drawn:
    peaks = [decimal(dice, 0, 200, 1) for _ in range(12)]
    share, one_rate = Fraction(dice.choice((0, 35, 80, 100)), 100), dice.choice((True, False))
    rates = [decimal(dice, 1, 30)] * 12 if one_rate else [decimal(dice, 1, 30) for _ in range(12)]
    billed = [max(peak, share * max(peaks)) for peak in peaks]
    inputs: dict[str, Any] = {
        "monthly_peak_kw": [text(one) for one in peaks], "ratchet": text(share),
        "monthly_rate": text(rates[0]) if one_rate else [text(one) for one in rates],
    }  # fmt: skip
    exact = sum((peak * rate for peak, rate in zip(billed, rates, strict=True)), Fraction(0))
    return inputs, {"amount": rounded(exact, rounding(dice, inputs))}


def proration(dice: Random) -> Drawn:
    first = date(2023, 12, 20) + timedelta(dice.randrange(80))
    days, volume = dice.randint(3, 70), decimal(dice, 0, 900, 1)
    inner = sorted({dice.randint(1, days - 1) for _ in range(dice.randint(0, 3))})
    inputs: dict[str, Any] = {"from": first.isoformat(), "volume": text(volume)}
    last = first + timedelta(days)
    if maybe(dice, inputs, "inclusive", True):
        last -= timedelta(1)
    inputs["to"] = last.isoformat()
    cuts = [(first + timedelta(at)).isoformat() for at in inner]
    dice.shuffle(cuts)
    inputs["cuts"] = cuts or dice.choice(([], None))
    lengths = [high - low for low, high in zip([0, *inner], [*inner, days], strict=True)]
    parts = [{"days": one, "volume": rounded(volume * one / days, step="0.000001")} for one in lengths]
    expected: dict[str, Any] = {"parts": parts}
    charge = decimal(dice, 1, 90)
    if dice.randrange(2):
        inputs["monthly_charge"] = text(charge)
        expected["charge"] = rounded(charge * days / (Fraction(365) / 12), rounding(dice, inputs))
    return inputs, expected
