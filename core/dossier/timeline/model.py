"""The one timeline of an account (row K8): all that befell it, the latest first."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from core.basics.facts import dataclass


class What(StrEnum):
    """What an event is, by which the timeline may be narrowed. FACT: something of the account was recorded as changed;
    LINK: a phone was tied to it, or taken off."""

    READING = "reading"
    CLAIM = "claim"
    PAYMENT = "payment"
    CAME = "came"
    SENT = "sent"
    NOTICE = "notice"
    REQUEST = "request"
    FACT = "fact"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Event:
    """Something on record since `at`. `kind` tells which of its sort it is, `day` the day of which it speaks, `amount`
    kopecks, `state` how it ended or stands, `by` who brought it, `words` what was said or shown, None where that was
    erased or is not to be seen (`hidden`)."""

    what: What
    at: datetime
    ref: str
    kind: str
    day: date | None
    amount: int | None
    state: str
    by: str
    words: str | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the timeline: the event from which one goes on to older ones."""

    at: datetime
    what: str
    ref: str

    def written(self) -> str:
        """As it stands in an address; it tells nothing of anybody."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.what}.{self.ref}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark that was written so, None where it is none."""
        micros, _, rest = text.partition(".")
        what, _, ref = rest.partition(".")
        if not (micros.isascii() and micros.isdigit() and len(micros) <= _DIGITS and what in set(What)):
            return None
        return cls(_EPOCH + timedelta(microseconds=int(micros)), what, ref[:_LONGEST_REF])


_DIGITS, _LONGEST_REF = 17, 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = Mark(datetime(9999, 1, 1, tzinfo=UTC), "~", "~")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some events, the latest first, and where older ones begin."""

    events: tuple[Event, ...]
    older: Mark | None
