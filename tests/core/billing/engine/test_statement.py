"""The protocol adds up, and an evaluator that knows nothing of the engine gets the same sums from it."""

import itertools
import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing.engine import protocol, readable
from core.billing.engine.statement import Kind, Statement, explain
from tests.core.billing.engine.histories import TARIFFS, Life, meter
from tests.core.billing.engine.test_deriving import played

Json = dict[str, Any]


def told(life: Life, today: date) -> Statement:
    return explain(life.facts, life.meters, TARIFFS, account="100004321", persons=life.persons, today=today)


@pytest.fixture
def demo() -> Life:
    life = Life((meter(),))
    life.read(date(2025, 9, 30), 4_195)
    life.read(date(2025, 10, 31), 4_325)
    life.close(Month(2025, 10))
    life.read(date(2025, 11, 21), 4_512)
    return life


def test_the_lines_of_an_answer(demo: Life) -> None:
    found = told(demo, date(2025, 11, 21))
    assert readable.as_text(found) == (
        "Account 100004321 on 2025-11-21: to pay 1052.44, of which overdue 431.60",
        "  2025-10, bill (claim:3), meter M1, payable until 2025-11-10: 431.60",
        "    volume 130 kWh = C(2025-10-31) 4325 − C(2025-09-30) 4195",
        "    130 × 3.32",
        "    energy: 431.60",
        "  2025-11, used since the last bill, meter M1: 620.84",
        "    volume 187 kWh = C(2025-11-21) 4512 − C(2025-10-31) 4325",
        "    187 × 3.32",
        "    energy: 620.84",
        "Total 1052.44",
    )
    assert (
        readable.as_text(found, "ru")[0] == "Лицевой счёт 100004321 на 2025-11-21: к оплате 1052,44, из них долг 431,60"
    )


def test_a_bill_is_explained_without_what_came_too_late_for_it(demo: Life) -> None:
    demo.read(date(2024, 10, 31), 3_000)
    demo.read(date(2025, 11, 28), 4_700, late=True)
    demo.close(Month(2025, 11))
    found = told(demo, date(2025, 12, 1))
    bill = next(line for line in found.lines if line.kind is Kind.BILL and line.month == Month(2025, 11))
    assert bill.reproduced
    assert bill.calculation is not None
    assert bill.calculation.charge.estimated is not None
    assert bill.calculation.charge.estimated.start == date(2025, 11, 22)
    assert [line.month for line in found.lines if line.kind is Kind.PENDING] == [Month(2025, 11)]


def test_a_recalculation_says_what_it_replaces(demo: Life) -> None:
    demo.read(date(2025, 2, 28), 3_000)
    demo.close(Month(2025, 11))
    demo.read(date(2025, 12, 10), 4_700)
    pending = [line for line in told(demo, date(2025, 12, 11)).lines if line.kind is Kind.PENDING]
    assert [line.before for line in pending] == [demo.billed[Month(2025, 11)]]
    demo.close(Month(2025, 12))
    found = told(demo, date(2026, 1, 2))
    (line,) = [line for line in found.lines if line.kind is Kind.RECALCULATION]
    assert line.calculation is not None
    assert (line.before or 0) + line.amount == line.calculation.charge.amount
    assert all(line.reproduced for line in found.lines)


@settings(deadline=None)
@given(st.data())
def test_the_lines_add_up_and_come_out_again(data: st.DataObject) -> None:
    life = played(data, 40)
    today = max(one.day for one in life.facts.readings) + timedelta(days=1)
    found = told(life, today)
    assert sum(line.amount for line in found.lines) == found.standing.to_pay - found.standing.credit
    assert found.standing.to_pay == life.stands(today).to_pay or not life.facts.claims
    assert all(line.reproduced for line in found.lines)
    document = json.loads(json.dumps(protocol.as_json(found)))
    assert sum(Decimal(line["amount"]) for line in document["lines"]) == Decimal(document["to_pay"]) - Decimal(
        document["credit"]
    )
    for line in document["lines"]:
        if "steps" in line:
            assert evaluated(line, document["facts"]) == Decimal(line["result"])


# --- an evaluator of the protocol that uses nothing of the engine -----------------------------------------------------


def evaluated(line: Json, facts: Json) -> Decimal:
    """The sum of a computed line, from its facts alone; every number that a step states is checked on the way."""
    products = [step for step in line["steps"] if step["op"] == "rate"]
    measured = [step for step in line["steps"] if step["op"] == "volume"]
    for step in measured:
        meter_fact = facts[step.get("meter") or line["meter"]]
        days = [one for one in line["days"] if one["zone"] == step["zone"]]
        before, after = (curve(step["expr"], which, meter_fact, facts, days) for which in (1, 0))
        turns = before - before % (10 ** meter_fact["digits"] * Fraction(meter_fact["multiplier"]))
        assert (before - turns, after - turns) == (Fraction(step["before"]), Fraction(step["after"]))
        assert Fraction(step["after"]) - Fraction(step["before"]) == Fraction(step["value"])
    for tariff in {step["tariff"] for step in measured}:
        priced = [step for step in products if step["tariff"] == tariff]
        volume = sum(Fraction(step["value"]) for step in measured if step["tariff"] == tariff)
        assert sum(Fraction(step["volume"]) for step in priced) == volume
        blocks = facts[tariff]["terms"]["blocks"]
        for step in priced:
            rates = blocks[step["block"] - 1]["rates"]
            assert rates.get(step["zone"], rates.get("total")) == step["rate"]
    total = sum(
        (Fraction(step["volume"]) * Fraction(step["rate"]) + Fraction(step.get("fee", 0)) for step in products),
        Fraction(0),
    )
    (rounding,) = [step for step in line["steps"] if step["op"] == "round"]
    assert Fraction(rounding["before"]) == total
    cents = Decimal(total.numerator * 10**6 // total.denominator).scaleb(-6)
    assert Decimal(rounding["amount"]) == cents.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return sum((Decimal(step["amount"]) for step in line["steps"] if step["op"] in ("round", "add")), Decimal(0))


def curve(expr: str, which: int, meter_fact: Json, facts: Json, days: list[Json]) -> Fraction:
    """The rounded cumulative count that a volume step names, from the readings that the line's days name."""
    day = date.fromisoformat(expr.split("C(")[which + 1].split(")")[0])
    names = {name for one in days for name in one["source"]}
    readings = sorted(
        (date.fromisoformat(facts[name]["day"]), Fraction(facts[name]["value"]))
        for name in names
        if name.startswith("reading:")
    )
    usual = [facts[name] for name in names if name.startswith("usual:")]
    wheel = 10 ** meter_fact["digits"]
    counts: list[tuple[date, Fraction]] = []
    for at, value in readings:
        counts.append((at, value if not counts else counts[-1][1] + (value - counts[-1][1]) % wheel))
    exact = counts[0][1] if counts else Fraction(0)
    for (one, low), (two, high) in itertools.pairwise(counts):
        if one <= day <= two:
            exact = low + (high - low) * Fraction((day - one).days, (two - one).days)
    if counts and day > counts[-1][0]:
        daily = Fraction(usual[0]["volume"]) / int(usual[0]["days"]) if usual else Fraction(0)
        exact = counts[-1][1] + daily * (day - counts[-1][0]).days
    unit = Fraction(1, 10 ** meter_fact["decimals"])
    return (exact * Fraction(meter_fact["multiplier"]) / unit + Fraction(1, 2)).__floor__() * unit
