"""What can be seen from outside after the kills: what phones sent and got, what is on record, what was logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a customer beforehand: the last count (kWh), what was owed before it, and the rate (kopecks)."""

    id: int
    phone: str
    count: int
    owed: int
    rate: int

    def to_pay(self, count: int) -> int:
        """What is to be paid, kopecks, once the meter shows this."""
        return self.owed + (count - self.count) * self.rate


@dataclass(frozen=True, slots=True)
class Texted:
    """A text of a phone. `count` is the meter's where it is a reading, `statuses` what the gateway answered each time
    the text was posted (None: nothing), `unrecorded` how many of its acknowledgements came while it was not on record.
    `withheld`: no webhook told of it. `last` asks for the balance when all others had been answered."""

    sid: str
    phone: str
    said: str
    count: int | None = None
    statuses: tuple[int | None, ...] = (200,)
    last: bool = False
    withheld: bool = False
    unrecorded: int = 0

    @property
    def acknowledged(self) -> bool:
        return any(status is not None and 200 <= status < 300 for status in self.statuses)


@dataclass(frozen=True, slots=True)
class Got:
    """An SMS that the carrier took for a phone, or (`chat`) a message in its chat."""

    sid: str
    phone: str
    words: str
    chat: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """A row of the inbox: the carrier's name of the text, how it ended, and its answer."""

    sid: str
    fate: str
    answer: UUID | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of the outbox. `held` is the seconds until its lease ends, negative after that, None without one; `arrived`
    that a receipt is on record which says it was delivered."""

    id: UUID
    state: str
    sid: str | None
    held: float | None = None
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading on record with the text that it came from; `no` is its number in its account."""

    account: int
    no: int
    sid: str
    count: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a process: whether we killed it, its exit code, and the last line that it wrote."""

    name: str
    ours: bool
    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """A broadcast: its words in each language, and the phones that it is for."""

    words: frozenset[str]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """`rebuilt` counts the accounts whose state differs from what their facts give, `unbalanced` the facts in the
    ledger whose lines do not sum to zero; `audit` is what the staff port tells. `secrets` must not be in the logs.
    `lease` is that of the settings, in seconds. `doubts` is how often nobody could tell whether a message to a
    chat was taken: the messenger failed once it had it, or a process was killed. `alarms` are the kinds of all that
    were put before the staff."""

    lease: float
    accounts: tuple[Account, ...]
    texted: tuple[Texted, ...]
    got: tuple[Got, ...]
    filed: tuple[Filed, ...]
    sent: tuple[Sent, ...]
    readings: tuple[Reading, ...]
    rebuilt: int
    ledger_sum: int
    unbalanced: int
    audit: Mapping[str, int]
    logs: Mapping[str, str]
    secrets: tuple[str, ...]
    ended: tuple[Ended, ...]
    doubts: int = 0
    alarms: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
