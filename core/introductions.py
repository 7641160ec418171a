"""What is answered to a phone that wants to be tied to an account, and told to those whose account it is."""

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class RegisterHow:
    """A phone wants to be linked and does not name the account and the meter."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The account and the meter belong together; the `code` goes to the phone itself, which proves that answers reach
    it. `account` is the account's tail, here and below."""

    account: str
    code: str


@dataclass(frozen=True, slots=True)
class RegisterRefused:
    """The account, the meter or the sum is wrong; which of them is not said (T8)."""


@dataclass(frozen=True, slots=True)
class AlreadyLinked:
    account: str


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """Nothing more is judged from this phone for a day; `phone` is the company's telephone."""

    phone: str


@dataclass(frozen=True, slots=True)
class TooManyMessages:
    """Nothing more is answered to this phone for a day; `phone` is the company's telephone."""

    phone: str


@dataclass(frozen=True, slots=True)
class CodeWrong:
    pass


@dataclass(frozen=True, slots=True)
class CodeExpired:
    pass


@dataclass(frozen=True, slots=True)
class Registered:
    """The phone is linked. `offered` is the reading that it had sent before; a yes takes it."""

    account: str
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The phone that says so is linked to nothing any more."""


@dataclass(frozen=True, slots=True)
class UnlinkedFrom:
    """The phone that says so is taken off this account and keeps its others."""

    account: str


@dataclass(frozen=True, slots=True)
class WhichToLeave:
    """Which of its accounts is the phone to be taken off? The first answer is all of them; `choices` are tails or the
    customer's own names, numbered from 2."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneLinked:
    """To an owner: another phone, of which he is told the end, is linked to his account. `asks` whether it may see the
    sums; `reads`: it may already, for it named the sum of the bill."""

    account: str
    phone: str
    asks: bool
    reads: bool = False


@dataclass(frozen=True, slots=True)
class PhoneTrusted:
    """The owner let the phone see the sums."""

    account: str


@dataclass(frozen=True, slots=True)
class PhoneRemoved:
    """The owner does not know the phone: it is linked no more."""

    account: str


@dataclass(frozen=True, slots=True)
class PhoneGone:
    """The phone that was linked of late is off the account already; the same words again are about the sender."""

    account: str


@dataclass(frozen=True, slots=True)
class StillYours:
    """To a phone that was not proven for long: is it still its person's? `account` is one, of `number` in all."""

    account: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class StillTold:
    """The phone is its person's; what he had wanted before he was asked is nothing that waits."""


@dataclass(frozen=True, slots=True)
class TrustedYou:
    """To the phone that the owner let see the sums."""

    account: str


@dataclass(frozen=True, slots=True)
class RemovedYou:
    """To the phone that the owner does not know."""

    account: str


@dataclass(frozen=True, slots=True)
class ReadingLeft:
    """A reading for an account that is not the sender's; the words are the same whether there is such an account."""


@dataclass(frozen=True, slots=True)
class ReadingAside:
    """From a phone that may not correct another's reading of the day: the owner is told of `digits` and may take
    them."""

    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingCame:
    """To an owner: another phone (empty: a page that asks for none) sent `digits` for a meter of his. `asks`: a yes
    takes them as his own; else, for another question is open to him, he takes them by sending them himself."""

    account: str
    phone: str
    digits: tuple[str, ...]
    asks: bool = True


@dataclass(frozen=True, slots=True)
class ContractTaken:
    """To a phone whose contract was signed at the desk. `reads`: it may ask for the sums."""

    account: str
    reads: bool


@dataclass(frozen=True, slots=True)
class ContractEnded:
    """To a phone whose contract was revoked: it is off the account."""

    account: str


Introduction = (
    RegisterHow
    | CodeSent
    | RegisterRefused
    | AlreadyLinked
    | TooManyTries
    | TooManyMessages
    | CodeWrong
    | CodeExpired
    | Registered
    | Unlinked
    | UnlinkedFrom
    | WhichToLeave
    | PhoneLinked
    | PhoneTrusted
    | PhoneRemoved
    | PhoneGone
    | StillYours
    | StillTold
    | TrustedYou
    | RemovedYou
    | ReadingLeft
    | ReadingAside
    | ReadingCame
    | ContractTaken
    | ContractEnded
)
