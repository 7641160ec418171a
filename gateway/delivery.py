"""Carries worded messages: marks them, hands them over with no connection held, records what became of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from asyncpg import Connection, Pool, PostgresError

from channels.port import Carrier, SendFailed, SendUnclear
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.inbox import sql as inbox
from core.outbox import actions, sql
from core.outbox.model import Outbound, Outcome, State
from core.store.failures import GONE
from core.store.pool import acquire
from gateway import ending
from gateway.breaker import Breaker
from gateway.clock import Now
from gateway.doubts import Doubts, Lost

log = structlog.get_logger()

CHUNK = 64
"""Messages marked, sent at once and recorded together."""

CHUNKS = 4
"""Chunks under way at a time."""

ROOM = 2 * CHUNK * CHUNKS
"""Messages in hand beyond which no more are taken over: their leases would run out before their turn."""

DOUBLINGS = 7
"""So often does the pause before another try of a refused message double."""

LONGEST = 3600.0
"""Seconds of that pause at most."""

KEPT = 60.0
"""Seconds between two looks for messages that were tried for long enough."""

BUSY = 0.2
"""Seconds after which a message is tried again whose recipient had another under way."""

GRACE = 5.0
"""Seconds in which calls under way may end when we are told to (R25)."""

ENDING = 0.5
"""Seconds in which what is cut off may end, and what was not begun be left to others."""

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
        self._told: str | None = None
        self._room = asyncio.Event()
        self._look = 0.0
        self._waiting: list[Outbound] = []
        self._blocked: list[Outbound] = []
        self._held: set[UUID] = set()
        self._woken = asyncio.Event()
        self._chunks: set[asyncio.Task[None]] = set()
        self._runner: asyncio.Task[None] | None = None
        self._search: asyncio.Task[None] | None = None
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

    @property
    def wants_more(self) -> bool:
        """Whether more waited than was taken when it was last looked."""
        return self._more and not self._stopping and not self._breaker.is_open

    async def take(self) -> int:
        """Takes over more of what is due, once there is room for a chunk of it; how many."""
        if self._limit() < CHUNK:
            return 0
        async with acquire(self._pool) as conn:
            return await self._take(conn)

    async def _take(self, conn: Connection) -> int:
        limit = self._limit()
        taken: Sequence[Outbound] = ()
        if limit > 0:
            owner, lease, at = self._owner, self._pace.lease, self._now()
            taken = await actions.take(
                conn, self._channel, self._keyring, owner=owner, seconds=lease, limit=limit, at=at
            )
            self._more = len(taken) == limit
        self.carry(taken)
        return len(taken)

    def _limit(self) -> int:
        return min(CHUNK * CHUNKS, ROOM - len(self._held), self._breaker.room())

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
        if self._chunks:
            await asyncio.wait(self._chunks, timeout=max(self._until - asyncio.get_running_loop().time(), 0))
        left = [task for task in (*self._chunks, self._runner, self._search) if task]
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
        if self._ready is not None:
            await self._ready()
        while True:
            await self._woken.wait()
            while self._waiting:
                self._room.clear()
                # One place is kept for replies, however much else there is to send (R22).
                places = CHUNKS if self._waiting[0].rank == 0 else CHUNKS - 1
                size = min(CHUNK, self._breaker.room()) if len(self._chunks) < places else 0
                if not size:
                    await self._some_room()
                    continue
                chunk, self._waiting = self._waiting[:size], self._waiting[size:]
                self._breaker.began(len(chunk))
                task = asyncio.create_task(self._carry_chunk(chunk))
                self._chunks.add(task)
                task.add_done_callback(self._made_room)
            self._woken.clear()

    async def _some_room(self) -> None:
        """Returns when a call has ended, or the provider may be called again, or something new waits."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._breaker.wait()):
                await self._room.wait()

    def _made_room(self, chunk: asyncio.Task[None]) -> None:
        self._chunks.discard(chunk)
        self._room.set()

    def _queue(self, outbounds: Sequence[Outbound]) -> None:
        if not outbounds or self._stopping:
            return
        self._waiting.extend(outbounds)
        self._waiting.sort(key=lambda one: one.rank)
        self._room.set()
        self._woken.set()
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name=f"delivery-{self._channel}")

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
        self._queue([one for one in self._blocked if one.address in addresses])
        self._blocked = [one for one in self._blocked if one.address not in addresses]

    async def _carry_chunk(self, chunk: Sequence[Outbound]) -> None:
        """Sends those of the chunk whose recipients are free, and keeps the others that are still ours for later."""
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
            if going:
                await self._record(await asyncio.gather(*(self._send(one, until) for one in going)))
                await self._tell()
        except Exception as error:
            # What was marked is found out about when its lease has run out; what was not is taken anew then.
            log.error("delivery.chunk-error", error=type(error).__name__, messages=len(chunk), exc_info=error)
        finally:
            self._breaker.ended(len(chunk) - len(going))
            self._held.difference_update(one.id for one in mine)
            self._free(frozenset(one.address for one in mine))

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

    async def _send(self, one: Outbound, until: float) -> Outcome:
        """One attempt. It is not made where this process was halted for so long that others may be at it already."""
        try:
            if asyncio.get_running_loop().time() > until:
                log.warning("delivery.too-late", message=str(one.id))
                return Outcome(one.id, one.attempt, State.READY, again_after=0.0)
            return await self._called(one)
        finally:
            self._breaker.ended()
            self._room.set()

    async def _called(self, one: Outbound) -> Outcome:
        began = time.monotonic()
        try:
            reference = await self._carrier.send(address=one.address, body=one.body, key=str(one.id), extras=one.extras)
        except SendFailed as refused:
            return self._refused(one, refused)
        except SendUnclear as unclear:
            return self._unclear(one, unclear, halted=time.monotonic() - began > 2 * self._pace.timeout)
        except Exception as error:  # a carrier's own mistake after the call may have left: nothing is known
            log.error("delivery.carrier-error", message=str(one.id), error=type(error).__name__, exc_info=error)
            return Outcome(one.id, one.attempt, State.UNKNOWN)
        self._worked()
        return Outcome(one.id, one.attempt, State.SENT, reference)

    def _worked(self) -> None:
        if self._breaker.worked():
            log.warning("delivery.break-over")

    def _failed(self, why: str, retry_after: float | None) -> None:
        if self._breaker.failed(retry_after=retry_after):
            log.error("delivery.break", detail=why)
            self._told = why

    def _unclear(self, one: Outbound, unclear: SendUnclear, *, halted: bool) -> Outcome:
        """What is unclear because this process was `halted` during the call says nothing of the provider."""
        log.warning("delivery.unclear", message=str(one.id), detail=unclear.detail)
        if unclear.refused:
            self._breaker.throttled(retry_after=unclear.retry_after)
        elif not halted:
            self._failed(unclear.detail, unclear.retry_after)
        return Outcome(one.id, one.attempt, State.UNKNOWN, code=unclear.refused, again_after=unclear.retry_after or 0.0)

    def _refused(self, one: Outbound, refused: SendFailed) -> Outcome:
        log.warning("delivery.refused", message=str(one.id), code=refused.code, again=refused.again)
        if not refused.again:
            self._worked()  # it knows this message for one that cannot be sent
            return Outcome(one.id, one.attempt, State.FAILED, code=refused.code, unreachable=refused.unreachable)
        self._failed(refused.code, refused.retry_after)
        wait = min(self._pace.retry * 2 ** min(one.attempt - 1, DOUBLINGS), LONGEST)
        wait = max(wait, refused.retry_after or 0.0) if one.attempt > 1 else refused.retry_after or wait
        return Outcome(one.id, one.attempt, State.READY, code=refused.code, again_after=wait)

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
        lost = [outcome.id for outcome in outcomes if outcome.unreachable] if self._lost else []
        if self._lost is None or not lost:
            return await actions.finish(conn, outcomes)
        async with conn.transaction():
            await actions.finish(conn, outcomes)
            await self._lost(conn, lost, dead=True)
        return None

    async def _tell(self) -> None:
        """Puts before the staff, once, that the provider fails."""
        if self._told is None:
            return
        async with acquire(self._pool) as conn:
            await inbox.alarm_once(conn, "carrier failing", self._channel, at=self._now())
        self._told = None

    async def _expire(self, conn: Connection) -> None:
        if time.monotonic() >= self._look:
            self._look = time.monotonic() + KEPT
            if expired := await sql.expire(conn):
                log.error("delivery.expired", messages=expired)
