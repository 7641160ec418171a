"""What the simulated messenger does wrong, and how much it takes."""

import random
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Faults:
    """Each fault happens with a probability between 0 and 1. `before_*`: a message is not taken, and the call ends so;
    `after_*`: it is taken all the same. `update_*` befall what the bot is told: twice, or only at a second try.
    `retry_after` is in whole seconds."""

    seed: int = 0
    before_429: float = 0.0
    before_500: float = 0.0
    before_502: float = 0.0
    after_500: float = 0.0
    after_drop: float = 0.0
    update_doubled: float = 0.0
    update_late: float = 0.0
    retry_after: int = 1

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            top = 1.0 if one.name not in ("seed", "retry_after") else float("inf")
            if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= top:
                raise ValueError(f"{one.name} is out of range")

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Self:
        """The faults named; all others do not happen.

        :raises ValueError: an unknown name, or a value out of range.
        """
        unknown = named.keys() - {one.name for one in fields(cls)}
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**named)

    def as_json(self) -> dict[str, float]:
        return asdict(self)


class Dice:
    """Decides by the seed what happens, and counts what did."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.struck: Counter[str] = Counter()
        self._random = random.Random(faults.seed)

    def strikes(self, name: str) -> bool:
        chance: float = getattr(self.faults, name)
        if chance <= 0 or self._random.random() >= chance:
            return False
        self.struck[name] += 1
        return True

    def first(self, prefix: str) -> str | None:
        """The first fault of this prefix that happens."""
        return next(
            (one.name for one in fields(Faults) if one.name.startswith(prefix) and self.strikes(one.name)), None
        )


class Limits:
    """How much is taken: `rate` messages a second in all, and one to a chat within `gap` seconds."""

    def __init__(self, *, rate: float, gap: float) -> None:
        self._rate = rate
        self._gap = gap
        self._all: deque[float] = deque()
        self._last: dict[int, float] = {}

    def wait(self, chat: int, now: float) -> int:
        """Whole seconds until the chat may have a message, 0 where it may have one now; that one is counted."""
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        last = self._last.get(chat)
        if len(self._all) >= self._rate or (last is not None and now - last < self._gap):
            return 1
        self._all.append(now)
        self._last[chat] = now
        return 0
