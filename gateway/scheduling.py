"""What each job of the schedule does."""

import os
from collections.abc import Mapping
from datetime import date
from functools import partial

from asyncpg import Connection

from core.audit import sql as audit
from core.basics.periods import DAY, Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import profiles, sharing
from core.billing.inventory import actions as inventory
from core.billing.inventory.actions import Counted
from core.bookings.opening import actions as opening
from core.books import closing, verifying
from core.books import sql as books
from core.books.morning import actions as morning
from core.importing import matching
from core.jobs import actions as jobs
from core.jobs import rules, sql
from core.jobs.actions import Work
from core.jobs.model import Job, Run
from core.quality import actions as quality
from core.quality.model import MOST
from core.tasks.gathering import actions as gathering
from core.tasks.gathering.actions import FoundHole
from gateway import inventory as holes
from gateway import offices, telling, timing
from gateway.clock import now
from gateway.settings import Settings

_TOTALS = ("inbox_total", "outbox_total", "readings", "requests_open", "alarms", "bcast_open")
_RUNS = 50


class NotDone(Exception):
    """A job found something that a person must look at; its text says what."""


def works(conn: Connection, settings: Settings, *, pack: str) -> Mapping[str, Work]:
    """What each job does, by its name."""
    return {
        "make-places": partial(_make_places, conn, settings),
        "match-payments": partial(_match, conn, settings),
        "close-day": partial(_close_day, conn, pack),
        "close-month": partial(_close_month, conn, pack),
        "find-holes": partial(_find_holes, conn, settings),
        "find-faults": partial(_find_faults, conn),
        "gather-tasks": partial(_gather, conn, settings),
        "prove": partial(_prove, conn),
        "morning-report": partial(_tell, conn),
    }


async def run_due(conn: Connection, settings: Settings) -> tuple[Run, ...]:
    """Does all that is due now."""
    zone, pack = await timing.company(conn, settings)
    return await jobs.run_due(
        conn, timing.schedule(), works(conn, settings, pack=pack), local=timing.local(zone), at=now
    )


async def run_one(conn: Connection, settings: Settings, job: Job, period: str) -> Run:
    """Does one job for a period, unless it was done.

    :raises jobs.Busy: another process is at it.
    """
    _, pack = await timing.company(conn, settings)
    task = rules.task(job, period)
    return await jobs.run(conn, task, works(conn, settings, pack=pack)[job.name], at=now)


def step_back() -> None:
    """Gives way to every other process (performance.md, rule 8)."""
    os.nice(19)


async def _make_places(conn: Connection, settings: Settings, period: str) -> str:
    """Makes the places that can be booked, as far ahead as they can."""
    done = (await opening.remake_all(conn, offices.wire(settings), at=now())).values()
    revoked = sum(len(one.revoked) for one in done)
    return f"{len(done)} offices, {sum(one.new for one in done)} new places, {revoked} visits called off"


async def _match(conn: Connection, settings: Settings, period: str) -> str:
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    async with conn.transaction():
        matched = await matching.match_all(conn, keyring=keyring, at=now())
    return f"{matched.found} found their account, {matched.waiting} wait still"


async def _close_day(conn: Connection, pack: str, period: str) -> str:
    """Closes the days behind the last closed one up to this one."""
    wanted = date.fromisoformat(period)
    last = await books.last_head(conn)
    following = wanted if last is None or wanted <= last.day else last.day + DAY
    lines: list[str] = []
    while following <= wanted:
        due_on = profiles.due_on(pack, Month.of(following))
        lines += telling.closed(await closing.close_day(conn, following, due_on=due_on, at=now()))
        following += DAY
    return "\n".join(lines)


async def _close_month(conn: Connection, pack: str, period: str) -> str:
    month = Month.parse(period)
    issued_on = month.next.first
    due_on = profiles.due_on(pack, month)
    await sharing.share_common(conn, month, on=issued_on, at=now())
    closed = await billing.close_month(conn, month, issued_on=issued_on, due_on=due_on, at=now())
    if closed.failed:
        raise NotDone(f"{closed.failed} accounts were not billed for want of a tariff, see the alarms")
    amount = telling.money(closed.amount)
    return f"{closed.accounts} accounts, {closed.bills} bills, {closed.recalculations} corrections, {amount} demanded"


async def _find_holes(conn: Connection, settings: Settings, period: str) -> str:
    """Finds the gaps and overlaps of the year that ended with the day, and makes tasks of them."""
    counted = Counted()
    found: list[FoundHole] = []
    async for one in inventory.find(conn, inventory.year_before(date.fromisoformat(period))):
        counted = counted.with_one(one.hole)
        found.append(FoundHole(one.account, holes.name(one.hole), holes.told(one.hole)))
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    made, gone = await gathering.holes(conn, found, company, at=now())
    listed = f"; {made} new tasks, {gone} settled; meterline holes lists them" if made or gone or found else ""
    return f"{holes.summed(counted)}{listed}"


async def _find_faults(conn: Connection, period: str) -> str:
    """Counts what is missing or cannot be in the data."""
    counted = await quality.count(conn, today=date.fromisoformat(period), at=now())
    told = [f"{fault} {f'over {MOST}' if number > MOST else number}" for fault, number in counted if number]
    return ", ".join(told) or "no faults"


async def _gather(conn: Connection, settings: Settings, period: str) -> str:
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    return f"{await gathering.gather(conn, company, at=now(), whole=True)} tasks had been missed"


async def _prove(conn: Connection, period: str) -> str:
    proven = await verifying.verify(conn)
    if proven.broken is not None:
        raise NotDone(telling.broken(proven.broken))
    counted = await audit.count(conn)
    wrong = {name: number for name, number in counted.items() if number and name not in _TOTALS}
    told = ", ".join(f"{name} {number}" for name, number in wrong.items()) or "all zero"
    return f"{proven.days} days, {proven.rows} rows: all hold; counters that should be zero: {told}"


async def _tell(conn: Connection, period: str) -> str:
    return await report(conn, date.fromisoformat(period))


async def report(conn: Connection, day: date) -> str:
    """The morning report of a day, with the last runs that were for it or begun since it ended."""
    runs = await sql.runs(conn, [job.name for job in timing.schedule()], limit=_RUNS)
    return await morning.report(conn, day, morning.of_day(runs, day))
