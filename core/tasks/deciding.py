"""What an employee decides about a source of a task: a reading that was put aside, a phone, a payment in suspense.

The decision is a fact of its own subject, with the employee as its author, and closes the task in the same transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from asyncpg import Connection, Record

from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.model import Role
from core.books.payments import actions as payments
from core.books.payments import sql as payments_sql
from core.books.payments.actions import NotInSuspense
from core.doors import counting
from core.doors.model import Author, Setting
from core.doors.rows import CountRow
from core.importing import sql as importing
from core.importing.plan import Tally
from core.introductions import RemovedYou, TrustedYou
from core.metering.model import Source
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire
from core.tasking import TaskKind
from core.tasks import actions, reading, sql
from core.tasks.actions import Desk
from core.tasks.model import Actor, Refused, Task, What, Why


async def accept_reading(
    conn: Connection, id: int, word: str, actor: Actor, *, today: date, at: datetime, desk: Desk
) -> None:
    """Takes the reading that was put aside as the customer's own, of the day for which it was said, unless what is on
    record is firmer. What it changes in billed months is in the next answer, and the next close posts it.

    :raises Refused: the task is of another kind, another has it, or the reading cannot be true.
    """
    async with conn.transaction():
        await importing.take_turn(conn)
        task = await _of_kind(conn, id, TaskKind.READING, actor, at=at)
        row = await sql.source(conn, id)
        assert row is not None
        if task.account_id is None or task.account is None or row["reading_no"] is None:
            raise Refused(Why.NOT_THIS, kind=task.kind)
        rows = _counts(await sql.aside(conn, task.account_id, row["reading_no"]), task)
        tally = Tally()
        setting = Setting(Author(actor.login, frozenset()), today, at, tally)
        if await counting.store(conn, rows, setting, source=Source.CUSTOMER):
            told = tally.in_order()[0]
            raise Refused(Why.REFUSED, detail=told.reason)
        await actions.done(conn, task, What.CLOSED, actor, at=at, desk=desk, words=word)


async def trust_phone(conn: Connection, id: int, word: str, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """The phone may see the sums of the account, as if its owner had agreed; it is told so.

    :raises Refused: the task is of another kind, another has it, or the account or phone is none any more.
    """
    await _decide_phone(conn, id, word, actor, at=at, desk=desk, trusted=True)


async def remove_phone(conn: Connection, id: int, word: str, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """The phone is taken off the account, or stays off it; where it was on it, it is told so.

    :raises Refused: as for `trust_phone`.
    """
    await _decide_phone(conn, id, word, actor, at=at, desk=desk, trusted=False)


async def match_payment(
    conn: Connection, id: int, account: str, document: str, actor: Actor, *, at: datetime, desk: Desk
) -> None:
    """Gives the payment in suspense its account, by its value date, with the document that says so.

    :raises Refused: the task is of another kind, another has it, there is no such account, or no document is named.
    """
    if not document.strip():
        raise Refused(Why.NO_WORDS)
    async with conn.transaction():
        await importing.take_turn(conn)
        task = await _of_kind(conn, id, TaskKind.SUSPENSE, actor, at=at)
        row = await sql.source(conn, id)
        money = await sql.money(conn, row["payment_id"]) if row else None
        payment = await payments_sql.payment(conn, money["agent"], money["external_id"]) if money else None
        if payment is None:
            raise Refused(Why.NOT_THIS, kind=task.kind)
        number = account.strip().upper()
        found = (await importing.locked(conn, [number])).get(number)
        if found is None:
            raise Refused(Why.NO_ACCOUNT, account=number)
        try:
            await payments.match(conn, [(payment, found)], document=document.strip(), by=actor.login, at=at)
        except NotInSuspense as error:
            raise Refused(Why.SETTLED, task=id, detail=error) from error
        await actions.done(conn, task, What.CLOSED, actor, at=at, desk=desk, words=f"{number}: {document.strip()}")


async def _decide_phone(
    conn: Connection, id: int, word: str, actor: Actor, *, at: datetime, desk: Desk, trusted: bool
) -> None:
    if not word.strip():
        raise Refused(Why.NO_WORDS)
    async with conn.transaction():
        task = await _of_kind(conn, id, TaskKind.LINK, actor, at=at)
        if task.account is None or task.account_id is None:
            raise Refused(Why.NOT_THIS, kind=task.kind)
        await importing.lock(conn, [task.account])
        row = await sql.source(conn, id)
        if row is None or row["phone_hash"] is None or row["phone_customer"] is None:
            raise Refused(Why.NO_PHONE, task=id)
        evidence = f"staff {actor.login}"
        if row["linked"] or trusted:
            ended = EndedLink(task.account_id, row["phone_hash"], evidence)
            await linking.end_links(conn, [ended], at=at)
            await _tell(conn, task, row, at, desk, trusted=trusted)
        if trusted:
            new = NewLink(task.account_id, row["phone_hash"], Role.TENANT, evidence)
            await linking.add_links(conn, [new], at=at)
        await actions.done(conn, task, What.CLOSED, actor, at=at, desk=desk, words=word)


async def _tell(conn: Connection, task: Task, row: Record, at: datetime, desk: Desk, *, trusted: bool) -> None:
    tail = ".." + (task.account or "")[-4:]
    to = Recipient(row["phone_hash"], row["phone_customer"], row["phone_key"], row["language"])
    reply = TrustedYou(tail) if trusted else RemovedYou(tail)
    told = noticing.row(to, reply, at, Wire(desk.keyring, desk.words, desk.chance))
    if told is not None:
        await outbox.put(conn, [told], owner=actions.OWNER, lease=0.0)


async def _of_kind(conn: Connection, id: int, kind: TaskKind, actor: Actor, *, at: datetime) -> Task:
    task = await actions.held(conn, id, actor, at=at)
    if task.kind is not kind:
        raise Refused(Why.NOT_THIS, kind=task.kind)
    return task


def _counts(rows: Sequence[Record], task: Task) -> list[CountRow]:
    """The reading as a controller would bring it: a row a register."""
    lines = count(1)
    return [
        CountRow(
            next(lines), task.account or "", one["serial"], one["day"], reading.count(one), f"task {task.id}",
            str(one["register"]),
        )
        for one in rows
    ]  # fmt: skip
