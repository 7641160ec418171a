"""A job is done once for its period, whoever runs it and however often it dies."""

from datetime import UTC, date, datetime, time

import asyncpg
import pytest

from core.basics.periods import DAY
from core.jobs import actions, sql
from core.jobs.actions import Busy, NotDone
from core.jobs.model import Every, Job, Report, Said, State, Task
from core.store import pool as store

AT = datetime(2025, 11, 21, 6, tzinfo=UTC)
LOCAL = datetime.fromisoformat("2025-11-21T09:00")
JOB = Job("tell", Every.DAY, time(6), "")
TASK = Task(JOB, "2025-11-20", LOCAL)


def now() -> datetime:
    return AT


class Counting:
    def __init__(self, *fail: str) -> None:
        self.periods: list[str] = []
        self.fail = set(fail)

    async def work(self, period: str) -> Report:
        self.periods.append(period)
        if period in self.fail:
            raise ValueError("not today")
        return Report(f"told of {period}", (Said("told", {"times": 1}, days={"day": date.fromisoformat(period)}),))


async def test_a_job_is_done_once(conn: asyncpg.Connection) -> None:
    counting = Counting()
    first = await actions.run(conn, TASK, counting.work, at=now)
    again = await actions.run(conn, TASK, counting.work, at=now)
    assert (first.state, first.report, first.finished_at) == (State.DONE, "told of 2025-11-20", AT)
    assert again == first
    assert first.said == (Said("told", {"times": 1}, days={"day": date(2025, 11, 20)}),)
    assert counting.periods == ["2025-11-20"]


async def test_a_failed_one_says_why_and_is_tried_again(conn: asyncpg.Connection) -> None:
    failing = Counting("2025-11-20")
    failed = await actions.run(conn, TASK, failing.work, at=now)
    assert (failed.state, failed.error) == (State.FAILED, "ValueError: not today")
    assert (await actions.run(conn, TASK, Counting().work, at=now)).state is State.DONE


async def test_what_a_person_must_look_at_is_told_in_sentences(conn: asyncpg.Connection) -> None:
    broken = Said("broken", sums={"amount": 5}, names={"fault": "odd"}, words={"account": "1"})

    async def work(period: str) -> Report:
        raise NotDone("broken", broken)

    failed = await actions.run(conn, TASK, work, at=now)
    assert (failed.state, failed.error, failed.said) == (State.FAILED, "NotDone: broken", (broken,))


async def test_nothing_is_due_at_the_first_look(conn: asyncpg.Connection) -> None:
    counting = Counting()
    assert await actions.run_due(conn, [JOB], {"tell": counting.work}, local=LOCAL, at=now) == ()
    (ran,) = await actions.run_due(conn, [JOB], {"tell": counting.work}, local=LOCAL + DAY, at=now)
    assert ran.period == "2025-11-21"


async def test_one_that_died_is_taken_over(conn: asyncpg.Connection) -> None:
    await sql.begin(conn, {"tell": "2025-11-19"}, at=AT)
    await sql.start(conn, "tell", "2025-11-20", at=AT)
    counting = Counting()
    (ran,) = await actions.run_due(conn, [JOB], {"tell": counting.work}, local=LOCAL, at=now)
    assert ran.state is State.DONE
    assert counting.periods == ["2025-11-20"]


async def test_two_do_not_run_it_at_once(conn: asyncpg.Connection, shared: str) -> None:
    await sql.begin(conn, {"tell": "2025-11-19"}, at=AT)
    other = await store.connect(shared)
    try:
        assert await sql.take(other, "tell")
        counting = Counting()
        with pytest.raises(Busy):
            await actions.run(conn, TASK, counting.work, at=now)
        assert await actions.run_due(conn, [JOB], {"tell": counting.work}, local=LOCAL, at=now) == ()
        assert counting.periods == []
    finally:
        await other.close()


async def test_days_missed_are_done_in_order_up_to_the_first_that_fails(conn: asyncpg.Connection) -> None:
    await actions.run(conn, Task(JOB, "2025-11-16", LOCAL), Counting().work, at=now)
    failing = Counting("2025-11-18")
    ran = await actions.run_due(conn, [JOB], {"tell": failing.work}, local=LOCAL, at=now)
    assert [(one.period, one.state) for one in ran] == [("2025-11-17", State.DONE), ("2025-11-18", State.FAILED)]
    mended = Counting()
    await actions.run_due(conn, [JOB], {"tell": mended.work}, local=LOCAL, at=now)
    assert mended.periods == ["2025-11-18", "2025-11-19", "2025-11-20"]
