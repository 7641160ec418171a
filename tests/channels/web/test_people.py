"""Phones of an account, consents, names, one's own data (R32, rulings 22 to 24)."""

import json
import re
from datetime import date

import asyncpg
import pytest

from tests import make
from tests.channels.web.conftest import Browser, Cabinet
from tests.make import A, M

HERO, TENANT, OTHER = "+79780001705", "+79780001706", "+79780001708"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    await make.account(company, A("100004322", (M("0098799"),), ((OTHER, "owner"),), language="en"))
    people = ((HERO, "owner"), (TENANT, "tenant"))
    return await make.account(company, A("100004321", (M("0098765"),), people, claims=OCTOBER, language="en"))


async def at(cabinet: Cabinet, phone: str = HERO) -> tuple[Browser, str]:
    browser = await cabinet.enter(phone)
    return browser, (await browser.get("/my")).to


async def test_the_owner_sees_phones_and_takes_one_off(cabinet: Cabinet, hero: int) -> None:  # R32
    browser, place = await at(cabinet)
    page = (await browser.get(f"{place}/people")).text
    assert "REG 100004321 0098765" in page
    assert TENANT not in page, "of another phone its end"
    (link,) = re.findall(r'name="phone" value="(\d+)"', page)
    tenant, theirs = await at(cabinet, TENANT)
    assert (await tenant.get(f"{theirs}/people")).status == 403
    assert (await tenant.post(f"{theirs}/people/off", phone=link)).status == 403
    stranger, strange = await at(cabinet, OTHER)
    assert (await stranger.post(f"{strange}/people/off", phone=link)).status == 422, "another account's phone"
    assert (await browser.post(f"{place}/people/off", phone=link)).to == f"{place}/people?said=phone_off"
    assert (await tenant.get(theirs)).status == 404
    (told,) = await cabinet.street.answers(TENANT)
    assert "4321" in told
    own = await cabinet.pool.fetchval("select id from links where valid_to is null and account_id = $1", hero)
    assert (await browser.post(f"{place}/people/off", phone=str(own))).status == 422, "not oneself"


async def test_consents_are_given_and_taken_back(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    assert (await browser.post(f"{place}/wishes", topic="advertising", word="yes")).status == 303
    for fields in ({"topic": "legal_sms", "word": "yes"}, {"topic": "news", "word": "yes"}, {"topic": "greeting"}):
        assert (await browser.post(f"{place}/wishes", **fields)).status == 422, fields
    assert (await browser.post(f"{place}/wishes", topic="legal_sms", word="no")).status == 303
    assert (await browser.post(f"{place}/wishes", topic="advertising", word="no")).status == 303
    rows = await cabinet.pool.fetch("select topic, given, how, by from consents order by id")
    assert [tuple(row) for row in rows] == [
        ("advertising", True, "page", ""), ("legal_sms", False, "page", ""), ("advertising", False, "page", ""),
    ]  # fmt: skip
    await browser.post(f"{place}/wishes/news", news="no")
    assert "You have refused all news" in (await browser.get(f"{place}/wishes")).text


async def test_a_name_is_the_persons_own(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    assert "Cottage" in await browser.say(f"{place}/name", name="Cottage")
    assert "Cottage" in (await browser.get(place)).text
    await browser.say(f"{place}/name", name="a name that is far too long")
    tenant, theirs = await at(cabinet, TENANT)
    assert "Cottage" not in (await tenant.get(theirs)).text


async def test_one_takes_away_his_own_data(cabinet: Cabinet, hero: int) -> None:
    await cabinet.street.text(TENANT, "04512")
    await cabinet.street.text(HERO, "BAL")
    browser, _ = await at(cabinet)
    got = await browser.get("/me/data")
    assert got.headers["Content-Disposition"].startswith("attachment")
    told = json.loads(got.text)
    assert told["phone"] == HERO
    assert [one["number"] for one in told["accounts"]] == ["100004321"]
    assert {one["what"] for one in told["accounts"][0]["events"]} >= {"reading", "claim"}
    assert "BAL" in [one["words"] for one in told["messages"]]
    assert TENANT not in got.text


async def test_erasure_is_asked_of_the_staff(cabinet: Cabinet, hero: int) -> None:
    browser, _ = await at(cabinet)
    said = await browser.say("/me/erase")
    assert re.search(r"\d", said)
    assert await cabinet.pool.fetchval("select subject from requests") == "human"
