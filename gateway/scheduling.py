"""What each job of the schedule does."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from asyncpg import Connection

from core.audit import sql as audit
from core.basics.periods import DAY, Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import profiles, sharing
from core.billing.debts import actions as debts
from core.billing.engine import limitation
from core.billing.inventory import actions as inventory
from core.billing.inventory.actions import Counted
from core.bookings.opening import actions as opening
from core.books import closing, verifying
from core.books import sql as books
from core.books.model import DayClosed
from core.books.morning import actions as morning
from core.erasing import emptying
from core.importing import matching
from core.jobs import actions as jobs
from core.jobs import rules, sql
from core.jobs.actions import NotDone, Work
from core.jobs.model import Job, Report, Run, Said
from core.quality import actions as quality
from core.quality.model import MOST
from core.tasks.gathering import actions as gathering
from core.tasks.gathering.actions import Found
from gateway import inventory as holes
from gateway import lapsing as lapse
from gateway import offices, telling, timing
from gateway.clock import now
from gateway.settings import Settings

_TOTALS = ("inbox_total", "outbox_total", "readings", "requests_open", "alarms", "bcast_open")
_RUNS = 50


def works(conn: Connection, settings: Settings, *, pack: str, beside: Connection | None = None) -> Mapping[str, Work]:
    """What each job does, by its name; with a second connection `beside` a month is closed the sooner."""
    return {
        "make-places": partial(_make_places, conn, settings),
        "match-payments": partial(_match, conn, settings),
        "close-day": partial(_close_day, conn, pack),
        "close-month": partial(_close_month, conn, beside, pack),
        "empty-words": partial(_empty_words, conn, pack),
        "find-holes": partial(_find_holes, conn, settings),
        "find-lapsing": partial(_find_lapsing, conn, settings, pack),
        "find-faults": partial(_find_faults, conn),
        "gather-tasks": partial(_gather, conn, settings),
        "prove": partial(_prove, conn),
        "morning-report": partial(_tell, conn),
    }


async def run_due(conn: Connection, settings: Settings, *, beside: Connection | None = None) -> tuple[Run, ...]:
    """Does all that is due now; `beside` as of `works`."""
    zone, pack = await timing.company(conn, settings)
    return await jobs.run_due(
        conn, timing.schedule(), works(conn, settings, pack=pack, beside=beside), local=timing.local(zone), at=now
    )


async def run_one(
    conn: Connection, settings: Settings, job: Job, period: str, *, beside: Connection | None = None
) -> Run:
    """Does one job for a period, unless it was done; `beside` as of `works`.

    :raises jobs.Busy: another process is at it.
    """
    _, pack = await timing.company(conn, settings)
    task = rules.task(job, period)
    return await jobs.run(conn, task, works(conn, settings, pack=pack, beside=beside)[job.name], at=now)


async def _make_places(conn: Connection, settings: Settings, period: str) -> Report:
    """Makes the places that can be booked, as far ahead as they can."""
    done = (await opening.remake_all(conn, offices.wire(settings), at=now())).values()
    new, revoked = sum(one.new for one in done), sum(len(one.revoked) for one in done)
    told = Said("places_made", {"offices": len(done), "places": new, "revoked": revoked})
    return Report(f"{len(done)} offices, {new} new places, {revoked} visits called off", (told,))


async def _match(conn: Connection, settings: Settings, period: str) -> Report:
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    async with conn.transaction():
        matched = await matching.match_all(conn, keyring=keyring, at=now())
    told = Said("payments_matched", {"found": matched.found, "waiting": matched.waiting})
    return Report(f"{matched.found} found their account, {matched.waiting} wait still", (told,))


async def _close_day(conn: Connection, pack: str, period: str) -> Report:
    """Closes the days behind the last closed one up to this one."""
    wanted = date.fromisoformat(period)
    last = await books.last_head(conn)
    following = wanted if last is None or wanted <= last.day else last.day + DAY
    lines: list[str] = []
    told: list[Said] = []
    while following <= wanted:
        due_on = profiles.due_on(pack, Month.of(following))
        found = await closing.close_day(conn, following, due_on=due_on, at=now())
        lines += telling.closed(found)
        told += _closed(found)
        following += DAY
    return Report("\n".join(lines), tuple(told))


def _closed(found: DayClosed) -> Iterator[Said]:
    """What came of closing a day."""
    days, head = {"day": found.head.day}, {"head": found.head.head.hex()}
    if found.again:
        yield Said("day_again", days=days, words=head)
        return
    numbers = {"accounts": found.head.accounts - 1, "corrections": found.corrections, "lines": found.head.lines}
    yield Said("day_closed", numbers, {"amount": found.amount, "penalties": found.penalties}, days)
    if found.interest:
        yield Said("day_interest", sums={"interest": found.interest}, days=days)
    yield Said("day_head", days=days, words=head)
    if found.failed:
        yield Said("day_failed", {"failed": found.failed}, days=days)


async def _close_month(conn: Connection, beside: Connection | None, pack: str, period: str) -> Report:
    month = Month.parse(period)
    issued_on = month.next.first
    due_on = profiles.due_on(pack, month)
    await sharing.share_common(conn, month, on=issued_on, at=now())
    closed = await billing.close_month(conn, month, issued_on=issued_on, due_on=due_on, at=now(), beside=beside)
    if closed.failed:
        wrong = f"{closed.failed} accounts were not billed for want of a tariff, see the alarms"
        raise NotDone(wrong, Said("month_failed", {"failed": closed.failed}))
    counts = {"accounts": closed.accounts, "bills": closed.bills, "corrections": closed.recalculations}
    text = f"{closed.accounts} accounts, {closed.bills} bills, {closed.recalculations} corrections"
    told = Said("month_closed", counts, {"amount": closed.amount})
    return Report(f"{text}, {telling.money(closed.amount)} demanded", (told,))


async def _empty_words(conn: Connection, pack: str, period: str) -> Report:
    """Empties the words whose time has run."""
    gone = await emptying.empty(conn, profiles.profile(pack).keeping, at=now())
    text = ", ".join(f"{name} {count}" for name, count in gone.items() if count) or "nothing was due"
    return Report(text, (Said("words_emptied", {"texts": gone["text"], "others": sum(gone.values()) - gone["text"]}),))


async def _find_holes(conn: Connection, settings: Settings, period: str) -> Report:
    """Finds the gaps and overlaps of the year that ended with the day, and makes tasks of them."""
    counted = Counted()
    found: list[Found] = []
    async for one in inventory.find(conn, inventory.year_before(date.fromisoformat(period))):
        counted = counted.with_one(one.hole)
        found.append(Found(one.account, holes.name(one.hole), holes.told(one.hole)))
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    made, gone = await gathering.holes(conn, found, company, at=now())
    text, told = holes.summed(counted), [holes.said(counted)]
    if made or gone or found:
        text += f"; {made} new tasks, {gone} settled; meterline holes lists them"
        told.append(Said("holes_tasks", {"made": made, "gone": gone}))
    return Report(text, tuple(told))


async def _find_lapsing(conn: Connection, settings: Settings, pack: str, period: str) -> Report:
    """Finds the debts whose limitation runs out within the months of the rule pack, counted from the day after the one
    that ended, and makes tasks of them (row M11b)."""
    today, months = date.fromisoformat(period) + DAY, profiles.profile(pack).lapsing
    within = (limitation.until(today, months) - today).days
    found = debts.by_month(await debts.lapsing(conn, today=today, within=within)) if months else ()
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    tasks = [Found(one.number, lapse.name(one, today), lapse.told(one, today)) for one in found]
    made, gone = await gathering.lapsing(conn, tasks, company, at=now())
    return lapse.report(found, today=today, months=months, made=made, gone=gone)


async def _find_faults(conn: Connection, period: str) -> Report:
    """Counts what is missing or cannot be in the data."""
    counted = await quality.count(conn, today=date.fromisoformat(period), at=now())
    wrong = {fault: number for fault, number in counted if number}
    text = ", ".join(f"{fault} {f'over {MOST}' if number > MOST else number}" for fault, number in wrong.items())
    told = tuple(
        Said(
            "faults_over" if number > MOST else "faults",
            {"count": min(number, MOST)},
            names={"fault": f"quality.{fault}"},
        )
        for fault, number in wrong.items()
    )
    return Report(text or "no faults", told or (Said("faults_none"),))


async def _gather(conn: Connection, settings: Settings, period: str) -> Report:
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    missed = await gathering.gather(conn, company, at=now(), whole=True)
    return Report(f"{missed} tasks had been missed", (Said("tasks_gathered", {"missed": missed}),))


async def _prove(conn: Connection, period: str) -> Report:
    proven = await verifying.verify(conn)
    if (broken := proven.broken) is not None:
        where = {"account": broken.account or "", "reason": broken.reason}
        raise NotDone(telling.broken(broken), Said("broken", days={"day": broken.day}, words=where))
    counted = await audit.count(conn)
    wrong = {name: number for name, number in counted.items() if number and name not in _TOTALS}
    text = ", ".join(f"{name} {number}" for name, number in wrong.items()) or "all zero"
    counters = [Said("counter", {"count": number}, words={"name": name}) for name, number in wrong.items()]
    told = (Said("proven", {"days": proven.days, "rows": proven.rows}), *(counters or [Said("counters_zero")]))
    return Report(f"{proven.days} days, {proven.rows} rows: all hold; counters that should be zero: {text}", told)


async def _tell(conn: Connection, period: str) -> Report:
    day = date.fromisoformat(period)
    return Report(await report(conn, day), (Said("morning", days={"day": day}),))


async def report(conn: Connection, day: date) -> str:
    """The morning report of a day, with the last runs that were for it or begun since it ended."""
    runs = await sql.runs(conn, [job.name for job in timing.schedule()], limit=_RUNS)
    return await morning.report(conn, day, morning.of_day(runs, day))
