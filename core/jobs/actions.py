"""Running the work of the clock: each job once for its period, whoever runs it and however often it dies."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from asyncpg import Connection

from core.jobs import rules, sql
from core.jobs.model import Job, Report, Run, Said, State, Task

Work = Callable[[str], Awaitable[Report]]
"""Does a job for a period and tells what came of it. It may have been begun before: it goes on, or does nothing."""


class NotDone(Exception):
    """A job found something that a person must look at: its text says what, and `said` sentence by sentence."""

    def __init__(self, text: str, *said: Said) -> None:
        super().__init__(text)
        self.said = said


class Busy(Exception):
    """Another process is at this job."""


async def run(conn: Connection, task: Task, work: Work, *, at: Callable[[], datetime]) -> Run:
    """Does the task, unless it was done; how it stands afterwards. What goes wrong is noted and tried again when the
    work is looked at next.

    :raises Busy: another process is at it.
    """
    name, period = task.job.name, task.period
    if not await sql.take(conn, name):
        raise Busy(name)
    try:
        before = await sql.run_of(conn, name, period)
        if before is not None and before.state is State.DONE:
            return before
        await sql.start(conn, name, period, at=at())
        state, report, error = State.DONE, Report(""), None
        try:
            report = await work(period)
        except Exception as failure:  # whatever it is, the row says so, and the other jobs go on
            state, error = State.FAILED, f"{type(failure).__name__}: {failure}"
            report = Report("", failure.said if isinstance(failure, NotDone) else ())
        await sql.finish(conn, name, period, state, report=report.text, error=error, at=at(), said=report.said)
        found = await sql.run_of(conn, name, period)
        assert found is not None
        return found
    finally:
        await sql.leave(conn, name)


async def due(conn: Connection, jobs: Sequence[Job], *, local: datetime, at: datetime) -> tuple[Task, ...]:
    """What is due by the company's time `local`, the earliest first. The first look at a job leaves all before it to
    people."""
    names = [job.name for job in jobs]
    done = await sql.last_done(conn, names)
    new = [job for job in jobs if job.name not in done]
    if new:
        await sql.begin(conn, rules.begun(new, now=local), at=at)
        done = await sql.last_done(conn, names)
    return rules.due(jobs, now=local, done=done)


async def run_due(
    conn: Connection,
    jobs: Sequence[Job],
    works: Mapping[str, Work],
    *,
    local: datetime,
    at: Callable[[], datetime],
) -> tuple[Run, ...]:
    """Does all that is due by the company's time `local`, the earliest first, and tells of each. A job that fails is
    left for this time, so that its periods stay in order; the others go on."""
    failed: set[str] = set()
    ran: list[Run] = []
    for task in await due(conn, jobs, local=local, at=at()):
        if task.job.name in failed:
            continue
        try:
            one = await run(conn, task, works[task.job.name], at=at)
        except Busy:
            failed.add(task.job.name)
            continue
        ran.append(one)
        if one.state is not State.DONE:
            failed.add(task.job.name)
    return tuple(ran)


async def waiting(conn: Connection, jobs: Sequence[Job], *, local: datetime) -> tuple[Task, ...]:
    """What is due by the company's time `local` and not done, the earliest first; nothing is begun by asking."""
    return rules.due(jobs, now=local, done=await sql.last_done(conn, [job.name for job in jobs]))


async def runs(conn: Connection, jobs: Sequence[Job], *, limit: int) -> tuple[Run, ...]:
    """The last runs of these jobs, the latest first."""
    return await sql.runs(conn, [job.name for job in jobs], limit=limit)
