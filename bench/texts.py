"""What is done with a text before and after any database: understanding it, and counting its segments; on one core."""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bench import hostile
from core.grammar import spelling, understanding
from core.wording import segments
from gateway import parsing

BENCHES = ("parse", "segments", "longest")
TRIES = 3
"""A text counts as slow as it was at its quickest: what another process took is not the text's doing."""

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "cases"


class CasesMissing(Exception):
    """The corpus of messages is not part of this repository."""


def measure(bench: str, rounds: int) -> list[dict[str, Any]]:
    """Texts a second of processor time, and the microseconds for one, over the corpus in each round; of the texts made
    to be slow, the slowest with its microseconds.

    :raises CasesMissing: there is no corpus.
    """
    if bench == "longest":
        return [_longest(seed) for seed in range(rounds)]
    texts = _texts()
    world = parsing.world_of(None)
    work: Mapping[str, Callable[[str], object]] = {
        "parse": lambda text: understanding.understand(text, world),
        "segments": segments.count,
    }
    return [_round(work[bench], texts) for _ in range(rounds + 1)][1:]


def _round(work: Callable[[str], object], texts: Iterable[str]) -> dict[str, float]:
    done, since = 0, time.process_time()
    for _ in range(5):
        for text in texts:
            work(text)
            done += 1
    seconds = time.process_time() - since
    return {"rate": done / seconds, "micro": seconds * 1_000_000 / done}


def _longest(seed: int) -> dict[str, Any]:
    found = [(min(_once(text) for _ in range(TRIES)), name) for name, text in hostile.texts(seed)]
    seconds = sum(took for took, _ in found)
    slowest, name = max(found)
    return {"rate": len(found) / seconds, "micro": seconds * 1_000_000 / len(found), "most": slowest * 1_000_000,
            "of": name}  # fmt: skip


def _once(text: str) -> float:
    """The seconds that a text takes which nobody has sent before."""
    for cached in (spelling.meant_word, spelling.corrected, spelling.by_latin_letters):
        cached.cache_clear()
    world = parsing.world_of(None)
    since = time.process_time()
    understanding.understand(text, world)
    return time.process_time() - since


def _texts() -> list[str]:
    path = Path(os.environ.get("METERLINE_CASES", _BESIDE)) / "messages.jsonl"
    if not path.is_file():
        raise CasesMissing(f"no {path.name}: set METERLINE_CASES to the folder that holds it")
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
