"""What phones get when the carrier errs, when processes die or halt, and when the database is away."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from channels.port import Carrier, Found, ListUnavailable, SendFailed, SendUnclear
from channels.sms.twilio import TwilioCarrier
from core.basics.channel import Channel
from core.outbox import sql
from core.outbox.model import Outbound, State
from core.store import pool as store
from demo import carrier as simulated
from demo.carrier_faults import Faults
from gateway.clock import now
from gateway.delivery import Delivery, Pace
from tests import make
from tests.chaos import valve
from tests.core.outbox import rows

pytestmark = pytest.mark.prove

SID, TOKEN, NUMBER = "AC" + "0" * 32, "a token for tests only", "+79780000000"
QUICK = Pace(lease=1.0, timeout=0.4, retry=0.05)
QUICKER = Pace(lease=1.0, timeout=0.4, retry=0.005)
PHONES = tuple(f"+7978001{number:04d}" for number in range(100))

UNSENT = "select count(*) from outbox where state not in ('sent', 'delivered')"

WAYS = ("after_429", "after_500", "after_502", "after_503", "after_drop", "after_stall", "after_garbled")
"""How a carrier takes a message and does not say so."""
MANY = tuple(f"+7978002{number:04d}" for number in range(160))
MIXED = dict.fromkeys(WAYS, 0.08)
REFUSALS = {"before_429": 0.1, "before_500": 0.1, "before_503": 0.1, "before_drop": 0.1, "before_stall": 0.1}


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as kept:
        yield kept


@dataclass(slots=True)
class Post:
    """A provider without a wire. A word that stands in `does` happens to the next message, once."""

    does: list[str] = field(default_factory=list)
    took: list[tuple[str, str]] = field(default_factory=list)
    readable: bool = True
    senseless: str = ""
    looked: int = 0
    going: Counter[str] = field(default_factory=Counter)
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        assert self.going[address] == 0, "one message of a recipient at a time"  # R20
        self.going[address] += 1
        try:
            what = self.does.pop(0) if self.does else "take"
            if what == "refuse":
                raise SendFailed("20429", "", again=True)
            if what == "throttle":
                raise SendUnclear("too many", retry_after=0.0, refused="20429")
            if what == "wait":
                await self.let.wait()
            self.took.append((address, body))
            if what == "lose":
                raise SendUnclear("no answer")
            if what == "break":
                raise AssertionError("a mistake of ours")
            return f"SM{len(self.took)}"
        finally:
            self.going[address] -= 1

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> tuple[Found, ...]:
        self.looked += 1
        if body == self.senseless:
            raise AssertionError("a mistake of ours")
        if not self.readable:
            raise ListUnavailable("HTTP 500")
        return tuple(
            Found(f"SM{no}", State.SENT, now()) for no, one in enumerate(self.took, 1) if one == (address, body)
        )

    async def close(self) -> None:
        return None


@asynccontextmanager
async def delivering(
    carrier: Carrier, pool: asyncpg.Pool, *, owner: str = rows.OWNER, pace: Pace = QUICK
) -> AsyncIterator[Delivery]:
    made = Delivery(
        channel=Channel.SMS, carrier=carrier, pool=pool, keyring=make.keyring(), now=now, owner=owner, pace=pace
    )
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def exchange(faults: Faults) -> AsyncIterator[tuple[simulated.Carrier, TwilioCarrier]]:
    """The simulated carrier, whose reports reach nobody: what it has is to be found in its list."""
    made = simulated.Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=now, faults=faults, pace=0.0)
    base = await made.start()
    ours = TwilioCarrier(
        account_sid=SID,
        auth_token=TOKEN,
        numbers=(NUMBER,),
        public_url="https://unreachable.example",
        api_base=base,
        send_timeout=QUICK.timeout,
    )
    try:
        yield made, ours
    finally:
        made.stop_stalling()
        await made.stop()


def outbound(key: UUID, phone: str, body: str = "Принято") -> Outbound:
    return Outbound(key, rows.SMS, phone, body, 0)


async def carried(delivery: Delivery, pool: asyncpg.Pool) -> None:
    """Returns when every message has come to its end; the worker's loop without its pauses."""
    async with asyncio.timeout(60):
        while await pool.fetchval(UNSENT):
            await delivery.sweep()
            await asyncio.sleep(0.02)


