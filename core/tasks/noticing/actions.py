"""Tells employees by SMS of new tasks, and administrators of those whose term has run out: numbers and kinds only."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from asyncpg import Connection

from core.basics.channel import Channel
from core.basics.ids import uuid7
from core.employees import sql as employees
from core.employees.actions import phone_of
from core.employees.model import Role
from core.messages import Reply
from core.outbox import sql as outbox
from core.outbox.noticing import Wire
from core.tasking import TaskKind, TasksCame, TasksLate
from core.tasks.model import SYSTEM, Refused, Why
from core.tasks.noticing import sql
from core.tasks.noticing.sql import Watcher
from core.wording import segments

OWNER = "tasks"

MOST = 1000
"""Late tasks that administrators are told of at a time."""


async def tell(conn: Connection, wire: Wire, *, every: timedelta, at: datetime) -> int:
    """Puts what employees are to be told into the outbox, one message for each within `every`; how many messages."""
    async with conn.transaction():
        everybody = await sql.watchers(conn)
        free = [one for one in everybody if one.told_at is None or one.told_at <= at - every]
        admins = [one for one in everybody if Role.ADMIN in one.roles]
        late = await _of_late(conn, admins, wire, at) if all(one in free for one in admins) else []
        rest = [one for one in free if not late or one not in admins]
        rows = [*late, *[row for one in rest if (row := await _of_new(conn, one, wire, at)) is not None]]
        if rows:
            await outbox.put(conn, rows, owner=OWNER, lease=0.0)
    return len(rows)


async def watch(conn: Connection, login: str, kinds: frozenset[TaskKind]) -> None:
    """From now on the employee is told by SMS of new tasks of these kinds and no others. The caller owns the
    transaction.

    :raises Refused: nobody has the login.
    """
    employee = await employees.by_login(conn, login)
    if employee is None:
        raise Refused(Why.NOBODY, login=login)
    await sql.watch(conn, employee.id, sorted(kinds))


async def watched(conn: Connection, login: str) -> tuple[TaskKind, ...]:
    """The kinds of which an employee is told."""
    employee = await employees.by_login(conn, login)
    return () if employee is None else await sql.watched(conn, employee.id)


async def _of_new(conn: Connection, to: Watcher, wire: Wire, at: datetime) -> outbox.Row | None:
    counted, last = await sql.came(conn, to.told, to.kinds) if to.kinds else ((), to.told)
    if not counted:
        return None
    await sql.told(conn, to.employee_id, last, at=at)
    waiting, late = await sql.waiting(conn, at=at)
    return _row(to, TasksCame(counted, waiting, late), wire, at)


async def _of_late(conn: Connection, admins: list[Watcher], wire: Wire, at: datetime) -> list[outbox.Row]:
    """One message an administrator; what has run out is marked so even where nobody has a phone."""
    late = await sql.late(conn, MOST, at=at)
    if not late:
        return []
    await sql.urge(conn, [id for id, _ in late], at=at, by=SYSTEM)
    numbers = Counter(kind for _, kind in late)
    reply = TasksLate(tuple((kind, numbers[kind]) for kind in TaskKind if numbers[kind]))
    for one in admins:
        await sql.told(conn, one.employee_id, one.told, at=at)
    return [_row(one, reply, wire, at) for one in admins]


def _row(to: Watcher, reply: Reply, wire: Wire, at: datetime) -> outbox.Row:
    text = wire.words.say(reply, to.language)
    phone = phone_of(to.phone_sealed, wire.keyring)
    mine = wire.keyring.installation
    return outbox.Row(
        id=uuid7(at, wire.chance(10)),
        channel=Channel.SMS,
        class_="notice",
        customer_id=None,
        address_hash=wire.keyring.phone_hash(phone),
        address=mine.seal(phone.encode(), purpose=b"phone"),
        body=mine.seal(text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(text.encode()).digest(),
        segments=segments.count(text).segments,
        locale=to.language,
        kind=type(reply).__name__,
    )
