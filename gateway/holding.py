"""Sends nothing after a backup was restored until it is known, from the provider's list, what was sent since it was
made (R25)."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
import typer
from asyncpg import Connection, Pool

from channels.port import Carrier, ListUnavailable
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.inbox import sql as inbox
from core.outbox import actions, sql
from core.outbox.model import Opened, Outcome
from core.store.pool import acquire
from gateway import commands
from gateway.clock import now
from gateway.commands import Trouble
from gateway.parts import Parts, carrier_of, opened
from gateway.settings import Settings

log = structlog.get_logger()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PAGE = 200
"""Messages that are looked for between two looks into the database."""

AT_ONCE = 8
"""Recipients whose messages are looked for at a time."""

EARLIER = timedelta(minutes=5)
"""So long before a message was made the list is asked for it: clocks differ."""

PATIENCE = 300.0
"""Seconds within which the texts since the backup must have been fetched."""


@dataclass(slots=True)
class Released:
    """What became of the messages that were held: `found` were sent already, `going` go out now."""

    looked: int = 0
    found: int = 0
    going: int = 0


async def hold(conn: Connection, *, begin: bool) -> None:
    """Holds what goes out, where it is to begin; says so where it is held already, perhaps since an earlier start."""
    if begin:
        await sql.hold(conn, Channel.SMS)
    if await sql.holding(conn, Channel.SMS):
        log.warning("delivery.held")


async def release(settings: Settings) -> int:
    """Fetches the texts since the backup, marks what was sent already, and lets the rest go.

    :raises Trouble: nothing is held, or the provider's list cannot be read; then it stays held.
    """
    async with commands.database(settings) as dsn, opened(settings, dsn, now=now) as parts:
        carrier = carrier_of(settings)
        if carrier is None:
            raise Trouble("SMS is not switched on: METERLINE_TWILIO_ACCOUNT_SID")
        try:
            done = await let_go(parts, carrier)
        finally:
            await carrier.close()
    typer.echo(f"{done.looked} looked for, {done.found} were sent already, {done.going} go out now")
    return 0


async def let_go(parts: Parts, carrier: Carrier) -> Released:
    """As `release`, with the parts."""
    async with acquire(parts.pool) as conn:
        since = await sql.holding(conn, Channel.SMS)
    if since is None:
        raise Trouble("nothing is held")
    await _fetched(parts, since)
    done = await _sought(parts.pool, parts.keyring, carrier)
    async with acquire(parts.pool) as conn:
        done.going = await sql.release(conn, Channel.SMS)
    return done


async def _fetched(parts: Parts, since: datetime) -> None:
    """Returns when the list of texts was read once to its end since then: their answers are held, too."""
    assert parts.polling is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                read = await parts.polling.poll(starting=True)
                async with acquire(parts.pool) as conn:
                    if await inbox.read_since(conn, parts.polling.provider, since):
                        return
                if read is not None:
                    raise Trouble("the provider's list of texts cannot be read, or not be stored: nothing is released")
                await asyncio.sleep(1.0)
    except TimeoutError:
        raise Trouble("the provider's list of texts was not read to its end: nothing is released") from None


async def _sought(pool: Pool, keyring: Keyring, carrier: Carrier) -> Released:
    """Looks on the provider's list for every message that has not come to its end."""
    done, last = Released(), UUID(int=0)
    while True:
        async with acquire(pool) as conn:
            page, reached = await actions.waiting(conn, Channel.SMS, keyring, after=last, limit=PAGE)
        if reached is None:
            return done
        last = reached
        of_one: defaultdict[str, list[Opened]] = defaultdict(list)
        for one in page:
            of_one[one.outbound.address].append(one)
        room = asyncio.Semaphore(AT_ONCE)
        found = await asyncio.gather(*(_of_one(pool, carrier, each, room) for each in of_one.values()))
        done.looked, done.found = done.looked + len(page), done.found + sum(found)


async def _of_one(pool: Pool, carrier: Carrier, messages: Sequence[Opened], room: asyncio.Semaphore) -> int:
    """Marks those of a recipient's messages that are on the list, each by an entry of its own, the oldest first."""
    found = 0
    async with room:
        for one in messages:
            out = one.outbound
            since = min(one.created_at, _made_at(out.id)) - EARLIER
            try:
                listed = await carrier.find(address=out.address, body=out.body, key=str(out.id), since=since)
            except ListUnavailable as error:
                raise Trouble(f"the provider's list cannot be read ({error.detail}): nothing is released") from error
            async with acquire(pool) as conn:
                known = await actions.known_references(conn, Channel.SMS, [each.reference for each in listed])
                mine = next((each for each in listed if each.reference not in known), None)
                if mine:
                    await actions.found(conn, Outcome(out.id, out.attempt, mine.state, mine.reference))
                    found += 1
    return found


def _made_at(key: UUID) -> datetime:
    """The time in a UUIDv7: that of the text which it answers, though the answer was written down later."""
    return EPOCH + timedelta(milliseconds=key.int >> 80)
