"""Meters, their registers, and what is known of each register's count."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum
from fractions import Fraction

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.records import Doubt


class Source(IntEnum):
    """Where a reading comes from; of two for one register and day the higher one holds (billing.md section 1)."""

    GUEST = 0
    CUSTOMER = 2
    AMR = 3
    ACT = 4
    CONTROL = 5


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as installed at a supply point of an account.

    `digits` before the decimal mark, `fraction` after it; `zones` are its registers in order ("total", "day", "night",
    "peak", "halfpeak"), register number 1 first. `multiplier` and `capacity_kw` are thousandths. `installed` is
    half-open: the last day of a removed meter is the day before its end.

    `multipliers` are those of days of which facts say another than `multiplier`, oldest first; `doubts` the days on
    which the counts are not charged by, and why, None where no fact says more than `verified_until`.
    """

    id: int
    account_id: int
    point_id: int
    serial: str
    brand: str
    service: str
    tariff: str
    digits: int
    fraction: int
    multiplier: int
    capacity_kw: int | None
    zones: tuple[str, ...]
    installed: Period
    verified_until: date | None = None
    multipliers: tuple[tuple[Period, int], ...] = ()
    doubts: tuple[tuple[Period, Doubt], ...] | None = None

    @property
    def void(self) -> bool:
        """Whether it never stood there: its installation was taken back."""
        return self.installed.end is not None and self.installed.end <= self.installed.start

    def multiplied(self, days: Period) -> tuple[tuple[int, int, int], ...]:
        """The multiplier on each of the days, thousandths: (days before it holds, days when it ends, multiplier), in
        order.

        :raises ValueError: the period has no end.
        """
        if days.end is None:
            raise ValueError("the multiplier of an open period")
        spans: list[tuple[int, int, int]] = []
        at = 0
        for held, value in self.multipliers:
            met = held.meet(days)
            if met is None or met.end is None:
                continue
            first, end = (met.start - days.start).days, (met.end - days.start).days
            if at < first:
                spans.append((at, first, self.multiplier))
            spans.append((first, end, value))
            at = end
        whole = (days.end - days.start).days
        return (*spans, (at, whole, self.multiplier)) if at < whole else tuple(spans)

    def mean_multiplier(self, days: Period) -> Fraction:
        """The multiplier of the days, thousandths; where it changed within them, by how long each held.

        :raises ValueError: the period has no end.
        """
        spans = self.multiplied(days)
        if not spans:
            return Fraction(self.multiplier)
        return Fraction(sum((end - first) * value for first, end, value in spans), spans[-1][1])

    def doubt_on(self, day: date) -> tuple[Doubt, date] | None:
        """Why a count of the day is not charged by, and since when: the last day of a verification, else the first of
        the doubt; None where it is."""
        if self.doubts is None:
            expired = self.verified_until is not None and self.verified_until < day
            return (Doubt.EXPIRED, self.verified_until) if expired and self.verified_until is not None else None
        for days, why in self.doubts:
            if day in days:
                return why, days.start - DAY if why is Doubt.EXPIRED else days.start
        return None

    @property
    def wheel(self) -> int:
        """The count at which the meter turns over to zero, in thousandths."""
        return int(10**self.digits) * 1000


@dataclass(frozen=True, slots=True)
class Point:
    """A supply point of an account, by what a meter knows of it too."""

    id: int
    account_id: int
    service: str
    tariff: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A register's count at the end of `day`, in thousandths (billing.md section 2). `source` tells how firm it is."""

    day: date
    value: int
    source: Source = Source.CUSTOMER


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean use of the last twelve months: `volume` thousandths (multiplier applied) in `days` days."""

    volume: int
    days: int


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What an answer needs of a register: its anchors since the earliest month that may still change, oldest first, and
    its usual use (None: too little history). `before` has the usual use known when an outage of the meter began, by the
    first day of it, where anchors of before it are kept. `counted` are the anchors that the months billed go by, where
    some count only for later ones: None for all of them, none where every one came too late (then all are taken, for
    there is nothing else)."""

    anchors: tuple[Anchor, ...]
    usual: Usual | None = None
    before: tuple[tuple[date, Usual | None], ...] = ()
    counted: tuple[Anchor, ...] | None = None

    @property
    def last(self) -> Anchor | None:
        return self.anchors[-1] if self.anchors else None


RegisterKey = tuple[int, int]
"""(meter id, register number counted from 1)"""

Registers = Mapping[RegisterKey, RegisterState]


@dataclass(frozen=True, slots=True)
class Given:
    """A number placed on a register. `digits` is the number as the customer wrote it, `value` thousandths."""

    meter: Meter
    register: int
    digits: str
    value: int

    @property
    def key(self) -> RegisterKey:
        return (self.meter.id, self.register)


@dataclass(frozen=True, slots=True)
class DayReading:
    """A reading, withdrawn or not; `at` is when it was recorded."""

    no: int
    meter_id: int
    register: int
    day: date
    value: int
    source: Source
    phone_hash: bytes | None
    withdrawn: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadingFact:
    """A row of the history: what one register showed at the end of `day`, thousandths, as a part of the account's fact
    numbered `no`. `late`: it came after the window of its month and before that month's bill, which leaves it out
    (check 16). `since`: the first month whose bill goes by it, where the rule pack lets it change none before."""

    no: int
    meter_id: int
    register: int
    day: date
    value: int
    source: Source
    late: bool = False
    since: Month | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalFact:
    """The account's fact numbered `no`: the reading numbered `reading_no` is taken back."""

    no: int
    reading_no: int
