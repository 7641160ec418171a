"""What each statement may do to a message in each state."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from asyncpg import Connection, Pool

from core.outbox import actions, sql
from core.outbox.model import TRANSITIONS, Outcome, State
from core.store import pool as store
from tests import make
from tests.core.outbox import rows

OPEN = {State.READY, State.SENDING, State.UNKNOWN}

FINISHED = {
    State.READY: {State.SENDING, State.UNKNOWN},
    State.UNKNOWN: {State.SENDING},
    State.SENT: OPEN,
    State.DELIVERED: OPEN,
    State.UNDELIVERED: OPEN,
    State.FAILED: {State.SENDING, State.UNKNOWN},
}
"""How an attempt may end, and the states in which that is news."""

REPORTED = {
    State.SENT: OPEN,
    State.DELIVERED: OPEN | {State.SENT, State.UNDELIVERED, State.FAILED},
    State.UNDELIVERED: OPEN | {State.SENT},
    State.FAILED: OPEN | {State.SENT},
}
"""What a receipt may tell, and the states in which that is news."""


@pytest.mark.parametrize("told", State)
@pytest.mark.parametrize("before", State)
async def test_an_attempt_ends_only_what_may_end_so(conn: Connection, before: State, told: State) -> None:  # R18
    key = await rows.add(conn, before)
    await sql.finish(conn, told, [Outcome(key, 0 if before is State.READY else 1, told, "SM1")])
    assert await rows.state(conn, key) is (told if before in FINISHED.get(told, ()) else before)


@pytest.mark.parametrize("told", State)
@pytest.mark.parametrize("before", State)
async def test_the_result_of_an_older_attempt_changes_nothing(conn: Connection, before: State, told: State) -> None:
    """R24: the process was halted for longer than its lease, and others went on."""
    key = await rows.add(conn, before)
    await conn.execute("update outbox set attempt = 2 where id = $1", key)
    was = await conn.fetchrow("select * from outbox where id = $1", key)
    await sql.finish(conn, told, [Outcome(key, 1, told, "SM1", "30003", 5.0)])
    assert await conn.fetchrow("select * from outbox where id = $1", key) == was


@pytest.mark.parametrize("told", REPORTED)
@pytest.mark.parametrize("before", State)
async def test_a_receipt_moves_only_forward(conn: Connection, before: State, told: State) -> None:  # R18, R19, R23
    key = await rows.add(conn, before)
    await sql.report(conn, "sms", rows.report(key, told), told, b"sealed")
    after = await rows.state(conn, key)
    assert after is (told if before in REPORTED[told] else before)
    assert await conn.fetchval("select count(*) from reports where outbound_id = $1", key) == 1
    if before in OPEN:
        assert await conn.fetchval("select reference from outbox where id = $1", key) == "SM1"


async def lease(conn: Connection, key: UUID) -> None:
    await sql.lease(conn, "sms", owner="another", seconds=60.0, limit=9, at=rows.NOON)


async def start(conn: Connection, key: UUID) -> None:
    await sql.start(conn, [key], owner=rows.OWNER, seconds=60.0, at=rows.NOON)


async def overdue(conn: Connection, key: UUID) -> None:
    await sql.give_up_on_overdue(conn)


async def unclear(conn: Connection, key: UUID) -> None:
    await sql.unclear(conn, "sms", owner="another", seconds=60.0, limit=9)


async def postpone(conn: Connection, key: UUID) -> None:
    await sql.postpone(conn, [key], seconds=60.0)


async def drop(conn: Connection, key: UUID) -> None:
    await sql.drop(conn, [key])


Statement = Callable[[Connection, UUID], Awaitable[None]]

OTHERS: dict[Statement, dict[State, State]] = {
    lease: {},
    start: {State.READY: State.SENDING},
    overdue: {State.SENDING: State.UNKNOWN},
    unclear: {},
    postpone: {},
    drop: {
        State.READY: State.FAILED,
        State.SENDING: State.FAILED,
        State.UNKNOWN: State.FAILED,
        State.SENT: State.FAILED,
    },
}


@pytest.mark.parametrize("statement", OTHERS)
@pytest.mark.parametrize("before", State)
async def test_every_other_statement_keeps_to_the_table(
    conn: Connection, before: State, statement: Statement
) -> None:  # R18
    key = await rows.add(conn, before)
    await conn.execute("update outbox set lease_until = now() - interval '1 minute' where id = $1", key)
    await statement(conn, key)
    after = await rows.state(conn, key)
    assert after is OTHERS[statement].get(before, before)
    assert after is before or after in TRANSITIONS[before]


SETTLED = (None, State.SENT, State.DELIVERED, State.UNDELIVERED)


@pytest.mark.parametrize("before", [State.READY, State.SENDING, State.UNKNOWN, State.SENT])
async def test_receipts_in_any_order_end_alike(conn: Connection, before: State) -> None:  # R23
    for told in itertools.permutations(SETTLED):
        assert await _after(conn, before, told) is State.DELIVERED, told


async def test_receipts_in_any_order_with_repeats_end_alike(conn: Connection) -> None:  # R23
    for told in itertools.product(SETTLED, repeat=5):
        if set(told) == set(SETTLED):
            assert await _after(conn, State.SENDING, told) is State.DELIVERED, told


async def _after(conn: Connection, before: State, told: tuple[State | None, ...]) -> State:
    key = await rows.add(conn, before)
    kept = 0
    for number, one in enumerate(told, 1):
        report = rows.report(key, one, reference=f"SM{key}")
        await actions.reported(conn, report, make.keyring(), rows.SMS)
        kept = number
    assert await conn.fetchval("select count(*) from reports where outbound_id = $1", key) == kept
    after = await rows.state(conn, key)
    await conn.execute("update outbox set state = 'expired' where id = $1", key)
    return after


async def test_one_message_of_a_recipient_goes_at_a_time_in_their_order(conn: Connection) -> None:  # R20
    keys = [await rows.add(conn) for _ in range(3)]
    other = await rows.add(conn, phone="+79780001706")

    async def started() -> set[UUID]:
        return set(await sql.start(conn, [*keys, other], owner=rows.OWNER, seconds=60.0, at=rows.NOON))

    assert await started() == {keys[0], other}
    assert await started() == set(), "while the first is being sent"
    await sql.finish(conn, State.UNKNOWN, [Outcome(keys[0], 1, State.UNKNOWN)])
    assert await started() == set(), "while nobody knows what became of it"
    await sql.finish(conn, State.SENT, [Outcome(keys[0], 1, State.SENT, "SM1")])
    assert await started() == {keys[1]}


async def test_one_that_waits_for_its_next_attempt_lets_others_pass(conn: Connection) -> None:
    first, second = await rows.add(conn), await rows.add(conn)
    await sql.start(conn, [first], owner=rows.OWNER, seconds=60.0, at=rows.NOON)
    await sql.finish(conn, State.READY, [Outcome(first, 1, State.READY, again_after=30.0)])
    assert await sql.held(conn, [first, second], owner=rows.OWNER, at=rows.NOON) == {second}
    assert await sql.start(conn, [first, second], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {second: 1}
    assert await sql.lease(conn, "sms", owner="another", seconds=60.0, limit=9, at=rows.NOON) == []
    await sql.finish(conn, State.SENT, [Outcome(second, 1, State.SENT, "SM1")])
    await conn.execute("update outbox set not_before = now() where id = $1", first)
    assert [
        row["id"] for row in await sql.lease(conn, "sms", owner="another", seconds=60.0, limit=9, at=rows.NOON)
    ] == [first]


async def test_what_another_process_holds_is_not_started(conn: Connection) -> None:  # R13, R24
    key = await rows.add(conn, owner="another")
    assert await sql.start(conn, [key], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {}
    assert await sql.lease(conn, "sms", owner=rows.OWNER, seconds=60.0, limit=9, at=rows.NOON) == []
    await conn.execute("update outbox set lease_until = now() - interval '1 second'")
    assert [
        row["id"] for row in await sql.lease(conn, "sms", owner=rows.OWNER, seconds=60.0, limit=9, at=rows.NOON)
    ] == [key]
    assert await sql.start(conn, [key], owner=rows.OWNER, seconds=60.0, at=rows.NOON) == {key: 1}


async def test_two_processes_never_send_to_one_phone_at_once(pool: Pool) -> None:  # R20
    phones = [f"+7978000{number:04d}" for number in range(20)]
    async with store.acquire(pool) as first, store.acquire(pool) as second, store.acquire(pool) as watching:
        ours = [await rows.add(first, phone=phone, owner="one") for phone in phones]
        theirs = [await rows.add(first, phone=phone, owner="two") for phone in reversed(phones)]
        open_rows = "select count(*) from outbox where state = 'ready'"
        while await watching.fetchval(open_rows):
            begun = await asyncio.gather(
                actions.begin(first, ours, owner="one", seconds=60.0, at=rows.NOON),
                actions.begin(second, theirs, owner="two", seconds=60.0, at=rows.NOON),
            )
            going = [(key, attempt) for some in begun for key, attempt in some.items()]
            flying = await watching.fetch(
                "select address_hash from outbox where state = 'sending' group by 1 having count(*) > 1"
            )
            assert not flying
            await sql.finish(first, State.SENT, [Outcome(key, no, State.SENT, str(key)) for key, no in going])
    assert len(ours) == len(theirs) == 20
