"""Ten thousand greetings wait, and a reply still leaves before all but those that are on their way already."""

import os

import asyncpg
import pytest

from core.store import pool as store
from gateway.delivery import CHUNK, CHUNKS
from tests import make
from tests.gateway.test_breaking import Provider, add, swept
from tests.gateway.test_budget import delivery

GREETINGS = int(os.environ.get("METERLINE_GREETINGS", "2000"))

CROWD = """
insert into outbox (id, channel, class, address_hash, address, body, body_hash, segments, locale, kind, state)
select gen_random_uuid(), 'sms', $3, sha256(n::text::bytea), address, $2, sha256('x'), 1, 'ru', 'Notice', 'ready'
  from unnest($1::bytea[]) with ordinality as asked (address, n) order by n
"""


async def crowd(pool: asyncpg.Pool, number: int, *, kind: str = "greeting", body: str = "greeting") -> None:
    """So many messages that nobody holds, each to another phone."""
    mine = make.keyring().installation
    addresses = [mine.seal(f"+7978{1_000_000 + one}".encode(), purpose=b"phone") for one in range(number)]
    async with store.acquire(pool) as conn:
        await conn.execute(CROWD, addresses, mine.seal(body.encode(), purpose=b"outbox"), kind)


@pytest.mark.parametrize("rate", [None, 400.0], ids=["as fast as it goes", "within a budget"])
async def test_a_reply_passes_all_that_was_not_begun(pool: asyncpg.Pool, rate: float | None) -> None:  # R22
    provider = Provider()
    await crowd(pool, GREETINGS)
    carrying = delivery(provider, pool, rate=rate)
    await swept(carrying, pool, until="select count(*) >= 64 from outbox where state = 'sent'")
    await add(pool, "reply", phones=("+79780009999",))
    before = len(provider.took)
    await swept(carrying, pool, until="select count(*) = 1 from outbox where class = 'reply' and state = 'sent'")
    at = [body for _, body in provider.took].index("reply")
    await carrying.close()
    assert at - before <= 2 * CHUNK * CHUNKS, "only what was on its way went before it"
    assert len(provider.took) < GREETINGS


async def test_replies_then_official_then_works_then_greetings(pool: asyncpg.Pool) -> None:  # R22
    """What waits goes in the order of the classes, whatever came first; one chunk may be on its way already."""
    provider = Provider()
    for kind in ("greeting", "works", "official", "reply"):
        await add(pool, kind, phones=tuple(f"+7978{ord(kind[0]):03}{one:04}" for one in range(70)), kind=kind)
    carrying = delivery(provider, pool, rate=None)
    await swept(carrying, pool, until="select count(*) = 280 from outbox where state = 'sent'")
    await carrying.close()
    said = [body for _, body in provider.took]
    firsts = [said.index(kind) for kind in ("reply", "official", "works", "greeting")]
    lasts = [len(said) - 1 - said[::-1].index(kind) for kind in ("reply", "official", "works", "greeting")]
    assert firsts == sorted(firsts)
    assert lasts == sorted(lasts)
    assert said.index("greeting") > lasts[0], "no greeting before a reply"
