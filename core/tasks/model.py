"""The nouns of the inbox of the staff: what waits for a person, how it stands, and what was done with it."""

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from core.basics.facts import dataclass
from core.commands import Subject
from core.employees.model import Role
from core.requests.model import PENDING, State
from core.tasking import TaskKind

PAGE = 50
"""Tasks on a page of the list."""

SYSTEM = "meterline"
"""The author of what no person did."""


class What(StrEnum):
    """What became of a task. SETTLED: its source needs nobody any more. AGAIN: the same was told once more. URGED: its
    term ran out, and administrators were told."""

    TAKEN = "taken"
    HANDED = "handed"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    AGAIN = "again"
    SETTLED = "settled"
    URGED = "urged"


class Why(StrEnum):
    """Why something cannot be done with a task."""

    UNKNOWN = "unknown"
    TAKEN = "taken"
    CLOSED = "closed"
    NOT_CLOSED = "not_closed"
    NOT_ROLE = "not_role"
    NOT_OWNER = "not_owner"
    NOBODY = "nobody"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    NO_PHONE = "no_phone"
    NOT_LINKED = "not_linked"
    NOT_THIS = "not_this"
    NO_ACCOUNT = "no_account"
    SETTLED = "settled"
    REFUSED = "refused"
    WAITS = "waits"


_SAID: dict[Why, str] = {
    Why.UNKNOWN: "no task {task}",
    Why.TAKEN: "task {task} was taken by {owner}",
    Why.CLOSED: "task {task} is closed since {since}",
    Why.NOT_CLOSED: "task {task} is not closed",
    Why.NOT_ROLE: "tasks of the kind {kind} are worked on by: {roles}",
    Why.NOT_OWNER: "task {task} is with {owner}, who hands it over, or an administrator",
    Why.NOBODY: "no employee who works on such tasks has the login {login}",
    Why.NO_WORDS: "there are no words",
    Why.TOO_LONG: "the answer takes {size} SMS, and {most} are the most: say it shorter",
    Why.NO_PHONE: "task {task} has no phone that could be answered",
    Why.NOT_LINKED: "the phone of task {task} is not linked to the account any more: call the owner",
    Why.NOT_THIS: "that is not done with tasks of the kind {kind}",
    Why.NO_ACCOUNT: "no account {account}",
    Why.SETTLED: "task {task} is settled: {detail}",
    Why.REFUSED: "it was not taken: {detail}",
    Why.WAITS: "the money still waits: give it its account, or take the payment back",
}


class Refused(Exception):
    """Nothing was done; the message says why, in English, for the command line. `why` and `told` word it for pages."""

    def __init__(self, why: Why, **told: object) -> None:
        super().__init__(_SAID[why].format(**told))
        self.why = why
        self.told = {name: str(value) for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a task. An employee has the roles of his post; who uses the command line of the server may do what an
    administrator may."""

    login: str
    roles: frozenset[Role] = field(default_factory=lambda: frozenset({Role.ADMIN}))


@dataclass(frozen=True, slots=True)
class Task:
    """A task as lists show it. `number` is what the customer calls his request by, `account` the number of the account;
    `since` it stands so, and `done_at` since when it is answered or closed."""

    id: int
    kind: TaskKind
    number: str | None
    account_id: int | None
    account: str | None
    about: str
    opened_at: datetime
    due_at: datetime
    state: State
    since: datetime
    owner: str | None
    done_at: datetime | None

    @property
    def pending(self) -> bool:
        return self.state in PENDING

    def late(self, at: datetime) -> bool:
        """Whether its term has run out, or had before it was done."""
        return (self.done_at or at) > self.due_at


@dataclass(frozen=True, slots=True)
class Source:
    """From what a task was made: the ids of what it is about, and in whose keeping its words are."""

    request_id: int | None = None
    alarm_id: int | None = None
    payment_id: int | None = None
    link_id: int | None = None
    reading_no: int | None = None
    hole: str | None = None
    customer_id: int | None = None
    inbox_id: int | None = None
    phone_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a task. `owner`: to whom it was handed over. `words` of an employee or of the customer, None where
    there are none; `erased`: there were, and their key was destroyed. `what` None: the customer added words."""

    what: What | None
    at: datetime
    by: str
    owner: str | None = None
    words: str | None = None
    erased: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A reading that was put aside: what registers of the meters were said to show at the end of the day."""

    day: date
    counts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Money:
    """A payment whose account nobody knows: kopecks, and what the payer wrote in place of the account."""

    agent: str
    external_id: str
    paid_on: date
    amount: int
    text: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A task with all that is known of it. `words` are the customer's own, None where there are none or they were
    erased. `phone` is in full, and `name` that of the customer in whose keeping it is. `linked`: the phone still
    belongs to the account, or nobody's account is meant, so that it may be answered in `language` by `channel`."""

    task: Task
    source: Source
    words: str | None
    phone: str | None
    name: str | None
    language: str
    channel: str
    linked: bool
    history: tuple[Event, ...]
    aside: Aside | None = None
    money: Money | None = None

    @property
    def answerable(self) -> bool:
        return self.phone is not None and self.linked


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks are listed: those that wait, or those in one `state`. `late`: only those whose term has run out."""

    kind: TaskKind | None = None
    state: State | None = None
    owner: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Behind which task a page begins: its due date, or for what is done since when it is; and its id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks of a kind nobody has, how many somebody has, how many of both are late, and how many are his who
    asks."""

    kind: TaskKind
    open: int
    taken: int
    late: int
    mine: int


@dataclass(frozen=True, slots=True)
class Turn:
    """How many tasks of a kind came in a period, how many were done in it, and how many of these too late (row G8)."""

    kind: TaskKind
    came: int
    done: int
    late: int


SUBJECTS: dict[Subject, TaskKind] = {
    Subject.OUTAGE: TaskKind.OUTAGE,
    Subject.DISPUTE: TaskKind.DISPUTE,
    Subject.HUMAN: TaskKind.HUMAN,
}
"""The kind of the task that a request is."""

ALARMS: dict[str, TaskKind] = {
    "not me": TaskKind.NOT_ME,
    "phone unlinked": TaskKind.NOT_ME,
    "phone denied": TaskKind.LINK,
    "reading left": TaskKind.READING,
    "readings refused": TaskKind.ANOMALY,
    "unusual reading": TaskKind.ANOMALY,
    "quarantined": TaskKind.QUARANTINED,
    "muted": TaskKind.MUTED,
    "too many messages": TaskKind.MUTED,
    "letter wanted": TaskKind.LETTER,
    "stopped by a word": TaskKind.MUTED,
}
"""The alarms that are a person's to see to, with the kinds of their tasks; the others are about the program, the
provider or the tariffs, and stand in docs/runbook.md."""
