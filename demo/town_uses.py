"""What the town's meters have counted: monthly readings of two years, with seasons and noise."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.basics.money import MILLI
from core.basics.periods import DAY, Month
from core.metering.model import Source
from demo.clock import START
from demo.town_model import Dwelling, Reading, TownMeter, Trait

BEGAN = date(2023, 10, 31)
"""The day of the first reading of every meter."""

FIRST, LAST = Month(2023, 11), Month(2025, 10)
"""The months that are billed."""

ZONE = "Europe/Simferopol"

_TODAY = START.date()
_ORDINARY = (115, 110, 100, 95, 88, 90, 105, 105, 90, 95, 102, 115)
_HEATED = (180, 160, 130, 90, 50, 45, 60, 60, 50, 80, 130, 165)
"""Per cent of the mean month, from January to December."""


@dataclass(frozen=True, slots=True)
class Read:
    """One submission: what the registers of one meter or several showed at the end of `day`, thousandths as shown, and
    when it came in."""

    day: date
    at: datetime
    source: Source
    values: tuple[tuple[str, tuple[int, ...]], ...]
    """(serial, counts)"""


def months() -> Iterator[Month]:
    """The billed months in order."""
    month = FIRST
    while month <= LAST:
        yield month
        month = month.next


def first_counts(meter: TownMeter) -> tuple[int, ...]:
    """The counts on the town's first day, thousandths."""
    return tuple(value * MILLI for value in meter.start)


def readings(dwelling: Dwelling, *, seed: int) -> tuple[Read, ...]:
    """All readings of an account after the first ones, oldest first; the same for the same seed."""
    chance = random.Random(f"{seed} {dwelling.number}")
    counts = {meter.serial: _counts(meter, chance) for meter in dwelling.meters}
    found = []
    for month in (*months(), LAST.next):
        day = _day(dwelling, month, chance)
        if day is None or (dwelling.silent_from is not None and day >= dwelling.silent_from):
            continue
        values = tuple((meter.serial, _at(meter, counts[meter.serial], day)) for meter in dwelling.meters)
        found.append(Read(day, _came(dwelling.reading, day, chance), dwelling.reading.source, values))
    return tuple(found)


def _day(dwelling: Dwelling, month: Month, chance: random.Random) -> date | None:
    """The day on which the month's reading is taken, None where none is taken, or not yet."""
    day, skipped = month.last, chance.random() < 0.15
    if dwelling.reading is Reading.WINDOW:
        day = month.first.replace(day=chance.randrange(16, 26))
    if Trait.SENT in dwelling.traits and month > LAST:
        return month.first.replace(day=19)
    if day >= _TODAY or (dwelling.skips and skipped):
        return None
    return day


def _came(reading: Reading, day: date, chance: random.Random) -> datetime:
    minute = timedelta(minutes=chance.randrange(60))
    if reading is Reading.AUTOMATIC:
        return datetime.combine(day + DAY, time(3), ZoneInfo(ZONE)) + minute
    return datetime.combine(day, time(chance.randrange(9, 22)), ZoneInfo(ZONE)) + minute


_Counts = dict[Month, tuple[int, ...]]
"""The counts at the end of each month, thousandths, not turned over."""


def _counts(meter: TownMeter, chance: random.Random) -> _Counts:
    counts = first_counts(meter)
    found = {FIRST.previous: counts}
    for place, month in enumerate((*months(), LAST.next)):
        used = tuple(_used(meter, zone, place, month, chance) for zone in range(len(meter.zones)))
        counts = tuple(count + use * MILLI // meter.multiplier for count, use in zip(counts, used, strict=True))
        found[month] = counts
    return found


def _used(meter: TownMeter, zone: int, place: int, month: Month, chance: random.Random) -> int:
    """The month's use, kWh."""
    noise = chance.randrange(85, 116)
    if place < len(meter.months):
        return meter.months[place]
    season = (_HEATED if meter.heated else _ORDINARY)[month.month - 1]
    return meter.monthly[zone] * season * noise // 10_000


def _at(meter: TownMeter, counts: _Counts, day: date) -> tuple[int, ...]:
    """What the meter shows at the end of a day: so much of the month's use as of its days."""
    month = Month.of(day)
    before, after = counts[month.previous], counts[month]
    wheel, step = 10**meter.digits * MILLI, 10 ** (3 - meter.fraction)
    shown = (old + (new - old) * day.day // month.days for old, new in zip(before, after, strict=True))
    return tuple(value // step * step % wheel for value in shown)
