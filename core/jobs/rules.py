"""What is due: every period that has ended since the last one done, in the order in which it fell due."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from core.basics.periods import DAY, Month
from core.jobs.model import Every, Job, Task

MOST = 400
"""Periods of one job that are caught up with at a time."""


class BadSchedule(ValueError):
    """The schedule cannot be read; the text names the job and what is wrong."""


def read(text: str) -> tuple[Job, ...]:
    """The jobs of a schedule, in its order.

    :raises BadSchedule: it is not TOML, or a job in it is not named once, with every, at and tells.
    """
    try:
        rows = tomllib.loads(text).get("job", [])
    except tomllib.TOMLDecodeError as error:
        raise BadSchedule(str(error)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadSchedule("jobs stand below [[job]]")
    jobs = tuple(_job(row) for row in rows)
    if len({job.name for job in jobs}) != len(jobs):
        raise BadSchedule("a job is named twice")
    return jobs


def _job(row: Mapping[str, object]) -> Job:
    name = row.get("name")
    if not isinstance(name, str) or not name or set(row) != {"name", "every", "at", "tells"}:
        raise BadSchedule(f"job {name!r}: name, every, at and tells are wanted, and nothing else")
    try:
        return Job(name, Every(str(row["every"])), time.fromisoformat(str(row["at"])), str(row["tells"]))
    except ValueError as error:
        raise BadSchedule(f"job {name!r}: {error}") from error


def due(jobs: Sequence[Job], *, now: datetime, done: Mapping[str, str]) -> tuple[Task, ...]:
    """The tasks that have fallen due, the earliest first. `now` is the company's time without a zone, `done` the last
    period done of each job; one that is not in it is not due yet: see `begun`."""
    found = [one for job in jobs for one in _due(job, now, done.get(job.name))]
    order = {job.name: place for place, job in enumerate(jobs)}
    return tuple(sorted(found, key=lambda one: (one.due, order[one.job.name])))


def begun(jobs: Sequence[Job], *, now: datetime) -> dict[str, str]:
    """For each job the last period that fell due before the clock was first looked at: it and those before it are left
    to people, who know what was done of them elsewhere."""
    return {job.name: next(one for one in _back(job, now) if one.due <= now).period for job in jobs}


def _due(job: Job, now: datetime, last: str | None) -> Iterator[Task]:
    gathered: list[Task] = []
    for one in _back(job, now):
        if last is None or one.period <= last:
            break
        if one.due <= now:
            gathered.append(one)
    return reversed(gathered)


def _back(job: Job, now: datetime) -> Iterable[Task]:
    """The tasks of the periods up to now, the latest first."""
    if job.every is Every.MONTH:
        month = Month.of(now.date()).previous
        for _ in range(MOST):
            yield task(job, str(month))
            month = month.previous
        return
    day = now.date() - DAY
    for back in range(MOST):
        yield task(job, (day - timedelta(days=back)).isoformat())


def task(job: Job, period: str) -> Task:
    """The job for the period that a text names.

    :raises ValueError: not a day, or not a month, as the job wants.
    """
    if job.every is Every.MONTH:
        month = Month.parse(period)
        return Task(job, str(month), datetime.combine(month.next.first, job.at))
    day = date.fromisoformat(period)
    if day == date.max:
        raise ValueError("no day follows")
    return Task(job, day.isoformat(), datetime.combine(day + DAY, job.at))
