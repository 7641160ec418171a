"""The checker computes penalties again, and catches what is changed in them."""

import copy
import json
from datetime import date
from typing import Any

import pytest

from core.billing.engine import protocol, statement
from core.billing.model import Payment
from core.checking.checker import check
from tests.core.billing.engine import test_lateness as late

Json = dict[str, Any]


@pytest.fixture
def document() -> Json:
    """A bill paid in part, its penalty posted once, and more of it accrued since."""
    known = late.facts([late.bill()], [Payment(2, date(2025, 8, 1), 40_000)])
    known = late.posted(known, date(2025, 9, 30))
    told = statement.explain(known, (), {}, account="1", persons=1, today=date(2025, 11, 30))
    found: Json = json.loads(json.dumps(protocol.as_json(told)))
    return found


def test_it_agrees(document: Json) -> None:
    assert [line["kind"] for line in document["lines"]] == ["bill", "penalty", "payment", "accrued"]
    report = check(document)
    assert report.holds, report.faults
    assert report.computed == 2


@pytest.mark.parametrize("key", ["from", "to", "days", "balance", "rate", "share", "amount"])
@pytest.mark.parametrize("at", [1, 3])
def test_it_catches_a_changed_segment(document: Json, at: int, key: str) -> None:
    steps = document["lines"][at]["steps"]
    for number, step in enumerate(steps):
        if step["op"] != "days" or step["amount"] == "0":
            continue
        found = copy.deepcopy(document)
        other = {"from": "2025-06-11", "to": "2026-01-01"}.get(key, "17")
        found["lines"][at]["steps"][number][key] = other
        assert not check(found).holds, (number, step)


@pytest.mark.parametrize("key", ["amount", "supersedes", "result"])
def test_it_catches_a_changed_sum(document: Json, key: str) -> None:
    for at in (1, 3):
        found = copy.deepcopy(document)
        found["lines"][at][key] = "12.34"
        assert not check(found).holds
