"""Who may come where: every route of an account is walked with another's, forms come from our own pages (R36, R37)."""

import re
from dataclasses import replace
from datetime import date

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.web import menu, site
from channels.web.model import Get, Knock, Open, Ring, Try
from gateway import app
from tests import make
from tests.channels.web.conftest import SECRET, Cabinet
from tests.make import A, M

HERO, OTHER = "+79780001705", "+79780001799"
OF_AN_ACCOUNT = [route for route in menu.ROUTES if "{account}" in route.path]


@pytest.fixture
async def two(company: asyncpg.Connection) -> None:
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=claims, language="en"))
    await make.account(company, A("100004399", (M("0098799"),), ((OTHER, "owner"),), language="en"))


@pytest.mark.usefixtures("two")
async def test_anothers_account_is_not_found_by_any_route(cabinet: Cabinet) -> None:  # R36
    hero, other = await cabinet.enter(HERO), await cabinet.enter(OTHER)
    theirs = (await other.get("/my")).to.rpartition("/")[2]
    assert (await other.get(f"/my/{theirs}")).status == 200
    assert len(OF_AN_ACCOUNT) >= 5
    for route in OF_AN_ACCOUNT:
        for account in (theirs, "100004399", "2", "a" * 20, "%00"):
            path = _filled(route.path, account)
            got = await (hero.get(path) if isinstance(route, Get) else hero.post(path))
            assert got.status == 404, (route.path, account)


def _filled(path: str, account: str) -> str:
    """The address with the account in it, and something plain for every other part."""
    return "/".join(
        account if part == "{account}" else "1" if part.startswith("{") else part for part in path.split("/")
    )


@pytest.mark.usefixtures("two")
async def test_nobody_is_shown_anything_without_a_login(cabinet: Cabinet) -> None:  # R36
    nobody = cabinet.stranger()
    for route in menu.ROUTES:
        if isinstance(route, Open | Try | Ring | Knock) or not hasattr(route, "path"):
            continue
        path = _filled(route.path, "a" * 20)
        got = await (nobody.get(path) if isinstance(route, Get) else nobody.post(path, csrf="x"))
        assert (got.status, got.to.partition("?")[0]) == (303, "/login"), route.path


@pytest.mark.usefixtures("two")
async def test_a_form_of_another_site_is_refused(cabinet: Cabinet) -> None:  # R36
    hero = await cabinet.enter(HERO)
    place = (await hero.get("/my")).to
    for route in OF_AN_ACCOUNT:
        if isinstance(route, Get):
            continue
        path = _filled(route.path, place.rpartition("/")[2])
        assert (await hero.post(path, csrf="0" * 64)).status == 403, route.path
        foreign = await hero.send(path, {"csrf": "x", "key": "k" * 20}, Origin="https://evil.example")
        assert foreign.status == 403, route.path
    for path in ("/login", "/login/code", "/logout", "/tongue"):
        foreign = await cabinet.stranger().send(path, {"phone": HERO, "csrf": "x"}, Origin="https://evil.example")
        assert foreign.status == 403, path


@pytest.mark.usefixtures("two")
async def test_every_answer_has_its_headers(cabinet: Cabinet) -> None:  # R37
    hero = await cabinet.enter(HERO)
    place = (await hero.get("/my")).to
    for path in ("/", "/help", place, f"{place}/readings", "/nothing", "/static/cabinet.css", "/me"):
        got = await hero.get(path)
        policy = got.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert got.headers["X-Content-Type-Options"] == "nosniff", path
        assert " style=" not in got.text, path
        if not path.startswith("/static"):
            assert got.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("told", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
@pytest.mark.usefixtures("two")
async def test_no_address_leads_away(cabinet: Cabinet, told: str) -> None:  # R37
    browser = cabinet.stranger()
    await browser.get("/login")
    went = await browser.door("/login", phone=HERO, next=told)
    assert went.to == "/login/code?next=/my"
    switched = await browser.send("/tongue", {"lang": "en", "back": told})
    assert (switched.status, switched.to) == (303, "/")


@pytest.mark.usefixtures("two")
async def test_a_login_is_told_and_ended(cabinet: Cabinet) -> None:  # R35
    here, there = await cabinet.enter(HERO), await cabinet.enter(HERO)
    stranger = await cabinet.enter(OTHER)
    ids = [str(row[0]) for row in await cabinet.pool.fetch("select id from web_sessions order by id")]
    await stranger.post("/me/logins", login=ids[0])
    assert (await here.get("/me")).status == 200, "nobody ends the login of another"
    assert (await here.post("/me/logins", login=ids[1])).to == "/me?said=login_ended"
    assert (await there.get("/me")).to.startswith("/login")
    assert (await here.post("/me/logins/all")).to == "/login"
    assert (await here.get("/me")).to.startswith("/login")
    assert (await stranger.get("/me")).status == 200


@pytest.mark.usefixtures("two")
async def test_the_language_is_the_persons(cabinet: Cabinet) -> None:
    hero = await cabinet.enter(HERO)
    assert 'lang="en"' in (await hero.get("/me")).text
    went = await hero.post("/me/language", language="ru")
    page = await hero.get(went.to)
    assert '<html lang="ru">' in page.text
    nobody = cabinet.stranger()
    assert '<html lang="en">' in (await nobody.get("/")).text
    await nobody.send("/tongue", {"lang": "ru", "back": "/"})
    assert '<html lang="ru">' in (await nobody.get("/")).text


@pytest.mark.usefixtures("two")
async def test_behind_https_cookies_are_the_hosts_alone(cabinet: Cabinet) -> None:  # R35, R36
    """By https a cookie that proves something is sent back to this host only, and forms come from its very origin."""
    given = replace(app.cabinet_house(cabinet.street.parts, SECRET), pool=cabinet.pool, origin="https://gate.example")
    application = web.Application()
    site.install(application, given)
    async with TestServer(application, host="127.0.0.1") as server:
        url = str(server.make_url("")).rstrip("/")
        async with cabinet.session.get(f"{url}/login", headers={"Accept": "text/html"}) as page:
            csrf = re.findall(r'name="csrf" value="([^"]+)"', await page.text())[0]
            (door,) = page.headers.getall("Set-Cookie")
        assert door.startswith("__Host-meterline-door=")
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert word in door
        assert "Domain" not in door
        held = {"Cookie": door.partition(";")[0]}
        for origin, status in ((url, 403), ("https://gate.example:443", 403), ("https://gate.example", 303)):
            form = {"csrf": csrf, "phone": HERO}
            async with cabinet.session.post(
                f"{url}/login", data=form, headers=held | {"Origin": origin}, allow_redirects=False
            ) as got:
                assert got.status == status, origin
        (sms,) = await cabinet.street.answers(HERO)
        form = {"csrf": csrf, "code": re.findall(r"\d{6}", sms)[0]}
        async with cabinet.session.post(
            f"{url}/login/code", data=form, headers=held | {"Origin": "https://gate.example"}, allow_redirects=False
        ) as got:
            (login,) = [one for one in got.headers.getall("Set-Cookie") if one.startswith("__Host-meterline=")]
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert word in login
        assert "Domain" not in login
