"""Worked examples through the engine's own functions: published ones, where their file is at hand, and ours.

The published ones (billing.jsonl) stand outside of this repository, in the folder METERLINE_CASES. Ours were worked by
hand; `work` says how.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.core.billing import published
from tests.shared import CASES, MISSING

OURS = Path(__file__).parent / "cases" / "published_kinds.jsonl"

Case = dict[str, Any]


def read(path: Path) -> list[Case]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def named(case: Case) -> str:
    return f"{case['kind']}:{case['id']}"


def check(case: Case) -> None:
    found = published.computed(case["kind"], case["inputs"])
    tolerance = Fraction(str(case.get("tolerance") or "0"))
    shown = {name: found.get(name) for name in case["expected"]}
    assert published.agrees(found, case["expected"], tolerance), f"{shown} is not {case['expected']}"


PUBLISHED = read(CASES / "billing.jsonl") if (CASES / "billing.jsonl").is_file() else []


@pytest.mark.skipif(not PUBLISHED, reason=MISSING)
@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_published(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", read(OURS), ids=named)
def test_ours(case: Case) -> None:
    check(case)


def test_ours_are_of_every_kind() -> None:
    cases = read(OURS)
    assert {case["kind"] for case in cases} == set(published.KINDS)
    assert len({case["id"] for case in cases}) == len(cases)
    assert all(case["work"] for case in cases)
