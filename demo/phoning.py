"""A phone of the town: texts through the simulated carrier over HTTP, and shows what was said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession


class NoCarrier(Exception):
    """The simulated carrier did not answer, or did not take what it was given."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the carrier holds it: `mine` is one that the phone wrote, `automatic` one that the carrier answered
    by itself. `price` is in dollars, negative, None while nothing was charged; `status` the carrier's word for how far
    it came; `webhook` with what status the gateway took a text; `at` is by the carrier's clock."""

    sid: str
    mine: bool
    automatic: bool
    body: str
    at: datetime
    status: str
    segments: int
    price: str | None
    webhook: int | None


class Phones:
    """All phones; `base` is the carrier's address, `number` the gateway's number, to which they write."""

    def __init__(self, session: ClientSession, *, base: str, number: str) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self.number = number

    async def text(self, phone: str, body: str) -> str:
        """Writes from a phone to the gateway; the carrier's name for the text, once the gateway was told of it.

        :raises NoCarrier: the carrier did not take it.
        """
        told = await self._post("/simulate/inbound", {"from": phone, "to": self.number, "body": body})
        return str(told["sid"])

    async def conversation(self, phone: str) -> tuple[Said, ...]:
        """What was said with a phone, oldest first.

        :raises NoCarrier: the carrier did not answer.
        """
        told = await self._get("/simulate/conversation", {"phone": phone})
        return tuple(_said(message) for message in told["messages"])

    async def faults(self) -> tuple[Mapping[str, float], Mapping[str, int]]:
        """The faults that are ordered, by name, and how often each has happened.

        :raises NoCarrier: the carrier did not answer.
        """
        told = await self._get("/simulate/faults", {})
        return told["faults"], told["struck"]

    async def order(self, faults: Mapping[str, float]) -> None:
        """The faults that the carrier makes from now on, and no others.

        :raises NoCarrier: the carrier did not take them.
        """
        await self._post("/simulate/faults", dict(faults))

    async def _get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        return await self._asked("GET", path, params=dict(query))

    async def _post(self, path: str, content: object) -> dict[str, Any]:
        return await self._asked("POST", path, json=content)

    async def _asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            async with self._session.request(method, self._base + path, **more) as answer:
                if answer.status != 200:
                    raise NoCarrier(f"{path}: {answer.status}")
                told: dict[str, Any] = await answer.json()
                return told
        except (ClientError, TimeoutError, OSError) as error:
            raise NoCarrier(f"{path}: {type(error).__name__}") from error


def _said(message: Mapping[str, Any]) -> Said:
    return Said(
        sid=message["sid"],
        mine=message["direction"] == "inbound",
        automatic=message["direction"] == "outbound-reply",
        body=message["body"],
        at=datetime.fromisoformat(message["at"]),
        status=message["status"],
        segments=message["segments"],
        price=message["price"],
        webhook=message["webhook"],
    )
