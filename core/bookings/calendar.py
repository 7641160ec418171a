"""On which days and at which times an office receives: hours, breaks, public holidays, exceptions, and clocks that are
put forward or back."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from core.bookings.model import Hours, Office, Special, Wanted

DAY_MINUTES = 24 * 60
_CALENDAR = re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{1,5})?")


class NoCalendar(ValueError):
    """There is no calendar of public holidays of that name."""


@lru_cache(maxsize=256)
def public_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a country ("RU") or a part of one ("US-CA") in a year, with the days to which they are
    moved; none where no calendar is named.

    :raises NoCalendar: there is none of that name.
    """
    if not calendar:
        return frozenset()
    if not _CALENDAR.fullmatch(calendar):
        raise NoCalendar(calendar)
    country, _, part = calendar.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError as error:
        raise NoCalendar(calendar) from error
    return frozenset(day for day in found if day.year == year)


def moments(zone: ZoneInfo, day: date, at: time) -> tuple[datetime, ...]:
    """The moments at which the clock of a zone shows that time on that day: none where the clocks are put forward over
    it, two where they are put back over it."""
    folds = [datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]
    found = [one for one in folds if one.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at)]
    return tuple(dict.fromkeys(found))


def open_times(
    office: Office, hours: Mapping[int, Hours], special: Special | None, day: date
) -> tuple[Sequence[tuple[time, time]], int]:
    """The spans in which the office receives on a day, and at how many windows."""
    usual = hours.get(day.isoweekday())
    if special is not None and not special.usual:
        if special.opens is None or special.closes is None:
            return (), 0
        windows = office.windows if special.windows is None else special.windows
        return _without_pause(Hours(0, special.opens, special.closes, *_pause(usual, special))), windows
    if usual is None or (special is None and day in public_holidays(office.calendar, day.year)):
        return (), 0
    return _without_pause(usual), office.windows


def wanted(
    office: Office, hours: Mapping[int, Hours], specials: Mapping[date, Special], days: Collection[date]
) -> Iterator[Wanted]:
    """The places that there should be on the days: each begins and ends within the hours. A time that the clocks skip
    has none, one that they show twice has two."""
    if not office.receives:
        return
    for day in days:
        spans, windows = open_times(office, hours, specials.get(day), day)
        if not windows:
            continue
        for no in range(DAY_MINUTES // office.step):
            minute = no * office.step
            begins, ends = minute, minute + office.step
            if not any(_minutes(opens) <= begins and ends <= _minutes(closes) for opens, closes in spans):
                continue
            at = time(*divmod(minute, 60))
            for moment in moments(office.zone, day, at):
                yield Wanted(day, no, at, moment, windows)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _pause(usual: Hours | None, special: Special) -> tuple[time | None, time | None]:
    """The usual break, where it lies within the other hours."""
    if usual is None or usual.pause is None or usual.resumes is None or special.opens is None or special.closes is None:
        return None, None
    inside = special.opens < usual.pause and usual.resumes < special.closes
    return (usual.pause, usual.resumes) if inside else (None, None)


def _without_pause(hours: Hours) -> Sequence[tuple[time, time]]:
    if hours.pause is None or hours.resumes is None:
        return ((hours.opens, hours.closes),)
    return ((hours.opens, hours.pause), (hours.resumes, hours.closes))


def days_ahead(office: Office, at: datetime, number: int) -> tuple[date, ...]:
    """So many days on the calendar of the office, today the first."""
    today = office.today(at)
    return tuple(today + timedelta(days=ahead) for ahead in range(number))
