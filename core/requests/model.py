"""What customers ask the staff to look at, how it stands, and what is said to them of it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from core.basics.facts import dataclass
from core.commands import Subject

DAY = timedelta(hours=24)
MOST = 3
"""So many new requests a phone may open in that time (reliability.md, what a phone may do)."""


class State(StrEnum):
    """OPEN: nobody has it yet. TAKEN: somebody works on it. ANSWERED: the customer has his answer. CLOSED: nothing more
    is to be done."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


PENDING = (State.OPEN, State.TAKEN)
"""While it stands so, more words of the same kind belong to it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `number` is what the customer calls it by, `account_id` None where the text did not tell which of
    several is meant; `state` holds since `since`."""

    id: int
    number: str
    subject: Subject
    account_id: int | None
    phone_hash: bytes
    opened_at: datetime
    state: State
    since: datetime

    @property
    def pending(self) -> bool:
        return self.state in PENDING


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when somebody turns to the staff: the number that a new request would get, those of his phone, the
    latest first, and the one whose number he named."""

    number: str = ""
    own: tuple[Request, ...] = ()
    named: Request | None = None


@dataclass(frozen=True, slots=True)
class NewRequest:
    """To be opened, with the words of the message."""

    number: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class MoreWords:
    """The words of the message are added to a request that stands open."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """`phone` is the company's telephone."""

    subject: Subject
    number: str
    phone: str


@dataclass(frozen=True, slots=True)
class RequestRepeated:
    """The same stood open already, under that number; the words are added to it."""

    number: str
    phone: str


@dataclass(frozen=True, slots=True)
class RequestsFull:
    """The phone has opened as many as it may in a day."""

    phone: str


@dataclass(frozen=True, slots=True)
class RequestStands:
    """How a request stands, and since which day; `today` tells whether the day needs its year."""

    number: str
    state: State
    day: date
    today: date


@dataclass(frozen=True, slots=True)
class RequestUnknown:
    """No request of that number is the sender's; whether another's is, is not said."""

    number: str


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """What an employee answers to a request, in his own words."""

    number: str
    text: str


Requested = RequestOpened | RequestRepeated | RequestsFull | RequestStands | RequestUnknown | RequestAnswered
