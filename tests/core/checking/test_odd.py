"""A protocol that anybody may send: whatever stands in it, the check comes to a verdict."""

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

from core.checking import words
from core.checking.checker import check
from tests.core.checking import lives

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "protocol.json"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**40, float("nan"), float("inf"), "", "x", "-0", "9" * 40, "1/3", f"{'9' * 40}/{'7' * 40}",
    "0001-01-01", "2199-12-31", "2199-12", "1900-01", "\ud800", [], [[]], {}, {"kind": {}}, ["x", None],
)  # fmt: skip
TRIES = 1500


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


def _put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.copy(document)
    changed[path[0]] = _put(document[path[0]], path[1:], value)
    return changed


def test_whatever_stands_in_a_protocol_there_is_a_verdict() -> None:
    chance = Random("odd protocols")
    documents = [json.loads(EXAMPLE.read_bytes()), *(lives.protocol_of(Random(seed), steps=30) for seed in range(4))]
    for document in documents:
        places = _places(document)
        for _ in range(TRIES // len(documents)):
            changed, done = document, []
            for _ in range(chance.randint(1, 3)):
                path, value = chance.choice(places), chance.choice(ODD)
                try:
                    changed = _put(changed, path, value)
                except (KeyError, IndexError, TypeError):
                    continue  # what stood there is gone already
                done.append((path, value))
            try:
                told = list(words.told(check(changed), chance.choice(("en", "ru"))))
            except Exception as error:
                raise AssertionError(done) from error
            assert told
