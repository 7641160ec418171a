"""A provider that fails is left alone, and tried with one message; one that wants time is given it; what is asked for
goes before what is not."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from channels.port import Found, SendFailed, SendUnclear
from core.basics.channel import Channel
from core.outbox.model import LASTS, Outbound, State
from core.store import pool as store
from gateway.breaker import LIMIT
from gateway.clock import now
from gateway.delivery import Delivery, Pace
from tests import make
from tests.core.outbox import rows

PACE = Pace(lease=5.0, timeout=0.4, retry=0.3)
PHONES = tuple(f"+7978001{number:04d}" for number in range(100))
TRIED = "select bool_or(attempt > 0) and not bool_or(state = 'sending') from outbox"
OPEN = "select count(*) from outbox where state in ('ready', 'sending', 'unknown')"


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as kept:
        yield kept


@dataclass(slots=True)
class Provider:
    """A provider that does what `does` says to every message, until it is told otherwise."""

    does: Exception | None = None
    calls: list[float] = field(default_factory=list)
    took: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        self.calls.append(time.monotonic())
        if self.does is not None:
            raise self.does
        self.took.append((address, body))
        reference = f"SM{len(self.took)}"
        await asyncio.sleep(0)
        return reference

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> tuple[Found, ...]:
        return ()

    async def close(self) -> None:
        return None


@asynccontextmanager
async def delivering(provider: Provider, pool: asyncpg.Pool) -> AsyncIterator[Delivery]:
    made = Delivery(
        channel=Channel.SMS, carrier=provider, pool=pool, keyring=make.keyring(), now=now, owner="it", pace=PACE
    )
    try:
        yield made
    finally:
        await made.close()


async def add(pool: asyncpg.Pool, *bodies: str, phones: tuple[str, ...] = PHONES, kind: str = "reply") -> None:
    async with store.acquire(pool) as conn:
        for body in bodies:
            for phone in phones:
                await rows.add(conn, phone=phone, body=body, owner="one that is gone", class_=kind)
        await conn.execute("update outbox set lease_until = now() - interval '1 second' where state = 'ready'")


async def swept(delivery: Delivery, pool: asyncpg.Pool, *, until: str) -> None:
    """The worker's loop until the database says true to this."""
    async with asyncio.timeout(30):
        while not await pool.fetchval(until):
            await delivery.sweep()
            await asyncio.sleep(0.01)


DEAD = SendFailed("connect", "ClientConnectorError", again=True)
HALF_DEAD = SendUnclear("HTTP 500 20500")


@pytest.mark.parametrize("does", [DEAD, HALF_DEAD], ids=["refuses", "is unclear"])
async def test_twenty_failures_end_the_calls_and_one_success_begins_them(
    pool: asyncpg.Pool, logs: list[MutableMapping[str, Any]], does: Exception
) -> None:  # R20
    provider = Provider(does)
    await add(pool, "Принято")
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until="select count(*) = 1 from alarms")
        assert len(provider.calls) == LIMIT
        at = len(provider.calls)
        await swept(delivery, pool, until=f"select sum(attempt) >= {LIMIT + 3} from outbox")
        trials = provider.calls[at:]
        pauses = [later - earlier for earlier, later in pairwise(trials)]
        assert min(pauses) > PACE.retry / 6, "one at a time, each after a pause"
        provider.does = None
        await swept(delivery, pool, until=f"select not exists ({OPEN.replace('count(*)', '')})")
    assert sorted(provider.took) == [(phone, "Принято") for phone in PHONES]
    alarms = await pool.fetch("select kind, about from alarms")
    assert [tuple(row) for row in alarms] == [("carrier failing", "sms")]
    assert [line["event"] for line in logs if line["event"].startswith("delivery.break")] == [
        "delivery.break", "delivery.break-over",
    ]  # fmt: skip


async def test_messages_that_nothing_can_be_sent_to_break_nothing(pool: asyncpg.Pool) -> None:
    """A list of dead numbers is no failure of the provider."""
    provider = Provider(SendFailed("21211", "", again=False))
    await add(pool, "Принято")
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until="select count(*) = 100 from outbox where state = 'failed'")
    assert await pool.fetchval("select count(*) from alarms") == 0


