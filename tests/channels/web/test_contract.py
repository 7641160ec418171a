"""A contract that an employee prepared is accepted in the cabinet with a code (row MS3, R34)."""

import asyncio
import re
from datetime import date

import asyncpg
import pytest

from core.accounts.model import Role
from core.cabinet.model import TRIES
from core.contracts import actions
from core.contracts.model import Document, Topic, Wanted
from core.store.pool import acquire
from tests import make
from tests.channels.web.conftest import Browser, Cabinet, told
from tests.make import A, M

HERO, TENANT, NEW = "+79780001705", "+79780001706", "+79780001777"
TODAY = date(2025, 11, 21)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    people = ((HERO, "owner"), (TENANT, "unverified"))
    return await make.account(company, A("100004321", (M("0098765"),), people, language="en"))


async def prepared(cabinet: Cabinet, account: int, phone: str = TENANT) -> int:
    wish = Wanted(
        phone, "Anna Ivanova", Role.TENANT, Document.PASSPORT, "4321", TODAY, "ru",
        topics=frozenset({Topic.SERVICE}),
    )  # fmt: skip
    at = cabinet.street.clock.now()
    async with acquire(cabinet.pool) as conn, conn.transaction():
        return (await actions.prepare(conn, account, wish, by="petrova", at=at, keyring=make.keyring())).id


async def at(cabinet: Cabinet, phone: str = TENANT) -> tuple[Browser, str]:
    browser = await cabinet.enter(phone)
    return browser, (await browser.get("/my")).to + "/contract"


async def code(cabinet: Cabinet, browser: Browser, place: str, contract: int) -> str:
    assert (await browser.post(f"{place}/code", contract=str(contract))).to == f"{place}?said=contract_code"
    found = re.search(r"\d{6}", (await cabinet.street.answers(TENANT))[-1])
    assert found is not None
    return found[0]


async def test_it_is_read_and_accepted_with_a_code(cabinet: Cabinet, hero: int) -> None:  # R14, R34
    browser, place = await at(cabinet)
    page = (await browser.get(place)).text
    assert "no contract for this phone" in page
    assert await browser.say(f"{place}/wish")
    contract = await prepared(cabinet, hero)
    assert "Anna Ivanova" in (await browser.get(place)).text
    sent = await code(cabinet, browser, place, contract)
    owner, theirs = await at(cabinet, HERO)
    assert "Anna Ivanova" not in (await owner.get(theirs)).text, "another phone's"
    for path, more in (("", {"code": sent}), ("/code", {})):
        assert (await owner.post(theirs + path, contract=str(contract), **more)).status == 422
    for _ in range(2):
        went = await browser.post(place, key="k" * 20, contract=str(contract), code=sent)
        assert went.to == f"{place}?said=contract_taken"
    assert (await browser.post(place, contract=str(contract), code=sent)).status == 422, "once"
    row = await cabinet.pool.fetchrow("select state, signed_by from contracts_now")
    assert row is not None
    assert tuple(row) == ("in_force", "customer")
    link = await cabinet.pool.fetchval("select role from links where valid_to is null and role <> 'owner'")
    assert link == "tenant", "what the employee wrote, and no more"
    assert "..17-06" in (await cabinet.street.answers(HERO))[-1]
    assert "in force" in (await browser.get(place)).text
    assert await cabinet.pool.fetchval("select given from consents_now where topic = 'service'")


async def test_five_guesses_and_another_login(cabinet: Cabinet, hero: int) -> None:  # R34, T10
    browser, place = await at(cabinet)
    contract = await prepared(cabinet, hero)
    sent = await code(cabinet, browser, place, contract)
    other, _ = await at(cabinet)
    assert (await other.post(place, contract=str(contract), code=sent)).status == 422, "another login"
    again = await prepared(cabinet, hero)
    assert (await browser.post(place, contract=str(again), code=sent)).status == 422, "another contract"
    wrong = [f"{(int(sent) + no) % 10**6:06}" for no in range(1, 31)]
    got = await asyncio.gather(*(browser.post(place, contract=str(contract), code=one) for one in wrong))
    assert {one.status for one in got} == {422}
    assert await cabinet.pool.fetchval("select max(tries) from web_codes") == TRIES
    assert "does not fit" in told((await browser.post(place, contract=str(contract), code=sent)).text)
    assert await cabinet.pool.fetchval("select count(*) from contract_signings") == 0


async def test_what_waits_too_long_is_not_offered(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    contract = await prepared(cabinet, hero)
    cabinet.street.clock.forward(days=31)
    assert "Anna Ivanova" not in (await browser.get(place)).text
    assert (await browser.post(f"{place}/code", contract=str(contract))).status == 422


async def test_codes_are_counted_with_those_of_logins(cabinet: Cabinet, hero: int) -> None:  # T7
    browser, place = await at(cabinet)
    contract = await prepared(cabinet, hero)
    got = [await browser.post(f"{place}/code", contract=str(contract)) for _ in range(4)]
    assert [one.status for one in got] == [303, 303, 303, 422]
    assert "Three codes" in told(got[-1].text)
