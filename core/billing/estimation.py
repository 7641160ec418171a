"""How use is found where no reading tells it: averages, norms and uplifts, as a rule pack sets them."""

from datetime import date
from enum import StrEnum
from functools import cache

from core.basics.facts import dataclass
from core.basics.money import MILLI
from core.basics.periods import Period


class NormUnit(StrEnum):
    """What a norm is counted by."""

    PERSON = "person"
    AREA = "m2"
    PREMISES = "premises"


class Case(StrEnum):
    """Why there is no reading: nobody sent one; there is no meter though there could be; the meter failed, its
    verification ran out or its seal is broken; the inspector was not let in (billing.md section 3.1)."""

    NOT_SENT = "not_sent"
    NO_METER = "no_meter"
    FAILED = "failed"
    NO_ACCESS = "no_access"


@dataclass(frozen=True, slots=True)
class Norm:
    """What premises of a category are taken to use in a month: thousandths for each person, m² or the premises."""

    service: str
    category: str
    per: NormUnit
    volume: int
    valid: Period
    source: str


@dataclass(frozen=True, slots=True)
class Uplift:
    """By what the norm is multiplied in a case, thousandths: 1500 is half as much again."""

    service: str
    case: Case
    factor: int
    valid: Period
    source: str


MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Averaging:
    """Of how many months an average is made, and of how many at least."""

    months: int = 12
    least: int = 3

    @property
    def days(self) -> int:
        """The days of so many months at their shortest: 365 of twelve."""
        return shortest(self.months)

    @property
    def enough(self) -> int:
        """The days without which there is no average: 89 of three months."""
        return shortest(self.least)


AVERAGED = Averaging()
"""What holds where no pack says otherwise."""


@cache
def shortest(months: int) -> int:
    """The fewest days that so many months of years without a leap day have."""
    return min(sum((MONTHS * 5)[first : first + months]) for first in range(12))


@dataclass(frozen=True, slots=True)
class Estimation:
    """The rules of billing.md section 3.1.

    The average is that of the last `average_months`, at least `least_months` of them, for at most `average_periods`
    billing periods in a row; then the norm holds. A service without a norm goes on by its average.
    """

    average_months: int = AVERAGED.months
    least_months: int = AVERAGED.least
    average_periods: int = 3
    norms: tuple[Norm, ...] = ()
    uplifts: tuple[Uplift, ...] = ()

    @property
    def averaging(self) -> Averaging:
        return Averaging(self.average_months, self.least_months)

    def norm(self, service: str, category: str, day: date) -> Norm | None:
        """The norm that holds on the day for premises of the category, else that of the category "" (all others)."""
        found = {one.category: one for one in self.norms if one.service == service and day in one.valid}
        return found.get(category) or found.get("")

    def uplift(self, service: str, case: Case, day: date) -> int:
        """By what the norm is multiplied on the day, thousandths; 1000 where nothing is put on top."""
        factors = (
            one.factor for one in self.uplifts if (one.service, one.case) == (service, case) and day in one.valid
        )
        return next(factors, MILLI)


ESTIMATED = Estimation()
"""What holds where no pack says otherwise."""