@pytest.mark.parametrize(
    "does",
    [
        SendUnclear("HTTP 429 20429", retry_after=0.5, refused="20429"),
        SendUnclear("HTTP 503 20503", retry_after=0.5),
        SendFailed("20005", "", again=True, retry_after=0.5),
    ],
    ids=["429", "503", "403"],
)
async def test_who_wants_time_is_given_it(pool: asyncpg.Pool, does: Exception) -> None:  # R20
    """By all messages, not only by the one that was refused."""
    provider = Provider(does)
    await add(pool, "Принято")
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until=TRIED)
        first = list(provider.calls)
        provider.does = None
        await swept(delivery, pool, until=f"select not exists ({OPEN.replace('count(*)', '')})")
    assert len(first) <= LIMIT
    assert provider.calls[len(first)] - first[-1] >= 0.5
    assert sorted(provider.took) == [(phone, "Принято") for phone in PHONES]


async def test_replies_go_before_official_messages_and_these_before_the_rest(pool: asyncpg.Pool) -> None:  # R22
    provider = Provider()
    for kind, phones in (("greeting", PHONES[:60]), ("notice", PHONES[60:70]), ("official", PHONES[70:80])):
        await add(pool, kind, phones=phones, kind=kind)
    await add(pool, "reply", phones=PHONES[80:])
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until=f"select not exists ({OPEN.replace('count(*)', '')})")
    assert [body for _, body in provider.took] == (
        ["reply"] * 20 + ["official"] * 10 + ["notice"] * 10 + ["greeting"] * 60
    )


async def test_a_reply_does_not_wait_behind_what_its_phone_did_not_ask_for(pool: asyncpg.Pool) -> None:  # R22
    provider = Provider()
    await add(pool, "greeting", "another", phones=PHONES[:1], kind="greeting")
    await add(pool, "reply", "second reply", phones=PHONES[:1])
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until=f"select not exists ({OPEN.replace('count(*)', '')})")
    assert [body for _, body in provider.took] == ["reply", "second reply", "greeting", "another"]


async def test_what_was_tried_for_long_enough_expires_with_a_record(pool: asyncpg.Pool) -> None:
    """A provider that is away for a day loses no answer; a greeting of yesterday is not sent today."""
    provider = Provider()
    for kind in LASTS:
        await add(pool, kind, phones=PHONES[:2], kind=kind)
    async with store.acquire(
        pool,
    ) as conn:
        await conn.execute("set role none")
        await conn.execute("update outbox set created_at = now() - interval '25 hours'")
        await conn.execute("reset role")
    async with delivering(provider, pool) as delivery:
        await swept(delivery, pool, until=f"select not exists ({OPEN.replace('count(*)', '')})")
    lasting = {kind for kind, seconds in LASTS.items() if seconds > 25 * 3600}
    assert lasting == {"reply", "official", "notice", "reminder"}
    assert {body for _, body in provider.took} == lasting
    rest = await pool.fetch("select class, state, code from outbox where state <> 'sent' order by class")
    assert {tuple(row) for row in rest} == {(kind, State.EXPIRED, "expired") for kind in LASTS if kind not in lasting}


async def test_what_was_not_begun_is_free_at_once(pool: asyncpg.Pool) -> None:  # R25
    """Nobody waits for the lease of a process that ended cleanly."""
    provider = Provider()
    async with delivering(provider, pool) as delivery, store.acquire(pool) as conn:
        delivery.stop()
        key = await rows.add(conn, phone=PHONES[0], owner="it")
        delivery.carry([Outbound(key, rows.SMS, PHONES[0], "Принято", 0)])
        assert await delivery.sweep() == 0
        assert await conn.fetchval("select lease_until > now() from outbox")
    assert provider.calls == []
    assert await pool.fetchval("select state = 'ready' and lease_until is null from outbox")


class Asleep(Provider):
    """As it looks to a process that was halted in the midst of its calls."""

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        await asyncio.sleep(2.5 * PACE.timeout)
        raise SendUnclear("timeout")


async def test_what_this_process_slept_through_is_no_failure_of_the_provider(pool: asyncpg.Pool) -> None:  # R20
    await add(pool, "Принято", phones=PHONES[: LIMIT + 5])
    async with delivering(Asleep(), pool) as delivery:
        await swept(delivery, pool, until=f"select count(*) = {LIMIT + 5} from outbox where doubts > 0")
        assert not delivery.is_broken
    assert await pool.fetchval("select count(*) from alarms") == 0
