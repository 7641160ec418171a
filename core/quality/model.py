"""Faults in the data that everything rests on (row K12), and meters whose verification ends (row C2)."""

from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import Month

MOST = 10_000
"""So many of a kind are counted; of more it is only said that there are more."""


class Fault(StrEnum):
    """What is wrong with an account or a meter of it.

    NO_PHONE: no phone is linked. SHARED_PHONE: a phone of it is linked to another customer's account too. NO_TARIFF: a
    point is charged by a plan that has no version today. NO_POWER: of a point of a two-part plan no power was told for
    any day since the month before began, so that none is charged. NO_METER: electricity without a meter. SILENT: no
    reading of a meter for a year. EXPIRED: its verification has ended. NO_SEAL: no seal of it is on record, or the last
    is broken. ODD_DATES: dates that cannot be.
    """

    NO_PHONE = "no_phone"
    SHARED_PHONE = "shared_phone"
    NO_TARIFF = "no_tariff"
    NO_POWER = "no_power"
    NO_METER = "no_meter"
    SILENT = "silent"
    EXPIRED = "expired"
    NO_SEAL = "no_seal"
    ODD_DATES = "odd_dates"


@dataclass(frozen=True, slots=True)
class Found:
    """An account with a fault; `detail` names the meter, the plan or the day, "" where there is nothing to name."""

    account_id: int
    account: str
    detail: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there were of a kind on the last day on which they were counted, and on the one before; `found` above
    MOST: more than that."""

    fault: Fault
    day: date
    found: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """How many meters of a service have to be verified in a month: before `month` ends. Of those in a store the service
    is "", for nobody knows yet where they will stand."""

    month: Month
    service: str
    meters: int


@dataclass(frozen=True, slots=True)
class DueMeter:
    """A meter that has to be verified, with the last day for which it is: a customer's by his account, one in a store
    by the store's name, with an id below 0."""

    account_id: int | None
    account: str | None
    meter_id: int
    serial: str
    brand: str
    service: str
    until: date
    store: str | None = None
