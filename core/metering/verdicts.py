"""What becomes of a reading: taken, asked for, or refused."""

from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month
from core.messages import Reply
from core.metering.expecting import shown
from core.metering.model import Anchor, Given
from core.records import Doubt

EARLIEST = 31
"""A named day may lie that many days back (ruling 5)."""


class Flag(StrEnum):
    """What is remarkable in a reading that was taken; stored with it."""

    FIRST = "first"
    ROLLOVER = "rollover"
    UNUSUAL = "unusual"
    DROP = "drop"
    EARLY = "early"
    LATE = "late"
    UNVERIFIED = "unverified"
    DOUBTED = "doubted"
    CORRECTION = "correction"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Usage:
    """A number taken: `used` thousandths since `since`, multiplier applied (0 for a first count); `instead` the other
    count of the same day that it corrects, thousandths."""

    given: Given
    used: int
    since: Anchor | None
    flags: tuple[Flag, ...] = ()
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """The reading is taken. `repeated`: the very same counts stand for that day already and nothing is to be stored.

    `late_for` is the month whose window closed before the reading came, `early_for` the one whose window was still
    ahead on the reading's day; `unverified_since` the last day of a verification that has run out, or the first of
    another `doubt`: the reading is kept and not charged by (check 17). `counts_in` is the first month whose bill goes
    by the reading, where it may change none before.
    """

    usages: tuple[Usage, ...]
    day: date
    repeated: bool = False
    late_for: Month | None = None
    early_for: Month | None = None
    counts_in: Month | None = None
    unverified_since: date | None = None
    doubt: Doubt = Doubt.EXPIRED

    @property
    def instead(self) -> tuple[str, ...]:
        """The corrected counts as the meters show them."""
        return tuple([shown(it.given.meter, it.instead) for it in self.usages if it.instead is not None])


@dataclass(frozen=True, slots=True)
class Ask:
    """Nothing is taken yet. A yes takes `yes` through `check` again, `confirmed` (empty: nothing can be confirmed,
    another number is wanted); number n of a numbered question takes `choices[n - 1]` through `check`, not confirmed: it
    tells the meter, and the number is still to be believed."""

    reply: Reply
    yes: tuple[Given, ...] = ()
    choices: tuple[tuple[Given, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing is taken, and no yes changes that."""

    reply: Reply


Verdict = Accept | Ask | Refuse


def reading_day(named: date | None, *, today: date) -> date | None:
    """The day that a reading is for; None where it lies too far back or ahead and must be asked (ruling 5)."""
    if named is None or named == today + DAY:
        return today
    return named if 0 <= (today - named).days <= EARLIEST else None
