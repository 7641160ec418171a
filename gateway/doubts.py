"""Finds out what became of messages of which nobody knows whether the provider took them (R20, R21)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog
from asyncpg import Connection, Pool, PostgresError

from channels.port import Carrier, ListUnavailable, NoList
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.outbox import actions
from core.outbox.model import Opened, Outcome, State
from core.store.failures import GONE
from core.store.pool import acquire

log = structlog.get_logger()

AT_ONCE = 16
"""Unclear messages looked for in the provider's list at a time."""


class Lost(Protocol):
    """Is told of messages that reach nobody by this channel, in the transaction that says so; `dead`: the provider said
    that nobody is there."""

    async def __call__(self, conn: Connection, messages: Sequence[UUID], *, dead: bool) -> None: ...


class Doubts:
    """The unclear messages of one channel; each is looked for again after `timeout` seconds. `lost` is told, in the
    transaction, of those that are given up."""

    def __init__(
        self,
        channel: Channel,
        carrier: Carrier,
        pool: Pool,
        keyring: Keyring,
        *,
        owner: str,
        timeout: float,
        lost: Lost | None = None,
    ) -> None:
        self._channel = channel
        self._carrier = carrier
        self._pool = pool
        self._keyring = keyring
        self._owner = owner
        self._timeout = timeout
        self._lost = lost

    async def find_out(self) -> None:
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
                conn, self._channel, self._keyring, owner=self._owner, seconds=self._timeout, limit=AT_ONCE
            )

    async def _settle(self, one: Opened) -> None:
        """Keeps what the provider's list says of an unclear message, if it is not too early to tell (R20)."""
        out = one.outbound
        since = one.created_at - timedelta(minutes=5)
        try:
            listed = await self._carrier.find(address=out.address, body=out.body, key=str(out.id), since=since)
        except NoList:
            await self._repeat_once(one)
            return
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
            elif one.refused or one.quiet >= self._timeout * 2:
                await actions.found(conn, Outcome(out.id, out.attempt, State.READY, again_after=0.0))

    async def _repeat_once(self, one: Opened) -> None:
        """Where the provider tells nobody what it took, an unclear reply goes out once more and not again, and where
        that is unclear too, another way; what nobody asked for never goes out again (R21)."""
        again = one.doubts <= 1 and one.outbound.rank == 0
        state = State.READY if again else State.FAILED
        if again:
            log.warning("delivery.repeated", message=str(one.outbound.id))
        else:
            log.error("delivery.given-up", message=str(one.outbound.id))
        outcome = Outcome(one.outbound.id, one.outbound.attempt, state, code="unclear", again_after=0.0)
        async with acquire(self._pool) as conn, conn.transaction():
            await actions.found(conn, outcome)
            if not again and self._lost is not None:
                await self._lost(conn, [one.outbound.id], dead=False)
