"""Tells the customer what a fact that an employee brought has changed, in the transaction that brings it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.doors import rows
from core.doors.model import Door
from core.doors.rows import CountRow
from core.doors.trying import Brought, account_id
from core.importing import telling
from core.importing.table import Row
from core.importing.telling import Told
from core.outbox.noticing import Wire
from core.records import SumChanged


async def tell(
    conn: Connection,
    door: Door,
    cells: Mapping[str, str],
    brought: Brought,
    *,
    today: date,
    at: datetime,
    wire: Wire,
) -> int:
    """Puts a message into the outbox for every phone that may see the sums of the account, if what there is to pay has
    changed and can be told; how many messages."""
    if brought.before is None or brought.after is None or brought.before == brought.after:
        return 0
    id = await account_id(conn, cells.get("account", ""))
    if id is None:
        return 0
    readers = await telling.readers_of(conn, [id], at=at)
    if not readers:
        return 0
    reply = SumChanged(brought.after, brought.after - brought.before, today)
    count = _count(cells, today) if door is Door.CONTROL else None
    if count is not None:
        reply = replace(reply, digits=tuple(count.counts.split("/")), day=count.day)
    account = (await accounts.lock(conn, [id]))[id]
    return await telling.put(conn, readers, {id: Told(account, reply)}, at=at, wire=wire)


def _count(cells: Mapping[str, str], today: date) -> CountRow | None:
    """The reading of a row that has gone through the door."""
    read = rows.control(Row(1, [cells.get(name, "") for name in rows.CONTROL.names]), today)
    return read if isinstance(read, CountRow) else None
