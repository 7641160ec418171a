"""The page of the work of the clock: how each job stands, and one begun from there."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from aiohttp.test_utils import TestServer

from core.employees.model import Role
from core.jobs import rules
from core.jobs import sql as jobs
from core.jobs.model import Job, Said, State
from core.store.pool import acquire
from gateway import parts, timing
from staff import site
from staff.model import House
from tests import make
from tests.staff.conftest import Browser, Office

SCHEDULE = timing.schedule()
AT = datetime(2025, 11, 21, 1, tzinfo=UTC)


@pytest.fixture
async def begun(office: Office) -> AsyncIterator[tuple[list[tuple[str, str]], str]]:
    """What was begun from the page, and the page's address."""
    told: list[tuple[str, str]] = []
    house = House(
        office.pool,
        make.keyring(),
        office.time.now,
        office.time.now,
        ZoneInfo("Europe/Moscow"),
        site.texts(),
        parts.words(),
        SCHEDULE,
        lambda name, period: told.append((name, period)),
    )
    async with TestServer(site.build(house, site.Outside()), host="127.0.0.1") as server:
        yield told, str(server.make_url("")).rstrip("/")


async def at_desk(office: Office, url: str, *roles: Role, language: str = "en") -> Browser:
    browser = await office.enter("vera", *roles, language=language)
    browser.url = url
    return browser


async def ran(conn: asyncpg.Connection, job: Job, period: str, state: State, *, error: str | None = None) -> None:
    await jobs.start(conn, job.name, period, at=AT)
    if state is not State.RUNNING:
        await jobs.finish(conn, job.name, period, state, report="all of it", error=error, at=AT)


async def test_each_job_tells_in_words_how_it_stands(office: Office, begun: tuple[list[tuple[str, str]], str]) -> None:
    by_name = {job.name: job for job in SCHEDULE}
    async with acquire(office.pool) as conn:
        await ran(conn, by_name["close-day"], "2025-11-17", State.DONE)
        await ran(conn, by_name["prove"], "2025-11-20", State.FAILED, error="NotDone: <b>day</b> 3 is broken")
        await ran(conn, by_name["find-holes"], "2025-11-20", State.DONE)
        await ran(conn, by_name["close-month"], "2025-10", State.RUNNING)
    browser = await at_desk(office, begun[1], Role.BILLER)
    page = (await browser.get("/jobs")).text
    for said in ("behind", "3 periods wait", "2025-11-18 … 2025-11-20", "failed", "running", "done", "never yet"):
        assert said in page
    one = await browser.get("/jobs/prove@2025-11-20")
    assert "&lt;b&gt;day&lt;/b&gt; 3 is broken" in one.text
    assert (await browser.get("/jobs/prove@2025-11-19")).status == 404
    assert (await browser.get("/jobs/%3Cb%3E")).status == 404
    russian = await at_desk(office, begun[1], Role.BILLER, language="ru")
    assert "ждут 3 срока" in (await russian.get("/jobs")).text


async def test_a_job_is_begun_for_a_period_that_is_over(
    office: Office, begun: tuple[list[tuple[str, str]], str]
) -> None:
    told, url = begun
    browser = await at_desk(office, url, Role.ADMIN)
    for job, period, said in (
        ("close-day", "2025-11-21", "not over yet"),
        ("close-day", "2025-11", "wants a day"),
        ("close-month", "2025-11", "not over yet"),
        ("close-month", "yesterday", "wants a month"),
        ("rm -rf", "2025-11-20", "cannot be begun"),
    ):
        answer = await browser.post("/jobs/run", job=job, period=period)
        assert answer.status == 422
        assert said in answer.text
    assert told == []
    assert (await browser.post("/jobs/run", job="close-day", period="2025-11-20")).to == "/jobs?said=job"
    assert told == [("close-day", "2025-11-20")]


async def test_an_auditor_reads_and_begins_nothing(office: Office, begun: tuple[list[tuple[str, str]], str]) -> None:
    # R39
    browser = await at_desk(office, begun[1], Role.AUDITOR)
    assert "Do it now" not in (await browser.get("/jobs")).text
    assert (await browser.post("/jobs/run", job="close-day", period="2025-11-20")).status == 403
    assert begun[0] == []


async def test_the_morning_report_is_read_in_both_languages(
    office: Office, begun: tuple[list[tuple[str, str]], str], owner: asyncpg.Connection
) -> None:
    by_name = {job.name: job for job in SCHEDULE}
    async with acquire(office.pool) as conn:
        await ran(conn, by_name["prove"], "2025-11-20", State.FAILED, error="x")
        await ran(conn, by_name["find-holes"], "2025-11-20", State.DONE)
    for kind in ("carrier failing", "<b>new</b>"):
        await owner.execute("insert into alarms (kind, about, at) values ($1, 'sms', $2)", kind, AT.replace(day=20))
    page = (await (await at_desk(office, begun[1], Role.BILLER)).get("/jobs/morning")).text
    for said in ("20 Nov 2025", "1 / 2", "The day is not closed", "the provider takes no messages: 1", "&lt;b&gt;new"):
        assert said in page, said
    russian = await at_desk(office, begun[1], Role.BILLER, language="ru")
    page = (await russian.get("/jobs/morning?day=2025-11-20")).text
    assert "оператор связи не принимает сообщения: 1" in page
    for odd in ("x", "2025-13-40", "%3Cb%3E", "0001-01-01", "9999-12-31", "2025-11-22"):
        assert (await russian.get(f"/jobs/morning?day={odd}")).status == 422


async def test_what_a_run_told_is_read_in_both_languages(
    office: Office, begun: tuple[list[tuple[str, str]], str]
) -> None:
    day, bill = date(2025, 11, 20), "close-month"
    counts, sums = {"accounts": 1_204, "corrections": 3, "lines": 911}, {"amount": -4_500, "penalties": 123_456}
    closed = Said("day_closed", counts, sums, {"day": day})
    head = Said("day_head", days={"day": day}, words={"head": "ab" * 32})
    async with acquire(office.pool) as conn:
        for job, state, error, said in (
            ("close-day", State.DONE, None, (closed, head)),
            (bill, State.FAILED, "NotDone: 2 accounts", (Said("month_failed", {"failed": 2}),)),
            ("morning-report", State.DONE, None, (Said("morning", days={"day": day}),)),
        ):
            period = "2025-10" if job == bill else f"{day}"
            await jobs.start(conn, job, period, at=AT)
            await jobs.finish(conn, job, period, state, report="plain", error=error, at=AT, said=said)
    russian = await at_desk(office, begun[1], Role.BILLER, language="ru")
    page = (await russian.get(f"/jobs/close-day@{day}")).text
    for told in ("20.11.2025: счетов 1\u00a0204, исправлений 3 на -45,00", "печать дня abab"):
        assert told in page, told
    assert "plain" not in page
    failed = (await russian.get(f"/jobs/{bill}@2025-10")).text
    assert "Счетов без начисления, потому что нет тарифа: 2; см. тревоги." in failed
    assert "NotDone" not in failed
    english = await at_desk(office, begun[1], Role.BILLER)
    assert "accounts 1,204, corrections 3 for -45.00" in (await english.get(f"/jobs/close-day@{day}")).text
    assert f'href="/jobs/morning?day={day}"' in (await english.get(f"/jobs/morning-report@{day}")).text


def test_every_job_has_its_words() -> None:
    for told in site.texts().values():
        for job in rules.read(timing.SCHEDULE.read_text(encoding="utf-8")):
            assert told.has(f"job.{job.name}"), job.name
            assert told.has(f"job.{job.name}_what"), job.name
