"""Phones of an account, consents, names, one's own data (R32, rulings 22 to 24)."""

import io
import json
import re
import zipfile
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
    assert TENANT not in page, "of another phone its end"
    (link,) = re.findall(r'people/off"[^>]*>.*?name="phone" value="(\d+)"', page)
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
    files = await taken(cabinet, browser)
    assert {"README.txt", "data.json", "events.csv", "messages.csv", "messages.txt"} <= files.keys()
    told = json.loads(files["data.json"])
    assert told["phone"] == HERO
    assert [one["number"] for one in told["accounts"]] == ["100004321"]
    assert {one["what"] for one in told["accounts"][0]["events"]} >= {"reading", "claim"}
    assert "BAL" in [one["words"] for one in told["messages"]]
    (bill,) = told["accounts"][0]["bills"]
    place = (await browser.get("/my")).to
    async with cabinet.session.get(f"{cabinet.url}{place}/bills/{bill['number']}/pdf", cookies=browser.cookies) as got:
        assert await got.read() == files[bill["file"]], "as it was issued"
    assert "BAL" in files["messages.txt"].decode()
    assert b"100004321;claim;" in files["events.csv"]
    assert all(TENANT.encode() not in one for one in files.values())


async def taken(cabinet: Cabinet, browser: Browser) -> dict[str, bytes]:
    """The files of the person's data, by name."""
    async with cabinet.session.get(cabinet.url + "/me/data", cookies=browser.cookies) as got:
        assert got.headers["Content-Disposition"].startswith("attachment")
        with zipfile.ZipFile(io.BytesIO(await got.read())) as file:
            return {one: file.read(one) for one in file.namelist()}


async def test_of_anothers_data_nothing_is_taken_away(cabinet: Cabinet, company: asyncpg.Connection) -> None:  # R32
    people = ((HERO, "owner"), (TENANT, "helper"))
    await make.account(company, A("100004321", (M("0098765"),), people, claims=OCTOBER, language="en"))
    await cabinet.street.text(HERO, "BAL")
    await cabinet.street.text(HERO, "=HYPERLINK(1)")
    tenant, _ = await at(cabinet, TENANT)
    files = await taken(cabinet, tenant)
    told = json.loads(files["data.json"])
    assert "events" not in told["accounts"][0]
    assert "bills" not in told["accounts"][0]
    assert not [name for name in files if name.startswith("bills/")]
    assert all(b"431.6" not in one and HERO.encode() not in one and b"BAL" not in one for one in files.values())
    hero, _ = await at(cabinet)
    assert b";'=HYPERLINK" in (await taken(cabinet, hero))["messages.csv"], "no cell is a formula"


async def test_hours_of_ones_own(cabinet: Cabinet, hero: int) -> None:  # R28
    browser, _ = await at(cabinet)
    assert (await browser.post("/me/hours", first="10", last="20")).to == "/me?said=hours_kept"
    assert "from 10:00 to 20:00" in (await browser.get("/me")).text
    for first, last in (("7", "20"), ("10", "23"), ("x", "20"), ("10", ""), ("20", "10")):
        assert (await browser.post("/me/hours", first=first, last=last)).status == 422, (first, last)
    kept = "select told_from, told_till from phones where told_from is not null"
    assert [tuple(row) for row in await cabinet.pool.fetch(kept)] == [(10, 20)]
    assert (await browser.post("/me/hours")).to == "/me?said=hours_none"
    assert await cabinet.pool.fetch(kept) == []


async def test_who_has_nothing_to_do_with_it_says_so(cabinet: Cabinet, hero: int) -> None:  # R32
    tenant, theirs = await at(cabinet, TENANT)
    assert (await tenant.post("/me/not-mine")).status == 303
    assert (await tenant.get(theirs)).status == 404


