"""All that is on record of an account, and what was billed by it."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.conditions.model import Condition
from core.billing.estimation import AVERAGED, Averaging
from core.billing.model import ChargeFact, Claim, Payment
from core.billing.terms import PLAIN, DebtTerms
from core.metering.model import ReadingFact, WithdrawalFact


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is on record of an account; the order within each kind does not matter. `given` is the last number that
    the account has given to a fact, as far as that is known apart from them; `terms` are those of its debts,
    `averaging` tells of how many months a usual use is found."""

    account_id: int
    given: int = 0
    readings: tuple[ReadingFact, ...] = ()
    withdrawals: tuple[WithdrawalFact, ...] = ()
    claims: tuple[Claim, ...] = ()
    charges: tuple[ChargeFact, ...] = ()
    payments: tuple[Payment, ...] = ()
    conditions: tuple[Condition, ...] = ()
    terms: DebtTerms = PLAIN
    averaging: Averaging = AVERAGED

    @property
    def last_no(self) -> int:
        """The number of the last fact, 0 where there is none."""
        kinds = (self.readings, self.withdrawals, self.claims, self.payments, self.conditions)
        return max(self.given, max((fact.no for kind in kinds for fact in kind), default=0))


@dataclass(slots=True)
class Billed:
    """What was billed for a month of a point, kopecks and thousandths, and of the last claim its number, the last count
    that it knew, and its tariff versions."""

    amount: int = 0
    volume: int = 0
    no: int = 0
    known: date = field(default=date.min)
    tariffs: tuple[int, ...] = ()


def lines_of(charges: Iterable[ChargeFact]) -> dict[int, dict[Month, Billed]]:
    """What was billed so far, by point and month."""
    found: dict[int, dict[Month, Billed]] = {}
    for charge in charges:
        line = found.setdefault(charge.point_id, {}).setdefault(charge.month, Billed())
        line.amount += charge.amount
        line.volume += charge.volume
        if charge.no >= line.no:
            line.no, line.known, line.tariffs = charge.no, charge.known, charge.tariffs
    return found
