"""How many calls of a provider may be made: more and more while it works, fewer when it is too much for it, none for a
while when it fails, and then one to try."""

from collections.abc import Callable
from dataclasses import dataclass

LIMIT = 20
"""Failures in a row after which no call is made for a while."""

WIDEST = 256
"""Calls under way at a time."""

MOMENT = 1.0
"""Seconds to wait after a 429 that names no time, and those for which what goes at a time is not halved again."""


@dataclass(slots=True)
class Breaker:
    """`clock` counts seconds and never goes back; `pause` is for how many the first break lasts, each further one twice
    as long, up to `longest`. Who begins a call says so, and says how it ended."""

    clock: Callable[[], float]
    pause: float
    longest: float
    _failures: int = 0
    _breaks: int = 0
    _until: float = 0.0
    _asked: float = 0.0
    _narrowed: float = float("-inf")
    _width: int = LIMIT
    _under_way: int = 0

    @property
    def is_open(self) -> bool:
        """The provider fails, or failed when it was last tried."""
        return self._failures >= LIMIT

    def room(self) -> int:
        """How many calls may begin now."""
        if self.wait() is not None:
            return 0
        if self.is_open:
            return int(self._under_way == 0)
        most = min(self._width, LIMIT - self._failures) if self._failures else self._width
        return max(most - self._under_way, 0)

    def ahead(self, held: int) -> int:
        """How many more messages are worth having in hand beside so many that are held: as many as may begin now, and
        where it works twice as many in all as may be under way."""
        works = not self._failures and self.wait() is None
        return max(2 * self._width - held, self.room()) if works else self.room()

    def wait(self) -> float | None:
        """Seconds until calls may begin again; None where only the end of one under way makes room."""
        left = max(self._until, self._asked) - self.clock()
        return left if left > 0 else None

    def began(self, calls: int) -> None:
        self._under_way += calls

    def ended(self, calls: int = 1) -> None:
        self._under_way -= calls

    def worked(self) -> bool:
        """The provider answered and knew what it said; whether that ended a break."""
        closed = self.is_open
        self._failures = self._breaks = 0
        self._until = 0.0
        self._width = LIMIT if closed else min(self._width + 1, WIDEST)
        return closed

    def failed(self, *, retry_after: float | None = None) -> bool:
        """The provider failed, and wants to be left alone for so many seconds where it says so; whether that began the
        first break."""
        self._failures += 1
        now = self.clock()
        if self.is_open and now >= self._until:
            self._until = now + min(self.pause * 2**self._breaks, self.longest)
            self._breaks += 1
        self._asked = max(self._asked, now + (retry_after or 0.0))
        return self._failures == LIMIT

    def throttled(self, *, retry_after: float | None) -> None:
        """It was too much for the provider: none until it says, and half as many from then on."""
        now = self.clock()
        if now >= max(self._asked, self._narrowed + MOMENT):
            self._narrowed = now
            self._width = max(min(self._width, self._under_way) // 2, 1)
        self._asked = max(self._asked, now + (MOMENT if retry_after is None else retry_after))
