"""Messages of the outbox for tests, made as the program makes them and then put into a state."""

import hashlib
import itertools
from datetime import UTC, datetime
from uuid import UUID

from asyncpg import Connection

from core.basics.channel import Channel
from core.basics.ids import uuid7
from core.outbox import sql
from core.outbox.model import Report, State
from tests import make

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
PHONE = "+79780001705"
SMS = Channel.SMS
OWNER = "a process of tests"

_numbers = itertools.count(1)


async def add(
    conn: Connection,
    state: State = State.READY,
    *,
    phone: str = PHONE,
    body: str = "Принято",
    owner: str = OWNER,
    class_: str = "reply",
) -> UUID:
    """A message to a phone that nobody knows, leased by `owner` for a minute; attempt 1 where it was tried."""
    sealer = make.keyring().installation
    key = uuid7(NOON, next(_numbers).to_bytes(10, "big"))
    row = sql.Row(
        id=key,
        channel="sms",
        class_=class_,
        customer_id=None,
        address_hash=make.keyring().phone_hash(phone),
        address=sealer.seal(phone.encode(), purpose=b"phone"),
        body=sealer.seal(body.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(body.encode()).digest(),
        segments=1,
        locale="ru",
        kind="BalanceTold",
    )
    await sql.put(conn, [row], owner=owner, lease=60.0)
    if state is not State.READY:
        await conn.execute("update outbox set state = $2, attempt = 1 where id = $1", key, state)
    return key


async def state(conn: Connection, key: UUID) -> State:
    return State(await conn.fetchval("select state from outbox where id = $1", key))


def report(key: UUID | None, told: State | None, *, reference: str = "SM1", code: str | None = None) -> Report:
    return Report(key, reference, told, code, b"POST /sms/twilio/status", NOON)
