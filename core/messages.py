"""What the company answers: facts without words. core/wording puts them into a language.

Money is kopecks, volumes are thousandths, `digits` are numbers as the customer wrote them.
"""

from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.chatting import Chatted
from core.commands import Subject, Unclear
from core.conversing import Conversed
from core.households import Household
from core.introductions import Introduction
from core.logins import Login
from core.noticed import Noticed
from core.records import Changed, CountsLater, Doubt, ForecastReplaced, Record, Total
from core.requests.model import Requested
from core.tasking import Tasked
from core.visiting import Visiting
from core.withheld import Withheld


@dataclass(frozen=True, slots=True)
class Taken:
    """One register of an accepted reading. `zone` is "total", "day", …; `serial` is set where the account has several
    meters; `used` is the use since the reading before, multiplier applied, in the unit of `service`, and None where
    it is not told."""

    zone: str
    digits: str
    used: int | None
    serial: str | None = None
    service: str = "electricity"


@dataclass(frozen=True, slots=True)
class Money:
    """What the customer owes after all: `to_pay`, the part of it that is `overdue`, with the `penalty` in that, or a
    `credit`; `due_on` where a date is to be named; `part`: of an instalment plan, until when the next part is to be
    paid, and what is left of it."""

    to_pay: int
    overdue: int = 0
    credit: int = 0
    due_on: date | None = None
    penalty: int = 0
    part: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A reading is taken. `day` where it is not today's; `instead` the earlier number of the day that it corrects;
    `repeated` where the same number stood already; `late_for` the month whose bill is made by forecast because the
    reading came after its window; `later` in its place where it counts in a later month by the rule pack;
    `early_for` the month whose window is still ahead; `unverified_since` the day on which the meter's verification ran
    out, or since which its counts are not charged by for another `doubt`. `account` (its tail or the customer's own
    name for it) where the phone has several. `money` None where the link may not see sums."""

    taken: tuple[Taken, ...]
    money: Money | None
    account: str | None = None
    day: date | None = None
    instead: tuple[str, ...] = ()
    repeated: bool = False
    late_for: Month | None = None
    early_for: Month | None = None
    window: tuple[int, int] | None = None
    unverified_since: date | None = None
    replaced: ForecastReplaced | None = None
    later: CountsLater | None = None
    doubt: Doubt = Doubt.EXPIRED


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A reading is taken back; what holds now, None where the meter has no earlier reading."""

    digits: tuple[str, ...]
    standing: tuple[str, ...]
    since: date | None


@dataclass(frozen=True, slots=True)
class NothingToWithdraw:
    """There is no reading of today from this phone, or it was taken back already."""


