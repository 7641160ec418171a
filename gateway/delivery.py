"""Carries worded messages: marks them, hands them over with no connection held, records what became of them."""

import asyncio
from collections.abc import Sequence
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

TRIES = 12
"""Refusals of one message after which it is given up."""

BUSY = 0.2
"""Seconds after which a message is tried again whose recipient had another under way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long a message is held, how long one call may take, and after what a refused one is tried again."""

    lease: float = 60.0
    timeout: float = 10.0
    retry: float = 30.0


class Delivery:
    """One channel's way out. `carry` takes replies that this process has just committed; `sweep` takes what is due and
    held by nobody, and finds out about the unclear ones."""

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
        self._chunks: set[asyncio.Task[bool]] = set()
        self._runner: asyncio.Task[None] | None = None
        self._stopping = False

    def carry(self, outbounds: Sequence[Outbound]) -> None:
        """Takes committed messages that this process holds; returns at once."""
        if self._stopping:
            return  # their lease runs out and another process carries them
        self._waiting.extend(one for one in outbounds if one.id not in self._held)
        self._held.update(one.id for one in outbounds)
        self._woken.set()
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name=f"delivery-{self._channel}")

    async def sweep(self) -> int:
        """Takes over what is due and held by nobody, and settles what is unclear; how many were taken."""
        async with acquire(self._pool) as conn:
            await sql.give_up_on_overdue(conn)
            taken = await actions.take(
                conn, self._channel, self._keyring, owner=self._owner, seconds=self._pace.lease, limit=CHUNK * CHUNKS
            )
            doubtful = await actions.unclear(
                conn, self._channel, self._keyring, owner=self._owner, seconds=self._pace.timeout, limit=CHUNK
            )
        if taken:
            self.carry(taken)
        if doubtful:
            await self._reconcile(doubtful)
        return len(taken)

    async def close(self) -> None:
        """Takes nothing more, lets what is under way come to its end, and leaves the rest to its lease (R25)."""
        self._stopping = True
        self._waiting.clear()
        if self._runner:
            self._runner.cancel()
        if self._chunks:
            await asyncio.wait(self._chunks, timeout=self._pace.timeout)
        await self._carrier.close()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            while self._waiting:
                if len(self._chunks) >= CHUNKS:
                    await asyncio.wait(self._chunks, return_when=asyncio.FIRST_COMPLETED)
                chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
                task = asyncio.create_task(self._send_chunk(chunk))
                self._chunks.add(task)
                task.add_done_callback(self._chunk_done)
            self._woken.clear()

    def _chunk_done(self, task: asyncio.Task[bool]) -> None:
        """Those whose recipient was busy are tried anew when one may be free: when something was sent, or, where
        nothing of ours is under way, after a while."""
        self._chunks.discard(task)
        if not self._blocked or self._stopping:
            return
        if not task.cancelled() and task.result():
            self._unblock()
        elif not self._chunks:
            asyncio.get_running_loop().call_later(BUSY, self._unblock)

    def _unblock(self) -> None:
        blocked, self._blocked = self._blocked, []
        if blocked:
            self._waiting[:0] = blocked
            self._woken.set()

    async def _send_chunk(self, chunk: Sequence[Outbound]) -> bool:
        """Sends those of the chunk whose recipients are free; whether there were any."""
        later: Sequence[Outbound] = ()
        try:
            started = await self._started(chunk)
            if len(started) < len(chunk):
                later = await self._still_ready([one for one in chunk if one.id not in started])
                self._blocked.extend(later)
            mine = [replace(one, attempt=one.attempt + 1) for one in chunk if one.id in started]
            if mine:
                outcomes = await asyncio.gather(*(self._send(one) for one in mine))
                await self._record(outcomes)
            return bool(mine)
        except (*GONE, PostgresError) as error:
            # What was marked is found out about when its lease has run out; what was not is still held or taken anew.
            log.warning("delivery.database-error", error=type(error).__name__, messages=len(chunk))
            return False
        finally:
            self._held.difference_update(one.id for one in chunk)
            self._held.update(one.id for one in later)

    async def _started(self, chunk: Sequence[Outbound]) -> frozenset[UUID]:
        async with acquire(self._pool) as conn:
            ids = [one.id for one in chunk]
            return frozenset(await actions.begin(conn, ids, owner=self._owner, seconds=self._pace.lease))

    async def _still_ready(self, later: Sequence[Outbound]) -> list[Outbound]:
        async with acquire(self._pool) as conn:
            held = await sql.held(conn, [one.id for one in later], owner=self._owner)
        return [one for one in later if one.id in held]

    async def _send(self, one: Outbound) -> Outcome:
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
            return Outcome(one.id, one.attempt, State.FAILED, code=refused.code)
        wait = min(self._pace.retry * 2 ** (one.attempt - 1), 3600.0)
        wait = max(wait, refused.retry_after or 0.0) if one.attempt > 1 else refused.retry_after or wait
        return Outcome(one.id, one.attempt, State.READY, code=refused.code, again_after=wait)

    async def _record(self, outcomes: Sequence[Outcome]) -> None:
        """Keeps the outcomes; while the database is away they are kept here, for nobody else knows them."""
        pause = 0.1
        while True:
            try:
                async with acquire(self._pool) as conn:
                    return await actions.finish(conn, outcomes)
            except (*GONE, PostgresError) as error:
                log.warning("delivery.record-error", error=type(error).__name__, messages=len(outcomes))
                if self._stopping:
                    return None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _reconcile(self, doubtful: Sequence[Opened]) -> None:
        outcomes = [outcome for one in doubtful if (outcome := await self._found_out(one))]
        if outcomes:
            async with acquire(self._pool) as conn:
                await actions.finish(conn, outcomes)

    async def _found_out(self, one: Opened) -> Outcome | None:
        """What the provider's list says of an unclear message; None where it is too early to tell (R20)."""
        out = one.outbound
        since = one.created_at - timedelta(minutes=5)
        try:
            listed = await self._carrier.find(address=out.address, body=out.body, key=str(out.id), since=since)
        except ListUnavailable as error:
            log.warning("delivery.list-unavailable", detail=error.detail)
            return None
        async with acquire(self._pool) as conn:
            known = await actions.known_references(conn, self._channel, [found.reference for found in listed])
            quiet = await sql.seconds_since(conn, one.changed_at)
        mine = [found for found in listed if found.reference not in known]
        if mine:
            return Outcome(out.id, out.attempt, mine[0].state, mine[0].reference)
        if quiet < self._pace.timeout * 2:
            return None
        return Outcome(out.id, out.attempt, State.READY, again_after=0.0)
