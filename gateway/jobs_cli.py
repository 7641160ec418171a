"""The commands of the work of the clock, as they are typed, and what they do."""

from typing import Annotated

import typer

from core.jobs import rules, sql
from core.jobs.actions import Busy
from core.jobs.model import Run, State
from gateway import bookkeeping, patience, paying, scheduling, timing
from gateway.commands import Trouble, connected, connected_twice
from gateway.running import run as _run
from gateway.settings import Settings

SHOWN = 30
"""Runs that are listed."""

jobs = typer.Typer(help="The work of the clock.", invoke_without_command=True)


@jobs.callback()
def listed(context: typer.Context) -> None:
    """List the jobs and their last runs."""
    if context.invoked_subcommand is None:
        _run(_list)


@jobs.command()
def run(
    name: Annotated[str, typer.Argument(help="The job, such as close-day.")],
    period: Annotated[str, typer.Argument(help="The day, such as 2025-11-20, or the month, such as 2025-11.")],
) -> None:
    """Do one job for a day or a month, unless it was done."""
    _run(lambda settings: _one(settings, name, period), bulk=True)


@jobs.command()
def due() -> None:
    """Do all that is due, at the lowest priority; `meterline work` does it every minute."""
    patience.step_back()
    _run(_due, logs=True, bulk=True)


@jobs.command()
def report(
    day: Annotated[str | None, typer.Argument(help="The day, such as 2025-11-20; yesterday where missing.")] = None,
) -> None:
    """Print the morning report of a day."""
    _run(lambda settings: _report(settings, day))


async def _list(settings: Settings) -> None:
    known = timing.schedule()
    for job in known:
        typer.echo(f"{job.name}: every {job.every}, from {job.at:%H:%M} of the day after: {job.tells}")
    async with connected(settings) as conn:
        for one in await sql.runs(conn, [job.name for job in known], limit=SHOWN):
            typer.echo(_told(one))


async def _one(settings: Settings, name: str, period: str) -> int:
    job = next((one for one in timing.schedule() if one.name == name), None)
    if job is None:
        raise Trouble(f"no job {name!r}; there are: {', '.join(one.name for one in timing.schedule())}")
    try:
        wanted = rules.task(job, period).period
    except ValueError as error:
        raise Trouble(f"{name} is done for a {job.every}: {error}") from error
    async with connected_twice(settings) as (conn, beside):
        try:
            ran = await scheduling.run_one(conn, settings, job, wanted, beside=beside)
        except Busy as error:
            raise Trouble(f"another process is at {name}") from error
    typer.echo(_told(ran))
    return 0 if ran.state is State.DONE else 1


async def _due(settings: Settings) -> int:
    async with connected_twice(settings) as (conn, beside):
        for one in (conn, beside):
            patience.step_back_in(one)
        done = await scheduling.run_due(conn, settings, beside=beside)
    for ran in done:
        typer.echo(_told(ran))
    return 1 if any(ran.state is not State.DONE for ran in done) else 0


async def _report(settings: Settings, day: str | None) -> None:
    async with connected(settings) as conn:
        wanted = bookkeeping.day(day) if day else await paying.yesterday(conn)
        typer.echo(await scheduling.report(conn, wanted), nl=False)


def _told(one: Run) -> str:
    """How a job stands, on a line or several."""
    ended = f", ended {one.finished_at:%Y-%m-%d %H:%M:%S} UTC" if one.finished_at else ""
    told = one.error or one.report
    return f"{one.name} {one.period}: {one.state}{ended}" + (f"\n  {told.strip()}" if told else "")
