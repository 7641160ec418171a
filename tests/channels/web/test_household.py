"""An owner shares his account, and a person takes another phone (rulings 22 to 24, R14, R35, T5, T7, T8)."""

import asyncio
import re
import secrets
from datetime import date

import asyncpg
import pytest

from core.accounts.household.model import INVITATIONS
from core.cabinet.model import TRIES
from gateway import moving
from tests import make
from tests.channels.web.conftest import Browser, Cabinet, told
from tests.make import A, M

HERO, TENANT, OTHER, NEW, AUNT = "+79780001705", "+79780001706", "+79780001708", "+79780001777", "+79780001788"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    await make.account(company, A("100004322", (M("0098799"),), ((OTHER, "owner"),), language="en"))
    people = ((HERO, "owner"), (TENANT, "tenant"))
    return await make.account(company, A("100004321", (M("0098765"),), people, claims=OCTOBER, language="en"))


async def at(cabinet: Cabinet, phone: str = HERO) -> tuple[Browser, str]:
    browser = await cabinet.enter(phone)
    return browser, (await browser.get("/my")).to


async def roles(cabinet: Cabinet, account: int) -> dict[bytes, tuple[str, list[str]]]:
    rows = await cabinet.pool.fetch(
        "select phone_hash, role, extra from links where account_id = $1 and valid_to is null", account
    )
    return {row["phone_hash"]: (row["role"], row["extra"]) for row in rows}


def of(phone: str) -> bytes:
    return make.keyring().phone_hash(phone)


async def invite(browser: Browser, place: str, phone: str, role: str = "tenant", **more: str) -> str:
    """Where the invitation leads, or what is wrong with it."""
    got = await browser.post(f"{place}/people/invite", number=phone, role=role, **more)
    return got.to or told(got.text)


async def test_a_relative_accepts_by_sms(cabinet: Cabinet, hero: int) -> None:  # R32
    browser, place = await at(cabinet)
    assert await invite(browser, place, AUNT, "helper", scope_read="1") == f"{place}/people?said=invited"
    (asked,) = await cabinet.street.answers(AUNT)
    assert "..17-05" in asked
    assert "..4321" in asked
    assert HERO not in asked
    page = (await browser.get(f"{place}/people")).text
    assert AUNT in page, "who invites named the number himself"
    assert "no longer" not in asked
    assert "Y or NO" in (await cabinet.street.text(AUNT, "hello there"))[0], "it is told again"
    (taken,) = await cabinet.street.text(AUNT, "Y")
    assert "linked to account ..4321" in taken
    assert (await roles(cabinet, hero))[of(AUNT)] == ("helper", ["read"])
    assert "..17-88" in (await cabinet.street.answers(HERO))[-1], "the owner is told"
    assert "431.60" in (await cabinet.street.text(AUNT, "BAL"))[0]
    assert await cabinet.pool.fetchval("select how from invitation_ends") == "accepted"
    await cabinet.street.text(HERO, "NOT ME")
    assert of(AUNT) not in await roles(cabinet, hero), "ruling 24"


async def test_a_relative_declines_or_comes_too_late(cabinet: Cabinet, hero: int) -> None:
    browser, place = await at(cabinet)
    await invite(browser, place, AUNT)
    await cabinet.street.answers(AUNT)
    assert "not linked" in (await cabinet.street.text(AUNT, "NO"))[0]
    await invite(browser, place, AUNT)
    await cabinet.street.answers(AUNT)
    (link,) = re.findall(r'name="invitation" value="(\d+)"', (await browser.get(f"{place}/people")).text)
    stranger, strange = await at(cabinet, OTHER)
    assert (await stranger.post(f"{strange}/people/withdraw", invitation=link)).status == 422, "another account's"
    assert (await browser.post(f"{place}/people/withdraw", invitation=link)).to.endswith("invitation_back")
    await cabinet.street.text(AUNT, "Y")
    assert of(AUNT) not in await roles(cabinet, hero), "taken back"
    await invite(browser, place, NEW)
    await cabinet.street.answers(NEW)
    cabinet.street.clock.forward(hours=73)
    await cabinet.street.text(NEW, "Y")
    assert of(NEW) not in await roles(cabinet, hero), "too late"


