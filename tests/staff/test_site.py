"""Every page and form of the staff: its roles, its headers, its token, and that it is done once."""

import asyncio
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from aiohttp.test_utils import TestServer

from core.basics import tokens
from core.employees.model import EVERYBODY, Role
from gateway.parts import words
from staff import menu, site
from staff.model import Asked, Get, House, Page, Post
from tests import make
from tests.staff.conftest import Office

PUBLIC = {"/login", "/welcome", "/display/{code}"}
SAMPLES = {
    "id": "1", "run": "prove@2025-11-20", "fault": "no_phone", "month": "late", "no": "1", "photo": "1",
    "name": "RU-household",
}  # fmt: skip
"""What stands for each part of an address that changes."""


def there_is(path: str) -> str:
    """An address that fits the path of a route."""
    for name, value in SAMPLES.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"no sample for {path}"
    return path


def test_every_route_names_its_roles() -> None:
    # R36, R39
    named = {(type(one).__name__.upper(), one.path) for one in menu.ROUTES}
    house = object.__new__(House)
    app = site.build(house, site.Outside())
    there = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    without = {one for one in there - named if one[1] not in PUBLIC and not one[1].startswith("/static/")}
    assert without == set()
    assert len(named) == len(menu.ROUTES), "a route stands twice"
    for route in menu.ROUTES:
        assert route.roles, f"{route.path} is for nobody"
        assert route.roles <= EVERYBODY


@pytest.mark.parametrize("route", [one for one in menu.ROUTES if isinstance(one, Get)], ids=lambda one: one.path)
async def test_who_has_no_role_sees_no_page(office: Office, route: Get) -> None:
    # R39: the whole matrix, each role by itself
    path = there_is(route.path)
    for role in Role:
        browser = await office.enter(f"as-{role}", role)
        status = (await browser.get(path)).status
        assert (status == 403) == (role not in route.roles), (role, status)
    assert (await office.stranger().get(path)).to.startswith("/login?next=")


@pytest.mark.parametrize("route", [one for one in menu.ROUTES if isinstance(one, Post)], ids=lambda one: one.path)
async def test_who_has_no_role_sends_no_form(office: Office, route: Post) -> None:
    # R36, R39
    path = there_is(route.path)
    for role in sorted(EVERYBODY - route.roles):
        browser = await office.enter(f"as-{role}", role)
        assert (await browser.post(path)).status == 403
    allowed = await office.enter("allowed", *route.roles)
    assert (await allowed.post(path, csrf="")).status == 403
    assert (await allowed.post(path, csrf="ю" * 64)).status == 403
    foreign = {"csrf": tokens.form_token(allowed.token), "key": "k" * 16}
    assert (await allowed.send(path, foreign, Origin="https://evil.example")).status == 403
    assert (await office.stranger().post(path, csrf="")).to == "/login"
    assert (await allowed.get(path)).status in (200, 303, 404, 405)


@pytest.mark.parametrize(
    "path", ["/", "/login", "/welcome", "/people", "/nothing", "/static/staff.css", "/static/base.css", "/logout"]
)
async def test_every_answer_has_the_headers_of_safety(office: Office, path: str) -> None:
    # R37
    browser = await office.enter("root", Role.ADMIN)
    for told in (await browser.get(path), await office.stranger().get(path)):
        csp = told.headers["Content-Security-Policy"]
        assert "default-src 'self'" in csp
        assert "unsafe-inline" not in csp
        assert "frame-ancestors 'none'" in csp
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert told.headers["Referrer-Policy"] == "same-origin"
        assert told.headers["Server"] == "Meterline"
        if not path.startswith("/static/"):
            assert told.headers["Cache-Control"] == "no-store"


async def test_a_form_is_done_once_however_often_it_is_sent(office: Office, owner: asyncpg.Connection) -> None:
    # R14
    browser = await office.enter("root", Role.ADMIN)
    form = {"login": "ivanova", "name": "Ivanova", "role_clerk": "1"}
    told = await asyncio.gather(*(browser.post("/people/add", key="the same key 1", **form) for _ in range(6)))
    assert {one.status for one in told} == {409}, "a key that is too short"
    told = await asyncio.gather(*(browser.post("/people/add", key="the very same key", **form) for _ in range(6)))
    assert sorted(one.status for one in told) == [200, 303, 303, 303, 303, 303]
    assert await owner.fetchval("select count(*) from employees where login = 'ivanova'") == 1
    other = await browser.post("/people/add", key="the very same key", **(form | {"login": "petrova"}))
    assert other.status == 409
    assert "Nothing" in other.text or "nothing" in other.text


async def test_what_is_wrong_in_a_form_is_told_and_nothing_is_done(office: Office) -> None:
    browser = await office.enter("root", Role.ADMIN)
    told = await browser.post("/people/add", key="a key of this form", login="Ж", name="<b>&{{7*7}}", role_clerk="1")
    assert told.status == 422
    assert "A login is" in told.text
    assert "&lt;b&gt;&amp;{{7*7}}" in told.text
    told = await browser.post("/people/add", key="a key of this form", login="zh", name="Zh", role_clerk="1")
    assert told.status == 200


async def test_a_database_that_is_gone_and_a_mistake_of_ours_are_told_politely(office: Office) -> None:
    browser = await office.enter("root", Role.ADMIN)
    await office.pool.close()
    told = await browser.get("/")
    assert told.status == 503
    assert told.headers["Retry-After"] == "5"
    assert "Traceback" not in told.text


async def _broken(_: Asked) -> Page:
    raise KeyError("a secret of ours")


async def test_a_page_that_breaks_tells_nothing_of_itself(office: Office) -> None:
    house = House(office.pool, make.keyring(), office.time.now, office.time.now, ZoneInfo("UTC"), site.texts(), words())
    app = site.build(house, site.Outside(), routes=(Get("/broken", EVERYBODY, _broken),))
    browser = await office.enter("root", Role.ADMIN)
    async with TestServer(app, host="127.0.0.1") as server:
        browser.url = str(server.make_url("")).rstrip("/")
        told = await browser.get("/broken")
    assert told.status == 500
    assert "secret" not in told.text
    assert "Nothing was changed" in told.text


async def test_the_language_is_kept_with_the_employee(office: Office) -> None:
    browser = await office.enter("ivanova", Role.CLERK)
    assert (await browser.post("/language", language="ru", back="/")).to == "/"
    assert "Здравствуйте" in (await browser.get("/")).text
    assert (await browser.post("/language", language="de")).status == 422
