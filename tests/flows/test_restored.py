"""A backup is restored: what was sent since it was made is not sent again, and what came since is not lost (R25)."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from core.basics.channel import Channel
from core.outbox import sql
from core.store.pool import acquire
from demo.carrier_faults import Faults
from gateway import holding
from gateway.commands import Trouble
from gateway.holding import Released
from gateway.parts import carrier_of
from tests import make
from tests.core.outbox import rows
from tests.flows.conftest import NUMBER, Street
from tests.make import A, M

PHONES = tuple(f"+7978001{number:04d}" for number in range(6))

RESTORED = """
update outbox set state = 'ready', attempt = 0, reference = null, lease_until = null, changed_at = now()
 where address_hash = any($1::bytea[])
"""
LOST = "delete from outbox where address_hash = any($1::bytea[])"
LOST_TEXTS = "delete from inbox where sender_hash = any($1::bytea[])"


@pytest.fixture
async def restored(company: asyncpg.Connection, town: Street) -> None:
    """All six asked what they owe and were told. In the backup two answers still wait, one is being sent, and of three
    texts nothing is known."""
    for number, phone in enumerate(PHONES):
        await make.account(company, A(f"1{number:08d}", (M(f"{500000 + number}"),), ((phone, "owner"),)))
    for phone in PHONES:
        assert len(await town.text(phone, "долг")) == 1
    hashes = [make.keyring().phone_hash(phone) for phone in PHONES]
    async with acquire(town.pool) as conn:
        await holding.hold(conn, begin=True)
    await company.execute(RESTORED, hashes[:3])
    await company.execute("update outbox set state = 'sending', attempt = 1 where address_hash = $1", hashes[2])
    await company.execute(LOST, hashes[3:])
    await company.execute(LOST_TEXTS, hashes[3:])
    await company.execute("delete from inbox_polls")


async def let_go(town: Street) -> Released:
    carrier = carrier_of(town.parts.settings)
    assert carrier is not None
    try:
        return await holding.let_go(town.parts, carrier)
    finally:
        await carrier.close()


async def told(town: Street) -> Counter[str]:
    book = town.carrier.book.from_number(0, limit=10_000)
    return Counter(one.to for one in book if one.direction == "outbound-api")


async def test_nothing_is_sent_again_and_the_rest_goes(restored: None, town: Street) -> None:  # R25
    async with acquire(town.pool) as conn:
        await rows.add(conn, phone=PHONES[0], body="Оплата получена", owner="one that is gone")
    assert (await town.carrier.text(sender=PHONES[1], to=NUMBER, body="04400")).webhook == 200, "it is taken, and held"
    await asyncio.sleep(1.5)
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1)), "nothing goes out"
    assert await let_go(town) == Released(looked=8, found=6, going=2)
    await town.quiet()
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1)) + Counter(PHONES[:2])
    assert await town.pool.fetchval("select count(*) from inbox") == 7, "the texts since the backup are back"
    assert await town.pool.fetchval("select count(distinct reference) from outbox") == 8


async def test_a_list_that_cannot_be_read_releases_nothing(restored: None, town: Street) -> None:  # R25
    town.carrier.faults = Faults(list_500=1.0)
    with pytest.raises(Trouble, match="nothing is released"):
        await let_go(town)
    async with acquire(town.pool) as conn:
        assert await sql.holding(conn, Channel.SMS)
    town.carrier.faults = Faults()
    await town.pool.execute("update inbox_polls set due_at = now()")
    assert (await let_go(town)).found == 6
    with pytest.raises(Trouble, match="nothing is held"):
        await let_go(town)
    await town.quiet()
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))
