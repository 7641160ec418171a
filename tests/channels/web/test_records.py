"""Payments, the forecast, requests with their answers, messages of every channel, what befell an account."""

import re
from datetime import date

import asyncpg
import pytest

from core.billing import actions as billing
from core.billing.sql import PaymentRow
from core.requests import sql as requests
from core.requests.model import State
from core.requests.sql import Event
from tests import make
from tests.channels.web.conftest import Browser, Cabinet
from tests.flows.conftest import NOON
from tests.make import A, M

HERO, TENANT, HELPER = "+79780001705", "+79780001706", "+79780001708"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    people = ((HERO, "owner"), (TENANT, "tenant"), (HELPER, "helper"))
    made = A("100004321", (M("0098765"),), people, claims=OCTOBER, language="en")
    account_id = await make.account(company, made)
    paid = PaymentRow(account_id, None, "100004321", "bank", "p-1", date(2025, 11, 3), 50000)
    await billing.post_payments(company, [paid], at=NOON)
    return account_id


async def at(cabinet: Cabinet, phone: str = HERO) -> tuple[Browser, str]:
    browser = await cabinet.enter(phone)
    return browser, (await browser.get("/my")).to


async def test_each_page_shows_its_own_and_takes_few_statements(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    for path, shown in (
        ("/payments", "500.00"), ("/forecast", "will come to about"), ("/requests", "There were no requests"),
        ("/history", "500.00"),
    ):  # fmt: skip
        sent = await cabinet.statements(browser, place + path)
        assert 1 < len(sent) <= 5, (path, sent)
        assert shown in (await browser.get(place + path)).text


async def test_who_may_not_see_sums_sees_none(cabinet: Cabinet, hero: int) -> None:  # R32
    browser, place = await at(cabinet, HELPER)
    for path in ("/payments", "/forecast", "/history"):
        assert (await browser.get(place + path)).status == 403, path
    page = (await browser.get(f"{place}/requests")).text
    assert not any(f'href="{place}{path}"' in page for path in ("/payments", "/forecast", "/history"))


async def test_a_request_is_opened_and_its_answer_shown(
    cabinet: Cabinet, hero: int, company: asyncpg.Connection
) -> None:
    browser, place = await at(cabinet)
    said = await browser.say(f"{place}/requests", subject="dispute", words="The sum is <b>wrong</b>.")
    number = re.search(r"\d+", said)
    assert number is not None, said
    page = (await browser.get(f"{place}/requests")).text
    assert "The sum is &lt;b&gt;wrong&lt;/b&gt;." in page
    assert "waits for an employee" in page
    row = await company.fetchrow("select r.id, k.data_key from requests r join customers k on k.id = r.customer_id")
    assert row is not None
    note = make.keyring().customer(row["data_key"]).seal(b"We have counted again.", purpose=b"request")
    await requests.add(company, [Event(row["id"], State.ANSWERED, cabinet.street.clock.at, "olga", note)])
    page = (await browser.get(f"{place}/requests")).text
    assert "We have counted again." in page
    assert "olga" not in page
    tenant, theirs = await at(cabinet, TENANT)
    assert "wrong" not in (await tenant.get(f"{theirs}/requests")).text, "another phone's request"


@pytest.mark.parametrize(
    "fields", [{}, {"subject": "dispute"}, {"subject": "x", "words": "y"}, {"subject": "human", "words": "y" * 1001}]
)
async def test_a_request_that_lacks_something_is_told_so(cabinet: Cabinet, hero: int, fields: dict[str, str]) -> None:
    browser, place = await at(cabinet)
    page = await browser.post(f"{place}/requests", **fields)
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert await cabinet.pool.fetchval("select count(*) from requests") == 0


async def test_messages_of_every_channel_stand_together(cabinet: Cabinet, hero: int) -> None:  # K8
    await cabinet.street.text(HERO, "04512")
    await cabinet.street.text(TENANT, "BAL")
    cabinet.street.clock.forward(minutes=1)
    browser, place = await at(cabinet)
    field = re.findall(r'name="(r\d+\.\d+)"', (await browser.get(f"{place}/readings")).text)[0]
    await browser.say(f"{place}/readings", **{field: "04513"})
    page = (await browser.get("/me/messages")).text
    shown = [one for one in ("<p>04513</p>", "instead of 04512", "<p>04512</p>", "Accepted 04512") if one in page]
    assert len(shown) == 4
    assert page.index("<p>04512</p>") > page.index("Accepted 04512") > page.index("<p>04513</p>")
    assert "BAL" not in page, "of another phone"
    assert len(await cabinet.statements(browser, "/me/messages")) <= 5


async def test_many_messages_are_turned_over_like_leaves(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    field = re.findall(r'name="(r\d+\.\d+)"', (await browser.get(f"{place}/readings")).text)[0]
    for no in range(30):
        await browser.post(f"{place}/readings", **{field: f"{4500 + no:05}"})
    seen: list[str] = []
    to = "/me/messages"
    while to:
        page = (await browser.get(to)).text
        seen += re.findall(r"<p>(\d{5})</p>", page)
        older = re.search(r'href="(/me/messages\?before=[^"]+)"', page)
        to = older[1] if older else ""
    assert seen == [f"{4500 + no:05}" for no in range(29, -1, -1)]


async def test_no_code_is_ever_shown(cabinet: Cabinet, hero: int) -> None:  # R34
    stranger = cabinet.stranger()
    await stranger.door("/login", phone=HERO)
    (came,) = await cabinet.street.answers(HERO)
    code = re.search(r"\d{6}", came)
    assert code is not None
    browser, _ = await at(cabinet)
    page = (await browser.get("/me/messages")).text
    assert code[0] not in page
    assert "a code, not shown" in page


async def test_a_phone_in_doubt_is_asked_first(cabinet: Cabinet, hero: int, company: asyncpg.Connection) -> None:  # T5
    await company.execute("update phones set proven_at = '2023-01-01'")
    browser = await cabinet.enter(HERO)
    for path in ("/my", "/me", "/me/messages"):
        assert (await browser.get(path)).to == "/still", path
    assert (await browser.post("/me/language", language="ru")).to == "/still"
    page = (await browser.get("/still")).text
    assert "431" not in page
    asked = await browser.say("/still")
    assert "4321" in asked
    went = await browser.post("/still/answer", answer="yes")
    assert (await browser.get(went.to)).to == "/my"
    assert (await browser.get("/me")).status == 200
