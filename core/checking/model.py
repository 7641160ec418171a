"""What a check of a protocol comes to."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What does not hold, or (the last four) what was taken as it stands."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    DAYS = "days"
    UNCOVERED = "uncovered"
    SPANS = "spans"
    PER_DAY = "per_day"
    ESTIMATED = "estimated"
    FOREIGN = "foreign"
    LATER = "later"
    USUAL = "usual"
    COUNT = "count"
    VOLUME = "volume"
    ZONES = "zones"
    LACKS = "lacks"
    NEEDLESS = "needless"
    BLOCK = "block"
    RATE = "rate"
    FEE = "fee"
    PRODUCT = "product"
    EXACT = "exact"
    RULE = "rule"
    ROUNDED = "rounded"
    PART = "part"
    PERSONS = "persons"
    MULTIPLIER = "multiplier"
    POWER = "power"
    NORM = "norm"
    FORMULA = "formula"
    LAW = "law"
    RESULT = "result"
    TWICE = "twice"
    BEFORE = "before"
    AMOUNT = "amount"
    REPRODUCED = "reproduced"
    TOTAL = "total"
    OVERDUE = "overdue"
    DUE = "due"
    PARTS = "parts"
    COVERS = "covers"
    ENDED = "ended"
    FROZEN = "frozen"
    LIMITATION = "limitation"
    OPENING = "opening"
    PAYMENT = "payment"
    DEMAND = "demand"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the document: the line counted from 1 (None: the document as a whole) with its kind and month, and the
    step in it, as its path."""

    line: int | None
    kind: str = ""
    month: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, or that was taken as it stands: what the document says, and what was found."""

    place: Place
    what: What
    stated: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A protocol checked: its account and day, its lines, those of them that were computed again, what does not hold,
    and what had to be taken as it stands."""

    account: str
    day: str
    lines: int
    computed: int
    faults: tuple[Finding, ...]
    given: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.faults
