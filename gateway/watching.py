"""Counts what a process does, in plain numbers that cost the messages nothing; /metrics makes them into words."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from channels.port import Carrier, Found, SendFailed, SendUnclear
from core.basics.spread import SECONDS, Spread


@dataclass(slots=True)
class Watched:
    """What this process has seen: webhooks refused by the ground, calls of the carrier by how they ended, and how long
    they took."""

    refused: Counter[str] = field(default_factory=Counter)
    sends: Counter[str] = field(default_factory=Counter)
    seconds: Spread = field(default_factory=lambda: Spread(SECONDS))

    def refuses(self, why: str) -> None:
        self.refused[why] += 1


class WatchedCarrier:
    """A carrier whose calls are counted."""

    def __init__(self, carrier: Carrier, watched: Watched) -> None:
        self._carrier = carrier
        self._watched = watched

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        began = time.perf_counter()
        ended = "mistake"
        try:
            reference = await self._carrier.send(address=address, body=body, key=key, extras=extras)
            ended = "taken"
            return reference
        except SendFailed as failed:
            ended = "refused for now" if failed.again else "refused"
            raise
        except SendUnclear:
            ended = "unclear"
            raise
        finally:
            self._watched.sends[ended] += 1
            self._watched.seconds.add(time.perf_counter() - began)

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> Sequence[Found]:
        return await self._carrier.find(address=address, body=body, key=key, since=since)

    async def close(self) -> None:
        await self._carrier.close()
