"""The nouns of the synthetic town: who lives there, what his meters count, how he reads and how he pays."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.accounts.model import Role
from core.metering.model import Source


class Trait(StrEnum):
    """What is special about an inhabitant; the page has words for each."""

    HERO = "hero"
    DEBTOR = "debtor"
    LATE = "late"
    PARTIAL = "partial"
    ADVANCE = "advance"
    TWO_ZONES = "two_zones"
    THREE_ZONES = "three_zones"
    BLOCKS = "blocks"
    TRANSFORMER = "transformer"
    EXPIRED = "expired"
    FRACTION = "fraction"
    ROLLOVER = "rollover"
    FORECAST = "forecast"
    UNREAD = "unread"
    TWO_METERS = "two_meters"
    LETTERS = "letters"
    SENT = "sent"
    SEVERAL_ACCOUNTS = "several_accounts"
    SHARED = "shared"
    HELPER = "helper"
    TENANT = "tenant"
    UNVERIFIED = "unverified"
    ENGLISH = "english"
    ORGANISATION = "organisation"
    STRANGER = "stranger"
    FOREIGN = "foreign"


class Paying(StrEnum):
    """How an account is paid: all of it before the due date, after it, a part of it, three months ahead, or rounded up
    to whole hundreds; what stops does so with `Dwelling.paid_until`."""

    EXACT = "exact"
    LATE = "late"
    PARTIAL = "partial"
    AHEAD = "ahead"
    ROUNDED = "rounded"


class Reading(StrEnum):
    """When a meter is read: on the last day of the month, on a day of the company's window, or by itself."""

    LAST_DAY = "last_day"
    WINDOW = "window"
    AUTOMATIC = "automatic"

    @property
    def source(self) -> Source:
        return Source.AMR if self is Reading.AUTOMATIC else Source.CUSTOMER


@dataclass(frozen=True, slots=True)
class TownMeter:
    """A meter. `start` are its counts on the town's first day, whole units of what it shows; `monthly` the mean use of
    a month by zone, kWh; `months` the use of each month where the story needs it exactly, for a meter of one zone."""

    serial: str
    tariff: str
    monthly: tuple[int, ...]
    start: tuple[int, ...]
    zones: tuple[str, ...] = ("total",)
    brand: str = ""
    digits: int = 5
    fraction: int = 0
    multiplier: int = 1
    capacity_kw: int | None = None
    verified_until: date | None = None
    heated: bool = False
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A phone of an account: E.164, what it may do, the phone's own name for the account, and whose it is where it is
    not the account holder's."""

    phone: str
    role: Role = Role.OWNER
    name: str | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Dwelling:
    """An account and the habits of its people. `silent_from`: no reading on or after that day; `paid_until`: the last
    month whose bill is paid, None for as many as there are; `kind` household or organisation."""

    number: str
    name: str
    building: str
    flat: str
    meters: tuple[TownMeter, ...]
    links: tuple[Link, ...] = ()
    kind: str = "household"
    persons: int = 2
    language: str = "ru"
    contract: date | None = None
    reading: Reading = Reading.LAST_DAY
    paying: Paying = Paying.EXACT
    silent_from: date | None = None
    skips: bool = False
    paid_until: date | None = None
    traits: tuple[Trait, ...] = ()

    @property
    def address(self) -> str:
        return f"{self.building}-{self.flat}" if self.flat else self.building


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody with a phone, as the page offers him: `key` names him in addresses, `accounts` are the numbers that his
    phone is linked to."""

    key: str
    phone: str
    name: str
    address: str
    language: str
    accounts: tuple[str, ...]
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Town:
    seed: int
    dwellings: tuple[Dwelling, ...]
    inhabitants: tuple[Inhabitant, ...]

    def inhabitant(self, key: str) -> Inhabitant | None:
        return next((one for one in self.inhabitants if one.key == key), None)
