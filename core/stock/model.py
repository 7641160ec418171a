"""Meters before and after they stand with a customer: where each lies, and what may befall it there (rows C1, C3)."""

from datetime import date, datetime
from enum import StrEnum

from core.basics.facts import dataclass


class Kind(StrEnum):
    STORE = "store"
    LABORATORY = "laboratory"


class Place(StrEnum):
    """STORED in a store, TRAVELLING from one to another, STANDING with a customer, LOOSE after it was taken down,
    GONE for good."""

    STORED = "stored"
    TRAVELLING = "travelling"
    STANDING = "standing"
    LOOSE = "loose"
    GONE = "gone"


class Event(StrEnum):
    """What befalls a meter. REJECTED: the store that it was sent to does not take it, and it is where it came from."""

    RECEIVED = "received"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VERIFIED = "verified"
    FAILED = "failed"
    INSTALLED = "installed"
    REMOVED = "removed"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Store:
    id: int
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a meter is: of one that lies or travels the store, of one that travels its goal too."""

    place: Place
    store_id: int | None = None
    goal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A meter by its maker's number, which is unique within a brand."""

    id: int
    brand: str
    serial: str
    standing: Standing
    verified_until: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to befall meters of one brand: `store` where they are received, or to which they are sent; `until` is the
    last day of a verification."""

    event: Event
    brand: str
    serials: tuple[str, ...]
    document: str
    store: int | None = None
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement on record, with the names of its stores."""

    event: Event
    store: str | None
    other: str | None
    until: date | None
    document: str
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """Meters of a brand in a store, and those on their way to it."""

    store_id: int
    brand: str
    stored: int
    coming: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """How many meters of a brand went from one store to another, or in or out of one, within some days."""

    event: Event
    store: str | None
    other: str | None
    brand: str
    meters: int


class Fault(StrEnum):
    """Why something is not done; nothing of it is."""

    NO_SERIAL = "no_serial"
    RANGE = "range"
    TOO_MANY = "too_many"
    NO_DOCUMENT = "no_document"
    NO_STORE = "no_store"
    SAME_STORE = "same_store"
    NO_REASON = "no_reason"
    NO_DAY = "no_day"
    UNKNOWN = "unknown"
    KNOWN = "known"
    NOT_STORED = "not_stored"
    NOT_IN_LABORATORY = "not_in_laboratory"
    NOT_TRAVELLING = "not_travelling"
    GONE = "gone"
    BY_ACT = "by_act"


@dataclass(eq=False)
class Refused(Exception):
    """`serial` names the meter that stands in the way, or what was typed; "" where it is none's."""

    fault: Fault
    serial: str = ""
