"""Odd and hostile input on every page and every form: a clear answer, nothing put aside, never a failure of ours."""

import asyncio
import re
from datetime import date

import aiohttp
import asyncpg
import pytest

from channels.web import checking, menu
from channels.web.model import Get, Knock, Open, Post, Ring, Say, Try
from core.basics import tokens
from tests import make, offices
from tests.channels.web.conftest import Browser, Cabinet
from tests.channels.web.test_api import key, program
from tests.flows.conftest import NOON
from tests.make import A, M

HERO = "+79780001705"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)

ODD = (
    "", "9" * 18, "9" * 4000, "999999999999.999999", "yes", "0001-01-01", "9999-12-31 23:59 1", "<b>'\";--{{7*7}}%s",
    "\0\u202e\u0664\U0001f600" * 9,
)  # fmt: skip
"""What is written into every field."""

FIELDS = (
    "number", "serial", "digits", "second", "third", "phone", "code", "answer", "on", "subject", "words", "name",
    "first", "last", "invitation", "word", "login", "topic", "news", "slot", "office", "about", "move", "ticket", "day",
    "contract", "role", "scope_read", "scope_submit", "token", "days", "lang", "back", "next", "by", "language", "file",
)  # fmt: skip
"""The fields of all forms, beside those of registers."""

ASKED = (
    "lang", "told", "said", "before", "from", "office", "about", "move", "ticket", "since", "service", "w", "file",
    "next", "on",
)  # fmt: skip
"""What addresses may carry."""


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    await offices.set_up(company, {}, at=NOON)
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), OCTOBER, language="en"))


async def _place(browser: Browser) -> tuple[str, str]:
    """The account's part of an address, and the name of the field of its register."""
    account = (await browser.get("/my")).to.rpartition("/")[2]
    [field] = re.findall(r'name="(r\d+\.\d+)"', (await browser.get(f"/my/{account}/readings")).text)
    return account, field


def _filled(path: str, account: str) -> str:
    return re.sub(r"\{\w+\}", "1", path.replace("{account}", account))


async def test_every_form_answers_whatever_is_written_into_it(cabinet: Cabinet, hero: int) -> None:  # R3
    browser = await cabinet.enter(HERO)
    account, register = await _place(browser)
    wrong: list[tuple[str, str, int]] = []
    ending = ("/me/logins/all", "/me/again")
    for route in sorted(menu.ROUTES, key=lambda one: one.path in ending):
        if not isinstance(route, Post | Say):
            continue
        if route.path in ending:
            browser = await cabinet.enter(HERO)
        for value in ODD:
            told = await browser.post(_filled(route.path, account), **dict.fromkeys((*FIELDS, register), value))
            if told.status >= 500 or (told.status >= 400 and "<h1>" not in told.text):
                wrong.append((route.path, value[:20], told.status))
    assert wrong == []
    assert await cabinet.pool.fetchval("select count(*) from inbox where fate = 'quarantined'") == 0


async def test_every_form_for_everybody_answers_too(cabinet: Cabinet, hero: int) -> None:  # R3
    wrong: list[tuple[str, str, int]] = []
    browser = cabinet.stranger()
    knocks = [one.path for one in menu.ROUTES if isinstance(one, Knock) and one.path != "/visit/leave"]
    doors = ["/login", "/login/code", "/reading", *knocks]
    csrf = re.findall(r'name="csrf" value="([^"]+)"', (await browser.get("/login")).text)[0]
    for path in (*doors, "/tongue", "/logout", *(one.path for one in menu.ROUTES if isinstance(one, Try))):
        for value in ODD:
            fields = {**dict.fromkeys(FIELDS, value), "csrf": csrf, "key": "k" * 20}
            told = await browser.send(path, fields)
            if told.status >= 500 or (told.status >= 400 and "<h1>" not in told.text):
                wrong.append((path, value[:20], told.status))
    for slot in (
        "9999-12-31 10:20",
        "0001-01-01 10:20",
        "2099-12-31 23:59",
        "1999-01-01 00:00 1",
        "2025-11-24 10:20 x",
    ):
        told = await browser.send("/visit", {"csrf": csrf, "slot": slot, "office": "feodosia", "about": "meter"})
        if told.status not in (200, 422):
            wrong.append(("/visit", slot, told.status))
    assert wrong == []
    assert await cabinet.pool.fetchval("select count(*) from inbox where fate = 'quarantined'") == 0


async def test_every_page_answers_whatever_its_address_carries(cabinet: Cabinet, hero: int) -> None:  # R3
    browser = await cabinet.enter(HERO)
    account, register = await _place(browser)
    wrong: list[tuple[str, str, int]] = []
    for route in menu.ROUTES:
        if not isinstance(route, Get | Open | Ring) or route.path == "/me/data":
            continue
        for value in ("9" * 18, "0001-01-01", "%00%ff%ed%a0%80", "9" * 17 + ".reading.x"):
            query = "&".join(f"{name}={value}" for name in (*ASKED, register))
            told = await browser.get(f"{_filled(route.path, account)}?{query}")
            if told.status >= 500:
                wrong.append((route.path, value, told.status))
    assert wrong == []


