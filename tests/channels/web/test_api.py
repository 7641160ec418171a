"""The JSON API: tokens with scopes, the same commands as everywhere, problems, keys, and its description."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.web.api import describing, serving
from channels.web.api.operations import OPERATIONS
from core.basics.periods import Month
from core.billing import actions as billing
from core.checking import checker
from gateway import app
from tests import make
from tests.channels.web.conftest import SECRET, Cabinet
from tests.flows.conftest import street
from tests.make import A, M

OWNER, HELPER, OTHER = "+79780001705", "+79780001706", "+79780001707"
DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
async def account(company: asyncpg.Connection) -> int:
    claims = (("2025-09", "0.00", date(2025, 10, 10)),)
    links = ((OWNER, "owner"), (HELPER, "helper"))
    account = await make.account(company, A("0012345", (M("S1", day=date(2025, 9, 30)),), links, claims, language="en"))
    await make.account(company, A("0099999", (M("S2", day=date(2025, 9, 30)),), ((OTHER, "owner"),), claims))
    at = datetime(2025, 11, 3, 9, tzinfo=UTC)
    await billing.close_month(company, Month(2025, 10), issued_on=at.date(), due_on=date(2025, 11, 10), at=at)
    return account


class Program:
    """A program with a token."""

    def __init__(self, cabinet: Cabinet, token: str) -> None:
        self._cabinet = cabinet
        self.token = token

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        data: bytes | None = None,
        **more: str,
    ) -> tuple[int, Any, dict[str, str]]:
        headers = {"Authorization": f"Bearer {self.token}"} | more
        if key is not None:
            headers["Idempotency-Key"] = key
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        sent = {"json": body} if body is not None else {"data": data}
        async with self._cabinet.session.request(
            method, f"{self._cabinet.url}/api/v1{path}", headers=headers, **sent
        ) as got:
            raw = await got.read()
            told = json.loads(raw) if "json" in got.content_type else raw
            return got.status, told, dict(got.headers)

    async def get(self, path: str) -> Any:
        status, told, _ = await self.call("GET", path)
        assert status == 200, told
        return told

    async def home(self) -> str:
        """The first account's place."""
        return f"/accounts/{(await self.get('/accounts'))['accounts'][0]['id']}"


async def program(cabinet: Cabinet, *scopes: str, phone: str = OWNER, name: str = "home") -> Program:
    """A program with a token that its owner made on the page."""
    browser = await cabinet.enter(phone)
    fields = {f"scope_{one}": "1" for one in scopes or ("read", "submit")}
    page = await browser.post("/me/programs", name=name, days="30", **fields)
    assert page.status == 200, page.text
    found = re.search(r"mtl_[A-Za-z0-9_-]{43}", page.text)
    assert found is not None
    return Program(cabinet, found[0])


def key() -> str:
    return secrets.token_urlsafe(16)


async def test_everything_that_can_be_looked_at(cabinet: Cabinet, account: int, company: asyncpg.Connection) -> None:
    it = await program(cabinet)
    [own] = (await it.get("/accounts"))["accounts"]
    assert (own["number"], own["role"]) == ("0012345", "owner")
    home = f"/accounts/{own['id']}"
    [bill] = [one for one in (await it.get(f"{home}/bills"))["bills"] if one["kind"] == "bill"]
    assert (await it.get(f"{home}/balance"))["to_pay"] >= bill["left"]
    paper = await it.get(f"{home}/bills/{bill['no']}")
    assert (paper["amount"], paper["closing"]) == (bill["amount"], bill["amount"])
    assert (await it.get(f"{home}/bills/{bill['no']}/pdf")).startswith(b"%PDF")
    assert (await it.get(f"{home}/payments"))["payments"] == []
    assert (await it.get(f"{home}/readings"))["readings"][0]["meter"] == "S1"
    assert (await it.get(f"{home}/book"))["months"][0]["left"] == bill["amount"]
    assert (await it.get(f"{home}/use?since=2025-10"))["service"] == "electricity"
    assert checker.check(await it.get(f"{home}/protocol")).holds