async def test_a_known_phone_accepts_in_the_cabinet(cabinet: Cabinet, hero: int) -> None:  # R14
    browser, place = await at(cabinet)
    assert "said=invited" in await invite(browser, place, OTHER, "payer")
    other, own = await at(cabinet, OTHER)
    await cabinet.pool.execute("delete from questions")  # as where another question was open to it
    page = (await other.get(own)).text
    assert "..17-05" in page
    assert "..4321" in page
    (found,) = re.findall(r'name="invitation" value="(\d+)"', page)
    tenant, _ = await at(cabinet, TENANT)
    assert (await tenant.post("/me/invitations", invitation=found, word="yes")).status == 422, "another's invitation"
    key = secrets.token_urlsafe(16)
    for _ in range(2):
        assert (await other.post("/me/invitations", key=key, invitation=found, word="yes")).to == "/my?said=shared"
    assert (await other.post("/me/invitations", invitation=found, word="yes")).status == 422, "once"
    assert (await roles(cabinet, hero))[of(OTHER)] == ("payer", [])
    assert len(re.findall(r'href="/my/[a-z2-7]{20}"', (await other.get("/my")).text)) >= 2
    assert "..17-08" in (await cabinet.street.answers(HERO))[-1]


async def test_an_invitation_is_accepted_once_whatever_the_way(cabinet: Cabinet, hero: int) -> None:  # R14
    browser, place = await at(cabinet)
    await invite(browser, place, OTHER, "payer")
    other, _ = await at(cabinet, OTHER)
    await cabinet.street.answers(OTHER)
    found = str(await cabinet.pool.fetchval("select id from invitations"))
    await asyncio.gather(
        cabinet.street.text(OTHER, "Y"),
        *(other.post("/me/invitations", invitation=found, word="yes") for _ in range(4)),
    )
    assert await cabinet.pool.fetchval("select count(*) from invitation_ends") == 1
    rows = await cabinet.pool.fetch(
        "select valid_to from links where account_id = $1 and phone_hash = $2", hero, of(OTHER)
    )
    assert [row["valid_to"] for row in rows] == [None]


async def test_who_manages_no_more_has_invited_nobody(
    cabinet: Cabinet, company: asyncpg.Connection, hero: int
) -> None:  # R32
    browser, place = await at(cabinet)
    await invite(browser, place, AUNT)
    await cabinet.street.answers(AUNT)
    await company.execute("update links set valid_to = now() where phone_hash = $1", of(HERO))
    assert "no longer open" in (await cabinet.street.text(AUNT, "Y"))[0]
    assert of(AUNT) not in await roles(cabinet, hero)


async def test_what_an_owner_cannot_give(cabinet: Cabinet, hero: int) -> None:  # R32, T7
    browser, place = await at(cabinet)
    for phone, role, more in (
        ("12", "tenant", {}), (HERO, "tenant", {}), ("+12025550123", "tenant", {}), (TENANT, "payer", {}),
        (AUNT, "owner", {}), (AUNT, "unverified", {}), (AUNT, "payer", {"scope_promise": "1", "scope_manage": "1"}),
    ):  # fmt: skip
        wrong = await invite(browser, place, phone, role, **more)
        assert wrong == f"{place}/people?said=invited" if "scope_manage" in more else not wrong.startswith("/"), phone
    assert (await cabinet.pool.fetchval("select extra from invitations")) == [], "nobody can tick the owner's own"
    tenant, theirs = await at(cabinet, TENANT)
    for path, fields in (("invite", {"number": AUNT, "role": "tenant"}), ("rights", {"phone": "1", "role": "payer"})):
        assert (await tenant.post(f"{theirs}/people/{path}", **fields)).status == 403
    for no in range(INVITATIONS):
        last = await invite(browser, place, f"+7978000{2000 + no}")
    assert not last.startswith("/"), "five a day, the first among them"
    await cabinet.street.quiet()
    assert await cabinet.pool.fetchval("select count(*) from outbox where kind = 'Invited'") == INVITATIONS


