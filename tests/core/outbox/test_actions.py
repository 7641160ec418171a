"""Messages taken, opened and ended, and the receipts that come for them."""

from collections.abc import Iterator, MutableMapping
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection, Pool
from structlog.testing import capture_logs

from core.outbox import actions, sql
from core.outbox.model import Outbound, Outcome, State
from core.store import pool as store
from tests import make
from tests.core.outbox import rows


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as kept:
        yield kept


async def take(conn: Connection) -> tuple[Outbound, ...]:
    return await actions.take(conn, rows.SMS, make.keyring(), owner=rows.OWNER, seconds=60.0, limit=9, at=rows.NOON)


async def release(conn: Connection) -> None:
    await conn.execute("update outbox set lease_until = null")


async def as_owner(conn: Connection, statement: str, key: UUID) -> None:
    """Does what the program has no right to do."""
    await conn.execute("set local role none")
    await conn.execute(statement, key)
    await conn.execute(f"set local role {store.APP_ROLE}")


async def spoil(conn: Connection, key: UUID) -> None:
    await as_owner(conn, "update outbox set body = sha256(body) where id = $1", key)


async def test_what_is_due_comes_opened(conn: Connection) -> None:
    key = await rows.add(conn, body="К оплате 1052,44 р.")
    assert await take(conn) == (), "somebody holds it"
    await release(conn)
    assert await take(conn) == (Outbound(key, rows.SMS, rows.PHONE, "К оплате 1052,44 р.", 0),)
    assert await take(conn) == ()


async def test_a_message_that_no_key_opens_stands_in_nobodys_way(conn: Connection) -> None:  # R13
    spoilt, good = await rows.add(conn), await rows.add(conn)
    await spoil(conn, spoilt)
    await release(conn)
    assert [one.id for one in await take(conn)] == [good]
    assert await sql.start(conn, [good], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {good: 1}
    assert await rows.state(conn, spoilt) is State.READY, "the key may be the wrong one, so it is kept"
    await release(conn)
    assert await take(conn) == ()


async def test_a_message_without_words_is_given_up(conn: Connection) -> None:  # R42
    erased = await rows.add(conn)
    await as_owner(conn, "update outbox set body = null where id = $1", erased)
    await release(conn)
    assert await take(conn) == ()
    assert await rows.state(conn, erased) is State.FAILED


async def test_an_unclear_one_that_no_key_opens_is_put_off(conn: Connection) -> None:
    key = await rows.add(conn, State.UNKNOWN)
    await spoil(conn, key)
    await release(conn)

    async def unclear() -> int:
        found = await actions.unclear(conn, rows.SMS, make.keyring(), owner=rows.OWNER, seconds=1.0, limit=9)
        return len(found)

    assert await unclear() == 0
    assert await conn.fetchval("select lease_until > now() + interval '10 minutes' from outbox where id = $1", key)


async def test_a_receipt_before_our_own_record_names_the_message(conn: Connection) -> None:  # R19
    key = await rows.add(conn, State.SENDING)
    await actions.reported(conn, rows.report(key, None), make.keyring(), rows.SMS)
    assert await rows.state(conn, key) is State.SENT, "whoever reports of it has it"
    await actions.finish(conn, [Outcome(key, 1, State.UNKNOWN)])
    assert await rows.state(conn, key) is State.SENT
    await actions.reported(conn, rows.report(None, State.DELIVERED), make.keyring(), rows.SMS)
    assert await rows.state(conn, key) is State.DELIVERED, "found by its reference alone"


async def test_a_receipt_keeps_a_message_from_being_sent_again(conn: Connection) -> None:  # R19, R20
    """The list did not show it yet, so it was made ready again; then the provider tells that it has it."""
    key = await rows.add(conn, State.UNKNOWN)
    await actions.found(conn, Outcome(key, 1, State.READY, again_after=0.0))
    assert await rows.state(conn, key) is State.READY
    await actions.reported(conn, rows.report(key, State.SENT), make.keyring(), rows.SMS)
    await release(conn)
    assert await take(conn) == ()
    assert await sql.start(conn, [key], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {}


async def test_an_answer_that_comes_late_keeps_a_message_from_being_sent_again(conn: Connection) -> None:  # R20
    key = await rows.add(conn, State.UNKNOWN)
    await actions.found(conn, Outcome(key, 1, State.READY, again_after=0.0))
    await actions.finish(conn, [Outcome(key, 1, State.SENT, "SM1")])
    assert await sql.start(conn, [key], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {}


async def test_a_receipt_of_another_reference_changes_nothing(conn: Connection) -> None:  # R23
    key = await rows.add(conn, State.SENDING)
    await actions.finish(conn, [Outcome(key, 1, State.SENT, "SM1")])
    told = rows.report(key, State.FAILED, reference="SM2", code="30003")
    await actions.reported(conn, told, make.keyring(), rows.SMS)
    row = await conn.fetchrow("select state, reference, code from outbox where id = $1", key)
    assert tuple(row or ()) == ("sent", "SM1", None)
    assert await conn.fetchval("select count(*) from reports") == 1


async def test_a_receipt_of_nothing_of_ours_is_only_kept(conn: Connection) -> None:  # R23
    await actions.reported(conn, rows.report(None, State.DELIVERED), make.keyring(), rows.SMS)
    assert await conn.fetchval("select count(*) from reports where outbound_id is null") == 1
    assert await conn.fetchval("select count(*) from outbox") == 0


async def test_receipts_are_kept_sealed(conn: Connection) -> None:  # R40
    key = await rows.add(conn, State.SENDING)
    await actions.reported(conn, rows.report(key, State.SENT), make.keyring(), rows.SMS)
    raw = await conn.fetchval("select raw from reports")
    assert make.keyring().installation.open(raw, purpose=b"report") == b"POST /sms/twilio/status"


async def test_a_reference_that_another_message_bears(pool: Pool) -> None:
    """Neither a receipt nor an attempt's end is lost over it, and the other message keeps it."""
    async with store.acquire(pool) as conn:
        bearer = await rows.add(conn, State.SENDING)
        await actions.finish(conn, [Outcome(bearer, 1, State.SENT, "SM1")])
        told, sent, good = [await rows.add(conn, State.SENDING, phone=f"+7978000000{number}") for number in range(3)]
        await actions.reported(conn, rows.report(told, State.DELIVERED), make.keyring(), rows.SMS)
        assert await rows.state(conn, told) is State.SENDING
        assert await conn.fetchval("select count(*) from reports where outbound_id = $1", told) == 1
        ended = [Outcome(sent, 1, State.SENT, "SM1"), Outcome(good, 1, State.SENT, "SM2")]
        await actions.finish(conn, ended)
        assert await rows.state(conn, sent) is State.SENT
        assert await rows.state(conn, good) is State.SENT
        await actions.found(conn, Outcome(told, 1, State.SENT, "SM1"))
        assert await rows.state(conn, told) is State.SENDING, "the list was about another one"
        assert await conn.fetchval("select count(*) from outbox where reference = 'SM1'") == 1
