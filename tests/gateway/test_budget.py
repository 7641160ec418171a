"""So many messages a second go out, by all processes together, and what was asked for never waits for what was not."""

import asyncio

import asyncpg

from core.basics.channel import Channel
from core.outbox import sql
from core.store import pool as store
from gateway.clock import now
from gateway.delivery import Delivery, Pace
from tests import make
from tests.gateway.test_breaking import OPEN, PHONES, Provider, add, swept

EMPTY = f"select not exists ({OPEN.replace('count(*)', '')})"


def delivery(provider: Provider, pool: asyncpg.Pool, *, rate: float | None, owner: str = "it") -> Delivery:
    pace = Pace(lease=5.0, timeout=0.4, retry=0.3, rate=rate)
    return Delivery(
        channel=Channel.SMS, carrier=provider, pool=pool, keyring=make.keyring(), now=now, owner=owner, pace=pace
    )


async def test_no_more_go_out_than_the_number_may_send(pool: asyncpg.Pool) -> None:  # R22
    """Two processes; half of what has gathered goes at once, the rest as the bucket fills."""
    provider = Provider()
    await add(pool, "greeting", phones=PHONES[:90], kind="greeting")
    one, two = (delivery(provider, pool, rate=30.0, owner=owner) for owner in ("one", "two"))
    await asyncio.gather(swept(one, pool, until=EMPTY), swept(two, pool, until=EMPTY))
    await asyncio.gather(one.close(), two.close())
    assert sorted(provider.took) == [(phone, "greeting") for phone in sorted(PHONES[:90])]
    assert provider.calls[-1] - provider.calls[0] >= (90 - 30) / 30 * 0.9


async def test_replies_go_while_greetings_wait_for_the_bucket(pool: asyncpg.Pool) -> None:  # R22
    provider = Provider()
    await add(pool, "greeting", phones=PHONES[:80], kind="greeting")
    carrying = delivery(provider, pool, rate=10.0)
    await swept(carrying, pool, until="select count(*) >= 10 from outbox where state = 'sent'")
    await add(pool, "reply", phones=PHONES[80:90])
    await swept(carrying, pool, until="select count(*) = 10 from outbox where class = 'reply' and state = 'sent'")
    await carrying.close()
    said = [body for _, body in provider.took]
    assert said.count("reply") == 10
    assert said.count("greeting") < 60, "most of them wait still"


async def test_a_clock_that_jumps_back_takes_nothing_away(pool: asyncpg.Pool) -> None:  # R22
    await pool.execute("update outbox_buckets set tokens = 3.0, filled_at = clock_timestamp() + interval '1 hour'")
    async with store.acquire(pool) as conn:
        assert await sql.draw(conn, "sms", wanted=9, rate=100.0, most=10.0, left=0.0) == 3
        assert await sql.draw(conn, "sms", wanted=1, rate=1e6, most=10.0, left=0.0) == 1


async def test_several_draw_from_one_bucket(pool: asyncpg.Pool) -> None:  # R22
    """It does not fill meanwhile."""
    await pool.execute("update outbox_buckets set tokens = 10.0")

    async def drawn(wanted: int, left: float = 0.0) -> int:
        async with store.acquire(pool) as conn:
            return await sql.draw(conn, "sms", wanted=wanted, rate=0.0, most=10.0, left=left)

    assert sum(await asyncio.gather(*(drawn(4) for _ in range(5)))) == 10
    assert await drawn(1) == 0
    async with store.acquire(pool) as conn:
        await sql.put_back(conn, "sms", 6)
    assert await drawn(9, left=4.0) == 2
    assert await drawn(9) == 4
