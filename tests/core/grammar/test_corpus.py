"""The corpus of labelled customer messages, which is not part of this repository."""

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


@pytest.fixture(scope="module")
def judged(cases: Path, scorer: ModuleType) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    """Every message with its prediction and what the scorer says of it."""
    lines = (cases / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    predictions = [predict(message) for message in messages]
    return [(m, p, scorer.outcome(m, p)) for m, p in zip(messages, predictions, strict=True)]


def test_nothing_harmful(judged: list[tuple[dict[str, Any], dict[str, Any], str]]) -> None:
    assert [message["id"] for message, _, outcome in judged if outcome == "HARMFUL"] == []


def test_commands_are_understood(judged: list[tuple[dict[str, Any], dict[str, Any], str]], scorer: ModuleType) -> None:
    commands = [one for one in judged if one[0]["intent"] not in scorer.NOOP and one[0]["kind"] != "hostile"]
    counted = Counter(outcome for _, _, outcome in commands)
    assert counted["exact"] >= EXACT * len(commands)
    assert counted["exact"] + counted["asked"] >= EXACT_OR_ASKED * len(commands)


def test_few_questions(judged: list[tuple[dict[str, Any], dict[str, Any], str]]) -> None:
    assert sum(prediction["confirm"] for _, prediction, _ in judged) <= QUESTIONS * len(judged)