async def test_the_pages_of_people_take_few_statements(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    for path in (f"{place}/people", f"{place}/contract", f"{place}/notices", f"{place}/wishes", place, "/me",
                 "/me/phone"):  # fmt: skip
        sent = await cabinet.statements(browser, path)
        assert 1 <= len(sent) <= 5, (path, sent)


async def test_a_warning_is_read_in_the_cabinet(cabinet: Cabinet, hero: int, company: asyncpg.Connection) -> None:
    """Its text only by the phone to which it went; the button below it is its code (J11, J13)."""
    number = await warned(company, hero)
    browser, place = await at(cabinet)
    page = (await browser.get(f"{place}/notices")).text
    assert f"Notice {number} of" in page
    assert "the whole text" in page
    assert 'value="7Q4K"' in page
    assert f"Notice {number}: noted that you have read it" in await browser.say(f"{place}/notices/read", code="7Q4K")
    page = (await browser.get(f"{place}/notices")).text
    assert 'value="7Q4K"' not in page
    assert "You said on" in page
    await company.execute("update notice_recipients set phone_hash = sha256('another')")
    other = (await browser.get(f"{place}/notices")).text
    assert "the whole text" not in other
    assert "another phone" in other


async def warned(company: asyncpg.Connection, account_id: int) -> int:
    """The number of a warning that went to the hero's phone, with the row of evidence that holds its text."""
    conn, keys = company, make.keyring()
    notice = await conn.fetchval(
        """insert into notices (kind, state, created_at, created_by, since)
           values ('disconnection', 'running', now(), 'author', now()) returning id"""
    )
    customer, key = await conn.fetchrow(
        "select c.id, c.data_key from accounts a join customers c on c.id = a.customer_id where a.id = $1", account_id
    )  # type: ignore[misc]
    number: int = await conn.fetchval(
        """insert into notice_recipients (notice_id, phone_hash, subject, account_id, customer_id, language, debt, code,
                                          outbound_id, worded_at, length)
           values ($1, $2, $3, $3, $4, 'en', 43356, '7Q4K', gen_random_uuid(), now(), 5) returning id""",
        notice, keys.phone_hash(HERO), account_id, customer,
    )  # fmt: skip
    body = keys.customer(key).seal(b'{"text":"the whole text"}', purpose=b"evidence")
    await conn.execute(
        """insert into notice_evidence (recipient_id, no, what, at, body, digest, previous, hash)
           values ($1, 5, 'text', now(), $2, sha256(''), '', sha256(''))""",
        number, body,
    )  # fmt: skip
    return number


async def test_a_promise_is_of_the_account_whose_page_it_is(
    cabinet: Cabinet, hero: int, company: asyncpg.Connection
) -> None:
    other = await make.account(company, A("100004399", (M("0099911"),), ((HERO, "owner"),), language="en"))
    await company.execute("update links set evidence = 'contract 1' where account_id = any($1)", [hero, other])
    mine, theirs = await warned(company, hero), await warned(company, other)
    browser = await cabinet.enter(HERO)
    places = sorted(set(re.findall(r'href="(/my/[^/"]+)', (await browser.get("/my")).text)))
    (place,) = [one for one in places if f"Notice {mine} of" in (await browser.get(f"{one}/notices")).text]
    for day, answer in (
        ("2025-11-20", "20 Nov is over"),
        ("2026-12-01", "5 Dec at the latest"),
        ("2025-12-01", "Noted"),
    ):
        assert answer in await browser.say(f"{place}/notices/promise", day=day)
    promised = await company.fetch("select id, promised_until from notice_recipients order by id")
    assert [tuple(row) for row in promised] == [(mine, date(2025, 12, 1)), (theirs, None)]


async def test_official_notices_are_asked_for_and_answered(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    assert "No notice to you" in await browser.say(f"{place}/notices")
    assert "7WWW" in await browser.say(f"{place}/notices/read", code="7WWW")
    assert await browser.say(f"{place}/notices/promise", day="2025-12-01")
    for path, fields in (("read", {"code": " "}), ("promise", {"day": "soon"})):
        assert (await browser.post(f"{place}/notices/{path}", **fields)).status == 422
    tenant, theirs = await at(cabinet, TENANT)
    page = (await tenant.get(f"{theirs}/notices")).text
    assert "notices/read" not in page
    assert "notices/promise" not in page


async def test_erasure_is_asked_of_the_staff(cabinet: Cabinet, hero: int) -> None:
    browser, _ = await at(cabinet)
    said = await browser.say("/me/erase")
    assert re.search(r"\d", said)
    assert await cabinet.pool.fetchval("select subject from requests") == "human"
