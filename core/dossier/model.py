"""What the staff see of an account: the thirteen views of rows Q1 to Q13, and its timeline (row K8).

Money is kopecks, volumes thousandths. Phones and papers stand here as the employee may see them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from core.accounts.model import Role, Scope
from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Condition
from core.billing.debts.customers import CustomerDebt
from core.billing.model import Standing, TariffVersion
from core.metering.model import Meter, Point, Source


@dataclass(frozen=True, slots=True)
class Paper:
    """What an employee sees of an identity document or a bank account: all of the number, or its last digits."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A phone of the account, as the employee may see it, with what it may do and since when; `till` where it holds no
    more. `contract_on`: its messages have a contract of that day."""

    phone: str
    role: Role
    extra: tuple[Scope, ...]
    name: str | None
    since: datetime
    till: datetime | None
    contract_on: date | None
    language: str
    opted_out: bool
    bounced: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Who held the account on which days, by what document and whose word; `name` None where it was erased."""

    customer_id: int
    name: str | None
    days: Period
    document: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class FactSeen:
    """A dated fact with what it rests on; `in_force` on the day of the dossier. `withdrawn`: another took it back;
    `reason` is why one takes another back."""

    fact: Condition
    source: str
    document: str
    author: str
    in_force: bool
    withdrawn: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A meter came or went at the end of the day: the movement of this `place` among those of the account, from 1.
    `withdrawn`: it was taken back."""

    event: str
    meter_id: int
    day: date
    document: str
    author: str
    place: int = 0
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """What the registers of a meter showed at the end of a day, in their order, as the meter shows it; None for a
    register that was not read. `used` since the reading before, thousandths with the multiplier, None where there is
    none in force before. `by_phone`: an operator wrote down what the customer told; `photo` is the id of the picture
    that came with it."""

    no: int
    day: date
    shown: tuple[str | None, ...]
    source: Source
    used: int | None
    withdrawn: bool
    flags: tuple[str, ...]
    document: str
    author: str
    recorded_at: datetime
    photo: int | None = None

    @property
    def by_phone(self) -> bool:
        return "phone" in self.flags


@dataclass(frozen=True, slots=True)
class MeterSeen:
    """A meter with its readings, the latest first; `stands` today. `facts` are those of the meter: multipliers,
    verifications, failures, seals, access."""

    meter: Meter
    stands: bool
    multiplier: int
    readings: tuple[ReadingSeen, ...]
    facts: tuple[FactSeen, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class PointSeen:
    """A supply point: its plan today and the version of it that holds, None where there is none."""

    point: Point
    plan: str
    version: TariffVersion | None
    meters: tuple[Meter, ...]


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A control device of a supply point, such as a circuit breaker, and the days on which it stood there (row Q4)."""

    number: str
    model: str
    point_id: int
    days: Period
    stands: bool
    document: str
    author: str


@dataclass(frozen=True, slots=True)
class RouteSeen:
    """Where the inspector comes by the account (row Q5): the route, and the account's place on it."""

    name: str
    place: int | None


class Status(StrEnum):
    """How a claim stands: something of it is open, it is past its day to pay, nothing is open."""

    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """What was demanded, with the volume of each service that was charged by one: `left` of it is unpaid."""

    no: int
    month: Month
    kind: str
    amount: int
    due_on: date
    issued_on: date
    agent: str
    volumes: tuple[tuple[str, int], ...]
    left: int
    status: Status


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    no: int
    day: date
    amount: int
    month: Month | None
    kind: str
    agent: str


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What a month came to, with all corrections: money, and the volume of each service."""

    month: Month
    amount: int
    volumes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RequestSeen:
    number: str
    subject: str
    state: str
    since: datetime
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """An account on a day. `debt` is that of its holder over all that he holds; `more_accounts`: he has more than are
    counted in it. `account_ids` has the ids of his accounts by their numbers."""

    id: int
    number: str
    kind: str
    today: date
    zone: str
    currency: str
    persons: int
    opened_on: date
    building: str
    manager: str
    holder: str | None
    address: str | None
    documents: tuple[Paper, ...]
    banks: tuple[Paper, ...]
    holders: tuple[Held, ...]
    links: tuple[LinkSeen, ...]
    points: tuple[PointSeen, ...]
    devices: tuple[DeviceSeen, ...]
    route: RouteSeen | None
    meters: tuple[MeterSeen, ...]
    facts: tuple[FactSeen, ...]
    claims: tuple[ClaimSeen, ...]
    payments: tuple[PaymentSeen, ...]
    months: tuple[MonthUse, ...]
    requests: tuple[RequestSeen, ...]
    debt: CustomerDebt
    standing: Standing | None
    account_ids: dict[str, int]
    more_accounts: bool = False

    @property
    def working(self) -> tuple[MeterSeen, ...]:
        return tuple(one for one in self.meters if one.stands)

    @property
    def gone(self) -> tuple[MeterSeen, ...]:
        return tuple(one for one in self.meters if not one.stands)

    @property
    def payer(self) -> LinkSeen | None:
        """Whose phone pays: the payer's, else the owner's."""
        now = [one for one in self.links if one.till is None]
        return next((one for role in (Role.PAYER, Role.OWNER) for one in now if one.role is role), None)


def ended(days: Period) -> date | None:
    """The last of the days."""
    return None if days.end is None else days.end - DAY
