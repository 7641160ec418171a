"""Labelled customer messages: the corpus beside this repository, and our own in messages.json.

messages.json has groups of texts with one label: `intent`, `readings` (register to number), `account`, `meter`;
`accept` all answers that are right, `context` what the core knows besides the text, `clarify_ok` that asking back is
right too, `must_not` what is wrong whatever else. The scorer that lies beside the corpus judges both.
"""

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gateway.parsing import predict

EXACT = 0.92
EXACT_OR_ASKED = 0.98
QUESTIONS = 0.15


@pytest.fixture(scope="module")
def scorer(cases: Path) -> ModuleType:
    """The scorer that lies beside the corpus."""
    spec = importlib.util.spec_from_file_location("score_messages", cases / "score_messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Judged = list[tuple[dict[str, Any], dict[str, Any], str]]


@pytest.fixture(scope="module", params=["corpus", "own"])
def judged(request: pytest.FixtureRequest, cases: Path, scorer: ModuleType) -> Judged:
    """Every message with its prediction and what the scorer says of it."""
    messages = own() if request.param == "own" else corpus(cases)
    predictions = [predict(message) for message in messages]
    return [(m, p, scorer.outcome(m, p)) for m, p in zip(messages, predictions, strict=True)]


def corpus(cases: Path) -> list[dict[str, Any]]:
    lines = (cases / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def own() -> list[dict[str, Any]]:
    """The texts of messages.json, each with its label whole."""
    groups = json.loads(Path(__file__).with_name("messages.json").read_text(encoding="utf-8"))
    return [
        _labelled(group, text, f"{place}.{number}")
        for place, group in enumerate(groups)
        for number, text in enumerate(group["texts"])
    ]


def _labelled(group: dict[str, Any], text: str, name: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"readings": {}, "account": None, "meter": None}
    accept = [{**empty, **answer} for answer in group.get("accept", [])]
    return {**empty, **group, "id": name, "text": text, "accept": accept}


def test_nothing_harmful(judged: Judged) -> None:
    assert [message["id"] for message, _, outcome in judged if outcome == "HARMFUL"] == []


def test_commands_are_understood(judged: Judged, scorer: ModuleType) -> None:
    commands = [one for one in judged if one[0]["intent"] not in scorer.NOOP and one[0]["kind"] != "hostile"]
    counted = Counter(outcome for _, _, outcome in commands)
    assert counted["exact"] >= EXACT * len(commands)
    assert counted["exact"] + counted["asked"] >= EXACT_OR_ASKED * len(commands)


def test_few_questions(judged: Judged) -> None:
    assert sum(prediction["confirm"] for _, prediction, _ in judged) <= QUESTIONS * len(judged)
