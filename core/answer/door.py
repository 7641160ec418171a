"""The one door: every message comes in here, waits for no timer, and leaves with the batch that gathers."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog
from asyncpg import Connection, LockNotAvailableError, PostgresError

from core.answer.desk import Desk, Result
from core.answer.model import Answer, Carry, Tally
from core.answer.storing import Overtaken
from core.basics.facts import dataclass
from core.inbox.model import Inbound, Unavailable
from core.store.failures import GONE

log = structlog.get_logger()

LARGEST = 128
"""Messages in one transaction at most (performance.md section 3, rule 2)."""

PAUSE = 0.05
"""Seconds after which a message is tried again whose account somebody else holds."""

ATTEMPTS = 5
"""So often is a message tried that the database refuses, before it is put aside (R13)."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    inbound: Inbound
    sender: bytes
    answer: asyncio.Future[Answer]
    since: float
    alone: bool = False


class Answerer:
    """Inbound → Answer. What arrives while one batch is in the database makes the next; one alone waits for nobody.

    `connect` opens the connection that batches use; it is kept for them alone, and opened again when it breaks.
    `carry` is given each batch's replies after their commit.
    """

    def __init__(
        self, *, connect: Callable[[], Awaitable[Connection]], desk: Desk, carry: Carry, patience: float = 2.5
    ) -> None:
        self._connect = connect
        self._desk = desk
        self._carry = carry
        self._patience = patience
        self._queue: deque[_Waiting] = deque()
        self._put_off: set[bytes] = set()
        self._conn: Connection | None = None
        self._running: asyncio.Task[None] | None = None
        self.tally = Tally()

    async def answer(self, inbound: Inbound) -> Answer:
        """The answer, once it is committed together with everything that the message brought about.

        :raises Unavailable: nothing was stored, or nobody can tell whether it was; the same message may come again.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._queue.append(_Waiting(inbound, self._desk.hash(inbound), future, loop.time()))
        self._start()
        try:
            return await future
        except Unavailable:
            self.tally.unavailable += 1
            raise

    async def close(self) -> None:
        """Finishes what is waiting and closes the connection."""
        if self._running:
            await asyncio.wait([self._running])
        if self._conn:
            with suppress(*GONE):
                await self._conn.close(timeout=self._patience)

    def _start(self) -> None:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="answerer")

    async def _run(self) -> None:
        while batch := self._gather():
            try:
                await self._serve(batch)
            except BaseException as error:
                _tell(batch, Unavailable(str(type(error).__name__)))
                if not isinstance(error, Exception):
                    raise
                log.error("door.batch-error", error=type(error).__name__, exc_info=error)

    def _gather(self) -> list[_Waiting]:
        """The first messages in line, one of each sender, in their order; none of a sender that is put off, and one
        that must be answered alone by itself."""
        batch: list[_Waiting] = []
        senders = set(self._put_off)
        rest: deque[_Waiting] = deque()
        while self._queue and len(batch) < LARGEST:
            first = self._queue.popleft()
            if first.answer.done():  # its sender has gone
                continue
            if first.sender in senders or (first.alone and batch):
                rest.append(first)
            else:
                senders.add(first.sender)
                batch.append(first)
            if first.alone:
                break
        self._queue.extendleft(reversed(rest))
        return batch

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        try:
            await self._handle(batch)
        except GONE as error:
            await self._hang_up()
            log.warning("door.database-gone", error=type(error).__name__, messages=len(batch) + len(self._queue))
            _tell(batch, Unavailable("database"))
            # Those in line would wait as long again, and their senders have no time for that (R4).
            _tell(self._queue, Unavailable("database"))
            self._queue.clear()

    async def _handle(self, batch: Sequence[_Waiting]) -> None:
        """Answers the batch, or where it is refused each of its messages by itself: one does not take others with it.

        :raises GONE: the database is not there.
        """
        try:
            await self._attempt(batch)
        except GONE:
            raise
        except Exception as error:
            _say(error, messages=len(batch))
            if len(batch) == 1:
                await self._insist(batch[0])
            else:
                for one in batch:
                    await self._handle([one])

    async def _insist(self, one: _Waiting) -> None:
        """Tries a message alone that was refused, then puts it aside (R13)."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt([one])
            except GONE:
                raise
            except LockNotAvailableError:
                return _tell([one], Unavailable("held by another"))
            except Exception as error:
                log.warning("door.message-refused", error=type(error).__name__)
        try:
            async with self._held() as conn:
                self._done([one], await self._desk.put_aside(conn, one.inbound))
        except GONE:
            raise
        except Exception as error:
            log.error("door.cannot-put-aside", error=type(error).__name__, exc_info=error)
            _tell([one], Unavailable(type(error).__name__))
        return None

    async def _attempt(self, batch: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        async with self._held() as conn:
            began = loop.time()
            if batch[0].alone:
                result = await self._desk.answer_alone(conn, batch[0].inbound)
            else:
                inbounds, senders = zip(*[(one.inbound, one.sender) for one in batch], strict=True)
                result = await self._desk.answer(conn, inbounds, senders)
        self.tally.seconds.add(loop.time() - began)
        self.tally.batches.add(len(batch))
        self._done(batch, result)

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[Connection]:
        """The connection, cut off when the time is up: of one that has fallen silent even a rollback would be waited
        for, and for ever (R4)."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        async with asyncio.timeout_at(until):
            conn = await self._connected()
        cut = loop.call_at(until, conn.terminate)
        try:
            yield conn
        finally:
            cut.cancel()

    def _done(self, batch: Sequence[_Waiting], result: Result) -> None:
        if result.outbounds:
            self._carry(result.outbounds)
        now = asyncio.get_running_loop().time()
        for no, answer in result.answers.items():
            self.tally.answered(answer, now - batch[no].since)
            if not batch[no].answer.done():
                batch[no].answer.set_result(answer)
        later = [replace(batch[no], alone=no in result.alone) for no in (*result.waiting, *result.alone)]
        self._queue.extendleft(reversed(later))
        for no in result.held:
            self._put_off_a_while(batch[no])

    def _put_off_a_while(self, one: _Waiting) -> None:
        """Somebody else holds an account of this sender, a month's close perhaps: nobody waits for that but he, and he
        no longer than a provider does (R4)."""
        loop = asyncio.get_running_loop()
        if loop.time() - one.since > self._patience:
            _tell([one], Unavailable("account held"))
        else:
            self._put_off.add(one.sender)
            loop.call_later(PAUSE, self._bring_back, one)

    def _bring_back(self, one: _Waiting) -> None:
        self._put_off.discard(one.sender)
        self._queue.appendleft(one)
        self._start()

    async def _connected(self) -> Connection:
        if self._conn is None or self._conn.is_closed():
            self._conn = await self._connect()
        return self._conn

    async def _hang_up(self) -> None:
        conn, self._conn = self._conn, None
        if conn:
            conn.terminate()


def _say(error: Exception, *, messages: int) -> None:
    """What the database refused is told in a word, a mistake of ours with the places it came through."""
    ours = None if isinstance(error, PostgresError | Overtaken) else error
    log.warning("door.batch-refused", error=type(error).__name__, messages=messages, exc_info=ours)


def _tell(batch: Iterable[_Waiting], error: Unavailable) -> None:
    for one in batch:
        if not one.answer.done():
            one.answer.set_exception(error)
