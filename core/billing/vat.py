"""Where the law changes VAT: a version that leaves VAT to it is parted; those that a change left behind are found."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Period
from core.billing.model import Tariffs, TariffVersion


@dataclass(frozen=True, slots=True)
class Vat:
    """What is put on top of a tariff that says nothing of VAT: thousandths, from each of these first days on; nothing
    before the first."""

    rates: tuple[tuple[date, int], ...] = ()

    def on(self, day: date) -> int:
        """What is put on top on the day, thousandths."""
        return next((rate for since, rate in reversed(self.rates) if since <= day), 0)


def parted(version: TariffVersion, following: Iterable[date], vat: Vat) -> Iterator[TariffVersion]:
    """The version at the rate of its first day, then as many others as the rate changes while it holds: with the same
    terms from the day of the change on, for a version ends where the next of its plan begins. `following` are the first
    days of the other versions of the plan."""
    yield version
    start, end, rate = version.valid.start, version.valid.end, version.vat
    ends = [day for day in (end, *following) if day is not None and day > start]
    until = min(ends, default=date.max)
    for since, other in vat.rates:
        if start < since < until and other != rate:
            yield replace(version, valid=Period(since, end), vat=other)
            rate = other


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A stored version that was at the law's rate when it began, and goes on at it from `since` on, when the law has
    another: `rate`, thousandths."""

    version: TariffVersion
    since: date
    rate: int


def overtaken(tariffs: Tariffs, vat: Vat) -> tuple[Overtaken, ...]:
    """The versions that the first change of VAT within their days has left behind, by plan: their tables are to be
    imported again, or the plan gets a new version. One without VAT on top is none of them."""
    return tuple(
        Overtaken(one, *change)
        for plan in sorted(tariffs)
        for one in tariffs[plan]
        if one.vat and one.vat == vat.on(one.valid.start) and (change := _change(one, vat)) is not None
    )


def _change(version: TariffVersion, vat: Vat) -> tuple[date, int] | None:
    start, end = version.valid.start, version.valid.end or date.max
    return next(((since, rate) for since, rate in vat.rates if start < since < end and rate != version.vat), None)
