"""Changes one number, day or rule of a protocol, as a fraud or a fault would."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = (("graduated", "volume"), ("none", "persons", "days/30", "days/30.5", "per_day"))
_OF_NO_SUM = frozenset(
    ("account", "serial", "service", "unit", "method", "plan", "source", "verified_until", "register")
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A document in which what stands at `path` was changed."""

    path: Path
    before: object
    after: object
    document: Json

    @property
    def field(self) -> str:
        """Which kind of field it is, such as lines.steps.rate."""
        return ".".join(str(one).split(":")[0] for one in self.path if not isinstance(one, int))


def places(node: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """The leaves of a document that bear on sums."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in _OF_NO_SUM:
                yield from places(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from places(value, (*path, number))
    elif node is not None:
        yield path, node


def mutated(document: Json, path: Path, chance: Random) -> Mutation | None:
    """The document with another value at the path; None where there is nothing to change in it."""
    changed = copy.deepcopy(document)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    before = at[path[-1]]
    after = _other(before, chance)
    if after is None or after == before:
        return None
    at[path[-1]] = after
    return Mutation(path, before, after, changed)


def _other(value: object, chance: Random) -> object | None:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return max(0, value + chance.choice((-1, 1)))
    if not isinstance(value, str):
        return None
    for words in _WORDS:
        if value in words:
            return chance.choice(words)
    if _DAY.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(days=chance.choice((-30, -7, -1, 1, 2, 30)))).isoformat()
    if _MONTH.fullmatch(value):
        return f"{value[:5]}{chance.randint(1, 12):02d}"
    numbers = [one.span() for one in _NUMBER.finditer(value)] if ":" not in value else []
    if not numbers:
        return None
    start, end = chance.choice(numbers)
    other = _number(value[start:end], chance)
    return None if Fraction(other) == Fraction(value[start:end]) else value[:start] + other + value[end:]


def _number(text: str, chance: Random) -> str:
    """Another number: a digit changed, one more in the last place, the sign, or ten times as much."""
    match chance.randint(0, 3):
        case 0:
            at = chance.choice([place for place, sign in enumerate(text) if sign.isdigit()])
            return text[:at] + str((int(text[at]) + chance.randint(1, 9)) % 10) + text[at + 1 :]
        case 1:
            return text[:-1] + str((int(text[-1]) + 1) % 10)
        case 2:
            return text[1:] if text.startswith("-") else f"-{text}"
        case _:
            return f"{text}0" if "." not in text else text.replace(".", "", 1)
