"""What is due: once for each period, caught up with after a stop, in the order in which it fell due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.jobs import rules
from core.jobs.model import Every, Job
from core.jobs.rules import BadSchedule

CLOSE = Job("close-day", Every.DAY, time(0, 10), "")
BILL = Job("close-month", Every.MONTH, time(1), "")
TELL = Job("tell", Every.DAY, time(6), "")
JOBS = (CLOSE, BILL, TELL)


def told(now: str, done: dict[str, str]) -> list[str]:
    return [f"{task.job.name} {task.period}" for task in rules.due(JOBS, now=datetime.fromisoformat(now), done=done)]


def test_a_job_falls_due_at_its_hour() -> None:
    done = {"close-day": "2025-11-19", "close-month": "2025-10", "tell": "2025-11-19"}
    assert told("2025-11-21T00:09", done) == []
    assert told("2025-11-21T00:10", done) == ["close-day 2025-11-20"]
    assert told("2025-11-21T06:00", done) == ["close-day 2025-11-20", "tell 2025-11-20"]


def test_what_is_done_is_not_due() -> None:
    done = {"close-day": "2025-11-20", "close-month": "2025-10", "tell": "2025-11-20"}
    assert told("2025-11-21T23:59", done) == []


def test_days_and_months_are_caught_up_with_in_their_order() -> None:
    done = {"close-day": "2025-11-28", "close-month": "2025-10", "tell": "2025-11-30"}
    assert told("2025-12-03T05:00", done) == [
        "close-day 2025-11-29",
        "close-day 2025-11-30",
        "close-month 2025-11",
        "close-day 2025-12-01",
        "tell 2025-12-01",
        "close-day 2025-12-02",
    ]


NIGHT = Job("night", Every.DAY, time(2, 30), "")
"""Its hour is not there on one day of the year, and twice on another."""


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2025, 3, 30)),
        ("Europe/Berlin", date(2025, 10, 26)),
        ("Europe/Moscow", date(2028, 2, 29)),
        ("Asia/Kamchatka", date(2025, 12, 31)),
    ],
    ids=["put forward", "put back", "leap day", "new year"],
)
@pytest.mark.parametrize("jump", [0, -1, 1], ids=["steady", "an hour back", "an hour ahead"])
def test_each_day_once_whatever_the_clock_does(zone: str, day: date, jump: int) -> None:
    """Looked at every ten minutes from two days before until two after; at noon and at 02:40 the clock is set."""
    jobs, done = (CLOSE, NIGHT), {"close-day": str(day - timedelta(3)), "night": str(day - timedelta(3))}
    runs: list[tuple[str, str]] = []
    begin = datetime.combine(day - timedelta(2), time(0), ZoneInfo(zone)).astimezone(UTC)
    for minutes in range(0, 4 * 24 * 60, 10):
        at = begin + timedelta(minutes=minutes)
        local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if local.time() in (time(2, 40), time(12)):
            local += timedelta(hours=jump)
        for one in rules.due(jobs, now=local, done=done):
            runs.append((one.job.name, one.period))
            done[one.job.name] = one.period
    days = [str(day + timedelta(number)) for number in range(-2, 1)]
    for job in jobs:
        assert [period for name, period in runs if name == job.name][:3] == days
    assert len(runs) == len(set(runs)), "none twice"


def test_what_fell_due_before_the_first_look_is_left_to_people() -> None:
    begun = rules.begun(JOBS, now=datetime.fromisoformat("2025-12-03T05:00"))
    assert begun == {"close-day": "2025-12-02", "close-month": "2025-11", "tell": "2025-12-01"}
    assert told("2025-12-03T05:00", begun) == told("2025-12-03T05:00", {}) == []
    assert told("2025-12-03T06:00", begun) == ["tell 2025-12-02"]


@pytest.mark.parametrize(
    "text",
    [
        'job = "x"',
        "[[job]]\nname = 1",
        '[[job]]\nname = "a"\nevery = "year"\nat = "00:10"\ntells = ""',
        '[[job]]\nname = "a"\nevery = "day"\nat = "25:10"\ntells = ""',
        '[[job]]\nname = "a"\nevery = "day"\nat = "00:10"\ntells = ""\nmore = 1',
        '[[job]]\nname = "a"\nevery = "day"\nat = "00:10"\ntells = ""\n' * 2,
        "[[job",
    ],
)
def test_a_schedule_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadSchedule):
        rules.read(text)


def test_the_period_is_that_of_the_job() -> None:
    assert rules.task(BILL, "2025-11").due == datetime.fromisoformat("2025-12-01T01:00")
    assert rules.task(CLOSE, "2025-11-20").due == datetime.fromisoformat("2025-11-21T00:10")
    with pytest.raises(ValueError, match="2025-11-20"):
        rules.task(BILL, "2025-11-20")