async def test_every_page_of_the_cabinet_takes_few_statements(cabinet: Cabinet, hero: int) -> None:
    browser = await cabinet.enter(HERO)
    account, _ = await _place(browser)
    many: list[tuple[str, list[str]]] = []
    for route in menu.ROUTES:
        if not isinstance(route, Get) or route.path == "/me/data" or "{no}" in route.path:
            continue
        path = _filled(route.path, account)
        if (await browser.get(path)).status == 200:
            sent = await cabinet.statements(browser, path)
            many += [(route.path, sent)] if len(sent) > 5 else []
    assert many == []


async def test_whose_last_account_has_gone_is_shown_what_is_left(
    cabinet: Cabinet, hero: int, company: asyncpg.Connection
) -> None:
    browser = await cabinet.enter(HERO)
    account, _ = await _place(browser)
    await company.execute("update links set valid_to = now()")
    wrong = []
    for route in menu.ROUTES:
        if isinstance(route, Get) and route.path != "/me/data":
            told = await browser.get(_filled(route.path, account))
            if told.status not in ((404,) if "{account}" in route.path else (200, 303, 404)):
                wrong.append((route.path, told.status))
    assert wrong == []


async def test_odd_headers_are_nobodys(cabinet: Cabinet, hero: int) -> None:  # R3, R36
    """Bytes that are no text where a login, a token or an origin is looked for."""
    browser = await cabinet.enter(HERO)
    account, register = await _place(browser)
    for line in (b'Cookie: meterline="\\377"', b"Cookie: meterline=\xff", b'Cookie: meterline="\xff\xed\xa0\x80"'):
        assert await _status(cabinet, b"GET /me", line) == 303, line
    for line in (b"Authorization: Bearer mtl_\xff", b"Authorization: \xff", b"Authorization: bearer mtl_"):
        assert await _status(cabinet, b"GET /api/v1/accounts", line) == 401, line
    assert await _status(cabinet, b"GET /", b"Accept-Language: \xff;q=1e999,en;q=x", b"Accept: text/html\xff") == 200
    form = {"csrf": tokens.form_token(browser.token), "key": key(), register: "04512"}
    for origin in ("http://[", "null", "", cabinet.url + "]", cabinet.url.replace("http:", "https:") + ".example"):
        assert (await browser.send(f"/my/{account}/readings", form, Origin=origin)).status == 403, origin
        assert (await cabinet.stranger().send("/tongue", {"lang": "en"}, Origin=origin)).status == 403, origin


async def _status(cabinet: Cabinet, call: bytes, *lines: bytes) -> int:
    """The status of the answer to a call with these lines in its head, byte for byte."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(cabinet.url.rpartition(":")[2]))
    writer.write(b"\r\n".join((call + b" HTTP/1.1", b"Host: gate", b"Connection: close", *lines, b"", b"")))
    told = await reader.read()
    writer.close()
    return int(told.split()[1])


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\ud800": 1}',
        b'{"readings": [{"meter": "\\ud800", "value": "4512"}]}',
        b'{"readings": [{"meter": "S1", "value": "4512", "' + b"x" * 60_000 + b'": 1}]}',
        b'{"readings": [{"meter": "S1", "value": "4512"}], "on": 0}',
        b'{"readings": [{"meter": "S1", "value": "4512"}], "on": 1e300}',
        b'{"readings": [{"meter": "S1", "value": "4512"}], "on": "0001-01-01"}',
        b'{"readings": NaN}',
        b'{"readings": {"0": {}}}',
        b'{"readings": ' + b"[" * 200 + b"]" * 200 + b"}",
    ],
)
async def test_a_body_of_odd_values_is_a_problem(cabinet: Cabinet, hero: int, body: bytes) -> None:
    it = await program(cabinet)
    status, told, headers = await it.call("POST", f"{await it.home()}/readings", data=body, key=key())
    assert (status, told["status"]) == (422, 422)
    assert headers["Content-Type"].startswith("application/problem+json")
    assert len(told["detail"]) <= 500


async def test_whoever_asks_for_no_page_gets_the_status(cabinet: Cabinet, hero: int) -> None:
    async with cabinet.session.head(f"{cabinet.url}/") as got:
        assert (got.status, await got.read()) == (200, b"")
    browser = await cabinet.enter(HERO)
    told = await browser.send("/me/hours", dict.fromkeys(map(str, range(101)), "x"))
    assert (told.status, "cannot be read" in told.text) == (400, True)
    broken = await browser.get("/me", Accept="*/*")
    assert broken.status == 200


async def test_who_comes_while_many_are_checked_is_told_so(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_line", asyncio.Semaphore(0))
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("file", b"{}", filename="protocol.json", content_type="application/json")
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    async with cabinet.session.post(f"{cabinet.url}/check", data=form, headers=headers) as got:
        assert (got.status, "again in a minute" in await got.text()) == (429, True)
