"""The main ways of a chat before a judge that others wrote: every call of the interface is held against Telegram's
rules, and updates are made by the library's own models."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiogram.methods import SendMessage, SendPhoto, SetMyCommands
from aiogram.types import Contact, InlineKeyboardMarkup, ReplyKeyboardMarkup, Update
from aiohttp import web
from teremok import MockCallbackQuery, MockMessageText, MockUpdate, MockUser
from teremok.session import MockedSession

from channels.telegram.carry import TelegramCarrier
from channels.telegram.receive import HEADER
from core.answer.offering import MENU
from gateway import app, serving
from gateway import chatting as bots
from gateway.parts import opened
from tests import make
from tests.flows import chatting
from tests.flows.chatting import BOT, SECRET
from tests.flows.conftest import Clock, free_port
from tests.make import A, M

OWNER = "+79780001701"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
ANNA = MockUser(user_id=5001, first_name="Anna")


@dataclass(slots=True)
class Judged:
    url: str
    session: MockedSession
    pool: asyncpg.Pool
    seen: int = 0

    async def tell(self, **content: Any) -> list[SendMessage | SendPhoto]:
        """What the bot sends after an update."""
        update: Update = MockUpdate(**content)
        body = update.model_dump_json(by_alias=True, exclude_none=True)
        headers = {HEADER: SECRET, "Content-Type": "application/json"}
        async with aiohttp.ClientSession() as client, client.post(self.url, data=body, headers=headers) as answer:
            assert answer.status == 200
        async with asyncio.timeout(20):
            while await self.pool.fetchval(
                "select count(*) from outbox where state in ('ready', 'sending', 'unknown')"
            ):
                await asyncio.sleep(0.01)
        sent = [one for one in self.session.requests if isinstance(one, SendMessage | SendPhoto)]
        new, self.seen = sent[self.seen :], len(sent)
        return new

    async def say(self, text: str) -> list[SendMessage | SendPhoto]:
        return await self.tell(message=MockMessageText(text, user=ANNA))


@pytest.fixture
async def judged(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Judged]:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    session, clock, port = MockedSession(), Clock(), free_port()
    carrier = TelegramCarrier(token=BOT, api_base="http://127.0.0.1:9", send_timeout=5, chat_pace=0.0, session=session)
    monkeypatch.setattr(bots, "_carrier", lambda _: carrier)
    told = chatting.settings("http://127.0.0.1:9", "http://127.0.0.1:9", port, free_port())
    async with opened(told, database, now=clock.now) as parts:
        public: web.Application = app.public(parts)
        async with serving.listening(parts, public):
            workers = [asyncio.create_task(one) for one in serving.chatting(parts)]
            yield Judged(f"http://127.0.0.1:{port}/telegram", session, pool)
            for worker in workers:
                worker.cancel()


def data(sent: SendMessage | SendPhoto, label: str) -> str:
    assert isinstance(sent.reply_markup, InlineKeyboardMarkup)
    found = [
        button.callback_data for row in sent.reply_markup.inline_keyboard for button in row if button.text == label
    ]
    assert found[0] is not None
    return found[0]


async def test_from_the_first_word_to_the_debt_and_back(judged: Judged) -> None:
    (greeting,) = await judged.say("/start")
    (wanted,) = await judged.tell(callback_query=MockCallbackQuery(data(greeting, "English"), user=ANNA))
    assert isinstance(wanted.reply_markup, ReplyKeyboardMarkup)
    assert wanted.reply_markup.keyboard[0][0].request_contact is True
    contact = Contact(phone_number=OWNER, first_name="Anna", user_id=ANNA.id)
    (bound,) = await judged.tell(message=MockMessageText(None, user=ANNA, contact=contact))  # type: ignore[arg-type]
    assert isinstance(bound.reply_markup, ReplyKeyboardMarkup)
    assert [len(row) for row in bound.reply_markup.keyboard] == [len(row) for row in MENU]
    (taken,) = await judged.say("04512")
    assert isinstance(taken, SendMessage)
    assert taken.text.startswith("Accepted 04512 (+187 kWh). To pay 1052.44")
    (undone,) = await judged.tell(callback_query=MockCallbackQuery(data(taken, "Take back"), user=ANNA))
    assert isinstance(undone, SendMessage)
    assert undone.text.startswith("Taken back 04512")
    (asked,) = await judged.say("04912")
    (accepted,) = await judged.tell(callback_query=MockCallbackQuery(data(asked, "Yes"), user=ANNA))
    assert isinstance(accepted, SendMessage)
    assert accepted.text.startswith("Accepted 04912")
    (history,) = await judged.say("/history")
    assert isinstance(history, SendPhoto)
    for one in ("/balance", "/why", "/forecast", "/payments", "/requests", "/accounts", "/language", "/help"):
        assert len(await judged.say(one)) == 1, one


async def test_the_commands_are_set_in_every_language(judged: Judged) -> None:
    async with asyncio.timeout(10):
        while len(set_ := [one for one in judged.session.requests if isinstance(one, SetMyCommands)]) < 3:
            await asyncio.sleep(0.01)
    assert {one.language_code for one in set_} == {None, "en", "ru"}
    assert all(1 <= len(command.description) <= 256 for one in set_ for command in one.commands)
