"""What is said of a reading to a phone that may send it and not see the account's use (ruling 22)."""

from enum import StrEnum

from core.basics.facts import dataclass


class Fault(StrEnum):
    """What is wrong with a number, told without the counts that it was compared with."""

    LOWER = "lower"
    HANDED_OVER = "handed_over"
    """Lower again, for the third time: a person takes over (check 11)."""
    HIGHER = "higher"
    CONTROL = "control"
    """An inspector read the meter on that day or later (check 7)."""
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The reading is refused."""

    digits: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Doubted:
    """Possible, but unlike the customer; a yes accepts `digits`."""

    digits: str


Withheld = NotTaken | Doubted
