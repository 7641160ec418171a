"""The turnover of closed days: what was owed, what came to it, what was paid, what is owed."""

from dataclasses import dataclass
from enum import StrEnum

from core.billing.engine.facts import Facts
from core.billing.engine.limitation import AGES


class Level(StrEnum):
    """By what a sheet groups accounts."""

    ACCOUNT = "account"
    HOUSE = "house"
    MANAGER = "manager"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Turnover:
    """A line of the sheet, kopecks. `closing` is what the sealed books say, the others are summed from the ledger."""

    opening: int = 0
    charged: int = 0
    penalties: int = 0
    paid: int = 0
    written_off: int = 0
    closing: int = 0
    accounts: int = 0

    def __add__(self, other: "Turnover") -> "Turnover":
        return Turnover(
            self.opening + other.opening,
            self.charged + other.charged,
            self.penalties + other.penalties,
            self.paid + other.paid,
            self.written_off + other.written_off,
            self.closing + other.closing,
            self.accounts + other.accounts,
        )

    @property
    def difference(self) -> int:
        """Opening + charged + penalties − paid − written off − closing: zero in sound books."""
        return self.opening + self.charged + self.penalties - self.paid - self.written_off - self.closing

    @property
    def collected(self) -> int | None:
        """What was paid of what was charged, in tenths of a per cent; None where nothing was charged."""
        if self.charged <= 0:
            return None
        return (2000 * self.paid + self.charged) // (2 * self.charged)


@dataclass(frozen=True, slots=True)
class AccountTurnover:
    """The turnover of one account, the house and the manager that it stands under ("" where there is none)."""

    id: int
    number: str
    house: str
    manager: str
    turnover: Turnover


@dataclass(frozen=True, slots=True)
class BookedLine:
    """A line of the ledger for accounting: days as ISO text, kopecks, debit positive; `account` "" the company."""

    booked_on: str
    on_day: str
    account: str
    no: int
    line: int
    ledger: str
    amount: int


_AGES = len(AGES) + 2


@dataclass(frozen=True, slots=True)
class Aged:
    """Debts, kopecks: `ages` is first what is not payable yet, then the usual ages (`limitation.AGES`), the last what
    is older; `ahead` what was paid that no claim has taken, `balance` what the sealed books say."""

    ages: tuple[int, ...] = (0,) * _AGES
    ahead: int = 0
    balance: int = 0
    accounts: int = 0

    def __add__(self, other: "Aged") -> "Aged":
        ages = tuple(one + more for one, more in zip(self.ages, other.ages, strict=True))
        return Aged(ages, self.ahead + other.ahead, self.balance + other.balance, self.accounts + other.accounts)

    @property
    def debt(self) -> int:
        """What is owed: the sum of the ages."""
        return sum(self.ages)

    @property
    def difference(self) -> int:
        """Debt − paid ahead − balance: zero in sound books."""
        return self.debt - self.ahead - self.balance


@dataclass(frozen=True, slots=True)
class AgedSheet:
    """The ages of debts, by the name of what they are grouped by."""

    rows: tuple[tuple[str, Aged], ...]
    total: Aged


@dataclass(frozen=True, slots=True)
class BookedFacts:
    """The claims and payments of an account that were booked by a day, with the instalment plans on record then, and
    what the sealed books say that it owed; house and manager as in `AccountTurnover`."""

    id: int
    number: str
    house: str
    manager: str
    balance: int
    facts: Facts