async def until(true: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(30):
        while not await true():
            await asyncio.sleep(0.02)


async def add(pool: asyncpg.Pool, *bodies: str, phones: tuple[str, ...] = PHONES, state: State = State.READY) -> None:
    """Messages that a process since gone has left: each of these words to each of the phones."""
    async with store.acquire(pool) as conn:
        for body in bodies:
            for phone in phones:
                await rows.add(conn, state, phone=phone, body=body, owner="one that is gone")
        await conn.execute("update outbox set lease_until = now() - interval '1 second'")


@pytest.mark.parametrize("way", WAYS)
async def test_a_carrier_that_takes_200_messages_and_does_not_say_so(pool: asyncpg.Pool, way: str) -> None:
    """R20: none twice, none lost, and every one with its reference."""
    await add(pool, "Принято 04512", "Принято 04513", phones=MANY)
    ordered = Faults.of({"seed": 20, "stall_seconds": 1.0, "retry_after": 0, way: 0.7})
    async with exchange(ordered) as (carrier, ours), delivering(ours, pool, pace=QUICKER) as delivery:
        await carried(delivery, pool)
        got = Counter((one.to, one.body) for one in carrier.book.from_number(0, limit=10_000))
        assert carrier.struck[way] >= 200
    assert got == Counter((phone, body) for phone in MANY for body in ("Принято 04512", "Принято 04513"))
    assert await pool.fetchval("select count(distinct reference) from outbox") == 2 * len(MANY)


@pytest.mark.parametrize("faults", [MIXED, {**MIXED, **REFUSALS}], ids=["takes", "refuses-too"])
async def test_a_carrier_that_takes_and_fails_in_every_way(pool: asyncpg.Pool, faults: dict[str, float]) -> None:
    """R20: none twice, none lost, whatever the carrier says or does not say."""
    await add(pool, "Принято 04512", "Принято 04512")
    ordered = Faults.of({"seed": 20, "stall_seconds": 1.0, "retry_after": 0, **faults})
    async with exchange(ordered) as (carrier, ours), delivering(ours, pool, pace=QUICKER) as delivery:
        await carried(delivery, pool)
        struck = dict(carrier.struck)
        got = Counter((one.to, one.body) for one in carrier.book.from_number(0, limit=10_000))
    assert got == Counter(dict.fromkeys([(phone, "Принято 04512") for phone in PHONES], 2))
    assert set(struck) == set(faults)
    assert await pool.fetchval("select count(distinct reference) from outbox") == 2 * len(PHONES)


async def test_messages_of_one_recipient_go_in_their_order(pool: asyncpg.Pool) -> None:  # R20
    said = [f"Принято {number:05d}" for number in range(12)]
    post = Post(does=["take", "lose", "take", "break", "lose"])
    await add(pool, *said, phones=PHONES[:3])
    async with delivering(post, pool) as one, delivering(post, pool, owner="another") as two:
        await asyncio.gather(carried(one, pool), carried(two, pool))
    for phone in PHONES[:3]:
        assert [body for address, body in post.took if address == phone] == said


async def test_a_slow_call_holds_up_no_other(pool: asyncpg.Pool) -> None:
    """All others are sent and recorded meanwhile, and taken over without another look."""
    post = Post(does=["wait"])
    await add(pool, "Принято", phones=MANY)
    async with delivering(post, pool, pace=Pace(lease=30.0, timeout=10.0)) as delivery:
        await delivery.sweep()
        await until(lambda: pool.fetchval("select count(*) = $1 from outbox where state = 'sent'", len(MANY) - 1))
        assert await pool.fetchval("select count(*) from outbox where state = 'sending'") == 1
        post.let.set()
        await until(lambda: pool.fetchval("select count(*) = $1 from outbox where state = 'sent'", len(MANY)))
    assert len(post.took) == len(MANY)


async def test_those_who_wait_for_others_keep_nobody_from_being_taken_over(pool: asyncpg.Pool) -> None:  # R20
    """Their recipients' older messages are held by a process that is gone, while few calls may be under way."""
    post = Post(does=["throttle"])
    async with store.acquire(pool) as conn, delivering(post, pool) as delivery:
        delivery.carry([outbound(await rows.add(conn, phone=PHONES[3]), PHONES[3])])
        await until(lambda: pool.fetchval("select count(*) = 1 from outbox where state = 'unknown'"))
        older = [await rows.add(conn, phone=phone, owner="gone") for phone in PHONES[:3]]
        newer = [await rows.add(conn, phone=phone) for phone in PHONES[:3]]
        delivery.carry([outbound(key, phone) for key, phone in zip(newer, PHONES[:3], strict=True)])
        await asyncio.sleep(0.1)
        assert post.took == []
        await conn.execute("update outbox set lease_until = now() where id = any($1)", older)
        await carried(delivery, pool)
    assert len(post.took) == 7


async def test_replies_just_committed_go_at_once_and_once(pool: asyncpg.Pool) -> None:
    post = Post()
    async with store.acquire(pool) as conn, delivering(post, pool) as delivery:
        keys = [await rows.add(conn, phone=phone) for phone in (*PHONES[:3], *PHONES[:3])]
        outbounds = [outbound(key, phone) for key, phone in zip(keys, (*PHONES[:3], *PHONES[:3]), strict=True)]
        delivery.carry(outbounds)
        delivery.carry(outbounds)
        await carried(delivery, pool)
        delivery.carry(outbounds)
        await carried(delivery, pool)
    assert sorted(post.took) == sorted([(phone, "Принято") for phone in PHONES[:3]] * 2)


async def test_what_a_killed_process_was_sending_is_looked_for(pool: asyncpg.Pool) -> None:  # R19, R20
    """Half of it had left, which is found in the list and not sent again; the other half is sent."""
    post = Post(took=[(phone, "Принято") for phone in PHONES[::2]])
    await add(pool, "Принято", state=State.SENDING)
    async with delivering(post, pool) as delivery:
        await carried(delivery, pool)
    assert Counter(post.took) == Counter(dict.fromkeys([(phone, "Принято") for phone in PHONES], 1))


async def test_a_list_that_cannot_be_read_lets_nothing_be_sent_again(pool: asyncpg.Pool) -> None:  # R20
    post = Post(does=["lose"], readable=False)
    await add(pool, "Принято", phones=PHONES[:1])
    async with delivering(post, pool) as delivery:
        async with asyncio.timeout(30):
            while post.looked < 4:
                await delivery.sweep()
                await asyncio.sleep(0.02)
        assert await pool.fetchval("select state from outbox") == "unknown"
        post.readable = True
        await carried(delivery, pool)
    assert len(post.took) == 1


async def test_a_list_that_makes_no_sense_for_one_message_stops_no_other(pool: asyncpg.Pool) -> None:  # R13
    post = Post(does=["lose"] * 4, senseless="Принято 00000")
    await add(pool, "Принято 00000", phones=PHONES[:1])
    await add(pool, "Принято 04512", phones=PHONES[1:4])
    async with delivering(post, pool) as delivery:
        await until(lambda: sends(delivery, pool, wanted=3))
        post.senseless = ""
        await carried(delivery, pool)
    assert len(post.took) == 4


async def sends(delivery: Delivery, pool: asyncpg.Pool, *, wanted: int) -> bool:
    """One sweep; whether so many messages are known to be sent by now."""
    await delivery.sweep()
    return bool(await pool.fetchval("select count(*) = $1 from outbox where state = 'sent'", wanted))


async def test_a_process_that_was_halted_sends_nothing_that_others_have_sent(
    pool: asyncpg.Pool, database: str, tmp_path: Path, logs: list[MutableMapping[str, Any]]
) -> None:  # R24
    """It marked a message and hears so only after its lease: by then another process may have found it unsent."""
    post = Post()
    async with valve.before(database, tmp_path) as (address, wire):
        halted = await store.pool(address, size=1)
        async with delivering(post, halted, owner="halted") as slow, delivering(post, pool) as other:
            async with store.acquire(pool) as conn:
                key = await rows.add(conn, phone=PHONES[0], owner="halted")
            async with store.acquire(halted) as conn:
                await sql.start(conn, [], owner="halted", seconds=1.0, at=now())  # from now on one question, one answer
            wire.shut()
            slow.carry([outbound(key, PHONES[0])])
            await until(lambda: pool.fetchval("select count(*) from outbox where state = 'sending'"))
            await carried(other, pool)
            wire.open()
            await until(lambda: among(logs, "delivery.too-late"))
        await halted.close()
    assert len(post.took) == 1
    assert await pool.fetchval("select attempt from outbox") == 2


async def among(logs: Sequence[MutableMapping[str, Any]], event: str) -> bool:
    return any(line["event"] == event for line in logs)


async def test_the_database_may_fall_silent_at_any_moment(
    pool: asyncpg.Pool, database: str, tmp_path: Path
) -> None:  # R20
    """At whatever answer of the server its wire is cut: none is sent twice, none is lost."""
    post = Post()
    async with valve.before(database, tmp_path) as (address, wire):
        unsure = await store.pool(address, size=2)
        async with delivering(post, unsure) as delivery:
            for number in range(12):
                await add(pool, f"Принято {number:05d}", phones=PHONES[:4])
                wire.open(for_answers=number)
                sweep = asyncio.create_task(delivery.sweep())
                async with asyncio.timeout(30):
                    while not wire.is_shut and await pool.fetchval(UNSENT):
                        await asyncio.sleep(0.01)
                wire.cut()
                await asyncio.gather(sweep, return_exceptions=True)
                wire.open()
                await carried(delivery, pool)
        await unsure.close()
    assert Counter(post.took) == Counter((phone, f"Принято {no:05d}") for phone in PHONES[:4] for no in range(12))


async def test_closing_leaves_the_rest_to_others(pool: asyncpg.Pool) -> None:  # R25
    first, second = Post(does=["wait"] * 5), Post()
    await add(pool, "Принято", "Долга нет", phones=PHONES[:5])
    async with delivering(first, pool) as delivery:
        await delivery.sweep()
        async with asyncio.timeout(30):
            while len(first.going) < 5:
                await asyncio.sleep(0.01)
    assert first.took == [], "cut off when the time was up"
    async with delivering(second, pool, owner="another") as delivery:
        await carried(delivery, pool)
    assert len(second.took) == 10
