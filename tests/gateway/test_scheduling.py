"""The jobs of the schedule do their work, once, and the morning report tells of it."""

import json
import re
from datetime import date
from pathlib import Path

import asyncpg

from core.basics.periods import DAY
from core.billing.booking import sql as booking
from core.jobs import sql as jobs_sql
from core.jobs.model import Run, State
from gateway import inventory, lapsing, scheduling, timing
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
    sources = (scheduling, inventory, jobs_sql, lapsing)
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
        "find-lapsing",
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


async def test_a_debt_that_lapses_soon_is_one_task_whatever_becomes_of_it(conn: asyncpg.Connection) -> None:
    """M11b: each month by itself, told with its sum and its last day, and made a task once."""
    ids = await town(conn)
    day = date(2025, 11, 20)
    owed = [
        [1, "2022-09", "2022-10-10", 5_000],
        [2, "2022-11", "2022-12-12", 43_356],
        [3, "2022-12", "2023-02-20", 700],
        [4, "2023-01", "2023-02-21", 900],
        [5, "2022-11", "2022-12-12", 44, "penalty"],
    ]

    async def owes(claims: object) -> None:
        await conn.execute(
            "update account_states set claims = $2::jsonb where account_id = $1", ids[0], json.dumps(claims)
        )

    async def tasks() -> dict[str, str]:
        return {row[0]: row[1] for row in await conn.fetch("select about, state from tasks where kind = 'lapsing'")}

    await owes(owed)
    ran = await run(conn, "find-lapsing", day)
    november, december = "2022-11: 434.00, to court by 2025-12-12", "2022-12: 7.00, to court by 2026-02-20"
    number = await conn.fetchval("select number from accounts where id = $1", ids[0])
    assert ran.report.splitlines() == [
        "2 debts lapse within 3 months, 441.00; 2 new tasks, 0 settled; meterline lapsing lists them",
        f"{number}, {november}",
        f"{number}, {december}",
    ]
    assert f"Лицевой счёт {number}, 2022-11: 434,00\xa0₽, в суд не позже 12.12.2025." in sentences(ran, "ru")
    assert f"    {number}, {november}" in (await run(conn, "morning-report", day)).report
    assert await tasks() == {november: "open", december: "open"}
    await owes([[2, "2022-11", "2022-12-12", 300], *owed[2:4]])
    assert "3 debts lapse" in (await run(conn, "find-lapsing", day + DAY)).report
    assert len(await tasks()) == 3, "what is paid in part is the same task, and the next month has come near"
    await owes(owed[2:4])
    await run(conn, "find-lapsing", day + DAY + DAY)
    assert sorted((await tasks()).values()) == ["closed", "open", "open"], "what is paid needs nobody"


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
