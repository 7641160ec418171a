"""A customer who is to be erased: what stands in the way, who asked, and what became of it (R42)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from core.basics.facts import dataclass
from core.employees.model import Role

ASKERS = frozenset({Role.CLERK, Role.ADMIN})
"""Who may ask for a customer to be erased, and turn that down."""

DOERS = frozenset({Role.APPROVER, Role.ADMIN})
"""Who may do what another asked for."""

LONGEST = 60
"""Characters of the number of a paper."""


class Obstacle(StrEnum):
    """Why nothing may be destroyed now; each can be settled, and then it may."""

    DEBT = "debt"
    CREDIT = "credit"
    UNTOLD = "untold"
    CONTRACT = "contract"
    WARNING = "warning"
    VISIT = "visit"
    SUPPLY = "supply"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that stands in the way: `about` an account, contract or day, `amount` kopecks of a debt or credit."""

    obstacle: Obstacle
    about: str
    amount: int = 0


class Refused(Exception):
    """Nothing was done; the message says why, in English, for the command line. `key` names the sentence for pages,
    `standing` is what must be settled first."""

    def __init__(self, key: str, message: str, standing: tuple[Standing, ...] = ()) -> None:
        super().__init__(message)
        self.key = key
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Case:
    """The customer who holds an account: all accounts that are his, and what stands in the way of erasing him.
    `account_id` is that by which he was found."""

    customer_id: int
    account_id: int
    accounts: tuple[tuple[int, str], ...]
    standing: tuple[Standing, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(number for _, number in self.accounts)

    def hinders(self, *, supply: str) -> tuple[Standing, ...]:
        """What stands in the way where a paper says that the supply has ended, empty: none does."""
        return tuple(one for one in self.standing if not (supply and one.obstacle is Obstacle.SUPPLY))


class State(StrEnum):
    ASKED = "asked"
    DONE = "done"
    TURNED_DOWN = "turned_down"


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was asked for; `text` are its acts by language, once it is done."""

    id: int
    customer_id: int
    account_id: int
    account: str
    request: str
    supply: str
    asked_by: str
    asked_at: datetime
    state: State
    ended_by: str | None
    ended_at: datetime | None
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """How much there was of the customer, and how much stays, by kind."""

    gone: Mapping[str, int]
    stays: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Warned:
    """An official warning of the customer; `ended_on` None: it is open."""

    account: str
    day: date
    ended_on: date | None
