"""Updates over HTTP: only with the secret, each whole, none a failure of ours (R9)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from channels.telegram.receive import HEADER, MAX_BYTES, TelegramReceiver
from core.chats.model import Heard, Ignored
from core.inbox.model import Unavailable
from tests.channels.telegram.updates import message, press

SECRET = "a-secret-for-tests_only"
RIGHT = {HEADER: SECRET, "Content-Type": "application/json"}
Client = TestClient[web.Request, web.Application]


class Ear:
    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.away = False
        self.refused: list[str] = []

    async def hear(self, one: Heard) -> None:
        if self.away:
            raise Unavailable("database")
        self.heard.append(one)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def client(ear: Ear) -> AsyncIterator[Client]:
    receiver = TelegramReceiver(
        bot="42",
        secret=SECRET,
        heard=ear.hear,
        now=lambda: datetime(2025, 11, 21, tzinfo=UTC),
        client=lambda _: "somebody",
        refused=ear.refused.append,
    )
    app = web.Application()
    app.add_routes(receiver.routes())
    async with TestClient(TestServer(app)) as made:
        yield made


async def post(client: Client, body: bytes, headers: dict[str, str] = RIGHT) -> int:
    async with client.post("/telegram", data=body, headers=headers) as answer:
        return answer.status


async def tell(client: Client, update: Any) -> tuple[int, Any]:
    async with client.post("/telegram", json=update, headers={HEADER: SECRET}) as answer:
        return answer.status, await answer.json() if answer.content_type == "application/json" else None


async def test_an_update_is_handed_on_under_the_bots_own_number(client: Client, ear: Ear) -> None:  # R9
    assert await tell(client, message(9, text="04512")) == (200, None)
    assert [one.reference for one in ear.heard] == ["42:9"]


async def test_a_press_is_acknowledged_in_the_answer(client: Client) -> None:
    assert await tell(client, press()) == (200, {"method": "answerCallbackQuery", "callback_query_id": "q1"})


async def test_while_nothing_can_be_stored_telegram_shall_come_again(client: Client, ear: Ear) -> None:  # R9
    ear.away = True
    assert (await tell(client, message(text="04512")))[0] == 503


@pytest.mark.parametrize(
    "secret", ["", " ", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "a-secret-for-tests_onlу"]
)
async def test_without_the_secret_nothing_is_taken(client: Client, ear: Ear, secret: str) -> None:  # R9
    headers = {"Content-Type": "application/json", HEADER: secret}
    assert await post(client, b'{"update_id": 1}', headers) == 403
    assert ear.heard == []
    assert ear.refused == ["secret"]


async def test_no_secret_or_two_are_none(client: Client, ear: Ear) -> None:  # R9
    assert await post(client, b'{"update_id": 1}', {"Content-Type": "application/json"}) == 403
    twice = [("Content-Type", "application/json"), (HEADER, SECRET), (HEADER, SECRET)]
    async with client.post("/telegram", data=b'{"update_id": 1}', headers=twice) as answer:
        assert answer.status == 403
    assert ear.heard == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"update_id"', 400),
        (b"{}", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": -1}', 400),
        (b'{"update_id": 1.5}', 400),
        (b'{"update_id": 1e400}', 400),
        (b'{"update_id": ' + b"9" * 5000 + b"}", 400),
        (b'{"update_id": 99999999999999999999}', 400),
        (b"\xff\xfe{\x00}", 400),
        (b"\x80\x81", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": 1, "message": ' + b'{"a":' * 50_000, 400),
        (b'{"update_id": 1, "x": "' + b"a" * 1024 * 1024 + b'"}', 413),
        (b" " * (MAX_BYTES + 1), 413),
    ],
)
async def test_what_is_no_update_is_refused(client: Client, ear: Ear, body: bytes, status: int) -> None:
    # R3 R9
    assert await post(client, body) == status
    assert ear.heard == []


async def test_an_update_of_any_other_shape_is_taken_and_passed_over(client: Client, ear: Ear) -> None:  # R3
    contents: tuple[Any, ...] = (
        None,
        1,
        "x",
        [],
        {},
        {"chat": None},
        {"chat": {"id": [1]}},
        {"chat": {"id": 1, "type": {}}},
    )
    for content in contents:
        assert (await tell(client, {"update_id": 1, "message": content}))[0] == 200
        assert (await tell(client, {"update_id": 1, "callback_query": content}))[0] == 200
        assert (await tell(client, {"update_id": 1, "my_chat_member": content}))[0] == 200
    assert all(isinstance(one.what, Ignored) for one in ear.heard)


async def test_an_update_nested_as_deep_as_can_be_read_is_no_failure(client: Client, ear: Ear) -> None:  # R3
    """What the reader of JSON takes to the last bracket, the writer has to take too, or it is refused."""
    for depth in range(900, 1000):
        body = b'{"update_id": 1, "message": ' + b"[" * depth + b"]" * depth + b"}"
        assert await post(client, body) in (200, 400), depth
    assert await post(client, b'{"update_id": 2, "message": NaN, "x": 1e999, "message": {"chat": -Infinity}}') == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_only_json_is_read(client: Client, kind: str) -> None:
    assert await post(client, b'{"update_id": 1}', {HEADER: SECRET, "Content-Type": kind}) == 415
