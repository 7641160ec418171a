"""The jobs of the schedule do their work, once, and the morning report tells of it."""

import re
from datetime import date
from pathlib import Path

import asyncpg

from core.basics.periods import DAY
from core.billing.booking import sql as booking
from core.jobs import sql as jobs_sql
from core.jobs.model import Run, State
from gateway import inventory, scheduling, timing
from gateway.clock import now
from gateway.settings import Settings, load_settings
from staff import jobs, site
from tests import make
from tests.core.books.test_closing import pay, town


def settings() -> Settings:
    return load_settings({"METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER})


async def run(conn: asyncpg.Connection, name: str, day: date) -> Run:
    (job,) = (one for one in timing.schedule() if one.name == name)
    return await scheduling.run_one(conn, settings(), job, day.isoformat())


def test_every_job_has_its_work(conn: asyncpg.Connection) -> None:
    names = [job.name for job in timing.schedule()]
    assert set(scheduling.works(conn, settings(), pack="RU-household")) == set(names)


async def test_a_day_of_jobs_and_its_report(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    day = await booking.business_day(conn, now()) - DAY
    await pay(conn, ids[0], day, 5_000, "1")
    for name in ("match-payments", "close-day", "find-holes", "prove"):
        ran = await run(conn, name, day)
        assert ran.state is State.DONE, ran
    report = (await run(conn, "morning-report", day)).report
    assert f"Morning report for {day}" in report
    assert f"find-holes {day}: done. " in report
    assert "Jobs: 4 ran, 0 not done" in report
    assert "difference of the turnover 0.00, of the ledger 0.00" in report
    assert "bank: accepted 50.00, suspense 0.00, commission 0.00, bank 0.00, difference 50.00" in report
    head = await conn.fetchval("select head from day_heads")
    assert f"head {head.hex()}" in report
    assert await run(conn, "morning-report", day) == await run(conn, "morning-report", day)


WORDS = site.texts()


def sentences(one: Run, language: str) -> tuple[str, ...]:
    return jobs.told(WORDS[language], one.said)


def test_all_that_jobs_tell_is_worded() -> None:
    """A sentence for each name, and none that nobody tells."""
    sources = (scheduling, inventory, jobs_sql)
    told = {name for one in sources for name in re.findall(r'"(\w+)"', Path(one.__file__ or "").read_text("utf-8"))}
    worded = {name.removeprefix("job_told.") for name in WORDS["ru"].texts if name.startswith("job_told.")}
    assert worded <= told
    made = {
        name for one in sources for name in re.findall(r'Said\(\s*"(\w+)"', Path(one.__file__ or "").read_text("utf-8"))
    }
    assert made <= worded


async def test_what_a_job_told_is_read_in_both_languages(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    day = await booking.business_day(conn, now()) - DAY
    await pay(conn, ids[0], day, 5_000, "1")
    for name in (
        "make-places",
        "match-payments",
        "close-day",
        "empty-words",
        "find-holes",
        "find-faults",
        "gather-tasks",
        "prove",
    ):
        ran = await run(conn, name, day)
        assert ran.said, name
        assert all(sentences(ran, "ru") + sentences(ran, "en"))
    assert sentences(await run(conn, "match-payments", day), "ru") == ("Платежей нашли свой счёт: 0; ещё ждут: 0.",)
    closed = sentences(await run(conn, "close-day", day), "ru")
    assert closed[-1].endswith((await conn.fetchval("select head from day_heads")).hex())
    assert sentences(await run(conn, "morning-report", day), "en") == (
        f"The morning report of {WORDS['en'].day(day)} is made.",
    )


async def test_broken_books_are_told(conn: asyncpg.Connection) -> None:
    await town(conn)
    day = await booking.business_day(conn, now()) - DAY
    await run(conn, "close-day", day)
    await conn.execute("set local role none")
    await conn.execute("update entries set on_day = on_day - 1 where account_id > 0")
    proven = await run(conn, "prove", day)
    assert proven.state is State.FAILED
    assert proven.error is not None
    assert f"BROKEN {day}, account 100000" in proven.error
    assert sentences(proven, "ru")[0].startswith(f"Книги не сходятся: {WORDS['ru'].day(day)} 100000 ")
    assert "Jobs: 2 ran, 1 not done" in await scheduling.report(conn, day)


async def test_nothing_is_due_where_the_clock_was_never_looked_at(conn: asyncpg.Connection) -> None:
    await town(conn)
    assert await timing.due(conn, settings()) == ()
    assert await scheduling.run_due(conn, settings()) == ()
