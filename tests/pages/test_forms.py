"""What a page takes for a form: small, in UTF-8, with few fields (R10)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from pages import forms

Client = Callable[[web.Application], Awaitable[TestClient[Any, Any]]]


async def _told(request: web.Request) -> web.Response:
    return web.json_response(dict(await forms.read(request)))


@pytest.fixture
async def client(aiohttp_client: Client) -> TestClient[Any, Any]:
    app = web.Application(client_max_size=64 * 1024)
    app.add_routes([web.post("/", _told)])
    return await aiohttp_client(app)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"a=1", 200),
        ("application/x-www-form-urlencoded; charset=utf-8", b"a=1", 200),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=1", 415),
        ("application/x-www-form-urlencoded; charset=oops", b"a=1", 415),
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(101)), 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000, 413),
        ("application/x-www-form-urlencoded", b"a=%FF%FE", 200),
    ],
)
async def test_odd_forms_are_refused(client: TestClient[Any, Any], kind: str, body: bytes, status: int) -> None:
    # R10
    answer = await client.post("/", data=body, headers={"Content-Type": kind})
    assert answer.status == status


async def test_nul_is_taken_out_and_what_is_no_text_is_replaced(client: TestClient[Any, Any]) -> None:
    # R10
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/", data=b"a=x%00y&b=%D0%B0&b=2", headers=kind)
    assert await answer.json() == {"a": "xy", "b": "2"}