async def test_a_reading_is_sent_once_for_its_key(  # R14
    cabinet: Cabinet, account: int, company: asyncpg.Connection
) -> None:
    it = await program(cabinet)
    path, same = f"{await it.home()}/readings", key()
    body = {"readings": [{"meter": "S1", "value": "4512"}]}
    answers = await asyncio.gather(*(it.call("POST", path, body, key=same) for _ in range(5)))
    assert {status for status, _, _ in answers} == {200}
    assert sum(not told["repeated"] for _, told, _ in answers) == 1
    assert {(told["kind"], told["accepted"], told["text"]) for _, told, _ in answers} == {
        ("Accepted", True, answers[0][1]["text"])
    }
    assert "4512" in answers[0][1]["text"]
    assert await company.fetchval("select count(*) from readings where value = 4512") == 1
    other = {"readings": [{"meter": "S1", "value": "4513"}]}
    status, told, _ = await it.call("POST", path, other, key=same)
    assert (status, told["status"]) == (409, 409)
    assert await company.fetchval("select count(*) from readings where value = 4513") == 0


async def test_an_odd_reading_is_asked_about_and_a_message_answers(cabinet: Cabinet, account: int) -> None:
    it = await program(cabinet, "read", "submit", "command")
    path = f"{await it.home()}/readings"
    _, told, _ = await it.call("POST", path, {"readings": [{"meter": "S1", "value": "9512"}]}, key=key())
    assert told["accepted"] is False
    _, told, _ = await it.call("POST", "/messages", {"text": "BAL"}, key=key())
    assert told["kind"] == "BalanceTold"
    assert (await it.call("POST", "/messages", {"text": "\u0000 хм"}, key=key()))[0] == 200
    assert (await it.call("POST", "/messages", {"text": "\ud800"}, key=key()))[0] == 422


async def test_who_may_what(cabinet: Cabinet, account: int) -> None:
    looker, sender = await program(cabinet, "read"), await program(cabinet, "submit")
    home = await looker.home()
    body = {"readings": [{"meter": "S1", "value": "4512"}]}
    assert (await looker.call("POST", f"{home}/readings", body, key=key()))[0] == 403
    assert (await looker.call("POST", "/messages", {"text": "BAL"}, key=key()))[0] == 403
    assert (await sender.call("GET", f"{home}/balance"))[0] == 403
    assert (await sender.call("POST", f"{home}/readings", body, key=key()))[0] == 200
    helper = await program(cabinet, phone=HELPER)
    for page in ("balance", "bills", "readings", "book", "use", "payments", "protocol"):
        assert (await helper.call("GET", f"{home}/{page}"))[0] == 403, page
    other = await program(cabinet, phone=OTHER)
    for one in OPERATIONS:
        if one.of_account:
            told = await other.call(one.method, one.path.format(account=home.split("/")[2], no=1), None, key=key())
            assert told[0] == 404, one.name


async def test_without_a_token_that_holds_there_is_nothing(
    cabinet: Cabinet, account: int, company: asyncpg.Connection
) -> None:
    it = await program(cabinet)
    for token in ("", "x", it.token[:-1], it.token[:-1] + ("A" if it.token[-1] != "A" else "B"), "mtl_" + "é" * 3):
        wrong = Program(cabinet, token)
        if token.isascii():
            status, told, headers = await wrong.call("GET", "/accounts")
            assert (status, told["status"], headers["WWW-Authenticate"]) == (401, 401, "Bearer"), token
            assert headers["Content-Type"].startswith("application/problem+json")
    browser = await cabinet.enter(OWNER)
    page = await browser.get("/me/programs")
    assert it.token not in page.text
    found = re.search(r'name="token" value="(\d+)"', page.text)
    assert found is not None
    stranger = await cabinet.enter(OTHER)
    assert (await stranger.post("/me/programs/end", token=found[1])).status == 303
    assert (await it.call("GET", "/accounts"))[0] == 200
    assert (await browser.post("/me/programs/end", token=found[1])).to == "/me/programs?said=program_ended"
    assert (await it.call("GET", "/accounts"))[0] == 401
    late = await program(cabinet)
    await company.execute("update api_tokens set expires_at = now() where ended_at is null")
    assert (await late.call("GET", "/accounts"))[0] == 401


async def test_only_the_hash_of_a_token_is_kept(cabinet: Cabinet, account: int, company: asyncpg.Connection) -> None:
    it = await program(cabinet)
    rows = await company.fetch("select api_tokens::text as row from api_tokens")
    assert rows
    assert not any(it.token[4:12] in row["row"] or it.token in row["row"] for row in rows)


