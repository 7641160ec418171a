"""Fetches what people wrote and no webhook brought: reads the provider's list, and lets what is missing in by the same
door (R5)."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from asyncpg import Pool, PostgresError

from channels.port import ListUnavailable, Mailbox
from core.answer.model import Answer
from core.inbox import sql
from core.inbox.model import Inbound, Unavailable
from core.inbox.sql import Poll
from core.store.failures import GONE
from core.store.pool import acquire
from gateway.clock import Now

log = structlog.get_logger()

BACK = timedelta(hours=1)
"""So far before what is confirmed the list is read again: a provider may list a text late."""

STEP = timedelta(hours=1)
"""After a long absence the list is read in steps of so much time, each put down when it is done; where nothing was
said, in longer and longer ones."""

AT_ONCE = 64
"""Senders whose fetched texts are answered at a time: those who text meanwhile do not wait for all of them."""

AGAIN = 5.0
"""Seconds until a list that could not be read is tried again; so many more with each failure in a row."""

ALARMED = 3
"""Failures in a row that a person is told of."""

LOOKS = 12
"""So often in an interval a process looks whether a reading is due."""

SPARE = 10.0
"""A process that starts reads the list at once, unless somebody began to so few seconds ago."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one reading of the list came to: the pages that were read, the texts on them, and those that only the list
    brought."""

    pages: int = 0
    listed: int = 0
    fetched: int = 0

    def __add__(self, other: "Polled") -> "Polled":
        return Polled(self.pages + other.pages, self.listed + other.listed, self.fetched + other.fetched)


class Polling:
    """Reads one provider's list `every` so many seconds, whatever number of processes does the same on this database.

    `answer` is the door; `owner` names the process, `lease` is for how many seconds it holds the reading.
    """

    def __init__(
        self,
        *,
        provider: str,
        mailbox: Mailbox,
        pool: Pool,
        answer: Callable[[Inbound], Awaitable[Answer]],
        now: Now,
        owner: str,
        every: float,
        lease: float,
    ) -> None:
        self.provider = provider
        self._mailbox = mailbox
        self._pool = pool
        self._answer = answer
        self._now = now
        self._owner = owner
        self._every = every
        self._lease = lease

    async def run(self) -> None:
        """Reads at the start and then whenever it is due, until it is cancelled."""
        starting = True
        while True:
            try:
                await self.poll(starting=starting)
                starting = False
            except (*GONE, PostgresError) as error:
                log.warning("poll.database-error", error=type(error).__name__)
            except Exception as error:  # a mistake of ours in one reading must not end all later ones
                log.error("poll.error", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(self._every / LOOKS)

    async def poll(self, *, starting: bool = False) -> Polled | None:
        """One reading, if it is due and nobody else is at it, else None. Where the list or the door fails it ends
        early, and the next one goes on from what is put down.

        :raises asyncpg.PostgresError, OSError: the database is not there.
        """
        spare = min(SPARE, self._every) if starting else self._every
        async with acquire(self._pool) as conn:
            poll = await sql.begin_poll(
                conn, self.provider, first=self._now(), owner=self._owner, lease=self._lease, every=self._every,
                spare=spare,
            )  # fmt: skip
        if poll is None:
            return None
        try:
            async with self._held(poll):
                return await self._through(poll)
        except (ListUnavailable, Unavailable) as error:
            await self._failed(poll, error)
            return Polled()

    async def _through(self, poll: Poll) -> Polled:
        """Step by step from an hour before what is confirmed to now."""
        going: Poll | None = poll
        total, step = Polled(), STEP
        while going is not None:
            until = going.confirmed + step if going.behind > step.total_seconds() else None
            polled, told_at = await self._step(going.confirmed - BACK, until)
            total, step = total + polled, STEP if polled.listed else step * 2
            done = until is None or told_at <= until
            confirmed = min(until or told_at, told_at)
            async with acquire(self._pool) as conn:
                going = await sql.forward_poll(
                    conn, self.provider, poll, confirmed=confirmed, fetched=polled.fetched, lease=self._lease
                )
                if going is not None and done:
                    await sql.end_poll(conn, self.provider, poll)
                    break
        if total.fetched:
            log.warning("poll.fetched", messages=total.fetched, listed=total.listed)
        return total

    async def _step(self, since: datetime, until: datetime | None) -> tuple[Polled, datetime]:
        """Lets in what is missing of a time, and says when by the provider's clock its list began to be read."""
        begun, at = None, self._now()
        missing: list[Inbound] = []
        pages = listed = 0
        async for page in self._mailbox.received(since=since, until=until, at=at):
            begun = begun or page.told_at
            pages, listed = pages + 1, listed + len(page.inbounds)
            missing += await self._missing(page.inbounds)
        fetched = await self._let_in(list(reversed(missing)))
        return Polled(pages, listed, fetched), begun or at

    async def _missing(self, inbounds: Sequence[Inbound]) -> list[Inbound]:
        if not inbounds:
            return []
        async with acquire(self._pool) as conn:
            unknown = await sql.missing(conn, self.provider, [one.reference for one in inbounds])
        return [one for one in inbounds if one.reference in unknown]

    async def _let_in(self, inbounds: Sequence[Inbound]) -> int:
        """Each sender's texts one after the other, the oldest first (R13); how many were new.

        :raises Unavailable: some could not be stored; those of other senders were.
        """
        of_sender: defaultdict[str, list[Inbound]] = defaultdict(list)
        for one in sorted(inbounds, key=lambda one: one.at):
            of_sender[one.address].append(one)
        room = asyncio.Semaphore(AT_ONCE)

        async def said(by_one: Sequence[Inbound]) -> int:
            async with room:
                return sum([not (await self._answer(one)).repeated for one in by_one])

        ends = await asyncio.gather(*map(said, of_sender.values()), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return sum(end for end in ends if isinstance(end, int))

    async def _failed(self, poll: Poll, error: ListUnavailable | Unavailable) -> None:
        """Puts the failure down; a person is told when it has been going on for a while, once."""
        listless = isinstance(error, ListUnavailable)
        if isinstance(error, ListUnavailable):
            log.warning("poll.list-unavailable", detail=error.detail)
        else:
            log.warning("poll.not-stored")
        async with acquire(self._pool) as conn:
            failures = await sql.fail_poll(conn, self.provider, poll, again=min(AGAIN, self._every))
            if failures == ALARMED and listless:
                await sql.alarm_once(conn, "list unreadable", self.provider, at=self._now())

    @asynccontextmanager
    async def _held(self, poll: Poll) -> AsyncIterator[None]:
        """Keeps the lease for as long as the block takes."""

        async def keeping() -> None:
            while True:
                await asyncio.sleep(self._lease / 3)
                with suppress(*GONE):
                    async with acquire(self._pool) as conn:
                        await sql.keep_poll(conn, self.provider, poll, lease=self._lease)

        keeper = asyncio.create_task(keeping(), name="poll-keeper")
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
