"""Employees log in with a password and a code of their authenticator, and stay so for a while."""

import asyncio
import re

import asyncpg
import pytest

from core.employees import proving
from core.employees.model import TRIES, Role
from tests.staff.conftest import Browser, Office, Told

PASSWORD = "seven plain words in a row"


async def secret_of(browser: Browser, invitation: str) -> str:
    told = await browser.send("/welcome", {"invitation": invitation}, Origin=browser.url)
    found = re.search(r'id="secret" readonly value="([A-Z2-7]+)"', told.text)
    assert found, told.text
    return found[1]


async def settled(office: Office, login: str, *roles: Role) -> str:
    """Somebody who has set his password; the secret of his codes."""
    invitation, browser = await office.invite(login, *roles), office.stranger()
    secret = await secret_of(browser, invitation)
    told = await take_up(office, browser, invitation, proving.code_of(secret, at=office.time.at))
    assert told.status == 303, told.text
    office.time.forward(minutes=1)
    return secret


async def take_up(office: Office, browser: Browser, invitation: str, right: str, **changes: str) -> Told:
    form = {"invitation": invitation, "password": PASSWORD, "again": PASSWORD, "code": right} | changes
    return await browser.send("/welcome", form, Origin=office.url)


async def sign_in(office: Office, login: str, password: str, code: str, to: str = "/") -> Told:
    form = {"login": login, "password": password, "code": code, "next": to}
    return await office.stranger().send("/login", form, Origin=office.url)


async def test_an_invitation_becomes_a_login(office: Office) -> None:
    # R35, R39
    secret = await settled(office, "ivanova", Role.CLERK)
    told = await sign_in(office, "Ivanova ", PASSWORD, proving.code_of(secret, at=office.time.at))
    assert (told.status, told.to) == (303, "/")
    cookie = told.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = cookie.split(";")[0].partition("=")[2]
    assert len(token) >= 43  # 256 bits
    page = await Browser(office.session, office.url, token).get("/")
    assert page.status == 200
    assert "Name of ivanova" in page.text


async def test_an_invitation_is_taken_up_once_and_within_a_day(office: Office) -> None:
    invitation, browser = await office.invite("ivanova", Role.CLERK), office.stranger()
    secret = await secret_of(browser, invitation)
    code = proving.code_of(secret, at=office.time.at)
    told = await asyncio.gather(*(take_up(office, browser, invitation, code) for _ in range(5)))
    assert sorted(one.status for one in told) == [303, 422, 422, 422, 422]
    late = await office.invite("petrova", Role.CLERK)
    office.time.forward(hours=25)
    assert (await browser.send("/welcome", {"invitation": late}, Origin=office.url)).status == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"again": "another password altogether"}, "differ"),
        ({"password": "short", "again": "short"}, "fewer than 12"),
        ({"password": "x" * 129, "again": "x" * 129}, "more than 128"),
        ({"password": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"}, "easily guessed"),
        ({"password": "ivanovaivanova1", "again": "ivanovaivanova1"}, "easily guessed"),
        ({"code": "000000"}, "did not fit"),
        ({"code": "хрень"}, "did not fit"),
    ],
)
async def test_what_cannot_be_set_is_told_and_nothing_is_set(
    office: Office, changes: dict[str, str], said: str
) -> None:
    invitation, browser = await office.invite("ivanova", Role.CLERK), office.stranger()
    secret = await secret_of(browser, invitation)
    code = proving.code_of(secret, at=office.time.at)
    told = await take_up(office, browser, invitation, code, **changes)
    assert told.status == 422
    assert said in told.text
    assert (await take_up(office, browser, invitation, code)).status == 303


async def test_whatever_is_wrong_the_answer_is_the_same(office: Office) -> None:
    # R34 in the way of T8: nobody learns which part was wrong
    secret = await settled(office, "ivanova", Role.CLERK)
    code = proving.code_of(secret, at=office.time.at)
    answers = [
        await sign_in(office, "nobody", PASSWORD, code),
        await sign_in(office, "ivanova", "another password", code),
        await sign_in(office, "ivanova", PASSWORD, "123456"),
    ]
    texts = {one.text.replace('value="nobody"', 'value="ivanova"') for one in answers}
    assert [one.status for one in answers] == [422] * 3
    assert len(texts) == 1


async def test_a_code_is_used_once(office: Office) -> None:
    secret = await settled(office, "ivanova", Role.CLERK)
    code = proving.code_of(secret, at=office.time.at)
    told = await asyncio.gather(*(sign_in(office, "ivanova", PASSWORD, code) for _ in range(4)))
    assert sorted(one.status for one in told) == [303, 422, 422, 422]


async def test_after_five_wrong_tries_the_login_waits(office: Office, owner: asyncpg.Connection) -> None:
    secret = await settled(office, "ivanova", Role.CLERK)
    told = await asyncio.gather(*(sign_in(office, "ivanova", "a wrong password", "111111") for _ in range(20)))
    assert {one.status for one in told} == {422}
    assert await owner.fetchval("select failed from employee_secrets") >= TRIES
    assert (await sign_in(office, "ivanova", PASSWORD, proving.code_of(secret, at=office.time.at))).status == 422
    office.time.forward(minutes=16)
    assert (await sign_in(office, "ivanova", PASSWORD, proving.code_of(secret, at=office.time.at))).status == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 303)])
async def test_a_login_ends_when_nothing_is_asked(office: Office, minutes: int, status: int) -> None:
    # R35
    browser = await office.enter("ivanova", Role.CLERK)
    office.time.forward(minutes=minutes)
    assert (await browser.get("/")).status == status


async def test_a_login_ends_after_twelve_hours_whatever_was_done(office: Office) -> None:
    # R35
    browser = await office.enter("ivanova", Role.CLERK)
    for _ in range(35):
        office.time.forward(minutes=20)
        assert (await browser.get("/")).status == 200
    office.time.forward(minutes=21)
    assert (await browser.get("/")).to == "/login?next=/"


async def test_a_logout_ends_the_login_on_the_server(office: Office) -> None:
    # R35
    browser = await office.enter("ivanova", Role.CLERK)
    assert (await browser.post("/logout")).to == "/login"
    assert (await browser.get("/")).status == 303


async def test_who_loses_his_roles_is_out_at_once(office: Office) -> None:
    # R39
    admin, clerk = await office.enter("root", Role.ADMIN), await office.enter("ivanova", Role.CLERK)
    assert (await admin.post("/people/roles", login="ivanova")).to == "/people?said=roles"
    assert (await clerk.get("/")).status == 303


@pytest.mark.parametrize(
    ("told", "to"),
    [
        ("/looks?before=3", "/looks?before=3"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
async def test_a_login_leads_nowhere_else(office: Office, told: str, to: str) -> None:
    # R37
    secret = await settled(office, "ivanova", Role.CLERK)
    answer = await sign_in(office, "ivanova", PASSWORD, proving.code_of(secret, at=office.time.at), told)
    assert answer.to == to


async def test_a_login_of_another_site_is_refused(office: Office) -> None:
    # R36
    form = {"login": "a", "password": "b", "code": "c"}
    assert (await office.stranger().send("/login", form, Origin="https://evil.example")).status == 403
