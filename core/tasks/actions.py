"""What an employee does with a task: takes it, hands it over, answers the customer, closes or reopens it.

Each is a fact that stays. A request of a customer moves with its task, so that he is told how it stands when he asks.
No action touches a charge.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from asyncpg import Connection, Record

from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.employees import sql as employees
from core.employees.model import Role
from core.messages import Reply
from core.outbox import sql as outbox
from core.requests.model import RequestAnswered, State
from core.tasking import StaffWrote, TaskKind
from core.tasks import reading, rules, sql
from core.tasks.model import Actor, Refused, Task, What, Why
from core.tasks.sql import Written
from core.wording import segments
from core.wording.words import ANSWER_SEGMENTS, Words

OWNER = "staff"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the work on tasks needs besides the database: the keys, the words, and so many random bytes."""

    keyring: Keyring
    words: Words
    chance: Callable[[int], bytes]


async def take(conn: Connection, id: int, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """The task is the employee's from now on; once more by its owner it changes nothing.

    :raises Refused: another has it (and who), it is closed, or it is none of his.
    """
    async with conn.transaction():
        task = await held(conn, id, actor, at=at)
        if task.state is State.TAKEN and task.owner == actor.login:
            return
        await done(conn, task, What.TAKEN, actor, at=at, desk=desk)


async def hand_over(conn: Connection, id: int, to: str, word: str, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """The task is another employee's from now on, with a word for him.

    :raises Refused: he does not work on such tasks, another than the actor has it, or it does not wait.
    """
    async with conn.transaction():
        task = await _locked(conn, id)
        _check_role(task, actor)
        if task.state not in rules.FROM[What.HANDED]:
            raise Refused(Why.CLOSED, task=id, since=f"{task.since:%Y-%m-%d}")
        if task.owner not in (None, actor.login) and Role.ADMIN not in actor.roles:
            raise Refused(Why.NOT_OWNER, task=id, owner=task.owner)
        taker = await employees.by_login(conn, to)
        if taker is None or not rules.works_on(task.kind, taker.roles, rules.kinds()):
            raise Refused(Why.NOBODY, login=to)
        await done(conn, task, What.HANDED, actor, at=at, desk=desk, words=word, to=to)


async def close(conn: Connection, id: int, reason: str, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """Nothing more is to be done on the task; the customer is not told why.

    :raises Refused: no reason, another has it, it is closed, or its money still waits for an account.
    """
    if not reason.strip():
        raise Refused(Why.NO_WORDS)
    async with conn.transaction():
        task = await held(conn, id, actor, at=at)
        if task.kind is TaskKind.SUSPENSE and await _waits(conn, id):
            raise Refused(Why.WAITS)
        await done(conn, task, What.CLOSED, actor, at=at, desk=desk, words=reason)


async def reopen(conn: Connection, id: int, reason: str, actor: Actor, *, at: datetime, desk: Desk) -> None:
    """The task waits again, for anybody; its term is the old one.

    :raises Refused: no reason, or it waits already.
    """
    if not reason.strip():
        raise Refused(Why.NO_WORDS)
    async with conn.transaction():
        task = await _locked(conn, id)
        _check_role(task, actor)
        if task.state not in rules.FROM[What.REOPENED]:
            raise Refused(Why.NOT_CLOSED, task=id)
        await done(conn, task, What.REOPENED, actor, at=at, desk=desk, words=reason)


async def answer(conn: Connection, id: int, text: str, actor: Actor, *, at: datetime, desk: Desk) -> int:
    """Answers the customer on the channel that he used, in the language of his phone; the SMS segments that it takes.
    The answer goes out with whatever process delivers.

    :raises Refused: another has the task, the text is empty or too long, or there is no phone that may be answered.
    """
    if not text.strip():
        raise Refused(Why.NO_WORDS)
    async with conn.transaction():
        task = await held(conn, id, actor, at=at)
        row = await sql.source(conn, id)
        if row is None or reading.phone(row, desk.keyring) is None:
            raise Refused(Why.NO_PHONE, task=id)
        if not row["linked"]:
            raise Refused(Why.NOT_LINKED, task=id)
        said, size = worded(task, text, row["language"], desk.words)
        if size > ANSWER_SEGMENTS:
            raise Refused(Why.TOO_LONG, size=size, most=ANSWER_SEGMENTS)
        await done(conn, task, What.ANSWERED, actor, at=at, desk=desk, words=text)
        await outbox.put(conn, [_outgoing(row, said, size, _kind(task), at, desk)], owner=OWNER, lease=0.0)
    return size


def worded(task: Task, text: str, language: str, words: Words) -> tuple[str, int]:
    """An answer as the customer gets it, and its SMS segments."""
    reply: Reply = StaffWrote(text) if task.number is None else RequestAnswered(task.number, text)
    said = words.say(reply, language)
    return said, segments.count(said).segments


async def held(conn: Connection, id: int, actor: Actor, *, at: datetime) -> Task:
    """The task, locked until the transaction ends, where the employee may work on it now.

    :raises Refused: there is none, it is none of his, another has it, or it is closed.
    """
    task = await _locked(conn, id)
    _check_role(task, actor)
    if task.state is State.CLOSED:
        raise Refused(Why.CLOSED, task=id, since=f"{task.since:%Y-%m-%d}")
    if task.state is State.TAKEN and task.owner != actor.login:
        raise Refused(Why.TAKEN, task=id, owner=task.owner)
    return task


async def done(
    conn: Connection,
    task: Task,
    what: What,
    actor: Actor,
    *,
    at: datetime,
    desk: Desk,
    words: str = "",
    to: str | None = None,
) -> None:
    """Writes down what was done with a task that the caller has locked, and with its request: a word to a colleague is
    kept with the task alone."""
    row = await sql.source(conn, task.id)
    assert row is not None
    sealer = reading.keeper(row, desk.keyring) or desk.keyring.installation
    event, note = None, None
    said = what is not What.HANDED and row["request_id"] is not None
    if words and not said:
        note = sealer.seal(words.encode(), purpose=b"task")
    if row["request_id"] is not None:
        kept = sealer.seal(words.encode(), purpose=b"request") if words and said else None
        state = rules.TO[what]
        event = await sql.add_request_event(conn, row["request_id"], state, at=at, by=actor.login, note=kept)
    owner = to or (None if what is What.REOPENED else actor.login)
    await sql.write(conn, Written(task.id, what, at, actor.login, owner, to, note, event))


async def _locked(conn: Connection, id: int) -> Task:
    await sql.locked_state(conn, id)
    task = await sql.task(conn, id)
    if task is None:
        raise Refused(Why.UNKNOWN, task=id)
    return task


def _check_role(task: Task, actor: Actor) -> None:
    table = rules.kinds()
    if not rules.works_on(task.kind, actor.roles, table):
        raise Refused(Why.NOT_ROLE, kind=task.kind, roles=", ".join(sorted(table.roles[task.kind])))


async def _waits(conn: Connection, id: int) -> bool:
    row = await sql.source(conn, id)
    money = await sql.money(conn, row["payment_id"]) if row and row["payment_id"] is not None else None
    return bool(money and money["waits"])


def _kind(task: Task) -> str:
    return (StaffWrote if task.number is None else RequestAnswered).__name__


def _outgoing(row: Record, said: str, size: int, kind: str, at: datetime, desk: Desk) -> outbox.Row:
    known = row["phone_customer"]
    sealer = desk.keyring.installation if known is None else desk.keyring.customer(row["phone_key"])
    return outbox.Row(
        id=uuid7(at, desk.chance(10)),
        channel=Channel(row["channel"]),
        class_="notice",
        customer_id=known,
        address_hash=row["phone_hash"],
        address=row["address"] if known is None else None,
        body=sealer.seal(said.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(said.encode()).digest(),
        segments=size,
        locale=row["language"],
        kind=kind,
    )
