"""Offices, their hours, the places that can be booked there, and visits."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.basics.facts import dataclass
from core.visiting import Booked, Place, Spot, Visiting

HOLD = timedelta(minutes=10)
"""So long is a place kept for somebody who has not said yet what he comes for."""

LEAD = timedelta(minutes=20)
"""So long ahead a place is booked at least."""

HORIZON = 60
"""Days ahead for which there are places to book, today the first."""

OFFERED = 14
"""Days ahead that are looked through for who names no day."""

OFFERS = 3
MOST = 5
"""Visits to come of one account."""

GUEST_MOST = 2
"""Visits to come of a phone without an account."""

MISSED_MOST = 3
MISSED_WITHIN = timedelta(days=90)
"""Who was expected and did not come so often within that time may book no more."""


class State(StrEnum):
    """HELD: kept for ten minutes. ARRIVED: he waits at the office. CALLED: at a window. MISSED: he did not come.
    CANCELLED: by the customer. REVOKED: by the office. LAPSED: held too long."""

    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CALLED = "called"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    LAPSED = "lapsed"


COMING = (State.HELD, State.BOOKED, State.ARRIVED, State.CALLED)
"""States of a visit that is ahead or under way."""

HERE = (State.ARRIVED, State.CALLED)
"""States of a visit whose customer is at the office."""

TODAY = timedelta(hours=12)
"""So long after its time a visit may still be under way."""

ENDED = (State.CANCELLED, State.REVOKED)
"""States of a visit that was called off: who calls it off again is told so once more."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where customers are received. `short` and `place` are how messages call it, with forms in Latin letters; a place
    begins every `step` minutes; `calendar` names the public holidays ("RU", "US-CA", "" for none); `services` are the
    codes of those that are given, none for all; `receives`: visits can be booked."""

    id: int
    code: str
    name: str
    name_latin: str
    short: str
    short_latin: str
    address: str
    place: str
    place_latin: str
    phone: str
    zone: ZoneInfo
    windows: int
    step: int
    calendar: str = ""
    services: tuple[str, ...] = ()
    receives: bool = True

    @property
    def called(self) -> Place:
        return Place(self.short, self.short_latin, self.place, self.place_latin)

    def today(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Hours:
    """A weekday (1 is Monday) on the clock of the office; `pause` to `resumes` is a break."""

    weekday: int
    opens: time
    closes: time
    pause: time | None = None
    resumes: time | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """What differs on a day: closed where `opens` is None, else other hours and, where given, windows. `usual`: it is
    as always, though it were a holiday."""

    day: date
    opens: time | None = None
    closes: time | None = None
    windows: int | None = None
    usual: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What a visit can be about. `word` is the answer that names it, `stems` are beginnings of words by which it is
    known in a text, `explains`: the sums are told before the visit."""

    code: str
    name: str
    name_latin: str
    word: str
    word_latin: str
    minutes: int
    explains: bool = False
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in time: `no` counts the steps from midnight, `starts` is on the clock of the office."""

    id: int
    office_id: int
    day: date
    no: int
    starts: time
    starts_at: datetime
    capacity: int
    taken: int

    @property
    def free(self) -> bool:
        return self.taken < self.capacity


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slot as it should be."""

    day: date
    no: int
    starts: time
    starts_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit; `slots` are the places that it takes, `ticket` is in Latin letters, `account` the number."""

    id: int
    office: Office
    slots: tuple[int, ...]
    day: date
    starts: time
    starts_at: datetime
    ticket: str
    account_id: int | None
    account: str | None
    customer_id: int | None
    phone_hash: bytes | None
    language: str
    channel: str
    service: str | None
    state: State
    since: datetime
    held_until: datetime | None
    reminded: int
    confirmed: bool
    window: str
    mark: int | None

    @property
    def spot(self) -> Spot:
        return Spot(self.day, self.starts, self.office.called)

    @property
    def booked(self) -> Booked:
        return Booked(self.spot, self.ticket)


@dataclass(frozen=True, slots=True)
class Person:
    """For whom a visit is booked: an account, or a guest by his phone alone. `by` is the login of the employee who does
    it for him, `phone` the company's telephone, `sealed` a guest's own."""

    account_id: int | None
    customer_id: int | None
    phone_hash: bytes | None
    language: str
    channel: str
    by: str = "customer"
    phone: str = ""
    sealed: bytes | None = None

    @property
    def guest(self) -> bool:
        return self.account_id is None


@dataclass(frozen=True, slots=True)
class Request:
    """What a text or a form names of a visit: a day, or a month's first day in `month`, a time, hours between which it
    shall be, a ticket, and words of which some may call an office or a service. `fold`: of a time that the clock shows
    twice the first or the second, 0 or 1. `on`: the ticket is meant on that day, and on no other."""

    day: date | None = None
    at: time | None = None
    after: time | None = None
    before: time | None = None
    ticket: str | None = None
    words: tuple[str, ...] = ()
    fold: int | None = None
    on: date | None = None


class Asked(StrEnum):
    """The questions about visits that stay open."""

    PICK = "visit_pick"
    OFFER = "visit_offer"
    REASON = "visit_reason"
    TAKEN = "visit_taken"
    TWICE = "visit_twice"
    COMING = "visit_coming"
    MARK = "visit_mark"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to keep open until a time, with plain terms."""

    kind: Asked
    terms: dict[str, object]
    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action came to: the reply, the question to open, whether the open one is settled; `visit` where one was
    booked or changed; `explain`: its sums are to be told before it."""

    reply: Visiting
    ask: Ask | None = None
    settled: bool = True
    visit: Visit | None = None
    explain: bool = False