async def test_a_phone_has_ten_tokens_at_most(cabinet: Cabinet, account: int) -> None:
    browser = await cabinet.enter(OWNER)
    made = [await browser.post("/me/programs", name=f"n{no}", days="30", scope_read="1") for no in range(11)]
    assert [one.status for one in made] == [200] * 10 + [422]
    one = {"name": "x", "days": "30", "scope_read": "1"}
    for fields in (one | {"name": ""}, one | {"scope_read": ""}, one | {"days": "9"}):
        assert (await browser.post("/me/programs", **fields)).status == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 50_000, 400),
        (b"\xff", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"readings": []}', 422),
        (b'{"readings": [{"meter": "S1", "value": 4512}]}', 422),
        (b'{"readings": [{"meter": "S1", "value": "4512", "x": 1}]}', 422),
        (b'{"readings": [{"meter": "S1\\u0000", "value": "4512"}]}', 422),
        (b'{"readings": [{"meter": "S1", "value": "4512"}], "on": "2025-02-30"}', 422),
        (b'{"readings": [{"meter": "S1", "value": "' + "４５".encode() + b'"}]}', 422),
        (b" " * (64 * 1024 + 1), 413),
    ],
)
async def test_what_cannot_be_read_is_a_problem(cabinet: Cabinet, account: int, body: bytes, status: int) -> None:
    it = await program(cabinet)
    path = f"{await it.home()}/readings"
    got, told, headers = await it.call("POST", path, data=body, key=key())
    assert (got, told["status"]) == (status, status)
    assert headers["Content-Type"].startswith("application/problem+json")


async def test_other_problems(cabinet: Cabinet, account: int) -> None:
    it = await program(cabinet)
    home = await it.home()
    body = {"readings": [{"meter": "S1", "value": "4512"}]}
    assert (await it.call("POST", f"{home}/readings", body))[0] == 400
    assert (await it.call("POST", f"{home}/readings", body, key="short"))[0] == 400
    plain = {"Content-Type": "text/plain"}
    assert (await it.call("POST", f"{home}/readings", data=b"{}", key=key(), **plain))[0] == 415
    status, told, headers = await it.call("DELETE", "/accounts")
    assert (status, told["status"], "GET" in headers["Allow"]) == (405, 405, True)
    for path in ("/nothing", "/accounts/x/balance", f"{home}/bills/999", f"{home}/bills/x", f"{home}/bills/x/pdf"):
        assert (await it.call("GET", path))[0] == 404, path
    assert (await it.call("GET", f"{home}/use?since=yesterday"))[0] == 422


@pytest.fixture
async def slow(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[str]:
    """The address of an API that answers three calls a minute."""
    async with street(database, pool) as there:
        application = web.Application()
        application.add_subapp("/api/v1", serving.application(app.cabinet_house(there.parts, SECRET), per_minute=3))
        async with TestServer(application, host="127.0.0.1") as server:
            yield str(server.make_url("")).rstrip("/")


async def test_a_token_is_answered_so_often(slow: str, cabinet: Cabinet, account: int) -> None:
    it = await program(cabinet)
    headers = {"Authorization": f"Bearer {it.token}"}
    async with aiohttp.ClientSession() as session:
        got = [await session.get(f"{slow}/api/v1/accounts", headers=headers) for _ in range(5)]
        assert [one.status for one in got] == [200, 200, 200, 429, 429]
        assert 0 < int(got[-1].headers["Retry-After"]) <= 20


def test_the_bucket_fills_evenly() -> None:
    meter = serving.Meter(60)
    assert [meter.wait(1, 0.0) for _ in range(61)] == [0] * 60 + [1]
    assert meter.wait(1, 1.0) == 0
    assert meter.wait(1, 1.0) == 1
    assert meter.wait(2, 1.0) == 0


async def test_the_description_is_whole(cabinet: Cabinet) -> None:
    async with cabinet.session.get(f"{cabinet.url}/api/v1/openapi.json") as got:
        told = await got.json()
    assert told["openapi"] == "3.1.0"
    assert {(path, method) for path, some in told["paths"].items() for method in some} == {
        (one.path, one.method.lower()) for one in OPERATIONS
    }
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told)))
    assert named <= set(told["components"]["schemas"])
    assert told == describing.described(OPERATIONS)


def test_every_operation_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for one in OPERATIONS:
        assert f"| `{one.method} {one.path}` | {one.scope} | {one.told} |" in text, one.name
