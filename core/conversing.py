"""What is said of the conversation itself: its questions, open and lapsed, its language, and whether there are news."""

from typing import Literal

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class LanguageSet:
    language: str


@dataclass(frozen=True, slots=True)
class LanguagesTold:
    """The languages of the replies; `missing`: after one was asked for that is not among them."""

    missing: bool = False


@dataclass(frozen=True, slots=True)
class OptedOut:
    """No news any more; `question`: one of ours stays open."""

    question: bool = False


@dataclass(frozen=True, slots=True)
class OptedIn:
    pass


@dataclass(frozen=True, slots=True)
class NoRoom:
    """What was sent is not taken, for there is hardly any room left to keep it; `phone` is the company's telephone."""

    phone: str


@dataclass(frozen=True, slots=True)
class NothingAsked:
    """A yes, a no or a number of a choice with no question open."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The customer said no to a question; nothing was done. What it was `about`: a reading, whether another phone may
    see the sums, or which account a question is for."""

    about: Literal["reading", "access", "account"] = "reading"


@dataclass(frozen=True, slots=True)
class AcceptWanted:
    """Whether `digits` are to be taken, in short. A yes takes them."""

    digits: str


@dataclass(frozen=True, slots=True)
class AccessWanted:
    """Whether the phone that was linked to the account of that tail may see its sums, in short."""

    account: str


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The code that went to the phone is waited for."""


@dataclass(frozen=True, slots=True)
class QuestionLapsed:
    """An answer came after its question had lapsed. `digits` were asked about and are not taken; `access`: it was asked
    whether another phone may see the sums."""

    digits: str = ""
    access: bool = False


Conversed = (
    LanguageSet
    | LanguagesTold
    | OptedOut
    | OptedIn
    | NoRoom
    | NothingAsked
    | Declined
    | AcceptWanted
    | AccessWanted
    | CodeWanted
    | QuestionLapsed
)
