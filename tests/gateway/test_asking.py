"""Updates that a bot asks for: one on which the program fails keeps nobody else waiting for ever."""

import asyncio
from typing import Any, cast

import pytest

from channels.telegram.receive import TelegramReceiver
from core.chats.model import Heard, Said
from demo.messenger import Messenger
from gateway import chatting, guarding
from gateway.clock import now
from gateway.parts import words
from tests.flows.chatting import BOT, SECRET, settings


async def test_an_update_on_which_the_program_fails_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:  # R13
    monkeypatch.setattr(chatting, "PAUSE", 0.01)
    messenger = Messenger(token=BOT, now=now)
    told = settings("http://127.0.0.1:1", await messenger.start(), 1, 2)
    heard: list[str] = []

    async def hear(one: Heard) -> None:
        assert isinstance(one.what, Said)
        heard.append(one.what.text)
        if one.what.text == "bad":
            raise LookupError

    receiver = TelegramReceiver(
        bot="1", secret=SECRET, heard=hear, now=now, client=guarding.client, refused=lambda _: None
    )
    bot = chatting.Bot(told, chatting.Late(told), cast("Any", None), words())
    for text in ("one", "bad", "two"):
        await messenger.write(5001, text)
    asking = asyncio.create_task(chatting.polled(bot, receiver))
    try:
        async with asyncio.timeout(20):
            while "two" not in heard:
                await asyncio.sleep(0.01)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await bot.late.close()
        await messenger.stop()
    assert heard == ["one", *["bad"] * chatting.ATTEMPTS, "two"]
