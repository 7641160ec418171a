"""The nouns of an official warning: its evidence, row by row, and what follows from it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from core.basics.facts import dataclass
from core.billing.warning import Clock, WarningTerms
from core.notices.model import Kind


class What(StrEnum):
    """What a row of evidence is. CHAT: the same words were put before the person's chat, and CHAT_SENT: were taken by
    it, which proves nothing until he presses the button (R29). ATTEMPT is a step of a message to the phone or the chat:
    each time that it was begun, and what came of it. DISPUTED: the phone said that it is not its person's (НЕ Я).
    PROTECTED: a fact by which the supply may not be cut, or may be again. ORDER and CANCELLED are of a disconnection;
    LETTER is a letter that has to be sent, POSTED and RECEIVED are of that letter."""

    APPROVAL = "approval"
    CONTRACT = "contract"
    PHONE = "phone"
    DEBT = "debt"
    TEXT = "text"
    SENT = "sent"
    CALLBACK = "callback"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    CHAT = "chat"
    CHAT_SENT = "chat_sent"
    ACKNOWLEDGED = "acknowledged"
    PROMISED = "promised"
    DISPUTED = "disputed"
    ATTEMPT = "attempt"
    PROTECTED = "protected"
    LETTER = "letter"
    POSTED = "posted"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    ORDER = "order"
    CANCELLED = "cancelled"


FOUNDATION = (What.APPROVAL, What.CONTRACT, What.PHONE, What.DEBT, What.TEXT)
"""The rows with which the chain of every warning begins, in this order."""


class Premise(StrEnum):
    """What a disconnection rests on: the closed list (idea 3 of the product)."""

    CHAIN = "chain"
    KIND = "kind"
    APPROVED = "approved"
    CONTRACT = "contract"
    DEBT_STATED = "debt_stated"
    TEXT = "text"
    RECEIVED = "received"
    DAYS = "days"
    LETTER = "letter"
    DEBT_NOW = "debt_now"
    NOT_WITHDRAWN = "not_withdrawn"
    NO_PLAN = "no_plan"
    NO_PROMISE = "no_promise"
    NO_DISPUTE = "no_dispute"
    NOT_PROTECTED = "not_protected"
    SEASON = "season"
    LAWFUL_DAY = "lawful_day"
    NO_ORDER = "no_order"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the chain; `body` None where the customer's key was destroyed."""

    no: int
    what: What
    at: datetime
    body: Mapping[str, Any] | None
    digest: bytes
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Case:
    """An official warning with its evidence. `number` is what the customer knows it by; `head` and `length` stand apart
    from the rows, so that one that is missing at the end is missed."""

    number: int
    notice_id: int
    kind: Kind
    account_id: int
    account: str
    customer: str
    zone: ZoneInfo
    terms: WarningTerms
    rows: tuple[Row, ...]
    head: bytes
    length: int

    def first(self, what: What) -> Row | None:
        return next((row for row in self.rows if row.what is what), None)

    def last(self, what: What) -> Row | None:
        return next((row for row in reversed(self.rows) if row.what is what), None)

    @property
    def begun(self) -> datetime | None:
        """When its clock began: by the law of households the first proof that it was received, else its sending."""
        if self.terms.clock is Clock.SENDING:
            kinds: tuple[What, ...] = (What.SENT, What.DELIVERED, What.POSTED)
        else:
            kinds = (What.DELIVERED, What.ACKNOWLEDGED, What.RECEIVED)
        times = [_time(row) for row in self.rows if row.what in kinds]
        return min(times) if times else None

    @property
    def promised(self) -> date | None:
        row = self.last(What.PROMISED)
        return None if row is None else _day(row, "until")

    @property
    def ordered(self) -> Row | None:
        """The order to disconnect, where one stands."""
        row, gone = self.last(What.ORDER), self.last(What.CANCELLED)
        return None if row is None or (gone is not None and gone.no > row.no) else row


def _time(row: Row) -> datetime:
    """When it happened, which for a letter is the day that its receipt names."""
    try:
        return datetime.fromisoformat((row.body or {})["on_day"])
    except (KeyError, TypeError, ValueError):
        return row.at


def _day(row: Row, name: str) -> date | None:
    """A day that the row names; None where it names none, as in a chain that was tampered with."""
    try:
        return date.fromisoformat((row.body or {})[name])
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Today:
    """How things stand on the day on which something is to be done: what of the debt that the warning states is unpaid,
    and all that is overdue, kopecks, without what is barred by limitation; whether a plan holds; since when a dispute
    is open, by the first of those that were while the warning stood; `off` tells a day off; by which protections the
    supply may not be cut; `spared`: it is a season in which nobody's is."""

    day: date
    stated: int
    overdue: int
    planned: bool
    disputed: date | None
    off: bool
    eve: bool
    protected: tuple[str, ...] = ()
    spared: bool = False


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning, as the answer to its recipient needs it. `mine`: this phone got it; `contract`: the phone has a
    contract for the account; `promise_days`: for so many days a promise may be made; `ended`: it was withdrawn on that
    day; `court`: it warns of a court."""

    number: int
    account_id: int
    code: str
    day: date
    today: date
    mine: bool
    contract: bool
    promise_days: int
    acknowledged: date | None = None
    promised: date | None = None
    ended: date | None = None
    court: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The recipient says that he has read the warning of the number."""

    number: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Payment is promised until that day for the warnings of the numbers."""

    numbers: tuple[int, ...]
    until: date


Act = Acknowledge | Promise
