"""Logging in with a code that goes to the phone (R34, R35, T7, T8, T10)."""

import asyncio
import re
from datetime import date

import asyncpg
import pytest

from channels.web import login
from core.cabinet.model import PER_PHONE, TRIES
from tests import make
from tests.channels.web.conftest import Browser, Cabinet, told
from tests.make import A, M

HERO, STRANGER = "+79780001705", "+79780009999"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER))


async def code_of(cabinet: Cabinet, browser: Browser, phone: str = HERO) -> str:
    """The code that came to the phone after this browser asked for one; empty where none came."""
    went = await browser.door("/login", phone=phone)
    assert (went.status, went.to) == (303, "/login/code?next=/my")
    came = await cabinet.street.answers(phone)
    found = re.search(r"\d{6}", came[-1]) if came else None
    return found[0] if found else ""


async def test_a_code_opens_the_cabinet_and_logging_out_shuts_it(cabinet: Cabinet, hero: int) -> None:  # R34, R35
    browser = cabinet.stranger()
    assert (await browser.get("/my")).to == "/login?next=/my"
    code = await code_of(cabinet, browser)
    went = await browser.door("/login/code", code=code)
    assert (went.status, went.to) == (303, "/my")
    account = (await browser.get("/my")).to
    page = await browser.get(account)
    assert "100004321" in page.text
    assert "431,60" in page.text
    held = dict(browser.cookies)
    assert (await browser.post("/logout")).to == "/"
    browser.cookies = held
    assert (await browser.get(account)).status == 303, "it ends on the server"


async def test_a_code_is_good_once_and_for_one_browser(cabinet: Cabinet, hero: int) -> None:  # R34
    browser, other = cabinet.stranger(), cabinet.stranger()
    code = await code_of(cabinet, browser)
    assert (await other.door("/login/code", code=code)).status == 422
    assert (await browser.door("/login/code", code=code)).status == 303
    assert (await browser.door("/login/code", code=code)).status == 422


async def test_a_new_code_cancels_the_one_before(cabinet: Cabinet, hero: int) -> None:  # R34
    browser = cabinet.stranger()
    first = await code_of(cabinet, browser)
    second = await code_of(cabinet, browser)
    if first != second:
        assert (await browser.door("/login/code", code=first)).status == 422
    assert (await browser.door("/login/code", code=second)).status == 303


async def test_sixty_guesses_at_once_are_five(cabinet: Cabinet, hero: int) -> None:  # R34
    browser = cabinet.stranger()
    code = await code_of(cabinet, browser)
    wrong = [f"{(int(code) + no) % 10**6:06}" for no in range(1, 61)]
    answers = await asyncio.gather(*(browser.door("/login/code", code=one) for one in wrong))
    assert {one.status for one in answers} == {422}
    assert await cabinet.pool.fetchval("select max(tries) from web_codes") == TRIES
    assert (await browser.door("/login/code", code=code)).status == 422, "no guess is left"


async def test_an_unknown_phone_is_answered_alike(cabinet: Cabinet, hero: int) -> None:  # R34, T8
    pages = []
    for phone in (HERO, STRANGER, "+12025550123"):
        browser = cabinet.stranger()
        went = await browser.door("/login", phone=phone)
        assert (went.status, went.to) == (303, "/login/code?next=/my")
        page = await browser.door("/login/code", code="000000")
        pages.append((page.status, re.sub(r'value="[0-9a-f]{64}"', "", page.text)))
    assert pages[0] == pages[1] == pages[2]
    assert "did not fit" in pages[0][1]
    assert not await cabinet.street.answers(STRANGER)


async def test_neither_phone_is_answered_before_the_time_of_both(cabinet: Cabinet, hero: int) -> None:  # R34, T8
    loop = asyncio.get_running_loop()
    for phone in (HERO, STRANGER):
        since = loop.time()
        await cabinet.stranger().door("/login", phone=phone)
        assert loop.time() - since >= login.EVEN


async def test_three_codes_in_ten_minutes_and_no_more(cabinet: Cabinet, hero: int) -> None:  # R34, T7
    browser = cabinet.stranger()
    codes = [await code_of(cabinet, browser) for _ in range(PER_PHONE)]
    assert all(codes)
    went = await browser.door("/login", phone=HERO)
    assert (went.status, went.to) == (303, "/login/code?next=/my")
    assert not await cabinet.street.answers(HERO)
    assert (await browser.door("/login/code", code=codes[-1])).status == 303, "the last one still holds"


async def test_codes_at_once_keep_the_limit(cabinet: Cabinet, hero: int) -> None:  # R34
    browsers = [cabinet.stranger() for _ in range(12)]
    await asyncio.gather(*(one.door("/login", phone=HERO) for one in browsers))
    assert len(await cabinet.street.answers(HERO)) == PER_PHONE


@pytest.mark.parametrize("phone", ["", "12", "my phone", "+7 900", "<script>"])
async def test_what_is_no_phone_is_told_so(cabinet: Cabinet, phone: str) -> None:
    page = await cabinet.stranger().door("/login", phone=phone)
    assert page.status == 422
    assert "+7 900 123-45-67" in told(page.text)
