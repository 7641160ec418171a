"""Variants of the kinds about penalties, allocation, late fees and instalments."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.core.billing.drawing import Drawn, decimal, maybe, rounded, text


def penalty(dice: Random) -> Drawn:
    """One claim, day by day: the rate of the day on which each part was paid, of the last day for what is unpaid."""
    due, through = date(2024, 2, 10), date(2024, 2, 10) + timedelta(dice.choice((0, 30, 31, 90, 91, 200, 400)))
    kopecks, legal = dice.randint(100, 900_000), dice.randrange(3) == 0
    stages = [(1, None, Fraction(1, 130))] if legal else [(31, 90, Fraction(1, 300)), (91, None, Fraction(1, 130))]
    turn, rates = date(2024, 6, 1) + timedelta(dice.randrange(60)), (Fraction(3, 40), Fraction(4, 25))
    cap, still = Fraction(19, 200), (date(2024, 4, 1), date(2024, 4, 1) + timedelta(dice.randrange(40)))
    inputs: dict[str, Any] = {
        "claims": [{"id": "a", "due_date": due.isoformat(), "amount": text(Fraction(kopecks, 100))}],
        "rate": [{"from": turn.isoformat(), "rate": "0.16"}, {"from": "2020-01-01", "rate": "0.075"}],
        "schedule": [{"from_day": low, "fraction": str(part)} | ({"to_day": high} if high else {})
                     for low, high, part in stages],
        "accrue_through": through.isoformat(), "allocation": "oldest_first", "rounding": "half_up per claim",
    }  # fmt: skip
    capped = maybe(dice, inputs, "cap", "0.095")
    calm = maybe(dice, inputs, "moratoria", [[one.isoformat() for one in still]])
    paid = sorted(
        (due + timedelta(dice.choice((-5, 0, 1, 31, 90, 91, 150, 450))), dice.randint(1, 400_000))
        for _ in range(dice.randint(0, 3))
    )
    inputs["payments"] = [{"date": on.isoformat(), "amount": text(Fraction(sum_, 100))} for on, sum_ in paid] or None

    def cost(amount: int, until: date, rate_on: date) -> Fraction:
        rate = rates[rate_on >= turn]
        rate, total = min(rate, cap) if capped else rate, Fraction(0)
        for number in range(1, (until - due).days + 1):
            day = due + timedelta(number)
            part = next((part for low, high, part in stages if low <= number <= (high or number)), Fraction(0))
            total += 0 if calm and still[0] <= day <= still[1] else amount * rate * part
        return total

    left, exact = kopecks, Fraction(0)
    for on, amount in paid:
        if on <= through:
            taken = min(left, amount)
            left -= taken
            exact += cost(taken, max(on, due), on)
    exact += cost(left, through, through)
    extra = sum(amount for on, amount in paid if on <= through) - (kopecks - left)
    claim = {"id": "a", "penalty": rounded(exact / 100), "outstanding": Fraction(left, 100)}
    return inputs, {"total": rounded(exact / 100), "claims": [claim], "unallocated": Fraction(extra, 100)}


def allocation(dice: Random) -> Drawn:
    names, on = ["penalty", "fee", "interest", "principal"], date(2024, 3, 10)
    dice.shuffle(names)
    dues = [on + timedelta(dice.choice((-60, -30, -1, 0, 1, 30, 60))) for _ in range(dice.randint(1, 4))]
    debts: list[dict[str, Any]] = [
        {"id": str(n), "due": due, "components": {name: dice.randint(0, 200) for name in dice.sample(names, 2)}}
        for n, due in enumerate(dues)
    ]
    mode, ahead, amount = dice.choice(("by_debt", "by_component")), dice.choice(("next", "last")), dice.randint(1, 900)
    due = sorted((one for one in debts if one["due"] <= on), key=lambda one: one["due"])
    later = sorted((one for one in debts if one["due"] > on), key=lambda one: one["due"])
    if ahead == "last":
        later = sorted(later, key=lambda one: one["due"], reverse=True)
    shares, left = [], amount
    for group in (due, later):
        pairs = (
            [(one, name) for one in group for name in names]
            if mode == "by_debt"
            else [(one, name) for name in names for one in group]
        )
        for one, name in pairs:
            taken = min(left, one["components"].get(name, 0))
            left -= taken
            if taken:
                shares.append({"debt": one["id"], "component": name, "amount": str(taken)})
    given = [
        {
            "id": one["id"],
            "due": one["due"].isoformat(),
            "components": {k: str(v) for k, v in one["components"].items()},
        }
        for one in debts
    ]
    inputs = {
        "debts": given, "payment": {"date": on.isoformat(), "amount": str(amount)}, "order": names, "mode": mode,
        "advance": ahead,
    }  # fmt: skip
    return inputs, {"allocations": shares, "unallocated": str(left)}


def late_fee(dice: Random) -> Drawn:
    amount, rate, days = decimal(dice, 0, 20_000), decimal(dice, 0, 1, 4), dice.randint(0, 400)
    year = dice.choice((360, 365, 366))
    inputs: dict[str, Any] = {"method": "simple_interest", "amount": text(amount), "rate": text(rate), "days": days}
    length = year if maybe(dice, inputs, "year_days", year) else 365
    tiers = [("0", "40"), ("1000", "70"), ("10000", "100")]
    amount = dice.choice((amount, Fraction(1_000), Fraction(99_999, 100), Fraction(10_000)))
    inputs["amount"] = text(amount)
    fee = Fraction(0)
    if maybe(dice, inputs, "fixed_tiers", [{"from": low, "fee": fee_} for low, fee_ in tiers]):
        fee = max(Fraction(fee_) for low, fee_ in tiers if amount >= int(low))
    if maybe(dice, inputs, "round_daily", True):
        interest = rounded(amount * rate / length) * days
    else:
        interest = rounded(amount * rate * days / length)
    return inputs, {"interest": interest, "fee": fee, "total": interest + fee}


def fee_by_power(dice: Random) -> Drawn:
    bounds, bill, months = [900, 2_200, 5_500], decimal(dice, 0, 90_000, 0), dice.randint(1, 4)
    power = dice.choice([*bounds, *(bound + 1 for bound in bounds), dice.randint(1, 9_000)])
    rows: list[dict[str, Any]] = [{"max_va": bounds[0], "fee": "3000"}, {"max_va": bounds[1], "fee": "5000"},
                                  {"max_va": bounds[2], "percent": "0.03", "min": "1000"},
                                  {"max_va": None, "percent": "0.025"}]  # fmt: skip
    inputs: dict[str, Any] = {"method": "by_power", "power_va": power, "bill": text(bill), "tiers": rows}
    times = months if maybe(dice, inputs, "months", months) else 1
    at = next((n for n, bound in enumerate(bounds) if power <= bound), 3)
    each = [
        Fraction(3_000), Fraction(5_000), max(Fraction(1_000), rounded(bill * Fraction(3, 100))),
        rounded(bill * Fraction(25, 1_000)),
    ][at]  # fmt: skip
    return inputs, {"fee": each * times}


def instalments(dice: Random) -> Drawn:
    """One debt, no payment at once, one rate: interest to the plan's day by each year's length, and then on each part
    through its day at the rate of the plan's day."""
    start = date(2023, 11, 1) + timedelta(dice.randrange(200))
    due, count, amount = start - timedelta(dice.randint(1, 300)), dice.randint(1, 12), decimal(dice, 100, 9_000)
    first, percent = date(start.year + (start.month == 12), start.month % 12 + 1, 20), decimal(dice, 1, 9)
    inputs: dict[str, Any] = {
        "debts": [{"amount": text(amount), "due": due.isoformat()}], "initial_payment": "0", "initial_days": 7,
        "start": start.isoformat(), "first": first.isoformat(), "count": count,
        "rates": [{"from": "2000-01-01", "rate": text(percent)}],
    }  # fmt: skip

    def year(day: date) -> int:
        return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days

    rate, kopecks = percent / 100, int(amount * 100)
    days = [due + timedelta(n) for n in range((start - due).days)]
    interest = sum((kopecks * rate / year(day) for day in days), Fraction(0))
    part, on = (2 * kopecks + count) // (2 * count), first
    sums = [part] * (count - 1) + [kopecks - part * (count - 1)]
    for one in sums:
        interest += one * rate * ((on - start).days + 1) / year(start)
        on = date(on.year + (on.month == 12), on.month % 12 + 1, 20)
    whole = rounded(interest / 100)
    last = Fraction(sums[-1], 100) + whole
    expected = {"interest": whole, "total": amount + whole, "final": last}
    return inputs, expected if count == 1 else expected | {"regular": Fraction(part, 100)}
