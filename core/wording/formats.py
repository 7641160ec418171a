"""Numbers, sums and dates as a language writes them, made once per language at start."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from babel import Locale
from babel.numbers import get_decimal_symbol

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.wording.catalogs import Catalog

_LEAP_YEAR = 2024
_LETTERS = 3
"""A month's name is cut to its first three letters: окт, Oct."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How one language writes numbers and dates: no grouping, no non-breaking space, no currency sign, so that an
    English text stays GSM-7 and a Russian one short."""

    mark: str
    days: Mapping[tuple[int, int], str]
    years: Mapping[tuple[int, int], str]
    months: tuple[str, ...]
    full_months: tuple[str, ...]
    months_within: tuple[str, ...]
    spans: Callable[[str, str, Month], str]
    weekdays: tuple[str, ...]

    def money(self, minor: int) -> str:
        """Kopecks as a sum: 105440 is 1054,40."""
        whole, rest = divmod(abs(minor), 100)
        return f"{'-' if minor < 0 else ''}{whole}{self.mark}{rest:02d}"

    def whole(self, minor: int) -> str:
        """Kopecks as a sum that is not known to the kopeck: 62084 is 621."""
        return str((minor + 50) // 100)

    def count(self, digits: str) -> str:
        """A count as a person or a meter wrote it, with "." before its fraction: 04512.35 is 04512,35."""
        return digits.replace(".", self.mark)

    def counts(self, digits: Iterable[str], between: str = " ") -> str:
        """Several counts, one after another."""
        return self.count(between.join(digits))

    def volume(self, milli: int) -> str:
        """Thousandths without needless zeros: 187000 is 187, 12500 is 12,5."""
        if milli % 1000 == 0:
            return str(milli // 1000)
        whole, rest = divmod(abs(milli), 1000)
        return f"{'-' if milli < 0 else ''}{whole}{self.mark}{f'{rest:03d}'.rstrip('0')}"

    def rate(self, micro: int) -> str:
        """Millionths as a rate, with two decimals at least: 3320000 is 3,32."""
        whole, rest = divmod(abs(micro), 1_000_000)
        decimals = f"{rest:06d}"
        return f"{'-' if micro < 0 else ''}{whole}{self.mark}{decimals[:2]}{decimals[2:].rstrip('0')}"

    def day(self, day: date) -> str:
        """A day near to today, without its year: 21.11, 21 Nov."""
        return self.days[day.month, day.day]

    def day_of_week(self, day: date) -> str:
        """A day with its weekday, for a button: пт 21.11, Fri 21 Nov."""
        return f"{self.weekdays[day.weekday()]} {self.day(day)}"

    def full_day(self, day: date) -> str:
        """A day with its year: 01.10.2025, 1 Oct 2025."""
        return self.years[day.month, day.day].replace("\0", str(day.year))

    def month(self, month: Month) -> str:
        """окт, Oct."""
        return self.months[month.month - 1]

    def full_month(self, month: Month) -> str:
        """октябрь, October."""
        return self.full_months[month.month - 1]

    def within(self, month: Month) -> str:
        """The month in which something is done: (в) октябре, (in) October."""
        return self.months_within[month.month - 1]

    def short_year(self, month: Month) -> str:
        """окт24, Oct24: a month of another year than the one spoken of."""
        return f"{self.months[month.month - 1]}{month.year % 100:02d}"

    def span(self, window: tuple[int, int], month: Month) -> str:
        """The days of a month, first to last: 15-25.11, 15-25 Nov."""
        return self.spans(str(window[0]), str(window[1]), month)


def formats(catalog: Catalog) -> Formats:
    """The formats of a catalog's language: marks and names from CLDR, the order of a date from the catalog."""
    locale = Locale.parse(catalog.language)
    names = locale.months["stand-alone"]["wide"]
    full = tuple(names[number] for number in range(1, 13))
    short = tuple(name[:_LETTERS] for name in full)

    def dated(message: str, day: str, month: int, year: str = "") -> str:
        return catalog.put(
            message, day=day, padded_day=day.zfill(2), month=short[month - 1], number=f"{month:02d}", year=year
        )

    days = [date.fromordinal(date(_LEAP_YEAR, 1, 1).toordinal() + number) for number in range(366)]
    return Formats(
        mark=get_decimal_symbol(locale),
        days={(day.month, day.day): dated("date.day", str(day.day), day.month) for day in days},
        years={(day.month, day.day): dated("date.full", str(day.day), day.month, "\0") for day in days},
        months=short,
        full_months=full,
        months_within=tuple(catalog.put("later.months").split()),
        spans=lambda first, last, month: catalog.put(
            "date.span", first=first, last=last, month=short[month.month - 1], number=f"{month.month:02d}"
        ),
        weekdays=tuple(locale.days["stand-alone"]["abbreviated"][number] for number in range(7)),
    )
