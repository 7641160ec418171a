"""When an office receives: hours, holidays and the days to which they move, exceptions, clocks put forward and back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.bookings import calendar
from core.bookings.model import Hours, Office, Special, Wanted

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def office(zone: ZoneInfo = BERLIN, *, step: int = 30, holidays: str = "", windows: int = 2) -> Office:
    return Office(1, "x", "X", "X", "X", "X", "X", "X", "X", "", zone, windows, step, holidays)


def day(one: date, hours: Hours, place: Office, special: Special | None = None) -> Sequence[Wanted]:
    specials = {} if special is None else {one: special}
    return list(calendar.wanted(place, {hours.weekday: hours}, specials, [one]))


@pytest.mark.parametrize(
    ("zone", "forward", "back", "skipped", "twice"),
    [
        (BERLIN, date(2026, 3, 29), date(2025, 10, 26), time(2, 30), time(2, 30)),
        (NEW_YORK, date(2026, 3, 8), date(2025, 11, 2), time(2, 30), time(1, 30)),
    ],
)
def test_days_on_which_clocks_change(zone: ZoneInfo, forward: date, back: date, skipped: time, twice: time) -> None:
    assert calendar.moments(zone, forward, skipped) == ()
    first, second = calendar.moments(zone, back, twice)
    assert second - first == timedelta(hours=1)
    assert len(calendar.moments(zone, forward, time(10))) == 1

    night = Hours(7, time(0), time(6))
    spring = day(forward, night, office(zone))
    assert len(spring) == 10, "six hours of which one is skipped, two places each"
    assert skipped not in {one.starts for one in spring}
    autumn = day(back, night, office(zone))
    assert len(autumn) == 14
    moments = [one.starts_at for one in autumn]
    assert sorted(moments) == [min(moments) + no * timedelta(minutes=30) for no in range(14)], "no gap, none twice"


def test_hours_and_a_break() -> None:
    made = day(date(2025, 11, 24), Hours(1, time(8), time(11, 20), time(9), time(9, 30)), office())
    assert [f"{one.starts:%H:%M}" for one in made] == ["08:00", "08:30", "09:30", "10:00", "10:30"]
    assert {one.capacity for one in made} == {2}
    assert [one.no for one in made] == [16, 17, 19, 20, 21]
    assert made[0].starts_at == datetime(2025, 11, 24, 7, tzinfo=UTC)


def test_a_holiday_and_the_day_to_which_it_is_moved() -> None:
    """In Russia 1 November 2025, a Saturday, was worked on in the place of Monday the third."""
    place = office(ZoneInfo("Europe/Moscow"), holidays="RU")
    hours = {weekday: Hours(weekday, time(9), time(10)) for weekday in range(1, 8)}
    moved, holiday, plain = date(2025, 11, 3), date(2025, 11, 4), date(2025, 11, 5)
    days = [one.day for one in calendar.wanted(place, hours, {}, [moved, holiday, plain])]
    assert set(days) == {plain}
    usual = {holiday: Special(holiday, usual=True)}
    assert {one.day for one in calendar.wanted(place, hours, usual, [moved, holiday, plain])} == {holiday, plain}


def test_exceptions() -> None:
    monday = date(2025, 11, 24)
    hours = Hours(1, time(9), time(17), time(12), time(13))
    assert day(monday, hours, office(), Special(monday)) == []
    short = day(monday, hours, office(), Special(monday, time(10), time(12), windows=1))
    assert ([f"{one.starts:%H:%M}" for one in short], short[0].capacity) == (["10:00", "10:30", "11:00", "11:30"], 1)
    long = day(monday, hours, office(step=60), Special(monday, time(8), time(20)))
    assert time(12) not in {one.starts for one in long}, "the usual break stays"
    assert day(monday, hours, office(windows=0)) == []


def test_there_is_no_such_calendar() -> None:
    with pytest.raises(calendar.NoCalendar):
        calendar.public_holidays("XX", 2025)
