"""The demo's clock: it begins on a fixed day, goes on by itself, and is moved by hand or made to run faster."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

START = datetime(2025, 11, 21, 12, tzinfo=timezone(timedelta(hours=3)))
"""The noon on which the demo begins; the town's history ends the evening before."""


class Clock:
    """A clock that nobody else reads. `monotonic` counts seconds and never goes back; at speed 1 time passes as it does
    in the world, at 0 it stands still."""

    def __init__(
        self, at: datetime = START, *, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """:raises ValueError: a time without a zone, or a speed below zero."""
        self._monotonic = monotonic
        self._speed = _checked(speed)
        self._at = _aware(at)
        self._since = monotonic()

    def now(self) -> datetime:
        """The aware time of this moment, in the zone in which it was set."""
        return self._at + timedelta(seconds=(self._monotonic() - self._since) * self._speed)

    def set(self, at: datetime) -> None:
        """Goes on from this time.

        :raises ValueError: a time without a zone.
        """
        self._at, self._since = _aware(at), self._monotonic()

    def advance(self, delta: timedelta) -> None:
        self.set(self.now() + delta)

    def speed(self, times: float) -> None:
        """Runs this many times as fast as the world from now on.

        :raises ValueError: below zero, or not a number.
        """
        times = _checked(times)
        self.set(self.now())
        self._speed = times

    @property
    def running(self) -> float:
        """The speed."""
        return self._speed


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time of the demo has a zone")
    return at


def _checked(speed: float) -> float:
    if not 0 <= speed < float("inf"):
        raise ValueError("a speed is a number, 0 or above")
    return float(speed)
