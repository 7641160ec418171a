"""Variants of the kinds about houses, norms, benefits and prices."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from tests.core.billing.drawing import Drawn, decimal, maybe, rounded, rounding, text


def norm_hot_water(dice: Random) -> Drawn:
    days = {"2024-02": 29, "2025-02": 28, "2026-04": 30, "2026-07": 31}
    month = dice.choice(list(days))
    length, start = days[month], date.fromisoformat(f"{month}-01")
    norm, heat, counts = decimal(dice, 1, 6), decimal(dice, 0, 1, 4), (dice.randint(1, 5), dice.randint(1, 5))
    cut, turn = dice.randint(1, length - 1), dice.randint(1, length - 1)
    prices = {name: (decimal(dice, 10, 90), decimal(dice, 10, 90)) for name in ("cold", "heat")}
    single = dice.randrange(4) == 0
    prices = {"single": prices["cold"]} if single else prices
    at = (start + timedelta(turn)).isoformat()
    tariffs = {
        name: [{"from": "2020-01-01", "to": at, "value": text(low)}, {"from": at, "value": text(high)}]
        for name, (low, high) in prices.items()
    }
    inputs: dict[str, Any] = {"period": month, "norm_per_person": text(norm), "tariffs": tariffs}
    inputs["heat_norm"] = None if single else text(heat)
    moved = (start + timedelta(cut)).isoformat()
    inputs["residents"] = [
        {"from": "2020-01-01", "to": moved, "count": counts[0]}, {"from": moved, "to": None, "count": str(counts[1])},
    ]  # fmt: skip
    k = Fraction(3, 2) if maybe(dice, inputs, "uplift", "1.5") else Fraction(1)
    edges = sorted({0, cut, turn, length})
    lines: dict[str, Fraction] = {}
    for low, high in pairwise(edges):
        volume = norm * counts[low >= cut] * (high - low) / length
        for name in prices:
            worth = volume * (heat if name == "heat" else 1) * prices[name][low >= turn]
            lines[name] = lines.get(name, Fraction(0)) + rounded(worth)
            if k > 1 and name != "heat":
                lines[f"{name}_uplift"] = lines.get(f"{name}_uplift", Fraction(0)) + rounded(worth * (k - 1))
    return inputs, {"total": sum(lines.values())}


def heating(dice: Random) -> Drawn:
    area, tariff, vat = decimal(dice, 10, 200), decimal(dice, 900, 3_000), dice.choice((Fraction(0), Fraction(1, 5)))
    k = Fraction(583_333, 10**6)
    inputs: dict[str, Any] = {"area": text(area), "tariff": text(tariff)}
    if dice.randrange(2):
        norm = decimal(dice, 0, 1, 4)
        inputs |= {"mode": "norm", "norm": text(norm)}
        volume = norm * area
    else:
        house, whole = decimal(dice, 50, 900, 1), decimal(dice, 300, 9_000)
        inputs |= {"mode": "house_meter", "house_gcal": text(house), "house_area": text(whole)}
        volume = house * area / whole
    if inputs["mode"] == "norm" and maybe(dice, inputs, "k", text(k)):
        volume *= k
    tax = vat if maybe(dice, inputs, "vat", text(vat)) else Fraction(0)
    amount = rounded(volume * tariff)
    return inputs, {"volume": volume, "amount": amount, "vat": rounded(amount * tax)}


def common_needs(dice: Random) -> Drawn:
    area, whole, tariff, own = decimal(dice, 10, 99), decimal(dice, 800, 4_000), decimal(dice, 1, 9, 3), Fraction(0)
    inputs: dict[str, Any] = {"area": text(area), "total_area": text(whole), "tariff": text(tariff)}
    if dice.randrange(2):
        house, others = decimal(dice, 0, 9_000), [decimal(dice, 0, 2_000) for _ in range(dice.randint(0, 4))]
        inputs |= {"mode": "house_meter", "house": text(house), "subtract": [text(one) for one in others]}
        common = max(Fraction(0), house - sum(others, Fraction(0)))
    else:
        norm, space = decimal(dice, 0, 4, 3), decimal(dice, 50, 900)
        inputs |= {"mode": "norm", "norm": text(norm), "common_area": text(space)}
        common = norm * space
    volume, flat = common * area / whole, decimal(dice, 0, 300)
    if maybe(dice, inputs, "volume_step", "0.001"):
        volume = rounded(volume, step="0.001")
    own = flat if maybe(dice, inputs, "own_volume", text(flat)) else own
    return inputs, {"volume": volume, "amount": rounded((volume + own) * tariff, rounding(dice, inputs))}


def average(dice: Random) -> Drawn:
    counts = [decimal(dice, 0, 99, 1)]
    for _ in range(dice.randint(1, 12)):
        counts.append(counts[-1] + decimal(dice, 0, 99, 1))
    return {"readings": [text(one) for one in counts]}, {"volume": (counts[-1] - counts[0]) / (len(counts) - 1)}


def benefit(dice: Random) -> Drawn:
    lines, total = [], Fraction(0)
    for _ in range(dice.randint(1, 4)):
        volume, rate, share = (
            decimal(dice, 0, 300, 1),
            decimal(dice, 0, 9, 3),
            Fraction(dice.choice((0, 25, 50, 100)), 100),
        )
        line: dict[str, Any] = {"volume": text(volume), "rate": text(rate)}
        taken = share if maybe(dice, line, "discount", text(share)) else Fraction(0)
        lines.append(line)
        total += volume * rate * (1 - taken)
    inputs: dict[str, Any] = {"lines": lines}
    return inputs, {"amount": rounded(total, rounding(dice, inputs))}


def prepaid(dice: Random) -> Drawn:
    paid, tax, rate = decimal(dice, 1_000, 90_000), Fraction(dice.choice((0, 3, 10)), 100), decimal(dice, 900, 2_000)
    inputs: dict[str, Any] = {"paid": text(paid), "rate": text(rate)}
    part = tax if maybe(dice, inputs, "tax", text(tax)) else Fraction(0)
    rule = {"step": "0.1", "mode": "half_up"}
    given = rule if maybe(dice, inputs, "rounding", rule) else {"step": "0.01", "mode": "floor"}
    return inputs, {"volume": rounded(paid * (1 - part) / rate, given)}


def per_head(dice: Random) -> Drawn:
    norm, heads, tariff = decimal(dice, 0, 9, 4), dice.randint(0, 9), decimal(dice, 0, 900)
    inputs: dict[str, Any] = {"norm": text(norm), "persons": dice.choice((heads, str(heads))), "tariff": text(tariff)}
    return inputs, {"amount": rounded(norm * heads * tariff, rounding(dice, inputs))}


def hot_water_prepared(dice: Random) -> Drawn:
    heat, price, water, cold = (
        decimal(dice, 1, 90, 3),
        decimal(dice, 500, 3_000),
        decimal(dice, 1, 90, 3),
        decimal(dice, 9, 90),
    )
    inputs: dict[str, Any] = {
        "house_gcal": text(heat), "heat_tariff": text(price), "house_m3": text(water), "cold_tariff": text(cold),
    }  # fmt: skip
    return inputs, {"price": rounded((heat * price + water * cold) / water, rounding(dice, inputs))}


def hot_water_price(dice: Random) -> Drawn:
    cold, part, rates = (
        decimal(dice, 1, 90),
        decimal(dice, 0, 1, 4),
        [decimal(dice, 1, 3_000) for _ in range(dice.randint(1, 3))],
    )
    given: Any = text(rates[0]) if len(rates) == 1 else [text(one) for one in rates]
    inputs: dict[str, Any] = {"cold": text(cold), "gcal_per_m3": text(part), "heat": given}
    return inputs, {"price": rounded(cold + part * sum(rates, Fraction(0)), rounding(dice, inputs))}


def threshold(dice: Random) -> Drawn:
    per_day, days = decimal(dice, 0, 99, 2), dice.randint(0, 400)
    return {"per_day": text(per_day), "days": dice.choice((days, str(days)))}, {"threshold": per_day * days}
