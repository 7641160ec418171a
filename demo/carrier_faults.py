"""What a carrier does wrong: how often each fault happens, and the dice that decide it."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Faults:
    """Each fault happens with a probability between 0 and 1; none does unless it is asked for.

    `before_*`: the message is not taken, and the request to send ends so. `after_*`: it is taken all the same.
    `list_*`: the list of messages cannot be read. `receipt_*` befall what is told of a sent message, `text_*` what a
    phone wrote. `retry_after` is in whole seconds, `stall_seconds` is how long a stalled request hangs before it is
    cut, `delay_seconds` the longest delay.
    """

    seed: int = 0
    before_429: float = 0.0
    before_500: float = 0.0
    before_503: float = 0.0
    before_drop: float = 0.0
    before_stall: float = 0.0
    after_429: float = 0.0
    after_500: float = 0.0
    after_502: float = 0.0
    after_503: float = 0.0
    after_drop: float = 0.0
    after_stall: float = 0.0
    after_garbled: float = 0.0
    list_500: float = 0.0
    list_drop: float = 0.0
    receipt_lost: float = 0.0
    receipt_doubled: float = 0.0
    receipt_replayed: float = 0.0
    receipt_delayed: float = 0.0
    receipts_reordered: float = 0.0
    undelivered: float = 0.0
    failed: float = 0.0
    text_lost: float = 0.0
    text_doubled: float = 0.0
    text_replayed: float = 0.0
    text_delayed: float = 0.0
    texts_reordered: float = 0.0
    retry_after: int = 1
    stall_seconds: float = 30.0
    delay_seconds: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            top = 1.0 if field.name.partition("_")[0] in _CHANCES else float("inf")
            if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= top:
                raise ValueError(f"{field.name} is out of range")

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Self:
        """The faults named; all others do not happen.

        :raises ValueError: an unknown name, or a value out of range.
        """
        unknown = named.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**named)

    def as_json(self) -> dict[str, float]:
        return asdict(self)


_CHANCES = frozenset({"before", "after", "list", "receipt", "receipts", "undelivered", "failed", "text", "texts"})


class Dice:
    """Decides by the seed what happens, and counts what did. What befalls a thing depends on the seed, the fault and
    how often that was asked about the thing, not on what else goes on at the same time."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.struck: Counter[str] = Counter()
        self._random = random.Random(faults.seed)
        self._asked: Counter[tuple[str, str]] = Counter()

    def strikes(self, name: str, about: str = "") -> bool:
        chance: float = getattr(self.faults, name)
        if chance <= 0:
            return False
        self._asked[name, about] += 1
        thrown = random.Random("\0".join((str(self.faults.seed), name, about, str(self._asked[name, about]))))
        if thrown.random() >= chance:
            return False
        self.struck[name] += 1
        return True

    def first(self, prefix: str, about: str = "") -> str | None:
        """The first fault of this prefix that happens to a thing."""
        names = [field.name for field in fields(Faults) if field.name.startswith(prefix)]
        return next((name for name in names if self.strikes(name, about)), None)

    def delay(self) -> float:
        """Seconds, up to the longest delay."""
        return self._random.uniform(0.0, self.faults.delay_seconds)

    def shuffled(self, items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._random.sample(items, len(items)))
