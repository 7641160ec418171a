"""The page of the work of the clock: what ran, what waits, what failed and why; doing one again, catching up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.basics.periods import DAY
from core.books.morning import actions as reporting
from core.employees.model import Role
from core.jobs import actions, rules
from core.jobs.model import Job, Run, Said, State, Task
from core.store.pool import Connection
from pages.words import PageWords
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = frozenset({Role.BILLER, Role.AUDITOR, Role.ADMIN})
RUNNERS = frozenset({Role.BILLER, Role.ADMIN})

SHOWN = 40
"""Runs that are shown."""

FIRST = date(2000, 1, 1)
"""No report is older."""

RUNS = 400
"""Runs among which one is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A job as it stands: its last run, None before any, and the periods that are due."""

    job: Job
    last: Run | None
    due: tuple[Task, ...]

    @property
    def state(self) -> str:
        """In a word: running, failed, late (more than one period waits), due, done, or never."""
        if self.last is not None and self.last.state is not State.DONE:
            return str(self.last.state)
        if self.due:
            return "late" if len(self.due) > 1 else "due"
        return "never" if self.last is None else "done"


async def listed(asked: Asked) -> Page:
    """The jobs and their last runs."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def run(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Lets a process of its own do a job for a period, unless it was done; the page shows how it stands."""
    job = next((one for one in asked.house.jobs if one.name == form.get("job")), None)
    begin = asked.house.begin
    if job is None or begin is None:
        return await _page(asked, conn, "jobs.cannot")
    try:
        task = rules.task(job, form.get("period", "")[:20])
    except ValueError:
        return await _page(asked, conn, f"jobs.period_{job.every}")
    if task.due > _local(asked):
        return await _page(asked, conn, "jobs.not_over")
    begin(job.name, task.period)
    return Go("/jobs", "job")


async def report(asked: Asked) -> Page:
    """What a run told, whole, with the morning report of its day."""
    async with asked.connection() as conn:
        runs = await actions.runs(conn, asked.house.jobs, limit=RUNS)
    name, _, period = asked.request.match_info["run"].partition("@")
    found = next((one for one in runs if (one.name, one.period) == (name, period)), None)
    values = {"run": found, "sentences": told(asked.words, found.said) if found else ()}
    return Page("job.html", values, 200 if found else 404)


def told(words: PageWords, said: Iterable[Said]) -> tuple[str, ...]:
    """What a run told, in the language of the page."""
    return tuple(words(f"job_told.{one.name}", **_values(words, one)) for one in said)


def _values(words: PageWords, one: Said) -> dict[str, str]:
    return {
        **{name: words.number(value) for name, value in one.numbers.items()},
        **{name: words.money(value) for name, value in one.sums.items()},
        **{name: words.day(value) for name, value in one.days.items()},
        **{name: words(value) if words.has(value) else value for name, value in one.names.items()},
        **one.words,
    }


async def morning(asked: Asked) -> Page:
    """The morning report of a day, yesterday where none is chosen."""
    day, trouble = asked.today - DAY, None
    if given := asked.query("day", longest=10):
        try:
            chosen = date.fromisoformat(given)
        except ValueError:
            chosen = asked.today + DAY
        if FIRST <= chosen <= asked.today:
            day = chosen
        else:
            trouble = "morning.no_day"
    async with asked.connection() as conn:
        runs = await actions.runs(conn, asked.house.jobs, limit=RUNS)
        told = await reporting.looked(conn, day, reporting.of_day(runs, day))
    values = {"told": told, "trouble": trouble, "before": day - DAY, "next": day + DAY if day < asked.today else None}
    return Page("morning.html", values, 422 if trouble else 200)


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    jobs = asked.house.jobs
    runs = await actions.runs(conn, jobs, limit=SHOWN)
    due = await actions.waiting(conn, jobs, local=_local(asked))
    may = asked.employee.may(RUNNERS) and asked.house.begin is not None
    values = {"lines": _lines(jobs, runs, due), "runs": runs, "may": may, "trouble": trouble}
    return Page("jobs.html", values, 422 if trouble else 200)


def _lines(jobs: Sequence[Job], runs: Sequence[Run], due: Sequence[Task]) -> list[Line]:
    last = {one.name: one for one in reversed(runs)}
    return [Line(job, last.get(job.name), tuple(one for one in due if one.job == job)) for job in jobs]


def _local(asked: Asked) -> datetime:
    return asked.local(asked.at).replace(tzinfo=None)


ROUTES: tuple[Route, ...] = (
    Get("/jobs", READERS, listed),
    Post("/jobs/run", RUNNERS, run),
    Get("/jobs/morning", READERS, morning),
    Get("/jobs/{run}", READERS, report),
)
