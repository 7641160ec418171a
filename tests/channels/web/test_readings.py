"""Readings of all meters on one form: taken, asked about, refused; each form once (R14)."""

import asyncio
import json
import re
from datetime import date

import asyncpg
import pytest

from tests import make
from tests.channels.web.conftest import Browser, Cabinet
from tests.make import A, M

HERO, HELPER, OTHER = "+79780001705", "+79780001706", "+79780001707"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
TWO = (M("0098765"), M("777123", ("100", "50"), zones=("day", "night"), tariff="RU-2ZONE", usual=("90", "40")))


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    made = A("100004321", (M("0098765"),), ((HERO, "owner"), (HELPER, "helper")), claims=OCTOBER, language="en")
    return await make.account(company, made)


async def at_readings(cabinet: Cabinet, phone: str = HERO) -> tuple[Browser, str, list[str]]:
    """A browser, the address of the form, and the names of its fields."""
    browser = await cabinet.enter(phone)
    place = (await browser.get("/my")).to + "/readings"
    page = await browser.get(place)
    assert page.status == 200, page.text
    return browser, place, re.findall(r'name="(r\d+\.\d+)"', page.text)


async def test_a_reading_is_taken_and_the_sum_told(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    said = await browser.say(place, **{field: "04512"})
    assert said.startswith("Accepted 04512 (+187 kWh). To pay 1052.44, of which overdue 431.60.")
    assert "1,052.44" in (await browser.get(place.removesuffix("/readings"))).text
    assert "04325" in await browser.say(f"{place}/undo")


async def test_the_same_form_twice_is_one_message(cabinet: Cabinet, hero: int) -> None:  # R14
    browser, place, [field] = await at_readings(cabinet)
    sent = await asyncio.gather(*(browser.post(place, key="k" * 20, **{field: "04512"}) for _ in range(5)))
    assert {(one.status, one.to) for one in sent} == {(303, f"{place}?told={'k' * 20}")}
    assert await cabinet.pool.fetchval("select count(*) from inbox where channel = 'web'") == 1
    other = await browser.post(place, key="k" * 20, **{field: "04513"})
    assert other.status == 409
    assert "Accepted 04512" in (await browser.get(sent[0].to)).text
    assert await cabinet.pool.fetchval("select count(*) from alarms") == 0


async def test_an_odd_number_is_asked_about(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    asked = await browser.say(place, **{field: "05912"})
    assert "05912" in asked
    page = await browser.get(place)
    assert "We are waiting for your answer" in page.text
    assert "Accepted 05912" in await browser.say(f"{place}/answer", answer="yes")
    assert "We are waiting for your answer" not in (await browser.get(place)).text


async def test_another_number_answers_the_question(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    await browser.say(place, **{field: "05912"})
    assert "Accepted 04512" in await browser.say(place, **{field: "04512"})
    assert "We are waiting for your answer" not in (await browser.get(place)).text


@pytest.mark.parametrize("digits", ["abc", "-5", "1e3", "12 34 x", "٤٥", "0" * 30])
async def test_what_is_no_number_is_told_so(cabinet: Cabinet, hero: int, digits: str) -> None:
    browser, place, [field] = await at_readings(cabinet)
    page = await browser.post(place, **{field: digits})
    assert page.status == 422
    assert "That is no reading" in page.text
    assert digits in page.text, "what was typed stays"


async def test_an_empty_form_and_a_day_too_far(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    assert "Fill at least one field" in (await browser.post(place)).text
    assert "was not understood" in (await browser.post(place, **{field: "04512"}, on="yesterday")).text
    assert "2025" in await browser.say(place, **{field: "04512"}, on="2025-09-01")
    assert await cabinet.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_all_meters_stand_on_one_form(cabinet: Cabinet, company: asyncpg.Connection) -> None:
    await make.account(company, A("100004322", TWO, ((OTHER, "owner"),), language="en"))
    browser, place, fields = await at_readings(cabinet, OTHER)
    assert len(fields) == 3
    said = await browser.say(place, **dict(zip(fields, ("04512", "190", "90"), strict=True)))
    assert all(digits in said for digits in ("04512", "190", "90"))
    assert await cabinet.pool.fetchval("select count(*) from readings where inbox_id is not null") == 3


async def test_a_helper_learns_nothing(cabinet: Cabinet, hero: int) -> None:  # R32
    browser, place, [field] = await at_readings(cabinet, HELPER)
    for page in ("", "/readings"):
        text = (await browser.get(place.removesuffix("/readings") + page)).text
        assert not any(secret in text for secret in ("04325", "431.60", "431,60"))
    preview = await browser.get(f"{place}/sum?{field}=04512")
    assert json.loads(preview.text) == {"text": "It fits", "good": True}
    assert "1052" not in await browser.say(place, **{field: "04512"})


async def test_what_it_would_come_to_is_told_and_nothing_stored(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    told = json.loads((await browser.get(f"{place}/sum?{field}=04512")).text)
    assert told == {"text": "use 187\u00a0kWh, to pay then: 1,052.44\u00a0₽", "good": True}
    low = json.loads((await browser.get(f"{place}/sum?{field}=04112")).text)
    assert (low["good"], "04325" in low["text"]) == (False, True)
    assert await cabinet.pool.fetchval("select count(*) from inbox") == 0


async def test_pages_take_few_statements(cabinet: Cabinet, hero: int) -> None:
    browser, place, [field] = await at_readings(cabinet)
    went = await browser.post(place, **{field: "04512"})
    for path in (went.to, place.removesuffix("/readings"), f"{place}/sum?{field}=04513", "/me"):
        sent = await cabinet.statements(browser, path)
        assert 1 < len(sent) <= 5, (path, sent)
