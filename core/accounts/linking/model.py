"""What must be known of an account that a phone wants to be tied to, and of the phones that are tied to it."""

from datetime import datetime, timedelta

from core.accounts.model import Scope
from core.basics.facts import dataclass

DAY = timedelta(hours=24)

WRONG = 5
"""So many wrong guesses are judged in a day."""

ANSWERS = 3
"""So many answers to REG, and so many neutral ones, does an unknown phone get in a day (ruling 23)."""


REGISTRATIONS = 6
"""So many answers to REG does a linked phone get in a day."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What a phone has had since `began`: neutral answers, answers to REG, and wrong guesses."""

    began: datetime
    neutral: int = 0
    asked: int = 0
    wrong: int = 0

    def of(self, at: datetime) -> "Tries":
        """The tries that count at that time: those of the last day."""
        return self if at < self.began + DAY else Tries(at)


@dataclass(frozen=True, slots=True)
class OtherPhone:
    """A phone whose link manages the account. `sealed_key` opens `sealed`, its number; `free`: no question is open to
    it that another would displace."""

    hash: bytes
    customer_id: int
    sealed_key: bytes | None
    sealed: bytes
    language: str
    free: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What stands of the account that a text names, found by its number. `last_bill` is the sum of its last bill in
    kopecks, None where it has none; `owners` are the phones that manage it; `left` readings of it were put aside for
    them within the last day."""

    account_id: int
    customer_id: int
    sealed_key: bytes | None
    last_bill: int | None
    owners: tuple[OtherPhone, ...]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A phone that was linked of late by REG, a contract, an invitation or a change of phone; `trusted`: it may see the
    sums; `to`: what it is told goes there."""

    account_id: int
    phone_hash: bytes
    trusted: bool
    to: OtherPhone


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made, at the end of the one that the phone has to the account already; `extra` is what is allowed
    beyond the role, `name` the phone's own for the account."""

    account_id: int
    phone_hash: bytes
    role: str
    evidence: str
    extra: frozenset[Scope] = frozenset()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class EndedLink:
    account_id: int
    phone_hash: bytes
    evidence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An owner has yet to be asked, before `until`, whether a phone may see the sums of his account: another question
    is open to him."""

    owner_hash: bytes
    account_id: int
    phone_hash: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One that may be asked now. `number` is the account's; `phone_key` opens `phone`, the number of the phone that he
    is asked about."""

    waiting: Waiting
    number: str
    phone_key: bytes | None
    phone: bytes
    to: OtherPhone
