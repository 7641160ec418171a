"""Phones that text, each text posted until it is taken, some of it twice at once, some again later, some never."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from channels.sms import signature
from channels.telegram.receive import HEADER
from demo.carrier import Carrier
from gateway.clock import now
from tests.chaos import chatting
from tests.chaos.observing import Texted
from tests.chaos.recording import Record
from tests.chaos.village import Wish
from tests.flows.conftest import NUMBER, SID, TOKEN

DOUBLED = REPLAYED = 0.15
AGAIN = 0.25
"""Seconds until a text that was not taken comes again, as from the fallback address or the poll."""


@dataclass(frozen=True, slots=True)
class Call:
    """A webhook, as it is posted each time."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class Load:
    """Plays the phones against one address; what the carrier would know of a text stands in its book. Whatever is
    acknowledged is looked for at once."""

    def __init__(
        self, url: str, carrier: Carrier, dice: random.Random, session: aiohttp.ClientSession, record: Record
    ) -> None:
        self._url = url
        self._carrier = carrier
        self._dice = dice
        self._session = session
        self._record = record
        self._wishes: dict[str, tuple[Wish, bool]] = {}
        self._statuses: defaultdict[str, list[int | None]] = defaultdict(list)
        self._unrecorded: Counter[str] = Counter()
        self._later: set[asyncio.Task[None]] = set()
        self.taken: dict[str, datetime] = {}
        """When each text was taken."""
        self._last = 0.0
        self._planned = 0
        self._over = False
        self.longest_pause = 0.0
        """Seconds in which many texts were under way and none was taken."""

    async def text(self, planned: Mapping[str, Sequence[Wish]], *, seconds: float, last: bool = False) -> None:
        """All phones text at once, each its texts one after the other, spread over this time."""
        self._last = 0.0
        self._planned += sum(len(wishes) for wishes in planned.values())
        try:
            await asyncio.gather(*(self._talk(wishes, seconds, last) for wishes in planned.values() if wishes))
            while self._later:
                await asyncio.wait(self._later)
        finally:
            self._over = True

    def done(self) -> float:
        """The share of the texts that were taken, 1 when nobody texts any more."""
        return 1.0 if self._over else len(self.taken) / max(self._planned, 1)

    @property
    def texted(self) -> tuple[Texted, ...]:
        return tuple(
            Texted(
                sid, wish.phone, wish.said, wish.count, tuple(self._statuses[sid]), last, wish.withheld,
                self._unrecorded[sid],
            )
            for sid, (wish, last) in self._wishes.items()
        )  # fmt: skip

    @property
    def withheld(self) -> tuple[str, ...]:
        """Those that no webhook told of."""
        return tuple(sid for sid, (wish, _) in self._wishes.items() if wish.withheld)

    async def _talk(self, wishes: Sequence[Wish], seconds: float, last: bool) -> None:
        pause = seconds / len(wishes)
        for wish in wishes:
            await asyncio.sleep(self._dice.uniform(0.0, 2 * pause))
            sid, call = self._written(wish)
            self._wishes[sid] = (wish, last)
            if wish.withheld:
                continue
            await self._until_taken(sid, call)
            if self._dice.random() < REPLAYED:
                self._soon(self._replay(sid, call))

    def _written(self, wish: Wish) -> tuple[str, Call]:
        """What the inbox will name the text by, and how the gateway is told of it."""
        if wish.chat:
            sid, update = chatting.update(wish.phone, wish.said)
            headers = {HEADER: chatting.SECRET, "Content-Type": "application/json"}
            return sid, Call(f"{self._url}/telegram", json.dumps(update).encode(), headers)
        sid = self._carrier.book.add(direction="inbound", sender=wish.phone, to=NUMBER, body=wish.said, at=now()).sid
        params = [("From", wish.phone), ("To", NUMBER), ("Body", wish.said), ("MessageSid", sid), ("AccountSid", SID)]
        url = f"{self._url}/sms/twilio"
        headers = {
            signature.HEADER: signature.sign(url, params, TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return sid, Call(url, urlencode(params).encode(), headers)

    def _soon(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _until_taken(self, sid: str, call: Call) -> None:
        while True:
            copies = 2 if self._dice.random() < DOUBLED else 1
            statuses = await asyncio.gather(*(self._post(sid, call) for _ in range(copies)))
            if 200 in statuses:
                self._took(sid)
                return
            await asyncio.sleep(AGAIN)

    def _took(self, sid: str) -> None:
        self.taken[sid] = now()
        at = asyncio.get_running_loop().time()
        if self._last:
            self.longest_pause = max(self.longest_pause, at - self._last)
        self._last = at

    async def _replay(self, sid: str, call: Call) -> None:
        await asyncio.sleep(self._dice.uniform(0.0, 5.0))
        await self._post(sid, call)

    async def _look(self, sid: str) -> None:
        if not await self._record.hold([sid]):
            self._unrecorded[sid] += 1

    async def _post(self, sid: str, call: Call) -> int | None:
        """The status of one webhook, None where no answer came."""
        status: int | None = None
        try:
            async with self._session.post(call.url, data=call.body, headers=call.headers) as response:
                await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = None
        self._statuses[sid].append(status)
        if status == 200:
            self._soon(self._look(sid))
        return status
