"""The checker brings money to debts by whatever rules a document states, and catches what was not settled by them."""

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from core.basics.periods import DAY, Month
from core.billing.engine import deriving, lateness, planning, protocol, statement
from core.billing.engine.deriving import Facts
from core.billing.engine.ordering import Ahead, AllocationRules, Mode
from core.billing.model import Claim, ClaimKind, Component, Payment
from core.checking.checker import check
from core.checking.model import What
from tests.core.billing.engine import test_planning as lives

Json = dict[str, Any]

OPENING = Claim(60, Month(2022, 9), ClaimKind.OPENING, 80_000, date(2022, 10, 20), date(2022, 10, 1))
"""Its limitation of three years runs out while the others are paid."""
RULES = st.builds(
    AllocationRules,
    order=st.permutations([Component.COSTS, Component.PRINCIPAL, Component.PENALTY]).map(tuple),
    mode=st.sampled_from(Mode),
    ahead=st.sampled_from(Ahead),
    designated_first=st.booleans(),
    barred_last=st.booleans(),
)


def told(known: Facts, today: date) -> Json:
    found = statement.explain(known, (), {}, account="1", persons=1, today=today)
    document: Json = json.loads(json.dumps(protocol.as_json(found)))
    return document


def written_off(no: int, about: Claim, amount: int, day: date) -> Claim:
    return Claim(no, about.month, ClaimKind.WRITE_OFF, -amount, about.due_on, day, about.no)


def posted(known: Facts, day: date) -> Facts:
    """The facts after penalty was posted through a day, as the close of that day does it."""
    state = planning.as_of(deriving.derive(known, ()), day)
    assert known.terms.late is not None
    due = lateness.unposted(state.claims, state.late, known.terms.late, through=day)
    new = [
        Claim(no, one.late.month, ClaimKind.PENALTY, one.amount, one.late.due_on, day, one.late.no)
        for no, one in enumerate(due, 1000)
    ]
    return replace(known, claims=(*known.claims, *new))


@pytest.mark.properties
@given(
    money=lives.MONEY,
    rules=RULES,
    years=st.sampled_from([0, 1, 3]),
    planned=st.booleans(),
    off=st.none() | st.tuples(st.integers(0, 4), st.integers(1, 120_000), lives.DAYS),
    corrected=st.none() | st.tuples(st.integers(0, 3), st.integers(-150_000, 20_000)),
    penal=lives.DAYS,
    on=lives.DAYS,
)
def test_it_agrees_by_any_rules(
    money: list[tuple[date, int, Month | None]],
    rules: AllocationRules,
    years: int,
    planned: bool,
    off: tuple[int, int, date] | None,
    corrected: tuple[int, int] | None,
    penal: date,
    on: date,
) -> None:
    terms = replace(lives.HOUSEHOLD, allocation=rules, limitation=years)
    paid = [lives.pay(100 + at, day, amount, month) for at, (day, amount, month) in enumerate(money)]
    paid += [Payment(150 + at, one.paid_on + DAY, -one.amount) for at, one in enumerate(paid[:1])]
    claims = [*lives.OLD, *lives.CURRENTS, OPENING]
    if off is not None:
        at, amount, day = off
        claims.append(written_off(70, [*lives.OLD, OPENING][at], amount, day))
    if corrected is not None:
        about = lives.OLD[corrected[0]]
        claims.append(replace(about, no=80, kind=ClaimKind.RECALCULATION, amount=corrected[1], issued_on=on))
    known = lives.facts(*[lives.plan()] * planned, claims=tuple(claims), paid=tuple(paid), terms=terms)
    known = posted(known, min(penal, on))
    document = told(known, on)
    report = check(document)
    assert report.holds, report.faults
    assert not [one for one in report.given if one.place.step == "overdue"]
    event(f"some limitation has run out: {any(one.get('limitation_on', '9') < str(on) for one in document['lines'])}")


@pytest.fixture
def document() -> Json:
    """An old debt had lapsed when money came; a penalty was posted, and a bill written off in part."""
    paid = (lives.pay(100, date(2025, 12, 1), 270_000),)
    claims = (*lives.OLD, OPENING, written_off(70, lives.OLD[0], 40_000, date(2025, 11, 1)))
    known = lives.facts(claims=claims, paid=paid, terms=lives.HOUSEHOLD)
    return told(posted(known, date(2025, 10, 31)), date(2025, 12, 31))


def test_an_old_debt_is_told_with_the_day_of_its_limitation(document: Json) -> None:
    assert check(document).holds
    limits = {line["fact"]: line["limitation_on"] for line in document["lines"] if "limitation_on" in line}
    assert limits == {"claim:60": "2025-10-20", "claim:4": "2028-09-10"}, "what is paid or written off has none"


@pytest.mark.parametrize(("key", "value"), [("barred_last", False), ("limitation_years", 4), ("advance", "x")])
def test_other_rules_do_not_hold(document: Json, key: str, value: object) -> None:
    document["rules"][key] = value
    assert not check(document).holds


def test_another_last_day_is_caught(document: Json) -> None:
    for at, line in enumerate(document["lines"]):
        if "limitation_on" in line:
            changed, without = copy.deepcopy(document), copy.deepcopy(document)
            changed["lines"][at]["limitation_on"] = "2026-01-01"
            del without["lines"][at]["limitation_on"]
            assert What.LIMITATION in {one.what for one in check(changed).faults}
            assert What.LIMITATION in {one.what for one in check(without).faults}


def test_a_document_of_before_rules_were_stated_is_checked_as_it_was(document: Json) -> None:
    del document["rules"]
    for line in document["lines"]:
        line.pop("limitation_on", None)
    report = check(document)
    assert report.holds, "what money settles is the rules', of which it says nothing"
    assert "overdue" in {one.place.step for one in report.given}
