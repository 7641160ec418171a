"""What a rule pack sets for unasked messages: the hours in which they may come, and what follows from a warning."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.basics.facts import dataclass
from core.basics.periods import DAY
from core.billing.packtable import Table


class Clock(StrEnum):
    """From when the days of a warning are counted: its proven delivery, or its sending."""

    DELIVERY = "delivery"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the local clock in which messages may come: from the first, before the second."""

    work: tuple[int, int] = (8, 22)
    off: tuple[int, int] = (9, 20)

    def within(self, first: int | None, last: int | None) -> "Quiet":
        """These hours as far as they are among a person's own, None where he has none. Where nothing would remain,
        these: nobody can keep the company from telling him what it must."""
        if first is None or last is None:
            return self
        work, off = ((max(one[0], first), min(one[1], last)) for one in (self.work, self.off))
        return self if work[0] >= work[1] or off[0] >= off[1] else Quiet(work, off)


@dataclass(frozen=True, slots=True)
class WarningTerms:
    """What a warning of a kind means for a kind of customer: from when so many `days` are counted, kopecks of overdue
    debt at `least`, after how many hours without delivery another way is taken, for how many days a promise to pay
    stops the clock once a case, and for how many days a dispute shuts the gate (0: it does not)."""

    clock: Clock = Clock.DELIVERY
    days: int = 20
    least: int = 10_000
    letter_hours: int = 72
    promise_days: int = 14
    dispute_days: int = 30


class Protection(StrEnum):
    """Why the supply of an account may not be cut: equipment that keeps somebody alive, somebody gravely ill, a
    hospital, an emergency service, what supplies others with water or heat, an order of a court."""

    LIFE_SUPPORT = "life_support"
    PATIENT = "patient"
    HOSPITAL = "hospital"
    EMERGENCY = "emergency"
    UTILITY = "utility"
    COURT_ORDER = "court_order"


@dataclass(frozen=True, slots=True)
class Season:
    """Days of every year, as (month, day), both included, on which no supply of such a customer is cut ("": of none);
    it may go over the new year."""

    customer: str
    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        told = day.month, day.day
        if self.first <= self.last:
            return self.first <= told <= self.last
        return told >= self.first or told <= self.last


@dataclass(frozen=True, slots=True)
class Limit:
    """How many messages of a class one phone gets at most within 24 hours, seven days and thirty."""

    day: int = 2
    week: int = 4
    month: int = 16

    @property
    def spans(self) -> tuple[int, int, int]:
        return self.day, self.week, self.month


@dataclass(frozen=True, slots=True)
class Warnings:
    """By (kind of warning, kind of customer), and by class of message; what is not named has the strictest terms.
    `protected` are protections with the kind of customer that has them, "": every kind; where none is named all
    protect."""

    quiet: Quiet = Quiet()
    terms: tuple[tuple[tuple[str, str], WarningTerms], ...] = ()
    limits: tuple[tuple[str, Limit], ...] = ()
    protected: tuple[tuple[Protection, str], ...] = ()
    seasons: tuple[Season, ...] = ()

    def protects(self, why: str, customer: str) -> bool:
        """Whether by the pack such a protection keeps the supply of such a customer."""
        return not self.protected or any(one == why and of in ("", customer) for one, of in self.protected)

    def spares(self, day: date, customer: str) -> bool:
        """Whether the day lies in a season in which the supply of such a customer is not cut."""
        return any(one.covers(day) for one in self.seasons if one.customer in ("", customer))

    def limit(self, class_: str) -> Limit:
        return dict(self.limits).get(class_, Limit())

    def of(self, kind: str, customer: str) -> WarningTerms:
        known: Mapping[tuple[str, str], WarningTerms] = dict(self.terms)
        return known.get((kind, customer), WarningTerms())


