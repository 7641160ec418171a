"""A chat of the town: a person writes to the bot through the simulated messenger over HTTP, and sees what was said."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import ClientError, ClientSession

from demo.town_model import Inhabitant
from demo.town_uses import ZONE
from pages.words import PageWords

PATIENCE = 3.0
"""Seconds for which the bot's answer is waited for: it sends one message a second to a chat."""

_LOOK = 0.03


class NoMessenger(Exception):
    """The simulated messenger did not answer, or did not take what it was given."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` is what it carries."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of a chat: `mine` is the person's. `picture` names a file of the messenger."""

    id: int
    mine: bool
    by: str
    text: str
    time: str
    rows: tuple[tuple[Button, ...], ...]
    picture: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A chat as it is shown: what was said, the buttons below the field of text, and whether one of them shares the
    number."""

    lines: tuple[Spoken, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    shares: str = ""
    blocked: bool = False


def person(who: Inhabitant) -> int:
    """The number by which the messenger knows an inhabitant."""
    return int(who.phone.lstrip("+"))


class Chats:
    """All chats; `base` is the messenger's address."""

    def __init__(self, session: ClientSession, *, base: str) -> None:
        self._session = session
        self._base = base.rstrip("/")

    async def do(self, who: Inhabitant, what: Mapping[str, Any]) -> None:
        """A person does something; returns when the bot has answered, or soon after.

        :raises NoMessenger: the messenger did not take it.
        """
        before = len(await self._lines(who))
        await self._asked("POST", "/simulate/do", json={"person": person(who), **what})
        mine = int("press" not in what and "blocked" not in what)
        clock = asyncio.get_running_loop().time
        until = clock() + PATIENCE
        while clock() < until:
            if len(await self._lines(who)) > before + mine:
                return
            await asyncio.sleep(_LOOK)

    async def view(self, who: Inhabitant, words: PageWords) -> View:
        """The chat of an inhabitant.

        :raises NoMessenger: the messenger did not answer.
        """
        told = await self._asked("GET", "/simulate/chat", params={"person": str(person(who))})
        keys = [[button for button in row if not button.get("request_contact")] for row in told["keyboard"]]
        shares = [button["text"] for row in told["keyboard"] for button in row if button.get("request_contact")]
        return View(
            tuple(_spoken(line, words) for line in told["lines"]),
            tuple(tuple(button["text"] for button in row) for row in keys if row),
            shares[0] if shares else "",
            told["blocked"],
        )

    async def picture(self, name: str) -> bytes:
        """A file of the messenger.

        :raises NoMessenger: there is none.
        """
        try:
            async with self._session.get(f"{self._base}/simulate/file/{name}") as answer:
                if answer.status == 200:
                    return await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            raise NoMessenger(type(error).__name__) from error
        raise NoMessenger(name)

    async def _lines(self, who: Inhabitant) -> Sequence[object]:
        told = await self._asked("GET", "/simulate/chat", params={"person": str(person(who))})
        lines: Sequence[object] = told["lines"]
        return lines

    async def _asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            async with self._session.request(method, self._base + path, **more) as answer:
                if answer.status != 200:
                    raise NoMessenger(f"{path}: {answer.status}")
                told: dict[str, Any] = await answer.json()
                return told
        except (ClientError, TimeoutError, OSError) as error:
            raise NoMessenger(f"{path}: {type(error).__name__}") from error


def _spoken(line: Mapping[str, Any], words: PageWords) -> Spoken:
    rows = tuple(tuple(Button(one["text"], one["callback_data"]) for one in row) for row in line["buttons"])
    at = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(ZONE))
    by = words("chat.mine" if line["mine"] else "chat.theirs")
    return Spoken(line["id"], line["mine"], by, line["text"], words.stamp(at), rows, line["picture"])
