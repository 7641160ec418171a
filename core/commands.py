"""What a customer can want. A text becomes one of these; a button or a form makes one directly."""

from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """One number and where it belongs, as far as the customer said or the accounts make plain.

    `register` is what the customer called it ("day", "t1", "cold", "1") or, by position, the name in the account's
    zones; "total" for the only register. `meter` is a serial where several meters are named. `digits` are ASCII
    digits with the leading zeros the customer wrote and "." before a fraction.
    """

    register: str
    digits: str
    meter: str | None = None


@dataclass(frozen=True, slots=True)
class SubmitReading:
    """A reading; without `values` the wish to send one. `doubt` names why it must be asked before it is taken."""

    values: tuple[Named, ...] = ()
    account: str | None = None
    meter: str | None = None
    on: date | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """`language` None: the customer asked which there are."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    pass


@dataclass(frozen=True, slots=True)
class OptIn:
    pass


@dataclass(frozen=True, slots=True)
class Yes:
    pass


@dataclass(frozen=True, slots=True)
class No:
    pass


@dataclass(frozen=True, slots=True)
class Choose:
    """An answer to a numbered question; `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Register:
    account: str | None = None
    meter: str | None = None
    amount: int | None = None
    """The sum of the last bill in kopecks, where the customer named it."""


@dataclass(frozen=True, slots=True)
class NotMe:
    pass


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code sent back."""

    digits: str


class Subject(StrEnum):
    """Commands that are understood before what they are about is built; each says so honestly."""

    ACCOUNTS = "accounts"
    NAME = "name"
    HISTORY = "history"
    FORECAST = "forecast"
    PAYMENTS = "payments"
    BILL = "bill"
    PAY = "pay"
    PROMISE = "promise"
    BOOK = "book"
    VISITS = "visits"
    CANCEL_VISIT = "cancel_visit"
    MOVE_VISIT = "move_visit"
    NOTICES = "notices"
    ACKNOWLEDGE = "acknowledge"
    DISPUTE = "dispute"
    OUTAGE = "outage"
    HUMAN = "human"
    NEWS = "news"


LATEST_REQUEST = "latest"
"""The argument of a dispute that only asks what became of the customer's latest request."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command of a subject of its own, with what the text named: a month or day, a name, a code; for HUMAN the number
    of a request of which it asks how it stands."""

    subject: Subject
    account: str | None = None
    argument: str | None = None


class Unclear(StrEnum):
    """Why a text was not taken for a command or a reading."""

    EMPTY = "empty"
    WORDS = "words"
    NOT_DIGITS = "not_digits"
    TOO_MANY_DIGITS = "too_many_digits"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NEGATIVE = "negative"
    PHONE = "phone"
    DATE = "date"
    MONEY = "money"
    USE = "use"
    ROUGH = "rough"
    SEVERAL_NUMBERS = "several_numbers"
    DATE_TOO_FAR = "date_too_far"
    GREETING = "greeting"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing may be done with the text. `fragment` is the customer's own words in question, short enough to quote."""

    reason: Unclear
    fragment: str = ""


Command = (
    SubmitReading
    | Balance
    | Why
    | Undo
    | Help
    | SetLanguage
    | OptOut
    | OptIn
    | Yes
    | No
    | Choose
    | Register
    | NotMe
    | Code
    | Wanted
    | NotUnderstood
)
