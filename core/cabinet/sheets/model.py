"""Files with readings: their rows, and what was answered to each."""

from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import DAY, Period
from core.billing.conditions.model import Conditions, Kind

ROWS = 300
"""So many rows of a file are taken at a time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A row: the line of the file where it stands, and what it says; `day` None: today."""

    line: int
    account: str
    meter: str
    zone: str
    day: date | None
    value: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A row with its answer: `taken` where the reading was accepted. `account` to `value` are as they were written."""

    line: int
    account: str
    meter: str
    zone: str
    day: str
    value: str
    taken: bool
    told: str


@dataclass(frozen=True, slots=True)
class Place:
    """What an account is: since when its contract holds, where, and its points: the id, the service and the plan with
    which it came."""

    id: int
    opened_on: date
    address: str | None
    points: tuple[tuple[int, str, str], ...]

    def plans(self, held: Conditions, today: date) -> tuple[tuple[str, str], ...]:
        """The service and the plan of each point today."""
        day = Period(today, today + DAY)
        return tuple(
            (service, held.words(Kind.PLAN, point, day, plan)[0].value) for point, service, plan in self.points
        )