async def test_rights_are_changed_and_told(cabinet: Cabinet, hero: int) -> None:  # R32
    browser, place = await at(cabinet)
    page = (await browser.get(f"{place}/people")).text
    (link,) = re.findall(r'people/off"[^>]*>.*?name="phone" value="(\d+)"', page)
    went = await browser.post(f"{place}/people/rights", phone=link, role="helper", scope_visit="1")
    assert went.to.endswith("rights_given")
    assert (await roles(cabinet, hero))[of(TENANT)] == ("helper", ["visit"])
    assert "cannot see the sums" in (await cabinet.street.answers(TENANT))[0]
    tenant, theirs = await at(cabinet, TENANT)
    assert "431.60" not in (await tenant.get(theirs)).text
    assert (await tenant.get(f"{theirs}/bills")).status == 403
    assert (await browser.post(f"{place}/people/rights", phone=link, role="payer")).status == 422, "it ended"
    own = await cabinet.pool.fetchval("select id from links where valid_to is null and phone_hash = $1", of(HERO))
    assert (await browser.post(f"{place}/people/rights", phone=str(own), role="tenant")).status == 422, "not oneself"
    stranger, strange = await at(cabinet, OTHER)
    now = await cabinet.pool.fetchval("select id from links where valid_to is null and phone_hash = $1", of(TENANT))
    assert (await stranger.post(f"{strange}/people/rights", phone=str(now), role="payer")).status == 422
    assert await cabinet.pool.fetchval("select count(*) from link_ends where evidence = 'owner changed'") == 1


async def test_an_unverified_phone_is_given_a_role(cabinet: Cabinet, hero: int) -> None:  # R32
    (sent,) = await cabinet.street.text(AUNT, "REG 100004321 0098765")
    found = re.search(r"\d{6}", sent)
    assert found is not None
    await cabinet.street.text(AUNT, found[0])
    browser, place = await at(cabinet)
    assert "..17-88" not in (await browser.get(f"{place}/bills")).text
    assert 'value="yes"' in (await browser.get(place)).text, "the owner is asked"
    link = await cabinet.pool.fetchval("select id from links where phone_hash = $1 and valid_to is null", of(AUNT))
    assert (await roles(cabinet, hero))[of(AUNT)][0] == "unverified"
    assert (await browser.post(f"{place}/people/rights", phone=str(link), role="payer")).to.endswith("rights_given")
    assert 'value="yes"' not in (await browser.get(place)).text, "and has answered"
    await cabinet.street.answers(AUNT)
    assert "431.60" in (await cabinet.street.text(AUNT, "BAL"))[0]


async def test_who_logged_in_long_ago_does_so_again(
    cabinet: Cabinet, company: asyncpg.Connection, hero: int
) -> None:  # R35
    browser, place = await at(cabinet)
    await company.execute("update web_sessions set begun_at = begun_at - interval '16 minutes'")
    assert "Log in again" in (await browser.get(f"{place}/people")).text
    assert "15 minutes" in await invite(browser, place, AUNT)
    assert "15 minutes" in told((await browser.post("/me/phone", number=NEW)).text)
    assert await cabinet.pool.fetchval("select count(*) from outbox") == 0
    assert (await browser.post("/me/again", next="//evil.example")).to == "/login?next=/me"
    assert (await browser.get("/me")).to == "/login?next=/me"


async def begun(cabinet: Cabinet, browser: Browser, phone: str = NEW) -> str:
    """The code that came to the new phone."""
    got = await browser.post("/me/phone", number=phone)
    assert got.status == 200, told(got.text)
    found = re.search(r"\d{6}", (await cabinet.street.answers(phone))[-1])
    assert found is not None
    return found[0]


async def test_a_new_phone_takes_the_place_of_the_old(cabinet: Cabinet, hero: int) -> None:  # R35
    browser, place = await at(cabinet)
    made = await browser.post("/me/programs", name="sheet", scope_read="1", days="30")
    token = re.search(r"mlt_[\w-]+|[\w-]{40,}", made.text)
    assert made.status == 200
    assert token is not None
    await browser.say(f"{place}/name", name="Dacha")
    code = await begun(cabinet, browser)
    again = await browser.post("/me/phone/code", number="8 (978) 000-17-77", code=code)
    assert again.to == "/me/phone?said=move_begun", "the number as people write it, where the page of the code was left"
    (warned,) = [one for one in await cabinet.street.answers(HERO) if "..17-77" in one]
    assert "NOT ME" in warned
    assert NEW in (await browser.get("/me/phone")).text
    assert "under way" in told((await browser.post("/me/phone", number=AUNT)).text)
    assert await moving.look(cabinet.street.parts) == 0, "it waits"
    cabinet.street.clock.forward(hours=25)
    assert await moving.look(cabinet.street.parts) == 1
    assert await moving.look(cabinet.street.parts) == 0
    assert (await roles(cabinet, hero)).keys() == {of(NEW), of(TENANT)}
    assert (await roles(cabinet, hero))[of(NEW)][0] == "owner"
    assert (await browser.get(place)).to.startswith("/login"), "its logins end"
    ended = "select count(*) filter (where ended_at is null) from "
    assert await cabinet.pool.fetchval(ended + "api_tokens") == 0
    assert "..17-77" in (await cabinet.street.answers(HERO))[-1]
    assert (await cabinet.street.answers(NEW))[-1].startswith("Your accounts are now on this phone")
    new, there = await at(cabinet, NEW)
    assert "Dacha" in (await new.get(there)).text
    assert "Dacha" not in (await cabinet.street.text(HERO, "BAL"))[0]


