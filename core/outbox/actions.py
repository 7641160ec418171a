"""Takes messages to be carried, opens them, and keeps what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from asyncpg import Connection, Record, UniqueViolationError

from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.outbox import sql
from core.outbox.model import Opened, Outbound, Outcome, Report, State


async def begin(conn: Connection, ids: Sequence[UUID], *, owner: str, seconds: float) -> tuple[UUID, ...]:
    """Commits that these messages are about to be sent, those whose recipient has nothing else under way (R18, R20).

    Two processes may both see a recipient free; the index lets one pass and the other tries again later.
    """
    try:
        return await sql.start(conn, ids, owner=owner, seconds=seconds)
    except UniqueViolationError:
        return ()


async def take(
    conn: Connection, channel: Channel, keyring: Keyring, *, owner: str, seconds: float, limit: int
) -> tuple[Outbound, ...]:
    """Messages that are due and that nobody holds, leased by `owner`."""
    ids = await sql.lease(conn, channel, owner=owner, seconds=seconds, limit=limit)
    return tuple(one.outbound for one in await _opened(conn, ids, keyring))


async def unclear(
    conn: Connection, channel: Channel, keyring: Keyring, *, owner: str, seconds: float, limit: int
) -> tuple[Opened, ...]:
    """Messages of which nobody knows whether the provider took them, leased by `owner` to find out."""
    ids = await sql.unclear(conn, channel, owner=owner, seconds=seconds, limit=limit)
    return await _opened(conn, ids, keyring)


async def finish(conn: Connection, outcomes: Sequence[Outcome]) -> None:
    """Keeps how attempts ended; what a later attempt or a receipt has overtaken stays as it is (R24)."""
    async with conn.transaction():
        await sql.finish(conn, outcomes)


async def reported(conn: Connection, report: Report, keyring: Keyring, channel: Channel) -> None:
    """Keeps a receipt and moves its message forward, never back (R23). One of no message of ours is only kept.

    Whatever the provider says of a message proves that it has it (R19).
    """
    async with conn.transaction():
        key = report.key
        if key is None:
            key = (await sql.by_reference(conn, channel, [report.reference])).get(report.reference)
        raw = keyring.installation.seal(report.raw, purpose=b"report")
        await sql.journal(conn, channel, [(key, report, raw)])
        await sql.report(conn, [replace(report, key=key, state=report.state or State.SENT)])


async def known_references(conn: Connection, channel: Channel, references: Sequence[str]) -> frozenset[str]:
    """Those of the provider's references that messages of ours bear already."""
    return frozenset(await sql.by_reference(conn, channel, references)) if references else frozenset()


async def _opened(conn: Connection, ids: Sequence[UUID], keyring: Keyring) -> tuple[Opened, ...]:
    if not ids:
        return ()
    return tuple(_open(row, keyring) for row in await sql.opened(conn, ids) if row["body"] is not None)


def _open(row: Record, keyring: Keyring) -> Opened:
    mine = keyring.customer(row["data_key"]) if row["data_key"] else keyring.installation
    outbound = Outbound(
        id=row["id"],
        channel=Channel(row["channel"]),
        address=mine.open(row["address"], purpose=b"phone").decode(),
        body=mine.open(row["body"], purpose=b"outbox").decode(),
        attempt=row["attempt"],
    )
    return Opened(outbound, row["created_at"], row["changed_at"])
