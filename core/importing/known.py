"""What the database already holds of the accounts that a chunk of a file names, and what a chunk adds to it."""

from dataclasses import dataclass, field
from datetime import date

from core.accounts.model import Role
from core.basics.periods import Month
from core.finding.sql import Key
from core.metering.model import Meter, RegisterKey, Source


@dataclass(slots=True)
class KnownLink:
    """A phone's tie to an account; `ended`: it was once, and is no longer."""

    role: Role
    contract_on: date | None
    ended: bool = False


@dataclass(slots=True)
class KnownAccount:
    """An account, stored or planned. `sealed_key` None: the customer was erased."""

    id: int
    customer_id: int
    kind: str
    sealed_key: bytes | None
    name_sealed: bytes | None
    address_sealed: bytes | None
    building: str
    timezone: str
    persons: int
    fact_no: int
    fresh: bool = False
    meters: dict[str, Meter] = field(default_factory=dict)
    links: dict[bytes, KnownLink] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A count that a register had at the end of a day, thousandths."""

    day: date
    value: int
    source: Source


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer who owns an account by some phone; `sealed_key` None: erased."""

    id: int
    kind: str
    sealed_key: bytes | None
    name_sealed: bytes | None


@dataclass(slots=True)
class Known:
    """What a chunk of customers is compared with; it grows as rows are planned. `hashes` are those of the phones that
    the rows name, by number; `phones` those of them that are on record; `keys` those by which documents and
    bank accounts of the rows are found, as far as they are on record."""

    accounts: dict[str, KnownAccount] = field(default_factory=dict)
    readings: dict[RegisterKey, list[KnownReading]] = field(default_factory=dict)
    owners: dict[bytes, list[KnownCustomer]] = field(default_factory=dict)
    phones: set[bytes] = field(default_factory=set)
    hashes: dict[str, bytes] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that came from an older system, kopecks."""

    account_id: int
    month: Month
    service: str
    amount: int
    due_on: date


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment as it is stored, kopecks; `account_id` None: in suspense."""

    account_id: int | None
    account_text: str
    paid_on: date
    amount: int
    month: Month | None
