"""What customers are told of official warnings, in facts."""

from datetime import date

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class NoticesTold:
    """The warnings that stand, the latest first, as (number, day); `code` acknowledges the latest, empty where that was
    done or is another's to do."""

    notices: tuple[tuple[int, date], ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class NoNotices:
    """No warning stands."""


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """The recipient of the warning of that number says that he has read it; `day` is when he first said so."""

    number: int
    day: date


@dataclass(frozen=True, slots=True)
class CodeStrange:
    """No warning of the sender's bears the code."""

    code: str


@dataclass(frozen=True, slots=True)
class Promised:
    """Until that day nothing is done (row J13); no acknowledgement of the debt (Civil Code, article 203)."""

    until: date


@dataclass(frozen=True, slots=True)
class PromiseWhen:
    """By which day, up to `latest`, is to be said."""

    latest: date


@dataclass(frozen=True, slots=True)
class PromiseTooLate:
    """The day lies after the last one that may be promised, or, `past`, before today."""

    day: date
    latest: date
    past: bool = False


@dataclass(frozen=True, slots=True)
class PromiseStands:
    """A case has one promise; it was until that day."""

    number: int
    until: date
    phone: str


@dataclass(frozen=True, slots=True)
class PromiseBarred:
    """For such a warning, or by such a phone, nothing can be promised; `phone` is the company's telephone."""

    phone: str


@dataclass(frozen=True, slots=True)
class NothingToPromise:
    """No warning stands, so that no promise is needed."""


@dataclass(frozen=True, slots=True)
class NoticeWithdrawn:
    """The debt of a warning was paid: what it warned of will not be done; `court`: it warned of a court."""

    number: int
    day: date
    court: bool = False


Noticed = (
    NoticesTold
    | NoNotices
    | NoticeRead
    | CodeStrange
    | Promised
    | PromiseWhen
    | PromiseTooLate
    | PromiseStands
    | PromiseBarred
    | NothingToPromise
    | NoticeWithdrawn
)
