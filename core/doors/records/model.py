"""Facts on record that somebody may want to take back."""

from datetime import date, datetime

from core.basics.facts import dataclass
from core.billing.conditions.model import Condition
from core.metering.model import Source


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated fact on record."""

    fact: Condition
    document: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A meter came or went at the end of `day`; `place` among the movements of its account, from 1."""

    place: int
    id: int
    meter_id: int
    event: str
    day: date
    document: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of a register; `taken_at` when it was taken back, by whom and by what document."""

    no: int
    meter_id: int
    register: int
    day: date
    source: Source
    author: str
    at: datetime
    taken_at: datetime | None
    taken_by: str
    taken_document: str
