"""What Telegram's answers say of a message, and that its words arrive as they are (R21)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.port import SendFailed, SendUnclear
from channels.telegram.carry import TelegramCarrier

TOKEN = "424242:a-token-for-tests-only"
FAILED, UNCLEAR = SendFailed, SendUnclear
Answer = tuple[int, Any]
"""A status with what Telegram says, as JSON or as bytes; 0: it hangs up."""


def refusal(code: int, description: str, **parameters: int) -> Answer:
    told = {"ok": False, "error_code": code, "description": description}
    return code, told | ({"parameters": parameters} if parameters else {})


class Telegram:
    """Answers every call as told, and keeps what was asked."""

    def __init__(self) -> None:
        self.answer: Answer = (200, {})
        self.asked: list[dict[str, str]] = []

    async def call(self, request: web.Request) -> web.StreamResponse:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        status, told = self.answer
        if not status:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if isinstance(told, bytes):
            return web.Response(status=status, body=told)
        return web.json_response(told, status=status)


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[Telegram, TelegramCarrier]]:
    there, app = Telegram(), web.Application()
    app.router.add_post("/bot{token}/{method}", there.call)
    async with TestServer(app, host="127.0.0.1") as server:
        base = str(server.make_url("")).rstrip("/")
        carrier = TelegramCarrier(token=TOKEN, api_base=base, send_timeout=2.0, chat_pace=0.0)
        yield there, carrier
        await carrier.close()


ANSWERS: list[tuple[Answer, SendFailed | SendUnclear]] = [
    (
        refusal(429, "Too Many Requests: retry after 7", retry_after=7),
        FAILED("429", "too many", again=True, retry_after=7.0),
    ),
    (refusal(429, "Too Many Requests"), FAILED("429", "too many", again=True)),
    (refusal(403, "Forbidden: bot was blocked by the user"), FAILED("403", "blocked", again=False, unreachable=True)),
    (refusal(403, "Forbidden: user is deactivated"), FAILED("403", "blocked", again=False, unreachable=True)),
    (refusal(400, "Bad Request: chat not found"), FAILED("400", "no such chat", again=False, unreachable=True)),
    (refusal(400, "Bad Request: PEER_ID_INVALID"), FAILED("400", "no such chat", again=False, unreachable=True)),
    (refusal(400, "Bad Request: message is too long"), FAILED("400", "not accepted", again=False)),
    (refusal(401, "Unauthorized"), FAILED("401", "token", again=True)),
    (refusal(404, "Not Found"), FAILED("401", "token", again=True)),
    (refusal(500, "Internal Server Error"), UNCLEAR("server error")),
    (refusal(502, "Bad Gateway"), UNCLEAR("server error")),
    ((502, b"<html>bad gateway</html>"), UNCLEAR("JSONDecodeError")),
    ((200, b"{"), UNCLEAR("JSONDecodeError")),
    ((200, {"ok": True, "result": {"message_id": "x"}}), UNCLEAR("ValidationError")),
    ((0, None), UNCLEAR("ServerDisconnectedError")),
]


@pytest.mark.parametrize(("answer", "meant"), ANSWERS)
async def test_what_an_answer_says_of_a_message(
    telegram: tuple[Telegram, TelegramCarrier], answer: Answer, meant: SendFailed | SendUnclear
) -> None:  # R21
    there, carrier = telegram
    there.answer = answer
    with pytest.raises((SendFailed, SendUnclear)) as raised:
        await carrier.send(address="5001", body="К оплате 431,60", key="k")
    told = raised.value
    assert type(told) is type(meant)
    if isinstance(told, SendFailed) and isinstance(meant, SendFailed):
        found = (told.code, told.detail, told.again, told.retry_after, told.unreachable)
        assert found == (meant.code, meant.detail, meant.again, meant.retry_after, meant.unreachable)


async def test_what_never_left_may_go_again() -> None:  # R21
    carrier = TelegramCarrier(token=TOKEN, api_base="http://127.0.0.1:9", send_timeout=2.0, chat_pace=0.0)
    with pytest.raises(SendFailed) as raised:
        await carrier.send(address="5001", body="04512", key="k")
    assert (raised.value.code, raised.value.again) == ("unreached", True)
    await carrier.close()


ODD = ("</b><b>*_[", "&lt; <a href='x'>", "`04512` \\_ {x} %s", "@meterline_bot /stop #tag https://example.org")


@pytest.mark.parametrize("body", ODD)
async def test_words_arrive_as_they_are(telegram: tuple[Telegram, TelegramCarrier], body: str) -> None:  # R21
    there, carrier = telegram
    chat = {"id": 5001, "type": "private"}
    there.answer = (200, {"ok": True, "result": {"message_id": 7, "date": 1763715600, "chat": chat, "text": "x"}})
    extras = json.dumps({"buttons": [[("Да", "y.1.x")]]})
    assert await carrier.send(address="5001", body=body, key="k", extras=extras) == "7-k"
    (asked,) = there.asked
    assert asked["text"] == body
    assert "parse_mode" not in asked
    assert "entities" not in asked
    assert json.loads(asked["reply_markup"])["inline_keyboard"][0][0]["callback_data"] == "y.1.x"