@pytest.mark.parametrize("way", ["sms", "page"])
async def test_the_old_phone_stops_it(cabinet: Cabinet, hero: int, way: str) -> None:  # R35, T5
    browser, _ = await at(cabinet)
    await browser.post("/me/phone/code", number=NEW, code=await begun(cabinet, browser))
    await cabinet.street.answers(HERO)
    if way == "sms":
        assert "cancelled" in (await cabinet.street.text(HERO, "NOT ME"))[-1]
    else:
        key = secrets.token_urlsafe(16)
        for _ in range(2):
            assert (await browser.post("/me/phone/stop", key=key)).to == "/me/phone?said=move_stopped"
        assert (await browser.post("/me/phone/stop")).status == 422
    cabinet.street.clock.forward(hours=25)
    assert await moving.look(cabinet.street.parts) == 0
    assert of(HERO) in await roles(cabinet, hero), "it is taken off nothing"
    assert of(NEW) not in await roles(cabinet, hero)


async def test_sixty_guesses_at_a_new_phone_are_five(cabinet: Cabinet, hero: int) -> None:  # R34, T10
    browser, _ = await at(cabinet)
    other, _ = await at(cabinet)
    code = await begun(cabinet, browser)
    assert (await other.post("/me/phone/code", number=NEW, code=code)).status == 422, "another login's code"
    assert (await browser.post("/me/phone/code", number=AUNT, code=code)).status == 422, "another phone's"
    wrong = [f"{(int(code) + no) % 10**6:06}" for no in range(1, 61)]
    answers = await asyncio.gather(*(browser.post("/me/phone/code", number=NEW, code=one) for one in wrong))
    assert {one.status for one in answers} == {422}
    assert await cabinet.pool.fetchval("select max(tries) from web_codes") == TRIES
    assert (await browser.post("/me/phone/code", number=NEW, code=code)).status == 422
    assert await cabinet.pool.fetchval("select count(*) from phone_moves") == 0
    assert (await browser.door("/login/code", code=code)).to != "/my", "and it opens no cabinet"


async def test_codes_for_a_new_phone_are_counted(cabinet: Cabinet, hero: int) -> None:  # T7
    browser, _ = await at(cabinet)
    for phone in ("12", HERO, "+12025550123"):
        assert (await browser.post("/me/phone", number=phone)).status == 422, phone
    got = [await browser.post("/me/phone", number=f"+7978000{3000 + no}") for no in range(4)]
    assert [one.status for one in got] == [200, 200, 422, 422], "three a day, the foreign one among them"
    assert await cabinet.pool.fetchval("select count(*) from outbox where kind = 'MoveCode'") == 2


async def test_two_changes_at_once_are_one(cabinet: Cabinet, hero: int) -> None:  # R14
    one, two = (await at(cabinet))[0], (await at(cabinet))[0]
    codes = [(one, NEW, await begun(cabinet, one)), (two, AUNT, await begun(cabinet, two, AUNT))]
    await asyncio.gather(*(who.post("/me/phone/code", number=phone, code=code) for who, phone, code in codes))
    assert await cabinet.pool.fetchval("select count(*) from phone_moves") == 1
    cabinet.street.clock.forward(hours=25)
    done = await asyncio.gather(*(moving.look(cabinet.street.parts) for _ in range(3)))
    assert sum(done) >= 1
    assert await cabinet.pool.fetchval("select count(*) from links where valid_to is null and role = 'owner'") == 2
    assert len((await roles(cabinet, hero)).keys() & {of(NEW), of(AUNT)}) == 1


async def test_a_phone_that_has_more_there_keeps_it(cabinet: Cabinet, hero: int) -> None:
    tenant, _ = await at(cabinet, TENANT)
    await tenant.post("/me/phone/code", number=HERO, code=await begun(cabinet, tenant, HERO))
    cabinet.street.clock.forward(hours=25)
    await moving.look(cabinet.street.parts)
    assert await roles(cabinet, hero) == {of(HERO): ("owner", [])}
