"""The simulated messenger's exchange: people write, the bot is told, and what it writes is shown."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from demo.carrier_calls import is_loopback
from demo.messenger_book import Book, Line, Rows, Talk
from demo.messenger_faults import Dice, Faults, Limits

HEADER = "X-Telegram-Bot-Api-Secret-Token"
TRIES = 12
"""So often is an update brought that is not taken; the real one goes on for a day."""

Take = Callable[[Mapping[str, Any]], Awaitable[None]]


class Exchange:
    """One bot with its token. `now` is the messenger's clock; `pace` the seconds before an update is brought again,
    `rate` messages a second it takes in all, `gap` the seconds between two to one chat."""

    def __init__(
        self,
        *,
        token: str,
        now: Callable[[], datetime],
        faults: Faults | None = None,
        pace: float = 0.05,
        patience: float = 15.0,
        rate: float = 30.0,
        gap: float = 0.9,
    ) -> None:
        self.token = token
        self.now = now
        self.book = Book()
        self.dice = Dice(faults or Faults())
        self.webhook = ""
        self.me = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Meterline",
            "username": "meterline_bot",
        }
        self.take: Take | None = None
        self._secret = ""
        self._pace = pace
        self._patience = patience
        self._limits = Limits(rate=rate, gap=gap)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def faults(self) -> Faults:
        return self.dice.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.dice = Dice(faults)

    def connect(self, url: str, secret: str) -> None:
        """Updates are brought to this address from now on, with the secret; nowhere where it is empty."""
        self.webhook, self._secret = url, secret

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=self._patience)
        )

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def settled(self) -> None:
        """Returns when the bot was told of everything, or that was given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def wait(self, chat: int) -> int:
        return self._limits.wait(chat, time.monotonic())

    def tell(self, talk: Talk, text: str, markup: Mapping[str, Any], picture: str | None) -> Line:
        """Shows what the bot wrote."""
        rows = tuple(tuple(row) for row in markup.get("inline_keyboard", ()))
        if "keyboard" in markup:
            talk.keyboard = tuple(tuple(row) for row in markup["keyboard"])
        elif markup.get("remove_keyboard"):
            talk.keyboard = ()
        return self.book.said(talk, mine=False, text=text, at=self.now(), buttons=rows, picture=picture)

    def acknowledged(self, query: str) -> bool:
        """Keeps that the bot has confirmed a press of a button; whether there was one."""
        for talk in self.book.talks.values():
            if query in talk.waiting:
                talk.waiting.discard(query)
                talk.acknowledged += 1
                return True
        return False

    async def write(self, person: int, text: str, **more: Any) -> int | None:
        """A person writes; the status with which the bot took it, None where it was not told yet."""
        talk = self.book.talk(person)
        line = self.book.said(talk, mine=True, text=text, at=self.now())
        return await self.tell_bot(message=self.message(talk, line.id, text=text, **more))

    async def share(self, person: int, phone: str, *, owner: int | None = None, **more: Any) -> int | None:
        """A person shares a contact: his own, or that of `owner`; -1 for one that names nobody."""
        talk = self.book.talk(person)
        line = self.book.said(talk, mine=True, text=phone, at=self.now())
        contact: dict[str, Any] = {"phone_number": phone, "first_name": talk.name}
        if owner != -1:
            contact["user_id"] = owner or person
        return await self.tell_bot(message=self.message(talk, line.id, contact=contact, **more))

    async def picture(self, person: int, content: bytes, caption: str = "") -> int | None:
        """A person sends a photo."""
        talk, name = self.book.talk(person), self.book.keep(content)
        line = self.book.said(talk, mine=True, text=caption, at=self.now(), picture=name)
        size = {"file_id": name, "file_unique_id": name, "width": 1280, "height": 960, "file_size": len(content)}
        more = {"caption": caption} if caption else {}
        return await self.tell_bot(message=self.message(talk, line.id, photo=[size], **more))

    async def press(self, person: int, message: int, data: str) -> int | None:
        """A person presses a button of a message of the bot's."""
        talk = self.book.talk(person)
        query = uuid4().hex
        talk.waiting.add(query)
        under = {"message_id": message, "date": int(self.now().timestamp()), "chat": talk.chat, "from": self.me}
        pressed = {"id": query, "from": talk.sender, "chat_instance": "1", "message": under, "data": data}
        return await self.tell_bot(callback_query=pressed)

    async def block(self, person: int, *, blocked: bool) -> int | None:
        """A person blocks the bot, or opens it again."""
        talk = self.book.talk(person)
        talk.blocked = blocked
        states = ("member", "kicked") if blocked else ("kicked", "member")
        old, new = (
            {"status": state, "user": self.me, **({"until_date": 0} if state == "kicked" else {})} for state in states
        )
        change = {
            "chat": talk.chat, "from": talk.sender, "date": int(self.now().timestamp()),
            "old_chat_member": old, "new_chat_member": new,
        }  # fmt: skip
        return await self.tell_bot(my_chat_member=change)

    def message(self, talk: Talk, number: int, **content: Any) -> dict[str, Any]:
        """A message of a person as an update has it."""
        told = {"message_id": number, "date": int(self.now().timestamp()), "chat": talk.chat, "from": talk.sender}
        return told | content

    async def tell_bot(self, **content: Any) -> int | None:
        """Makes an update and brings it to the bot; the status of the first try, None where that failed. What is not
        taken is brought again."""
        update = self.book.update(**content)
        if not self.webhook:
            return None
        if self.dice.strikes("update_late"):
            self._soon(self._insist(update))
            return None
        status = await self.bring(update)
        if status is None or status >= 300:
            self._soon(self._insist(update))
        elif self.dice.strikes("update_doubled"):
            await self.bring(update)
        return status

    async def bring(self, update: Mapping[str, Any]) -> int | None:
        """One try; what the bot calls in its answer is done."""
        if self._session is None or not is_loopback(urlsplit(self.webhook).hostname or ""):
            return None
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session.post(
                self.webhook, json=update, headers={HEADER: self._secret}, allow_redirects=False
            ) as answer:
                called = await answer.json() if answer.content_type == "application/json" else None
                if answer.status == 200:
                    self.book.updates.pop(int(update["update_id"]), None)
                    if isinstance(called, dict) and self.take is not None:
                        await self.take(called)
                return answer.status
        return None

    async def _insist(self, update: Mapping[str, Any]) -> None:
        for attempt in range(TRIES):
            await asyncio.sleep(min(self._pace * 2**attempt, 5.0))
            status = await self.bring(update)
            if status is not None and status < 300:
                return

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def shown(rows: Rows) -> list[list[dict[str, Any]]]:
    return [[dict(button) for button in row] for row in rows]
