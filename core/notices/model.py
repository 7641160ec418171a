"""The nouns of notices: what is told to many people, to whom, by whose word, and how it stands."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.basics.facts import dataclass
from core.contracts.model import Topic

SYSTEM = "meterline"
"""The author of what no person did."""


class Kind(StrEnum):
    """What a notice is about; there is none for advertising."""

    DISCONNECTION = "disconnection"
    COURT = "court"
    SAFETY = "safety"
    WORKS = "works"
    READING = "reading"
    BILL = "bill"
    ESTIMATED = "estimated"
    GREETING = "greeting"


class Class(StrEnum):
    """By what rules it is told (reliability.md section 3); the value is the class in the outbox."""

    OFFICIAL = "official"
    SAFETY = "safety"
    WORKS = "works"
    REMINDER = "reminder"
    GREETING = "greeting"


CLASS: Mapping[Kind, Class] = {
    Kind.DISCONNECTION: Class.OFFICIAL,
    Kind.COURT: Class.OFFICIAL,
    Kind.SAFETY: Class.SAFETY,
    Kind.WORKS: Class.WORKS,
    Kind.READING: Class.REMINDER,
    Kind.BILL: Class.REMINDER,
    Kind.ESTIMATED: Class.REMINDER,
    Kind.GREETING: Class.GREETING,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a class. `topic`: of what the recipient must have agreed to be told, None: he need not be asked.
    `quiet`: not in his quiet hours, and no more of them than the rule pack says. `stops`: his STOP stops it. `alone`:
    one person may send it, and another looks at it afterwards. `segments`: what a text may take at most."""

    topic: Topic | None
    quiet: bool
    stops: bool
    alone: bool
    segments: int


RULES: Mapping[Class, Rule] = {
    Class.OFFICIAL: Rule(Topic.LEGAL_SMS, quiet=True, stops=False, alone=False, segments=4),
    Class.SAFETY: Rule(None, quiet=False, stops=False, alone=True, segments=2),
    Class.WORKS: Rule(Topic.SERVICE, quiet=True, stops=True, alone=False, segments=2),
    Class.REMINDER: Rule(Topic.SERVICE, quiet=True, stops=True, alone=False, segments=2),
    Class.GREETING: Rule(Topic.GREETING, quiet=True, stops=True, alone=False, segments=2),
}
"""The table of classes; what is sent is decided by it when it is worded, and again when it is sent."""


class State(StrEnum):
    """TRIAL: samples went to employees. COUNTDOWN: it begins by itself, unless it is stopped."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    TRIAL = "trial"
    COUNTDOWN = "countdown"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Verb(StrEnum):
    """What is done with a notice."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    TRY = "try"
    START = "start"
    SEND = "send"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CHECK = "check"
    BEGUN = "begun"
    FINISHED = "finished"


class Bar(StrEnum):
    """Why one of the audience is told nothing. The first five are those of core.contracts."""

    NOT_LINKED = "not_linked"
    NO_RIGHT = "no_right"
    NO_CONTRACT = "no_contract"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"
    DEAD_NUMBER = "dead_number"
    SMALL_DEBT = "small_debt"
    PLAN = "plan"
    WARNED = "warned"
    PROTECTED = "protected"
    NO_TEXT = "no_text"
    ERASED = "erased"
    NO_PHONE = "no_phone"
    TOO_MANY = "too_many"
    NEEDLESS = "needless"


class Why(StrEnum):
    """Why something cannot be done with a notice."""

    UNKNOWN = "unknown"
    STATE = "state"
    OWN = "own"
    CHANGED = "changed"
    TEXT = "text"
    NOBODY = "nobody"
    BAD_AUDIENCE = "bad_audience"
    NO_BASIS = "no_basis"
    KIND = "kind"
    PREMISE = "premise"
    CLOSED = "closed"
    UNTRIED = "untried"
    NO_PHONE = "no_phone"
    LETTER = "letter"


class Refused(Exception):
    """Nothing was done; the message says why, in English, for the command line. `why` and `told` word it for pages."""

    def __init__(self, why: Why, message: str, **told: object) -> None:
        super().__init__(message)
        self.why = why
        self.told = {name: str(value) for name, value in told.items()}


VISITS = ("coming", "none", "missed")
"""What may be asked of somebody's visits."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Conditions that a person can read, all of which hold; an empty one asks for nothing. `houses` are codes of
    buildings, `street` their beginning; `visits` tells of visits to an office: one is coming, none is, or one was
    missed of late; `debt` and `most_debt` kopecks of overdue debt at least and at most, `age` days
    since the oldest of it was due; `customer` household or organisation."""

    houses: tuple[str, ...] = ()
    street: str = ""
    accounts: tuple[str, ...] = ()
    tariffs: tuple[str, ...] = ()
    debt: int = 0
    most_debt: int = 0
    age: int = 0
    language: str = ""
    customer: str = ""
    visits: str = ""

    @property
    def everybody(self) -> bool:
        return self == Audience()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written of a notice: the text by language (empty for official kinds, whose texts stand in files), and why
    it is told."""

    kind: Kind
    audience: Audience
    texts: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""
    corrects: int | None = None

    @property
    def cls(self) -> Class:
        return CLASS[self.kind]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands; `editors` wrote at its current version or an earlier one; `frozen` is the hash of what was
    approved."""

    id: int
    draft: Draft
    version: int
    state: State
    since: datetime
    starts_at: datetime | None
    editors: tuple[str, ...]
    digest: bytes
    created_at: datetime
    approver: str | None = None
    people: int | None = None
    checked: bool = False
    frozen: bytes | None = None

    @property
    def kind(self) -> Kind:
        return self.draft.kind

    @property
    def cls(self) -> Class:
        return self.draft.cls


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a notice."""

    what: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as a real recipient would get it."""

    language: str
    text: str
    segments: int
    tail: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be told: `people` in all, by language, those left out by reason, three samples, and the segments of all
    messages at the longest values; `quiet` of them are in their quiet hours now, which end for the first when it
    `opens`; `problems` of the texts, as (language, what, detail); `dear` the few characters by language for which a
    text takes more segments."""

    people: int
    languages: Mapping[str, int]
    barred: Mapping[str, int]
    samples: tuple[Sample, ...]
    segments: int
    longest: Mapping[str, int]
    quiet: int
    problems: tuple[tuple[str, str, str], ...]
    opens: datetime | None = None
    dear: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is: people in all, told nothing by reason, not worded yet, and messages by the state of the
    outbox; `rate` is how many were sent in the last minute."""

    people: int
    barred: Mapping[str, int]
    waiting: int
    states: Mapping[str, int]
    errors: Mapping[str, int]
    rate: int

    @property
    def over(self) -> int:
        """How many have come to their end."""
        ends = ("sent", "delivered", "undelivered", "failed", "expired")
        return sum(self.states.get(one, 0) for one in ends)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the audience with what his text needs; kopecks, and the sealed key of the customer in whose keeping the
    phone is."""

    id: int
    notice_id: int
    phone_hash: bytes
    subject: int
    account_id: int
    account: str
    timezone: str
    customer: str
    customer_id: int
    sealed_key: bytes | None
    language: str
    debt: int
    code: str = ""
    outbound_id: UUID | None = None
    told_from: int | None = None
    told_till: int | None = None
    """The hours that he chose himself."""