@dataclass(frozen=True, slots=True)
class ReadingWanted:
    """The customer wants to send a reading and gave no number; `example` fits his meter, `zones` its registers."""

    example: tuple[str, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of what there is to pay: a month's sum, and where it is computed its (volume, rate) pieces. `paid`: money
    received that no bill has taken yet, a negative sum. `penalty`: what late payment costs, of all months. `planned`:
    what an instalment plan puts off, of all months, with its `next` part: until when, and what is left of it."""

    month: Month
    amount: int
    overdue: bool = False
    pieces: tuple[tuple[int, int], ...] = ()
    paid: bool = False
    penalty: bool = False
    planned: bool = False
    next: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class BalanceTold:
    """What there is to pay and of what it consists. `account` where the phone has several."""

    money: Money
    slices: tuple[Slice, ...]
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """The sums in one line; `total` is what there is to pay, negative for a credit. `changed`: what the last reading or
    bill changed, which is told instead. `spares`: the ticket of a visit that it may spare."""

    slices: tuple[Slice, ...]
    total: int
    account: str | None = None
    changed: Changed | None = None
    spares: str | None = None


@dataclass(frozen=True, slots=True)
class LowerThanLast:
    """`attempts` counts refusals in a row; from the third a person takes over (check 11)."""

    digits: str
    last: str
    on: date
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class HigherThanLater:
    """The reading is for a past day, and more than the count `later` that stands for the later day `on`."""

    digits: str
    later: str
    on: date


@dataclass(frozen=True, slots=True)
class BeforeControl:
    """An inspector's reading stands on or after that day (check 7)."""

    day: date
    control: str


@dataclass(frozen=True, slots=True)
class Unusual:
    """Possible, but unlike the customer (check 13): `usual` is what one would expect. A yes accepts `digits`."""

    digits: str
    used: int
    usual: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """More than the line can carry (check 13): never accepted. A yes accepts `suggestion`, where there is one."""

    digits: str
    used: int
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class RolledOver:
    """The count would have passed zero, and by more than is accepted silently (check 8). A yes accepts `digits`."""

    digits: str
    last: str
    used: int


@dataclass(frozen=True, slots=True)
class OtherMeter:
    """The number fits another meter of the account better (check 9). A yes accepts it there."""

    digits: str
    service: str
    serial: str


@dataclass(frozen=True, slots=True)
class ZonesSwapped:
    """Each number fits the other register (check 10). A yes accepts them as stated here."""

    placed: tuple[tuple[str, str], ...]
    """(zone, digits) as they would be taken"""


@dataclass(frozen=True, slots=True)
class ZonesWanted:
    """The meter has several registers and the numbers given do not tell which is which (check 3)."""

    zones: tuple[str, ...]
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SumDiffers:
    """The zones do not add up to the total register (check 12)."""

    zones_sum: str
    total: str


@dataclass(frozen=True, slots=True)
class MeterGone:
    """The named meter was removed (check 4); `current` is the serial that stands now, where there is one."""

    serial: str
    removed: date
    current: str | None


@dataclass(frozen=True, slots=True)
class MeterUnknown:
    """The named serial is not on the account."""

    serial: str


@dataclass(frozen=True, slots=True)
class NoMeter:
    """The account has no meter that a reading could be for."""


@dataclass(frozen=True, slots=True)
class TooManyDigits:
    """More digits than the meter shows (check 2); `example` fits it."""

    digits: str
    wheels: int
    example: str


@dataclass(frozen=True, slots=True)
class ConfirmReading:
    """The number was read with some doubt (a typing error, an odd way of writing). A yes accepts `digits`."""

    digits: str


@dataclass(frozen=True, slots=True)
class WhichAccount:
    """Several accounts: which is meant? `choices` are tails or the customer's own names, in order; `digits` the number
    that waits, empty for a question such as the balance, which is told the `total` of them."""

    digits: tuple[str, ...]
    choices: tuple[str, ...]
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class WhichMeter:
    """Several meters on the account: which is meant? `choices` are (service, end of the serial)."""

    digits: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DateUnclear:
    """The day named lies too far back or ahead (ruling 5)."""

    day: date


@dataclass(frozen=True, slots=True)
class UnknownPhone:
    """The phone is linked to no account; nothing else is said to it."""


@dataclass(frozen=True, slots=True)
class NotYours:
    """The account that the text names is not linked to this phone; whether it exists is not said."""

    account: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The link does not allow this (ruling 22)."""


@dataclass(frozen=True, slots=True)
class HelpTold:
    """What can be sent; `example` is a reading that would fit the sender's meter, `question` the one that is open."""

    example: str | None = None
    question: "Reply | None" = None


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The question that is open, after a text that is no answer to it; `fragment` are the customer's own words."""

    question: "Reply"
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """A reply with the account that it is about, where the phone has several: its tail or the customer's own name."""

    account: str
    reply: "Reply"


@dataclass(frozen=True, slots=True)
class NotUnderstoodTold:
    """What could not be used, quoted, and why; `example` is a reading that would fit the sender's meter."""

    reason: Unclear
    fragment: str
    example: str | None


@dataclass(frozen=True, slots=True)
class NotYet:
    """Understood, but what it is about is not offered by message; `phone` is the company's telephone."""

    subject: Subject
    phone: str


@dataclass(frozen=True, slots=True)
class NoTariff:
    """The reading, where one came, stands but the sum cannot be told now, for the account has no tariff for it."""

    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Apology:
    """Something went wrong on our side; the message is kept and a person will look at it."""


Reply = (
    Accepted
    | Withdrawn
    | NothingToWithdraw
    | ReadingWanted
    | BalanceTold
    | Explained
    | LowerThanLast
    | HigherThanLater
    | BeforeControl
    | Unusual
    | Impossible
    | RolledOver
    | OtherMeter
    | ZonesSwapped
    | ZonesWanted
    | SumDiffers
    | MeterGone
    | MeterUnknown
    | NoMeter
    | TooManyDigits
    | ConfirmReading
    | WhichAccount
    | WhichMeter
    | DateUnclear
    | UnknownPhone
    | NotYours
    | NotAllowed
    | HelpTold
    | AskedAgain
    | About
    | NotUnderstoodTold
    | NotYet
    | NoTariff
    | Apology
    | Record
    | Introduction
    | Requested
    | Tasked
    | Noticed
    | Visiting
    | Withheld
    | Conversed
    | Login
    | Household
    | Chatted
)
