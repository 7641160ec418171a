"""The employees' application on loopback, with people who work there."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from aiohttp.test_utils import TestServer

from core.basics import tokens
from core.employees import actions as employees
from core.employees.model import Role
from core.store.pool import acquire
from gateway.parts import words
from staff import site
from staff.model import House
from tests import make

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)


@dataclass(slots=True)
class Time:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its status, where it leads, and its text."""

    status: int
    to: str
    text: str
    headers: dict[str, str]


@dataclass(slots=True)
class Browser:
    """What one employee has before him; nobody is logged in without a token."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""
    cookie: str = "meterline-staff"
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Told:
        return await self._ask("GET", path, None, headers)

    async def post(self, path: str, *, key: str = "", csrf: str | None = None, **fields: str) -> Told:
        """Sends a form as the page would: with its token, its key and where it comes from."""
        token = tokens.form_token(self.token) if csrf is None else csrf
        form = {"csrf": token, "key": key or secrets.token_urlsafe(16)} | fields
        return await self._ask("POST", path, form, {"Origin": self.url})

    async def upload(self, path: str, file: bytes, *, name: str = "scan.pdf", key: str = "", **fields: str) -> Told:
        """Sends a form with a file, as the page would."""
        form = aiohttp.FormData(default_to_multipart=True)
        told = {"csrf": tokens.form_token(self.token), "key": key or secrets.token_urlsafe(16)} | fields
        for field_, value in told.items():
            form.add_field(field_, value)
        form.add_field("file", file, filename=name, content_type="application/octet-stream")
        return await self._ask("POST", path, form, {"Origin": self.url})

    async def send(self, path: str, form: dict[str, str], **headers: str) -> Told:
        """Sends exactly these fields."""
        return await self._ask("POST", path, form, headers)

    async def _ask(
        self, method: str, path: str, form: dict[str, str] | aiohttp.FormData | None, more: dict[str, str]
    ) -> Told:
        headers = {"Accept": "text/html", "Accept-Language": "en"} | self.headers | more
        if self.token:
            headers["Cookie"] = f"{self.cookie}={self.token}"
        async with self.session.request(
            method, self.url + path, data=form, headers=headers, allow_redirects=False
        ) as got:
            text = await got.text(errors="replace")
            return Told(got.status, got.headers.get("Location", ""), text, dict(got.headers))


@dataclass(slots=True)
class Office:
    """The application, its database and its time."""

    pool: asyncpg.Pool
    url: str
    time: Time
    session: aiohttp.ClientSession

    def stranger(self) -> Browser:
        return Browser(self.session, self.url)

    async def invite(self, login: str, *roles: Role, phone: str | None = None) -> str:
        """Takes somebody on; his invitation."""
        async with acquire(self.pool) as conn, conn.transaction():
            return await employees.add(
                conn, login, f"Name of {login}", roles, phone=phone, by="tests", at=self.time.at, keyring=make.keyring()
            )

    async def enter(self, login: str, *roles: Role, language: str = "en") -> Browser:
        """Somebody who has just logged in; he is taken on where nobody has the login."""
        async with acquire(self.pool) as conn:
            known = {one.login: one.id for one in await employees.everybody(conn)}
        if login not in known:
            await self.invite(login, *roles)
        async with acquire(self.pool) as conn:
            known = {one.login: one.id for one in await employees.everybody(conn)}
            await employees.set_language(conn, known[login], language)
            return Browser(self.session, self.url, await employees.begin(conn, known[login], at=self.time.at))


@pytest.fixture
async def office(pool: asyncpg.Pool) -> AsyncIterator[Office]:
    """The employees' application with nobody in it."""
    time = Time()
    house = House(pool, make.keyring(), time.now, time.now, ZoneInfo("Europe/Moscow"), site.texts(), words())
    server = TestServer(site.build(house, site.Outside()), host="127.0.0.1")
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        yield Office(pool, str(server.make_url("")).rstrip("/"), time, session)
    await server.close()


async def sent(office: Office) -> list[str]:
    """What waits to be sent to the phone."""
    rows = await office.pool.fetch(
        "select o.body, c.data_key from outbox o join customers c on c.id = o.customer_id order by o.id"
    )
    return [make.keyring().customer(row["data_key"]).open(row["body"], purpose=b"outbox").decode() for row in rows]
