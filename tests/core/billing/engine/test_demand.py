"""Two-part tariffs: the power of a point as a dated fact, its line in the bill, and the ratchet (billing.md 3.2)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from core.basics.money import half_up
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Kind
from core.billing.engine import changing, protocol, readable
from core.billing.engine.closing import RECALCULATION
from core.billing.engine.statement import explain
from core.billing.model import Block, TariffVersion
from core.checking import checker
from tests.core.billing.engine.histories import Life, meter
from tests.core.checking.mutating import mutated

RATE = 950_000_000
TWO_PART = TariffVersion(
    1, "POWER", Period(date(2020, 1, 1), None), ("total",), (Block(None, {"total": 2_000_000}),), demand=RATE
)
RATCHET = replace(TWO_PART, ratchet=800, ratchet_months=3)
OCTOBER, NOVEMBER = Month(2025, 10), Month(2025, 11)


def life(version: TariffVersion, *, installed: date = date(2024, 1, 1)) -> Life:
    """A thousand kWh a month from October on, billed until September elsewhere."""
    made = Life((meter(tariff=version.plan, installed=Period(installed, None)),), tariffs={version.plan: (version,)})
    count, month = 0, Month.of(installed) if installed > OCTOBER.first else OCTOBER
    made.read(max(installed, month.first - DAY), count)
    if installed < OCTOBER.first:
        made.billed_elsewhere(OCTOBER.previous)
    while month < Month(2026, 8):
        count += 1_000
        made.read(month.last, count)
        month = month.next
    return made


def lines(made: Life, month: Month) -> list[tuple[str, int]]:
    return [(one.kind, one.amount) for one in made.facts.charges if one.month == month]


def months(first: Month, last: Month | None = None) -> Period:
    return Period(first.first, None if last is None else last.next.first)


def test_a_bill_of_two_parts() -> None:
    """40 kW × 950 = 38 000.00 beside 1000 kWh × 2.00, and 20 % on all of it."""
    made = life(replace(TWO_PART, vat=200))
    made.record(Kind.DEMAND, months(OCTOBER), 40_000)
    made.close(OCTOBER)
    assert lines(made, OCTOBER) == [("energy", 200_000), ("demand", 3_800_000), ("vat", 800_000)]


def test_who_has_told_no_power_pays_for_energy_alone() -> None:
    made = life(RATCHET)
    made.close(OCTOBER)
    assert lines(made, OCTOBER) == [("energy", 200_000)]


def test_a_plan_of_one_part_asks_for_no_power() -> None:
    made = life(replace(TWO_PART, demand=0))
    made.record(Kind.DEMAND, months(OCTOBER), 40_000)
    made.close(OCTOBER)
    assert lines(made, OCTOBER) == [("energy", 200_000)]


def test_power_that_changes_within_the_month_is_charged_by_its_days() -> None:
    """Ten days at 40 kW and 21 at 50, and a whole month of the minimum beside it."""
    made = life(replace(TWO_PART, minimum=5_000_000))
    made.record(Kind.DEMAND, months(OCTOBER), 40_000)
    made.record(Kind.DEMAND, Period(date(2025, 10, 11), None), 50_000)
    made.close(OCTOBER)
    power = half_up(95_000 * (40 * 10 + 50 * 21), 31)
    assert lines(made, OCTOBER) == [
        ("energy", 200_000), ("demand", power), ("minimum", 5_000_000 - 200_000 - power),
    ]  # fmt: skip


def test_a_meter_that_stood_for_a_part_of_the_month_has_that_part_of_the_power() -> None:
    made = life(TWO_PART, installed=date(2025, 11, 16))
    made.record(Kind.DEMAND, months(NOVEMBER), 40_000)
    made.close(NOVEMBER)
    assert dict(lines(made, NOVEMBER))["demand"] == 95_000 * 40 * 15 // 30


def test_a_ratchet_charges_a_share_of_the_highest_of_the_months_before() -> None:
    """60 kW in October: 80 % of them, 48, are the least until January, three months behind; then the 30 measured."""
    made = life(RATCHET)
    made.record(Kind.DEMAND, months(OCTOBER), 30_000)
    made.record(Kind.DEMAND, months(OCTOBER, OCTOBER), 60_000)
    month = OCTOBER
    found = []
    for _ in range(5):
        made.close(month)
        found.append(dict(lines(made, month))["demand"])
        month = month.next
    assert found == [95_000 * power for power in (60, 48, 48, 48, 30)]


def test_a_corrected_power_changes_its_month_and_those_that_look_back_on_it() -> None:
    """The 60 kW of October turn out to be 35: of 950.00 a kW 25 go back for October, 13 for November; December, at 48
    of its own, stands."""
    made = life(RATCHET)
    made.record(Kind.DEMAND, months(OCTOBER), 35_000)
    made.record(Kind.DEMAND, months(OCTOBER, OCTOBER), 60_000)
    made.record(Kind.DEMAND, months(Month(2025, 12), Month(2025, 12)), 48_000)
    for month in (OCTOBER, NOVEMBER, Month(2025, 12)):
        made.close(month)
    before = made.facts
    no = made.record(Kind.DEMAND, months(OCTOBER, OCTOBER), 35_000)
    changed = {one.month: one.amount - one.billed for one in made.stands(date(2026, 1, 20)).recalculated}
    assert changed == {OCTOBER: -25 * 95_000, NOVEMBER: -13 * 95_000}
    told = changing.difference(
        made.facts, made.meters, made.tariffs, persons=1, through=before.last_no,
        since=date(2026, 1, 20), on=date(2026, 1, 20),
    )  # fmt: skip
    assert {(one.fact, one.month, one.amount) for one in told.parts} == {
        (f"condition:{no}", month, amount) for month, amount in changed.items()
    }
    made.close(Month(2026, 1))
    posted = {one.month: one.amount for one in made.facts.charges if one.kind == RECALCULATION}
    assert posted == changed
    assert not made.stands(date(2026, 2, 20)).recalculated


def test_late_is_early_with_a_ratchet() -> None:
    facts = [
        (months(OCTOBER), 30_000), (months(OCTOBER, NOVEMBER), 60_000),
        (Period(date(2025, 12, 5), date(2026, 1, 9)), 45_000), (months(NOVEMBER, NOVEMBER), 41_500),
    ]  # fmt: skip
    early, late = life(RATCHET), life(RATCHET)
    for days, power in facts:
        early.record(Kind.DEMAND, days, power)
    month = OCTOBER
    for at in range(8):
        early.close(month)
        if at < len(facts):
            late.record(Kind.DEMAND, *facts[at])
        late.close(month)
        month = month.next
    assert late.billed == early.billed
    assert early.facts.claims[-1].amount == late.facts.claims[-1].amount == 200_000 + 30 * 95_000


def test_the_protocol_tells_the_power_and_the_checker_agrees() -> None:
    made = life(replace(RATCHET, vat=200))
    own = made.record(Kind.DEMAND, months(OCTOBER), 30_000)
    peak = made.record(Kind.DEMAND, months(OCTOBER, OCTOBER), 60_500)
    made.close(OCTOBER)
    made.close(NOVEMBER)
    statement = explain(
        made.facts, made.meters, made.tariffs, account="1", persons=1, today=NOVEMBER.last + timedelta(days=9)
    )
    document = protocol.as_json(statement)
    bill = next(one for one in document["lines"] if one.get("period") == "2025-11")
    assert bill["method"] == "flat+demand"
    assert bill["segments"][0]["demand"] == {
        "own": "30", "fact": f"condition:{own}",
        "before": [{"from": "2025-10-01", "to": "2025-10-31", "value": "60.5", "fact": f"condition:{peak}"}],
        "billed": "48.4",
    }  # fmt: skip
    assert next(one for one in bill["steps"] if one.get("line") == "demand")["amount"] == "45980.00"
    report = checker.check(document)
    assert report.holds, report.faults
    words = {language: "\n".join(readable.as_text(statement, language)) for language in ("en", "ru")}
    assert "48.4 kW × 950 × 30/30 days (80 % of 60.5 kW on 2025-10-01 to 2025-10-31)" in words["en"]
    assert "48,4 кВт × 950 × 30/30 дней (80 % от 60,5 кВт с 2025-10-01 по 2025-10-31)" in words["ru"]
    assert "мощность: 45980,00" in words["ru"]


def test_another_power_or_sum_in_the_protocol_is_found() -> None:
    made = life(RATCHET)
    made.record(Kind.DEMAND, months(OCTOBER), 30_000)
    made.record(Kind.DEMAND, months(OCTOBER, OCTOBER), 60_500)
    made.close(OCTOBER)
    made.close(NOVEMBER)
    document = protocol.as_json(
        explain(made.facts, made.meters, made.tariffs, account="1", persons=1, today=NOVEMBER.last)
    )
    assert checker.check(document).holds
    at = next(number for number, one in enumerate(document["lines"]) if one.get("period") == "2025-11")
    (step,) = (number for number, one in enumerate(document["lines"][at]["steps"]) if one.get("line") == "demand")
    demand, charged = ("lines", at, "segments", 0, "demand"), ("lines", at, "steps", step)
    chance = Random(1)
    for path in (
        (*charged, "amount"), (*charged, "of", 0, "worth"), (*charged, "of", 0, "factor"), (*demand, "own"),
        (*demand, "billed"), (*demand, "before", 0, "value"), (*demand, "before", 0, "from"),
    ):  # fmt: skip
        found = mutated(document, path, chance)
        assert found is not None, path
        assert not checker.check(found.document).holds, (path, found.after)
    for terms in ({"demand": "951"}, {"ratchet": "90"}, {"ratchet_months": 0}):
        changed = json.loads(json.dumps(document))
        changed["facts"]["tariff:1"]["terms"] |= terms
        assert not checker.check(changed).holds, terms
