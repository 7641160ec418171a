"""The clock of the jobs: the schedule, what of it is due, and the process that is let do it."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from asyncpg import Connection, Pool, PostgresError

from core.accounts import sql as accounts
from core.inbox import sql as inbox
from core.jobs import actions as jobs
from core.jobs import rules
from core.jobs.model import Job, Task
from core.store import pool as store
from core.store.failures import GONE
from gateway import disk
from gateway.clock import now
from gateway.settings import Settings

log = structlog.get_logger()

SCHEDULE = Path(__file__).with_name("schedule.toml")

EVERY = 60.0
"""Seconds between two looks for what is due."""


def schedule() -> tuple[Job, ...]:
    """The jobs, in the order of the day."""
    return rules.read(SCHEDULE.read_text(encoding="utf-8"))


async def due(conn: Connection, settings: Settings) -> tuple[Task, ...]:
    """What is due now."""
    zone, _ = await company(conn, settings)
    return await jobs.due(conn, schedule(), local=local(zone), at=now())


def local(zone: str) -> datetime:
    """The time on the company's clock."""
    return now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)


async def company(conn: Connection, settings: Settings) -> tuple[str, str]:
    """The company's zone and rule pack."""
    profile = await accounts.company(conn)
    return (profile.timezone, profile.pack) if profile else (settings.timezone, settings.profile)


def overdue(jobs: Sequence[Job], *, done: Mapping[str, str], local: datetime) -> dict[str, float]:
    """For how many seconds each job has been due by the company's time, 0 where it is not."""
    since = {job.name: 0.0 for job in jobs}
    for task in rules.due(jobs, now=local, done=done):
        since[task.job.name] = max(since[task.job.name], (local - task.due).total_seconds())
    return since


async def timing(pool: Pool, settings: Settings) -> None:
    """Looks again and again for what is due, and lets a process of its own, at the lowest priority, do it: texts do not
    wait for it, and where it dies the next one goes on."""
    while True:
        try:
            async with store.acquire(pool) as conn:
                waiting = await due(conn, settings)
                full = await told_of_disk(conn, settings)
            if waiting and full:
                log.error("work.disk-full", jobs=len(waiting))
            elif waiting and await _in_a_process():
                log.warning("work.jobs-failed")
        except (*GONE, PostgresError) as error:
            log.warning("work.database-error", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def told_of_disk(conn: Connection, settings: Settings) -> bool:
    """Whether nothing in bulk may begin for want of room; then a person is told, once an hour."""
    if not disk.too_full(settings):
        return False
    share = disk.FULL if (disk.used(settings) or 0.0) >= disk.FULL else disk.HIGH
    await inbox.alarm_once(conn, "disk filling", f"{share:.0%}", at=now())
    return True


async def _in_a_process() -> int:
    """The exit code of a process that does what is due."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "gateway", "jobs", "due", stdout=quiet)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()


class Beginner:
    """Begins jobs in processes of their own, at the lowest priority, and waits for none."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, name: str, period: str) -> None:
        """Begins a job for a period; how it went stands in its row."""
        task = asyncio.create_task(self._run(name, period))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, name: str, period: str) -> None:
        quiet = asyncio.subprocess.DEVNULL
        command = ("-m", "gateway", "jobs", "run", name, period)
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=quiet, stderr=quiet)
        if await process.wait():
            log.warning("work.jobs-failed")
