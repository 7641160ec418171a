"""Histories that an accountant can read (cases/*.toml), played through the engine."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.basics.money import minor
from core.basics.periods import Month, Period
from core.billing import tariffs as table
from core.billing.engine import closing, deriving, protocol, standing, statement
from core.billing.engine.deriving import Facts
from core.billing.model import Claim, ClaimKind, Payment, Tariffs, TariffVersion
from core.metering.model import Meter, ReadingFact, Source

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))

Case = Mapping[str, Any]


def tariffs_of(case: Case) -> Tariffs:
    """The shipped tariffs and the case's own."""
    own = table.read(enumerate(case.get("tariffs", []), 1))
    assert own.problems == ()
    plans: dict[str, list[TariffVersion]] = {}
    versions = [*table.shipped(), *(one.version for one in own.versions)]
    for number, version in enumerate(versions, 1):
        plans.setdefault(version.plan, []).append(replace(version, id=number))
    return {plan: table.in_order(versions) for plan, versions in plans.items()}


def meters_of(case: Case) -> dict[str, Meter]:
    return {
        one["serial"]: Meter(
            number,
            1,
            1,
            one["serial"],
            "",
            "electricity",
            one["tariff"],
            digits=5,
            fraction=0,
            multiplier=1000,
            capacity_kw=None,
            zones=tuple(one["registers"]),
            installed=Period(one.get("installed", date(2020, 1, 1)), one.get("removed")),
        )
        for number, one in enumerate(case["meters"], 1)
    }


class Account:
    """The facts as they come, and the bills that the engine makes of them."""

    def __init__(self, case: Case) -> None:
        self.tariffs = tariffs_of(case)
        self.meters = meters_of(case)
        self.facts = Facts(1)

    def take(self, event: Case) -> None:
        no = self.facts.last_no + 1
        if "bill" in event:
            self._bill(event)
        elif "billed_elsewhere" in event:
            before = Month.parse(event["billed_elsewhere"])
            claim = Claim(no, before, ClaimKind.OPENING, 0, due_on=event["day"], issued_on=event["day"])
            self.facts = replace(self.facts, claims=(*self.facts.claims, claim))
        elif "pay" in event:
            month = Month.parse(event["month"]) if "month" in event else None
            payment = Payment(no, event["day"], minor(event["pay"]), month)
            self.facts = replace(self.facts, payments=(*self.facts.payments, payment))
        else:
            source = Source.ACT if "act" in event else Source.CUSTOMER
            values = event["act"] if "act" in event else event["reading"]
            of, day = self.meters[event["meter"]], event.get("on", event["day"])
            rows = [ReadingFact(no, of.id, n, day, value * 1000, source) for n, value in enumerate(values, 1)]
            self.facts = replace(self.facts, readings=(*self.facts.readings, *rows))

    def _bill(self, event: Case) -> None:
        issues = closing.close(
            deriving.derive(self.facts, self.all, fresh=True),
            self.all,
            self.tariffs,
            persons=1,
            month=Month.parse(event["bill"]),
            issued_on=event["day"],
            due_on=event["due"],
        )
        bills = [issue.claim.amount for issue in issues if issue.claim.month == Month.parse(event["bill"])]
        assert [protocol.money(amount) for amount in bills] == [event["expect"]]
        self.facts = deriving.with_facts(
            self.facts,
            claims=[issue.claim for issue in issues],
            charges=[line for issue in issues for line in issue.lines],
        )

    @property
    def all(self) -> tuple[Meter, ...]:
        return tuple(self.meters.values())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    account = Account(case)
    for event in case["history"]:
        account.take(event)
    state = deriving.derive(account.facts, account.all)
    found = standing.standing(state, account.all, account.tariffs, persons=1, today=case["today"])
    expected = case["expected"]
    sums = {name: protocol.money(getattr(found, name)) for name in ("to_pay", "overdue", "credit")}
    assert sums == {name: expected[name] for name in sums}
    changed = {str(one.month): protocol.money(one.amount - one.billed) for one in found.recalculated}
    assert changed == expected.get("recalculated", {})
    if "open" in expected:
        assert {str(one.month): protocol.money(one.amount) for one in found.claims} == expected["open"]
    told = statement.explain(account.facts, account.all, account.tariffs, account="1", persons=1, today=case["today"])
    assert sum(line.amount for line in told.lines) == found.to_pay - found.credit
    assert all(line.reproduced for line in told.lines)
