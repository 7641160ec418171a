"""Carries worded messages: marks them, hands them over with no connection held, records what became of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog
from asyncpg import Pool, PostgresError

from channels.port import Carrier, ListUnavailable, SendFailed, SendUnclear
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.outbox import actions, sql
from core.outbox.model import Opened, Outbound, Outcome, State
from core.store.failures import GONE
from core.store.pool import acquire

log = structlog.get_logger()

CHUNK = 64
"""Messages marked, sent at once and recorded together."""

CHUNKS = 4
"""Chunks under way at a time."""

ROOM = 2 * CHUNK * CHUNKS
"""Messages in hand beyond which no more are taken over: their leases would run out before their turn."""

DOUBTS = 16
"""Unclear messages looked for in the provider's list at a time."""

TRIES = 12
"""Refusals of one message after which it is given up."""

BUSY = 0.2
"""Seconds after which a message is tried again whose recipient had another under way."""

GRACE = 5.0
"""Seconds in which calls under way may end when we are told to (R25)."""

REFUSALS = 5
"""Times that the database may refuse a record before it is left to be found out anew."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long a message is held, how long one call may take, and after what a refused one is tried again."""

    lease: float = 60.0
    timeout: float = 10.0
    retry: float = 30.0


class Delivery:
    """One channel's way out. `carry` takes replies that this process has just committed; `sweep` takes what is due and
    held by nobody, and sees to it that the unclear ones are found out about."""

    def __init__(
        self, *, channel: Channel, carrier: Carrier, pool: Pool, keyring: Keyring, owner: str, pace: Pace
    ) -> None:
        self._channel = channel
        self._carrier = carrier
        self._pool = pool
        self._keyring = keyring
        self._owner = owner
        self._pace = pace
        self._waiting: list[Outbound] = []
        self._blocked: list[Outbound] = []
        self._held: set[UUID] = set()
        self._woken = asyncio.Event()
        self._chunks: set[asyncio.Task[None]] = set()
        self._runner: asyncio.Task[None] | None = None
        self._search: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._stopping = False

    def carry(self, outbounds: Sequence[Outbound]) -> None:
        """Takes committed messages that this process holds; returns at once."""
        if self._stopping:
            return  # their lease runs out and another process carries them
        new = [one for one in outbounds if one.id not in self._held]
        self._held.update(one.id for one in new)
        self._queue(new)

    async def sweep(self) -> int:
        """Takes over what is due and held by nobody, and has the unclear ones looked for; how many were taken."""
        limit = min(CHUNK * CHUNKS, ROOM - len(self._held))
        taken: Sequence[Outbound] = ()
        async with acquire(self._pool) as conn:
            await sql.give_up_on_overdue(conn)
            if limit > 0:
                taken = await actions.take(
                    conn, self._channel, self._keyring, owner=self._owner, seconds=self._pace.lease, limit=limit
                )
        self.carry(taken)
        if self._search is None or self._search.done():
            self._search = asyncio.create_task(self._find_out(), name=f"search-{self._channel}")
        return len(taken)

    async def close(self) -> None:
        """Takes nothing more, gives what is under way a moment to end, and leaves the rest to its lease (R25)."""
        self._stopping = True
        self._waiting.clear()
        self._blocked.clear()
        if self._again:
            self._again.cancel()
        if self._chunks:
            await asyncio.wait(self._chunks, timeout=min(self._pace.timeout, GRACE))
        left = {task for task in (*self._chunks, self._runner, self._search) if task}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._carrier.close()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            while self._waiting:
                if len(self._chunks) >= CHUNKS:
                    await asyncio.wait(self._chunks, return_when=asyncio.FIRST_COMPLETED)
                chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
                task = asyncio.create_task(self._carry_chunk(chunk))
                self._chunks.add(task)
                task.add_done_callback(self._chunks.discard)
            self._woken.clear()

    def _queue(self, outbounds: Sequence[Outbound]) -> None:
        if not outbounds or self._stopping:
            return
        self._waiting.extend(outbounds)
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
        except Exception as error:
            # What was marked is found out about when its lease has run out; what was not is taken anew then.
            log.error("delivery.chunk-error", error=type(error).__name__, messages=len(chunk), exc_info=error)
        finally:
            self._held.difference_update(one.id for one in mine)
            self._free(frozenset(one.address for one in mine))

    async def _started(self, chunk: Sequence[Outbound]) -> Mapping[UUID, int]:
        """Those marked as being sent, each with its attempt; where the database was away none, once it is back."""
        try:
            async with acquire(self._pool) as conn:
                ids = [one.id for one in chunk]
                return await actions.begin(conn, ids, owner=self._owner, seconds=self._pace.lease)
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
                held = await sql.held(conn, [one.id for one in later], owner=self._owner)
        except GONE:
            return later
        return [one for one in later if one.id in held]

    async def _send(self, one: Outbound, until: float) -> Outcome:
        """One attempt. It is not made where this process was halted for so long that others may be at it already."""
        if asyncio.get_running_loop().time() > until:
            log.warning("delivery.too-late", message=str(one.id))
            return Outcome(one.id, one.attempt, State.READY, again_after=0.0)
        try:
            reference = await self._carrier.send(address=one.address, body=one.body, key=str(one.id))
        except SendFailed as refused:
            return self._refused(one, refused)
        except SendUnclear as unclear:
            log.warning("delivery.unclear", message=str(one.id), detail=unclear.detail)
            return Outcome(one.id, one.attempt, State.UNKNOWN)
        except Exception as error:  # a carrier's own mistake after the call may have left: nothing is known
            log.error("delivery.carrier-error", message=str(one.id), error=type(error).__name__, exc_info=error)
            return Outcome(one.id, one.attempt, State.UNKNOWN)
        return Outcome(one.id, one.attempt, State.SENT, reference)

    def _refused(self, one: Outbound, refused: SendFailed) -> Outcome:
        log.warning("delivery.refused", message=str(one.id), code=refused.code, again=refused.again)
        if not refused.again or one.attempt >= TRIES:
            return Outcome(one.id, one.attempt, State.FAILED, code=refused.code, unreachable=refused.unreachable)
        wait = min(self._pace.retry * 2 ** (one.attempt - 1), 3600.0)
        wait = max(wait, refused.retry_after or 0.0) if one.attempt > 1 else refused.retry_after or wait
        return Outcome(one.id, one.attempt, State.READY, code=refused.code, again_after=wait)

    async def _record(self, outcomes: Sequence[Outcome]) -> None:
        """Keeps the outcomes; while the database is away they are kept here, for nobody else knows them."""
        pause, refusals = 0.1, 0
        while True:
            try:
                async with acquire(self._pool) as conn:
                    return await actions.finish(conn, outcomes)
            except (*GONE, PostgresError) as error:
                refusals += not isinstance(error, GONE)
                log.warning("delivery.record-error", error=type(error).__name__, messages=len(outcomes))
                if self._stopping or refusals >= REFUSALS:
                    return None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)

    async def _find_out(self) -> None:
        """Asks the provider what became of the unclear messages."""
        try:
            while doubtful := await self._doubtful():
                await asyncio.gather(*(self._settle(one) for one in doubtful))
        except (*GONE, PostgresError) as error:
            log.warning("delivery.database-gone", error=type(error).__name__)

    async def _doubtful(self) -> Sequence[Opened]:
        """Some unclear messages, each again only after a while."""
        async with acquire(self._pool) as conn:
            return await actions.unclear(
                conn, self._channel, self._keyring, owner=self._owner, seconds=self._pace.timeout, limit=DOUBTS
            )

    async def _settle(self, one: Opened) -> None:
        """Keeps what the provider's list says of an unclear message, if it is not too early to tell (R20)."""
        out = one.outbound
        since = one.created_at - timedelta(minutes=5)
        try:
            listed = await self._carrier.find(address=out.address, body=out.body, key=str(out.id), since=since)
        except ListUnavailable as error:
            log.warning("delivery.list-unavailable", detail=error.detail)
            return
        except Exception as error:  # a list that makes no sense for one message must not stop the search for others
            log.error("delivery.search-error", message=str(out.id), error=type(error).__name__, exc_info=error)
            return
        async with acquire(self._pool) as conn:
            known = await actions.known_references(conn, self._channel, [found.reference for found in listed])
            mine = next((found for found in listed if found.reference not in known), None)
            if mine:
                await actions.found(conn, Outcome(out.id, out.attempt, mine.state, mine.reference))
            elif one.quiet >= self._pace.timeout * 2:
                await actions.found(conn, Outcome(out.id, out.attempt, State.READY, again_after=0.0))
