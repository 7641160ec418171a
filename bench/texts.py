"""What is done with a text before and after any database: understanding it, and counting its segments; on one core."""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from core.grammar import understanding
from core.wording import segments
from gateway import parsing

BENCHES = ("parse", "segments")

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "cases"


class CasesMissing(Exception):
    """The corpus of messages is not part of this repository."""


def measure(bench: str, rounds: int) -> list[dict[str, float]]:
    """Texts a second of processor time, and the microseconds for one, over the corpus in each round.

    :raises CasesMissing: there is no corpus.
    """
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


def _texts() -> list[str]:
    path = Path(os.environ.get("METERLINE_CASES", _BESIDE)) / "messages.jsonl"
    if not path.is_file():
        raise CasesMissing(f"no {path.name}: set METERLINE_CASES to the folder that holds it")
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
