"""Days and half-open periods of days."""

from datetime import date, timedelta
from functools import lru_cache

from core.basics.facts import dataclass

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, not including, `end`; `end` None is open."""

    start: date
    end: date | None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def meet(self, other: "Period") -> "Period | None":
        """The days in both, None where there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return Period(start, end) if end is None or start < end else None


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, the billing period."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written as 2025-11.

        :raises ValueError: not of that form.
        """
        year, _, month = text.partition("-")
        if len(year) != 4 or len(month) != 2 or not (year + month).isascii() or not (year + month).isdigit():
            raise ValueError(f"not a month like 2025-11: {text!r}")
        try:
            return cls.of(date(int(year), int(month), 1))
        except ValueError as error:
            raise ValueError(f"not a month like 2025-11: {text!r}") from error

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.next.first - DAY

    @property
    def edges(self) -> tuple[date, date, int, int]:
        """The first day and that of the next month, and both as ordinals."""
        return _edges(self.year, self.month)

    @property
    def days(self) -> int:
        return (self.next.first - self.first).days

    def day(self, number: int) -> date:
        """The day of the month with this number; the last one where the month has no such day."""
        return date(self.year, self.month, min(number, self.days))

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - DAY)

    def back(self, months: int) -> "Month":
        """The month so many months before."""
        count = self.year * 12 + self.month - 1 - months
        return Month(count // 12, count % 12 + 1)

    @property
    def period(self) -> Period:
        return Period(self.first, self.next.first)


@lru_cache(maxsize=1024)
def _edges(year: int, month: int) -> tuple[date, date, int, int]:
    first, following = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return first, following, first.toordinal(), following.toordinal()
