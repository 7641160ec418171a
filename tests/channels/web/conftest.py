"""The cabinet on loopback, behind the whole gateway, with people who log in to it."""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import aiohttp
import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.web import site
from channels.web.api import serving
from core.basics import tokens
from core.cabinet import entering
from core.store.pool import acquire
from gateway import app, clock
from tests import make
from tests.flows.conftest import Street, company, street

__all__ = ["company"]

SECRET = "a session key for tests only"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its status, where it leads, and its text."""

    status: int
    to: str
    text: str
    headers: dict[str, str]


@dataclass(slots=True)
class Browser:
    """What one person has before him; nobody is logged in without a token."""

    session: aiohttp.ClientSession
    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "en"

    @property
    def token(self) -> str:
        return self.cookies.get("meterline", "")

    async def get(self, path: str, **headers: str) -> Told:
        return await self._ask("GET", path, None, headers)

    async def post(self, path: str, *, key: str = "", csrf: str | None = None, **fields: str) -> Told:
        """Sends a form as the page would: with its token, its key and where it comes from."""
        token = tokens.form_token(self.token) if csrf is None else csrf
        form = {"csrf": token, "key": key or secrets.token_urlsafe(16)} | fields
        return await self._ask("POST", path, form, {"Origin": self.url})

    async def say(self, path: str, *, key: str = "", **fields: str) -> str:
        """Sends a form and goes where it leads; the answer that is shown there."""
        went = await self.post(path, key=key, **fields)
        assert went.status == 303, went.text
        page = await self.get(went.to)
        return told(page.text)

    async def send(self, path: str, form: dict[str, str], **headers: str) -> Told:
        """Sends exactly these fields."""
        return await self._ask("POST", path, form, {"Origin": self.url} | headers)

    async def door(self, path: str, **fields: str) -> Told:
        """Sends a form of a page for who is not logged in, as it was shown."""
        page = await self.get(path)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf is not None, page.text
        return await self.send(path, {"csrf": csrf[1]} | fields)

    async def _ask(self, method: str, path: str, form: dict[str, str] | None, more: dict[str, str]) -> Told:
        headers = {"Accept": "text/html", "Accept-Language": self.language} | more
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.session.request(
            method, self.url + path, data=form, headers=headers, allow_redirects=False
        ) as got:
            for name, morsel in got.cookies.items():
                self.cookies[name] = morsel.value
            return Told(got.status, got.headers.get("Location", ""), await got.text(), dict(got.headers))


def told(page: str) -> str:
    """The answer or the complaint that the page shows, without its marks."""
    found = re.search(r'<p class="(?:said|trouble)" role="(?:status|alert)">(.*?)</p>', page, re.DOTALL)
    return "" if found is None else found[1].replace("&#39;", "'").replace("&#34;", '"')


@dataclass(slots=True)
class Cabinet:
    """The gateway and browsers on it."""

    street: Street
    session: aiohttp.ClientSession
    pool: asyncpg.Pool
    """The pages' own connections."""
    url: str

    def stranger(self) -> Browser:
        return Browser(self.session, self.url)

    async def statements(self, browser: Browser, path: str) -> list[str]:
        """The statements that a page asks of the database."""
        sent: list[str] = []

        def note(done: object) -> None:
            sent.append(str(getattr(done, "query", "")).strip())

        held = [await self.pool.acquire() for _ in range(self.pool.get_max_size())]
        for conn in held:
            conn.add_query_logger(note)
            await self.pool.release(conn)
        for _ in range(2):  # a connection that is new asks for its types
            sent.clear()
            page = await browser.get(path)
            assert page.status == 200, page.text
            await self.pool.execute(_LAST)
        return [one for one in sent if re.match(r"(select|insert|update|delete|with)\b", one) and one != _LAST]

    async def enter(self, phone: str, *, language: str = "en") -> Browser:
        """Somebody who has just logged in with this phone."""
        async with acquire(self.pool) as conn:
            token = await entering.begin(conn, make.keyring().phone_hash(phone), device="tests", wall=clock.now())
        assert token is not None, "nobody has the phone"
        return Browser(self.session, self.url, {"meterline": token}, language)


_LAST = "select 'what a logger is told of the statement before'"


@pytest.fixture
async def cabinet(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Cabinet]:
    """A gateway in front of an empty town; `company` makes its people."""
    async with street(database, pool) as there, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        application = web.Application()
        given = replace(app.cabinet_house(there.parts, SECRET), pool=pool)
        site.install(application, given)
        serving.mounted(application, given)
        async with TestServer(application, host="127.0.0.1") as server:
            yield Cabinet(there, session, pool, str(server.make_url("")).rstrip("/"))
