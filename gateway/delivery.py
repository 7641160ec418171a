"""Carries worded messages: marks them, hands them over with no connection held, records what became of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from asyncpg import Connection, Pool, PostgresError

from channels.port import Carrier
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.inbox import sql as inbox
from core.outbox import actions, sql
from core.outbox.model import Outbound, Outcome, State
from core.store.failures import GONE
from core.store.pool import acquire
from gateway import ending
from gateway.breaker import Breaker
from gateway.calling import Calls
from gateway.clock import Now
from gateway.doubts import Doubts, Lost

log = structlog.get_logger()

CHUNK = 64
"""Messages marked at a time."""

CHUNKS = 4
"""So many times that are under way at a time: marked and not yet recorded."""

ROOM = 2 * CHUNK * CHUNKS
"""Messages in hand beyond which no more are taken over: their leases would run out before their turn."""

KEPT = 60.0
"""Seconds between two looks for messages that were tried for long enough."""

BUSY = 0.2
"""Seconds after which a message is tried again whose recipient had another under way."""

GRACE = 5.0
"""Seconds in which calls under way may end when we are told to (R25)."""

ENDING = 0.5
"""Seconds in which what is cut off may end, and what was not begun be left to others."""

TOGETHER = CHUNK // 2
"""Calls that have ended, worth a record while others are under way."""

GATHERED = 0.01
"""Seconds after which fewer are recorded."""

REFUSALS = 5
"""Times that the database may refuse a record before it is left to be found out anew."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long a message is held, how long one call may take, and after what a refused one is tried again.

    A provider that fails is left alone for a sixth of that at first, and for twice of it at most. `rate` is how many
    messages a second may go out, by all processes together, and two to one recipient are so many seconds `apart`
    (R22)."""

    lease: float = 60.0
    timeout: float = 10.0
    retry: float = 30.0
    rate: float | None = None
    apart: float = 0.0


class Delivery:
    """One channel's way out. `carry` takes replies that this process has just committed; `sweep` takes what is due and
    held by nobody, and sees to it that the unclear ones are found out about. `lost` is told of those that reach nobody;
    nothing is begun before `ready` returns."""

    def __init__(
        self,
        *,
        channel: Channel,
        carrier: Carrier,
        pool: Pool,
        keyring: Keyring,
        now: Now,
        owner: str,
        pace: Pace,
        lost: Lost | None = None,
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._channel = channel
        self._carrier = carrier
        self._pool = pool
        self._keyring = keyring
        self._now = now
        self._owner = owner
        self._pace = pace
        self._lost = lost
        self._ready = ready
        self._doubts = Doubts(channel, carrier, pool, keyring, owner=owner, timeout=pace.timeout, lost=lost)
        self._breaker = Breaker(time.monotonic, pause=pace.retry / 6, longest=pace.retry * 2)
        self._calls = Calls(carrier, self._breaker, timeout=pace.timeout, retry=pace.retry)
        self._look = 0.0
        self._waiting: list[Outbound] = []
        self._blocked: list[Outbound] = []
        self._held: set[UUID] = set()
        self._going = self._calling = 0
        self._ended: list[tuple[Outbound, Outcome]] = []
        self._gathering: asyncio.TimerHandle | None = None
        self._woken, self._unrecorded, self._idle = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._sending: set[asyncio.Task[None]] = set()
        self._runners: tuple[asyncio.Task[None], ...] = ()
        self._search: asyncio.Task[None] | None = None
        self._filling: asyncio.Task[None] | None = None
        self._taking = asyncio.Lock()
        self._again: asyncio.TimerHandle | None = None
        self._stopping = False
        self._until = 0.0
        self._more = False

    def carry(self, outbounds: Sequence[Outbound]) -> None:
        """Takes committed messages that this process holds; returns at once."""
        if self._stopping:
            return  # their lease runs out and another process carries them
        new = [one for one in outbounds if one.id not in self._held]
        if self._breaker.is_open:
            new = new[: max(ROOM - len(self._held), 0)]  # the others are taken when their lease has run out
        self._held.update(one.id for one in new)
        self._queue(new)

    @property
    def is_broken(self) -> bool:
        """Whether the provider is left alone for a while, because it fails."""
        return self._breaker.is_open

    async def sweep(self) -> int:
        """Takes over what is due and held by nobody, and has the unclear ones looked for; how many were taken."""
        if self._stopping:
            return 0
        async with acquire(self._pool) as conn:
            await sql.give_up_on_overdue(conn)
            await self._expire(conn)
            taken = await self._take(conn)
        if self._search is None or self._search.done():
            self._search = asyncio.create_task(self._doubts.find_out(), name=f"search-{self._channel}")
        return taken

    async def _take(self, conn: Connection) -> int:
        async with self._taking:
            limit = self._limit()
            if limit <= 0:
                return 0
            owner, lease, at = self._owner, self._pace.lease, self._now()
            taken = await actions.take(
                conn, self._channel, self._keyring, owner=owner, seconds=lease, limit=limit, at=at
            )
            self._more = len(taken) == limit
            self.carry(taken)
            return len(taken)

    def _limit(self) -> int:
        """How many more may be taken over. Those whose recipients are busy do not count: what they wait for may be
        among what is not in hand."""
        held = len(self._held) - len(self._blocked)
        return min(CHUNK * CHUNKS, ROOM - held, self._breaker.ahead(held))

    def _fill(self) -> None:
        """Has more of what is due taken over before all in hand is under way, where more waited than was taken."""
        if self._stopping or not self._more or len(self._waiting) > 2 * CHUNK:
            return
        if self._limit() >= (CHUNK if self._waiting else 1) and (self._filling is None or self._filling.done()):
            self._filling = asyncio.create_task(self._take_more(), name=f"taking-{self._channel}")

    async def _take_more(self) -> None:
        try:
            async with acquire(self._pool) as conn:
                await self._take(conn)
        except (*GONE, PostgresError) as error:
            self._more = False  # the next sweep looks again
            log.warning("delivery.database-gone", error=type(error).__name__)

    def stop(self) -> None:
        """Takes and begins nothing from now on; what is under way has a moment to end (R25)."""
        if self._stopping:
            return
        self._stopping = True
        self._until = asyncio.get_running_loop().time() + min(self._pace.timeout, GRACE)
        self._waiting.clear()
        self._blocked.clear()
        if self._again:
            self._again.cancel()

    async def close(self) -> None:
        """Stops, waits that moment, and leaves the rest to others: what was begun by its lease, the rest at once."""
        self.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._until):
                await self._idle.wait()
        left = [task for task in (*self._runners, *self._sending, self._search, self._filling) if task]
        for task in left:
            task.cancel()
        await ending.ended(ENDING, left)
        await ending.within(ENDING, self._let_go())
        await self._carrier.close()

    async def _let_go(self) -> None:
        with suppress(*GONE, PostgresError):
            async with acquire(self._pool) as conn:
                await sql.let_go(conn, owner=self._owner)

    async def _run(self) -> None:
        """Marks what waits whenever there is room for more of it, and has it sent."""
        if self._ready is not None:
            await self._ready()
        while True:
            self._woken.clear()
            pause = self._breaker.wait()  # looked at first: it may end while the size is reckoned
            if size := self._size():
                chunk, self._waiting = self._waiting[:size], self._waiting[size:]
                await self._begin(chunk)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(pause if self._waiting else None):
                    await self._woken.wait()

    def _size(self) -> int:
        """How many of those that wait may be marked now. What nobody asked for waits until that is worth a statement,
        and leaves some room to replies, however much of it there is (R22)."""
        if not self._waiting:
            return 0
        asked = self._waiting[0].rank == 0
        most = CHUNK * CHUNKS if asked else CHUNK * (CHUNKS - 1)
        wanted = min(CHUNK, len(self._waiting))
        size = min(wanted, most - self._going, self._breaker.room())
        return size if size >= (1 if asked else min(wanted, max(self._going, 1))) else 0

    def _queue(self, outbounds: Sequence[Outbound]) -> None:
        if not outbounds or self._stopping:
            return
        self._waiting.extend(outbounds)
        self._waiting.sort(key=lambda one: one.rank)
        self._woken.set()
        if not self._runners:
            own = ("delivery", self._run()), ("record", self._keep())
            self._runners = tuple(asyncio.create_task(each, name=f"{name}-{self._channel}") for name, each in own)

    def _block(self, later: Sequence[Outbound]) -> None:
        """Keeps those whose recipients are busy, to be tried again after a while; what is ours to end frees its own
        recipient at once."""
        self._blocked.extend(later)
        if self._blocked and self._again is None and not self._stopping:
            self._again = asyncio.get_running_loop().call_later(BUSY, self._unblock)

    def _unblock(self) -> None:
        self._again = None
        blocked, self._blocked = self._blocked, []
        self._queue(blocked)

    def _free(self, addresses: frozenset[str]) -> None:
        """The recipients have nothing of ours under way any more."""
        if free := [one for one in self._blocked if one.address in addresses]:
            self._blocked = [one for one in self._blocked if one.address not in addresses]
            self._queue(free)

    async def _begin(self, chunk: Sequence[Outbound]) -> None:
        """Has those of the chunk sent whose recipients are free, and keeps the others that are still ours for later."""
        self._breaker.began(len(chunk))
        self._going += len(chunk)
        self._idle.clear()
        mine: Sequence[Outbound] = chunk
        going: Sequence[Outbound] = ()
        try:
            until = asyncio.get_running_loop().time() + self._pace.lease - self._pace.timeout
            started = await self._started(chunk)
            later = await self._still_ready([one for one in chunk if one.id not in started])
            kept = {one.id for one in later}
            mine = [one for one in chunk if one.id not in kept]
            self._block(later)
            going = [replace(one, attempt=started[one.id]) for one in mine if one.id in started]
            for one in going:
                self._calling += 1
                task = asyncio.create_task(self._send(one, until))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
        except Exception as error:
            # What was marked is found out about when its lease has run out; what was not is taken anew then.
            log.error("delivery.chunk-error", error=type(error).__name__, messages=len(chunk), exc_info=error)
        finally:
            left, idle = {one.id for one in going}, len(chunk) - len(going)
            self._breaker.ended(idle)
            self._over([one for one in mine if one.id not in left], idle)

    def _over(self, ended: Sequence[Outbound], number: int) -> None:
        """These are held no more, and so many less are under way."""
        self._going -= number
        if not self._going:
            self._idle.set()
        self._held.difference_update(one.id for one in ended)
        self._free(frozenset(one.address for one in ended))
        self._fill()
        self._woken.set()

    async def _started(self, chunk: Sequence[Outbound]) -> Mapping[UUID, int]:
        """Those marked as being sent, each with its attempt; where the database was away none, once it is back."""
        try:
            async with acquire(self._pool) as conn:
                pace, owner, at = self._pace, self._owner, self._now()
                return await actions.begin_within(
                    conn, chunk, rate=pace.rate, owner=owner, seconds=pace.lease, at=at, apart=pace.apart
                )
        except GONE as error:
            log.warning("delivery.database-gone", error=type(error).__name__, messages=len(chunk))
        # It may have marked them all the same; nobody knows as well as we that none of them has left.
        await self._record([Outcome(one.id, one.attempt + 1, State.READY, again_after=0.0) for one in chunk])
        return {}

    async def _still_ready(self, later: Sequence[Outbound]) -> Sequence[Outbound]:
        """Those that still wait and are ours; where the database is away, that is found out the next time."""
        if not later:
            return ()
        try:
            async with acquire(self._pool) as conn:
                held = await sql.held(conn, [one.id for one in later], owner=self._owner, at=self._now())
        except GONE:
            return later
        return [one for one in later if one.id in held]

    async def _send(self, one: Outbound, until: float) -> None:
        """Has one attempt made, and what came of it recorded with what else has ended by then."""
        outcome = await self._calls.made(one, until)
        self._ended.append((one, outcome))
        self._calling -= 1
        if not self._calling or len(self._ended) >= TOGETHER:
            self._unrecorded.set()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHERED, self._unrecorded.set)
        if self._size():
            self._woken.set()

    async def _keep(self) -> None:
        """Records what has ended, all that gathered while the last was recorded in one statement."""
        while True:
            await self._unrecorded.wait()
            self._unrecorded.clear()
            if self._gathering is not None:
                self._gathering.cancel()
                self._gathering = None
            ended, self._ended = self._ended, []
            try:
                await self._record([outcome for _, outcome in ended])
                await self._tell()
            except Exception as error:
                log.error("delivery.chunk-error", error=type(error).__name__, messages=len(ended), exc_info=error)
            finally:
                self._over([one for one, _ in ended], len(ended))

    async def _record(self, outcomes: Sequence[Outcome]) -> None:
        """Keeps the outcomes; while the database is away they are kept here, for nobody else knows them."""
        pause, refusals = 0.1, 0
        while True:
            try:
                async with acquire(self._pool) as conn:
                    return await self._kept(conn, outcomes)
            except (*GONE, PostgresError) as error:
                refusals += not isinstance(error, GONE)
                log.warning("delivery.record-error", error=type(error).__name__, messages=len(outcomes))
                if self._stopping or refusals >= REFUSALS:
                    return None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)

    async def _kept(self, conn: Connection, outcomes: Sequence[Outcome]) -> None:
        failed = [outcome for outcome in outcomes if outcome.state is State.FAILED] if self._lost else []
        if self._lost is None or not failed:
            return await actions.finish(conn, outcomes)
        async with conn.transaction():
            await actions.finish(conn, outcomes)
            for dead in {one.unreachable for one in failed}:
                await self._lost(conn, [one.id for one in failed if one.unreachable is dead], dead=dead)
        return None

    async def _tell(self) -> None:
        """Puts before the staff, once, that the provider fails."""
        if self._calls.broke is None:
            return
        async with acquire(self._pool) as conn:
            await inbox.alarm_once(conn, "carrier failing", self._channel, at=self._now())
        self._calls.broke = None

    async def _expire(self, conn: Connection) -> None:
        if time.monotonic() >= self._look:
            self._look = time.monotonic() + KEPT
            if expired := await sql.expire(conn):
                log.error("delivery.expired", messages=expired)
