"""What a customer sees of an account over time: the book, the days, the bills.

Money is kopecks, volumes are thousandths.
"""

from collections.abc import Mapping
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine.facts import Facts
from core.dossier.model import Status
from core.metering.model import Point


@dataclass(frozen=True, slots=True)
class ServiceVolume:
    """What a claim charged of a service for a month, thousandths."""

    no: int
    month: Month
    service: str
    volume: int


@dataclass(frozen=True, slots=True)
class Life:
    """All that is on record of an account: its facts as the engine takes them, and the volumes of its claims."""

    id: int
    number: str
    persons: int
    currency: str
    facts: Facts
    points: tuple[Point, ...]
    volumes: tuple[ServiceVolume, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What a meter showed at the end of a day, register by register, as the meter shows it."""

    serial: str
    zones: tuple[str, ...]
    day: date
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookRow:
    """A month as the paper book has it. `counts` are the last readings dated in it; `volumes` by service and `charged`
    are its bill, `corrected` what was charged otherwise for it since, `late` penalties, interest and what was written
    off of it; `paid` is what came in its days. `left` is what was open with all of that, negative for what is paid
    ahead."""

    month: Month
    counts: tuple[Count, ...]
    volumes: Mapping[str, int]
    charged: int
    corrected: int
    late: int
    paid: int
    left: int


@dataclass(frozen=True, slots=True)
class BillSeen:
    """A claim in the list of bills: `left` of it is not paid."""

    no: int
    kind: str
    month: Month
    amount: int
    issued_on: date
    due_on: date
    left: int
    status: Status


@dataclass(frozen=True, slots=True)
class Day:
    """The use of a day; `foretold`: no reading tells it. `least` and `most` are how far it may be off, where the
    account's own past tells."""

    day: date
    volume: int
    foretold: bool
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The use of one service a day; `services` are all that the account has meters of, `read` the use of those days
    that readings tell. `month` with `volume`, `least` and `most`: what the running month will come to, None where too
    little is known."""

    service: str
    services: tuple[str, ...]
    days: tuple[Day, ...]
    read: int
    month: Month
    volume: int | None
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact that changed a sum: a reading, with its meter, what it showed and when, or what its `kind` says."""

    fact: str
    kind: str
    serial: str = ""
    shown: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How a sum of a month was changed: from what to what, in which claim (None: not posted yet), and because of which
    facts; no facts where a tariff or another forecast did."""

    month: Month
    no: int | None
    day: date | None
    before: int
    after: int
    causes: tuple[Cause, ...]
