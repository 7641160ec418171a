"""The nouns of money that came: registries, payments that wait for an account, the balance of a day with the bank."""

from dataclasses import dataclass, field
from datetime import date

from core.basics.periods import Month


@dataclass(frozen=True, slots=True)
class Registry:
    """What the head of a file of payments says, kopecks: None where it does not say it."""

    agent: str = ""
    number: str = ""
    day: date | None = None
    rows: int | None = None
    amount: int | None = None
    commission: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A registry on record."""

    id: int
    digest: bytes
    registry: Registry


@dataclass(frozen=True, slots=True)
class Known:
    """A payment on record, kopecks; `account_id` that which it was given or found, None in suspense. `account_text` is
    what stood in place of the account, as it is stored."""

    id: int
    agent: str
    external_id: str
    account_id: int | None
    account_text: str = field(repr=False)
    paid_on: date
    amount: int
    month: Month | None
    matched: bool
    reversed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of the bank's statement: `amount` kopecks came on `came_on` from an agent for payments of `for_day`."""

    external_id: str
    agent: str
    came_on: date
    for_day: date
    amount: int


@dataclass(frozen=True, slots=True)
class DayBalance:
    """The payments of a day through an agent beside what the bank says has come, kopecks. `accepted` went to accounts,
    `suspense` waits or waited, both less reversals; `commission` the agent kept."""

    day: date
    agent: str
    accepted: int
    suspense: int
    commission: int
    bank: int

    @property
    def difference(self) -> int:
        """What did not come, negative where too much came."""
        return self.accepted + self.suspense - self.commission - self.bank
