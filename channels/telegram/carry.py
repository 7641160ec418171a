"""Telegram out: messages and their buttons, by the one library that is slow to import; only who sends imports this."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    GetFile,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)

from channels.port import Found, NoList, SendFailed, SendUnclear
from channels.telegram import picturing

CHAT_PACE = 1.0
"""Seconds between two messages to one chat, as Telegram wants it."""

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that the bot asks for; of others it is told nothing."""

_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_REMEMBERED = 10_000
_CAPTION = 1024

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | None


class _Updates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, with its answer as it came: what it is, is read by hand."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


class TelegramCarrier:
    """The bot's way out. `session` is another way to Telegram's interface, for tests."""

    def __init__(
        self,
        *,
        token: str,
        api_base: str,
        send_timeout: float,
        chat_pace: float = CHAT_PACE,
        session: BaseSession | None = None,
    ) -> None:
        self.bot = Bot(token, session=session or AiohttpSession(api=TelegramAPIServer.from_base(api_base)))
        self._timeout = send_timeout
        self._seconds = max(int(send_timeout), 1)
        self._pace = chat_pace
        self._next: dict[str, float] = {}

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        """Sends one message, no sooner than the chat may have one; the reference is Telegram's number of it with our
        mark, for Telegram numbers the messages of each chat anew."""
        await self._turn(address)
        method = _method(int(address), body, extras)
        try:
            async with asyncio.timeout(self._timeout):
                sent = await self.bot(method)
        except (TelegramAPIError, ClientDecodeError, TimeoutError) as error:
            raise told(error) from error
        return f"{sent.message_id}-{key}"

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> Sequence[Found]:
        """Telegram tells nobody what it took.

        :raises NoList: always.
        """
        raise NoList

    async def listen(self, url: str, *, secret: str) -> None:
        """Has updates brought to the address, with the secret."""
        await self.bot(SetWebhook(url=url, secret_token=secret, allowed_updates=list(WANTED)), self._seconds)

    async def listen_to_nobody(self) -> None:
        """Has updates kept until they are asked for."""
        await self.bot(DeleteWebhook(), self._seconds)

    async def describe(self, commands: Sequence[tuple[str, str]], language: str | None) -> None:
        """Sets the menu of commands, for people of that language or (None) of all that have none of their own."""
        told = [BotCommand(command=name, description=text) for name, text in commands]
        scope = BotCommandScopeAllPrivateChats()
        await self.bot(SetMyCommands(commands=told, scope=scope, language_code=language), self._seconds)

    async def updates(self, *, after: int, seconds: int) -> list[dict[str, Any]]:
        """The updates from that number on, as they come over the wire."""
        asked = _Updates(offset=after, timeout=seconds, allowed_updates=list(WANTED))
        return await self.bot(asked, request_timeout=seconds + self._seconds)

    async def acknowledge(self, query: str) -> None:
        """Tells Telegram that the press of a button has come."""
        with suppress(TelegramAPIError):
            await self.bot(AnswerCallbackQuery(callback_query_id=query), self._seconds)

    def plain(self, content: bytes) -> bytes:
        """The photo without anything beside the picture.

        :raises picturing.NoPicture: it is none.
        """
        return picturing.plain(content)

    async def fetched(self, file: str, *, most: int) -> bytes:
        """The content of a file of a chat.

        :raises aiogram.exceptions.AiogramError, aiohttp.ClientError, TimeoutError: it cannot be fetched.
        :raises ValueError: it is larger than `most`.
        """
        found = await self.bot(GetFile(file_id=file), self._seconds)
        if found.file_path is None or (found.file_size or 0) > most:
            raise ValueError("too large")
        content = b""
        url = self.bot.session.api.file_url(self.bot.token, found.file_path)
        async for part in self.bot.session.stream_content(url, timeout=self._seconds * 3):
            content += part
            if len(content) > most:
                raise ValueError("too large")
        return content

    async def close(self) -> None:
        await self.bot.session.close()

    async def _turn(self, chat: str) -> None:
        """Waits until the chat may have another message."""
        now = time.monotonic()
        if len(self._next) > _REMEMBERED:
            self._next = {known: at for known, at in self._next.items() if at > now}
        at = max(now, self._next.get(chat, now))
        self._next[chat] = at + self._pace
        if at > now:
            await asyncio.sleep(at - now)


def _method(chat: int, body: str, extras: str) -> SendMessage | SendPhoto:
    """A message; with the picture of its chart where it has one and its words fit under it."""
    bars = json.loads(extras).get("chart") if extras else None
    if bars and len(body) <= _CAPTION:
        picture = BufferedInputFile(picturing.chart([(label, value) for label, value in bars]), "chart.png")
        return SendPhoto(chat_id=chat, photo=picture, caption=body, parse_mode=None, reply_markup=markup(extras))
    return SendMessage(
        chat_id=chat,
        text=body,
        parse_mode=None,
        reply_markup=markup(extras),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def markup(extras: str) -> Markup:
    """The keyboard of what stands beside a message (core.answer.offering); none where nothing does."""
    told: dict[str, Any] = json.loads(extras) if extras else {}
    if "buttons" in told:
        rows = [
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in told["buttons"]
        ]
        return InlineKeyboardMarkup(inline_keyboard=rows)
    if "menu" in told:
        menu = [[KeyboardButton(text=label) for label in row] for row in told["menu"]]
        return ReplyKeyboardMarkup(keyboard=menu, resize_keyboard=True, is_persistent=True)
    if "share" in told:
        button = KeyboardButton(text=told["share"], request_contact=True)
        return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
    return None


def told(error: Exception) -> SendFailed | SendUnclear:
    """What an error of the library says of a message (R21)."""
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return SendFailed("429", "too many", again=True, retry_after=float(seconds))
        case TelegramForbiddenError():
            return SendFailed("403", "blocked", again=False, unreachable=True)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # The token is wrong or was changed: the messages wait until it is right.
            return SendFailed("401", "token", again=True)
        case TelegramBadRequest(message=message):
            gone = any(sign in message.lower() for sign in _GONE)
            return SendFailed("400", "no such chat" if gone else "not accepted", again=False, unreachable=gone)
        case TelegramEntityTooLarge():
            return SendFailed("413", "too large", again=False)
        case TelegramAPIError(message=message) if "too many requests" in message.lower():
            return SendFailed("429", "too many", again=True)
        case TelegramServerError():
            return SendUnclear("server error")
        case TelegramNetworkError() if isinstance(error.__cause__, _NEVER_LEFT):
            return SendFailed("unreached", type(error.__cause__).__name__, again=True)
        case _:
            return SendUnclear(type(error.__cause__ or error).__name__)
