"""The one place where the time is read (Q5)."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    """The aware time of this moment."""
    return datetime.now(UTC)
