"""The checker computes instalment plans again, agrees with the engine on random ones, and catches what is changed."""

import json
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing.engine import protocol, statement
from core.billing.engine.deriving import Facts
from core.billing.terms import DebtTerms
from core.checking.checker import check
from core.checking.model import What
from tests.core.billing.engine import test_planning as planning
from tests.core.checking.mutating import mutated, places

Json = dict[str, Any]


def told(known: Facts, today: date) -> Json:
    found = statement.explain(known, (), {}, account="1", persons=1, today=today)
    document: Json = json.loads(json.dumps(protocol.as_json(found)))
    return document


@given(
    money=planning.MONEY,
    rate=st.sampled_from([0, 36_500]),
    on=planning.DAYS,
    end=st.none() | planning.DAYS,
    pack=st.sampled_from([planning.HOUSEHOLD, planning.GENERIC, planning.LEGAL]),
)
@example(  # 1.5 % of what is left open of a month is less than the least fee
    money=[(date(2025, 10, 1), 1, None), (date(2025, 10, 1), 23_367, None)],
    rate=0, on=date(2025, 10, 21), end=None, pack=planning.GENERIC,
)  # fmt: skip
def test_it_agrees(
    money: list[tuple[date, int, Month | None]], rate: int, on: date, end: date | None, pack: DebtTerms
) -> None:
    paid = tuple(planning.pay(20 + at, day, amount, month) for at, (day, amount, month) in enumerate(money))
    back = tuple(planning.pay(40 + at, one.paid_on, -one.amount) for at, one in enumerate(paid[:1]))
    conditions = [planning.plan(rate=rate), *([] if end is None else [planning.ended(11, end)])]
    known = planning.facts(*conditions, claims=(*planning.OLD, *planning.CURRENTS), paid=(*paid, *back), terms=pack)
    report = check(told(known, on))
    assert report.holds, report.faults


@pytest.fixture
def document() -> Json:
    """A part is paid, the next one was not, and interest was agreed."""
    known = planning.facts(
        planning.plan(rate=36_500),
        claims=(*planning.OLD, *planning.CURRENTS),
        paid=(planning.pay(20, date(2025, 10, 10), 130_000), planning.pay(21, date(2025, 11, 10), 40_000)),
    )
    return told(known, date(2025, 12, 1))


def test_a_broken_plan_is_found_again(document: Json) -> None:
    report = check(document)
    assert report.holds, report.faults
    (plan,) = document["plans"]
    assert (plan["until"], plan["end"]) == ("2025-11-16", "broken")
    assert [part["left"] for part in plan["parts"]] == ["0.00", "900.00", "1000.00", "1000.00"]


def test_every_change_of_a_plan_or_of_its_interest_is_caught(document: Json) -> None:
    chance = Random(7)
    tried = 0
    found = [(path, value) for path, value in places(document) if _bears_on_a_plan(document, path)]
    for path, _ in found:
        for _ in range(3):
            one = mutated(document, path, chance)
            if one is not None:
                tried += 1
                assert not check(one.document).holds, (one.path, one.before, one.after)
    assert tried > 100


def _bears_on_a_plan(document: Json, path: tuple[str | int, ...]) -> bool:
    if path[0] in ("plans", "overdue", "due_on", "to_pay"):
        return path[-1] not in ("principal_first", "grace_days", "frozen")
    if path[0] == "facts":
        return path[-2] == "value" and path[-1] not in ("first", "last")
    return path[0] == "lines" and document["lines"][path[1]]["kind"] in ("interest", "agreed") and path[-1] != "formula"


@pytest.mark.parametrize(("month", "of"), [("first", "2025-06"), ("last", "2025-07")])
def test_months_that_were_not_agreed_are_caught(document: Json, month: str, of: str) -> None:
    document["facts"]["condition:10"]["value"][month] = of
    assert What.COVERS in {one.what for one in check(document).faults}


def test_a_penalty_that_a_plan_freezes_is_caught(document: Json) -> None:
    document["plans"][0]["until"] = document["plans"][0]["end"] = None
    assert What.FROZEN in {one.what for one in check(document).faults}
