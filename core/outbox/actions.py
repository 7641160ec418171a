"""Takes messages to be carried, opens them, and keeps what became of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog
from asyncpg import Connection, DeadlockDetectedError, Record, UniqueViolationError
from cryptography.exceptions import InvalidTag

from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.outbox import sql
from core.outbox.model import Opened, Outbound, Outcome, Report, State

log = structlog.get_logger()

PATIENCE = 2.5
"""Seconds in which a receipt is kept, or its sender told to come again (R4)."""

POSTPONED = 3600.0
"""Seconds after which a message that no key opens is looked at again: the key may be the wrong one."""


async def begin(
    conn: Connection, ids: Sequence[UUID], *, owner: str, seconds: float, at: datetime, apart: float = 0.0
) -> Mapping[UUID, int]:
    """Commits that these messages are about to be sent, those whose recipient has nothing else under way (R18, R20) and
    may be told at `at`, the company's time (R28); each with the number of its attempt.

    Two processes may both see a recipient free; the index lets one pass and the other tries again later.
    """
    try:
        return await sql.start(conn, ids, owner=owner, seconds=seconds, at=at, apart=apart)
    except (UniqueViolationError, DeadlockDetectedError):
        return {}


async def begin_within(
    conn: Connection,
    chunk: Sequence[Outbound],
    *,
    rate: float | None,
    owner: str,
    seconds: float,
    at: datetime,
    apart: float = 0.0,
) -> Mapping[UUID, int]:
    """As `begin`, no more than `rate` messages a second of all processes together, where one is given. Replies may have
    all that has gathered; half of it is left to them by everything else (R22)."""
    if rate is None:
        return await begin(conn, [one.id for one in chunk], owner=owner, seconds=seconds, at=at, apart=apart)
    begun: dict[UUID, int] = {}
    full = max(rate, 1.0)
    for unasked in (False, True):
        some = [one for one in chunk if (one.rank > 0) is unasked]
        if not some:
            continue
        channel, left = some[0].channel, full if unasked else 0.0
        number = await sql.draw(conn, channel, wanted=len(some), rate=rate, most=2 * full, left=left)
        ids = [one.id for one in some[:number]]
        new = await begin(conn, ids, owner=owner, seconds=seconds, at=at, apart=apart) if number else {}
        if len(new) < number:
            await sql.put_back(conn, channel, number - len(new))
        begun |= new
    return begun


async def take(
    conn: Connection, channel: Channel, keyring: Keyring, *, owner: str, seconds: float, limit: int, at: datetime
) -> tuple[Outbound, ...]:
    """Messages that are due and that nobody holds, leased by `owner`."""
    taken = await sql.lease(conn, channel, owner=owner, seconds=seconds, limit=limit, at=at)
    return tuple(one.outbound for one in await _opened(conn, taken, keyring))


async def unclear(
    conn: Connection, channel: Channel, keyring: Keyring, *, owner: str, seconds: float, limit: int
) -> tuple[Opened, ...]:
    """Messages of which nobody knows whether the provider took them, leased by `owner` to find out."""
    ids = await sql.unclear(conn, channel, owner=owner, seconds=seconds, limit=limit)
    return await _opened(conn, await sql.opened(conn, ids) if ids else (), keyring)


async def waiting(
    conn: Connection, channel: Channel, keyring: Keyring, *, after: UUID, limit: int
) -> tuple[tuple[Opened, ...], UUID | None]:
    """The next messages that have not come to their end, in the order of their ids, and the last id that was looked at,
    None at the end; those that no key opens are left out."""
    ids = await sql.waiting(conn, channel, after=after, limit=limit)
    sealed = await sql.opened(conn, ids) if ids else ()
    return await _opened(conn, sealed, keyring), ids[-1] if ids else None


async def finish(conn: Connection, outcomes: Sequence[Outcome]) -> None:
    """Keeps how attempts ended; what a later attempt or a receipt has overtaken stays as it is (R24).

    Where a message's reference stands at another one, its state alone is kept.
    """
    for state in {outcome.state for outcome in outcomes}:
        same = [outcome for outcome in outcomes if outcome.state is state]
        try:
            await sql.finish(conn, state, same)
        except UniqueViolationError:
            for one in same:
                await _finish_alone(conn, one)
    unreached = [outcome.id for outcome in outcomes if outcome.unreachable]
    if unreached:
        await sql.bounced(conn, unreached)


async def found(conn: Connection, outcome: Outcome) -> None:
    """Keeps what the provider's list told of an unclear message, unless it was about another one after all."""
    try:
        await sql.finish(conn, outcome.state, [outcome])
    except UniqueViolationError:
        log.warning("outbox.found-anothers", message=str(outcome.id))


async def reported(conn: Connection, report: Report, keyring: Keyring, channel: Channel) -> None:
    """Keeps a receipt and moves its message forward, never back (R23). One of no message of ours is only kept.

    Whatever the provider says of a message proves that it has it (R19).

    :raises TimeoutError: the database does not answer; whether the receipt was kept is unknown.
    """
    async with asyncio.timeout(PATIENCE):
        raw = keyring.installation.seal(report.raw, purpose=b"report")
        key = report.key or (await sql.by_reference(conn, channel, [report.reference])).get(report.reference)
        told = replace(report, key=key)
        if key is None:
            return await sql.journal(conn, channel, told, raw)
        try:
            return await sql.report(conn, channel, told, report.state or State.SENT, raw)
        except UniqueViolationError:
            log.error("outbox.reference-of-another", message=str(key))
            return await sql.journal(conn, channel, told, raw)


async def known_references(conn: Connection, channel: Channel, references: Sequence[str]) -> frozenset[str]:
    """Those of the provider's references that messages of ours bear already."""
    return frozenset(await sql.by_reference(conn, channel, references)) if references else frozenset()


async def _finish_alone(conn: Connection, outcome: Outcome) -> None:
    try:
        await sql.finish(conn, outcome.state, [outcome])
    except UniqueViolationError:
        log.error("outbox.reference-of-another", message=str(outcome.id))
        await sql.finish(conn, outcome.state, [replace(outcome, reference=None)])


async def _opened(conn: Connection, sealed: Sequence[Record], keyring: Keyring) -> tuple[Opened, ...]:
    """Those that can be opened; the others do not stand in the way of theirs or anybody's next message."""
    opened, erased, unreadable = [], [], []
    for row in sealed:
        if row["body"] is None or row["address"] is None:
            erased.append(row["id"])
            continue
        try:
            opened.append(_open(row, keyring))
        except (InvalidTag, ValueError) as error:
            log.error("outbox.unreadable", message=str(row["id"]), error=type(error).__name__)
            unreadable.append(row["id"])
    if erased:
        await sql.drop(conn, erased)
    if unreadable:
        await sql.postpone(conn, unreadable, seconds=POSTPONED)
    return tuple(opened)


def _open(row: Record, keyring: Keyring) -> Opened:
    mine = keyring.customer(row["data_key"]) if row["data_key"] else keyring.installation
    outbound = Outbound(
        id=row["id"],
        channel=Channel(row["channel"]),
        address=mine.open(row["address"], purpose=b"phone").decode(),
        body=mine.open(row["body"], purpose=b"outbox").decode(),
        attempt=row["attempt"],
        rank=row["rank"],
        extras=mine.open(row["extras"], purpose=b"extras").decode() if row["extras"] else "",
    )
    return Opened(outbound, row["created_at"], row["quiet"], refused=row["code"] is not None, doubts=row["doubts"])
