"""The kinds of worked examples about debts: penalties, allocation, fees, instalments."""

from datetime import date

from core.basics.money import minor
from core.basics.periods import DAY, Month, Period
from core.billing.engine import fees, instalments, ordering, penalty, settling
from core.billing.model import Claim, ClaimKind, Payment
from tests.core.billing.inputs import Found, Inputs, fraction, money, optional, spans


def penalty_rules(inputs: Inputs) -> penalty.PenaltyRules:
    given = inputs["rate"]
    rows = given if isinstance(given, list) else [{"from": "1900-01-01", "rate": given}]
    rates = [penalty.Rate(date.fromisoformat(one["from"]), fraction(one, "rate")) for one in rows]
    stages = [
        penalty.Stage(
            int(one["from_day"]), int(last) if (last := one.get("to_day")) else None, fraction(one, "fraction")
        )
        for one in inputs["schedule"]
    ]
    cap = optional(inputs, "cap")
    return penalty.PenaltyRules(
        tuple(stages),
        tuple(sorted(rates, key=lambda rate: rate.since)),
        () if cap is None else (penalty.Cap(Period(date(1900, 1, 1), None), cap),),
        tuple(Period(first, last + DAY) for first, last in spans(inputs.get("moratoria"))),
        penalty.RatePolicy(inputs.get("rate_policy") or "on_payment_date"),
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
        mode=ordering.Mode(inputs.get("mode") or "by_debt"),
        ahead=ordering.Ahead(inputs.get("advance") or "next"),
    )
    return {
        "allocations": [{"debt": one.debt, "component": one.component, "amount": money(one.amount)} for one in shares],
        "unallocated": money(left),
    }


def late_fee(inputs: Inputs) -> Found:
    if "power_va" in inputs:
        steps = [
            fees.PowerStep(
                optional(one, "max_va"),
                minor(str(one.get("fee") or one.get("min") or "0")),
                fraction(one, "percent"),
            )
            for one in inputs["tiers"]
        ]
        bill, months = minor(str(inputs["bill"])), int(inputs.get("months") or 1)
        return {"fee": money(fees.by_power(fraction(inputs, "power_va"), bill=bill, months=months, steps=steps))}
    amount = minor(str(inputs["amount"]))
    interest = fees.simple_interest(
        amount,
        rate=fraction(inputs, "rate"),
        year_days=int(inputs.get("year_days") or 365),
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