def read(top: Table) -> Warnings:
    """The tables [quiet], [[warning]], [[limit]], [[protected]] and [[season]] of a pack."""
    found: dict[tuple[str, str], WarningTerms] = {}
    for row in top.rows("warning"):
        key = row.text("kind"), row.text("customer")
        _check_customer(row, key[1])
        if key in found:
            row.wrong("kind", f"{key[0]} of a {key[1]} stands twice")
        found[key] = WarningTerms(
            row.choice("clock", Clock),
            row.whole("days", 0, 366),
            row.scaled("least", 2, 10**7),
            row.whole("letter_hours", 1, 720, 72),
            row.whole("promise_days", 0, 90, 0),
            row.whole("dispute_days", 0, 366, 30),
        )
        row.text("source")
        row.end()
    return Warnings(
        _quiet(top.table("quiet")), tuple(sorted(found.items())), tuple(sorted(_limits(top).items())),
        tuple(sorted(_protected(top))), tuple(_seasons(top)),
    )  # fmt: skip


def _protected(top: Table) -> Iterator[tuple[Protection, str]]:
    for row in top.rows("protected"):
        why, customer = row.choice("why", Protection), row.text("customer", "")
        _check_customer(row, customer)
        row.text("source")
        row.end()
        yield why, customer


def _seasons(top: Table) -> Iterator[Season]:
    for row in top.rows("season"):
        customer, first, last = row.text("customer", ""), row.text("first"), row.text("last")
        _check_customer(row, customer)
        days = _day_of_year(row, "first", first), _day_of_year(row, "last", last)
        row.text("source")
        row.end()
        yield Season(customer, *days)


def _day_of_year(row: Table, key: str, told: str) -> tuple[int, int]:
    try:
        found = date.fromisoformat(f"2024-{told}")
    except ValueError:
        row.wrong(key, f"is {told}: a day of the year, such as 11-01")
        return 1, 1
    return found.month, found.day


def _check_customer(row: Table, customer: str) -> None:
    if customer not in ("", "household", "organisation"):
        row.wrong("customer", f"is {customer}: household or organisation")


def _limits(top: Table) -> dict[str, Limit]:
    found: dict[str, Limit] = {}
    for row in top.rows("limit"):
        name = row.text("class")
        if name in found:
            row.wrong("class", f"{name} stands twice")
        found[name] = Limit(row.whole("day", 1, 100), row.whole("week", 1, 500), row.whole("month", 1, 2000))
        row.text("source")
        row.end()
    return found


def _quiet(table: Table | None) -> Quiet:
    if table is None:
        return Quiet()
    made = Quiet(
        (table.whole("work_from", 0, 23), table.whole("work_to", 1, 24)),
        (table.whole("off_from", 0, 23), table.whole("off_to", 1, 24)),
    )
    for name, hours in (("work_to", made.work), ("off_to", made.off)):
        if hours[0] >= hours[1]:
            table.wrong(name, f"not after the first hour ({hours[0]})")
    table.text("source")
    table.end()
    return made


def closes(at: datetime, zone: ZoneInfo, quiet: Quiet, is_off: Callable[[date], bool]) -> datetime | None:
    """Until when a message may come to a recipient of the zone who may be told now; None in his quiet hours."""
    first, last = _hours(at.astimezone(zone).date(), zone, quiet, is_off)
    return last if first <= at < last else None


def opens(at: datetime, zone: ZoneInfo, quiet: Quiet, is_off: Callable[[date], bool]) -> datetime:
    """The next moment from `at` on at which a recipient of the zone may be told."""
    day = at.astimezone(zone).date()
    first, last = _hours(day, zone, quiet, is_off)
    return max(first, at) if at < last else _hours(day + DAY, zone, quiet, is_off)[0]


def _hours(day: date, zone: ZoneInfo, quiet: Quiet, is_off: Callable[[date], bool]) -> tuple[datetime, datetime]:
    first, last = quiet.off if is_off(day) else quiet.work
    begin, midnight = datetime.combine(day, time(first), zone), datetime.combine(day + DAY, time(), zone)
    return begin, midnight if last == 24 else datetime.combine(day, time(last), zone)


def earliest(begun: datetime, zone: ZoneInfo, days: int) -> date:
    """The first day on which what was warned of may be done: the day after the last of the full days that follow the
    day on which the clock began."""
    return begun.astimezone(zone).date() + timedelta(days + 1)
