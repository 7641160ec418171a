"""The database is stopped and started under a listening gateway (R4)."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from channels.sms import signature
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres
from tests import make
from tests.flows import conftest as flows
from tests.flows.conftest import NUMBER, SID, TOKEN, Street
from tests.make import A, M

pytestmark = pytest.mark.prove

PHONE = "+79780001705"
IN_TIME, BACK = 3.0, 5.0
"""Seconds within which it is said that nothing could be stored, and within which messages are taken again."""


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="meterline-down-"))
    os.chmod(folder, 0o711)
    made = EmbeddedPostgres(folder / "postgresql")
    await asyncio.to_thread(made.start)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def street(server: EmbeddedPostgres) -> AsyncIterator[Street]:
    owner = await store.connect(server.url, role=None)
    await migrate.migrate(owner)
    await make.company(owner)
    await make.account(owner, A("100004321", (M("0098765"),), ((PHONE, "owner"),)))
    await owner.close()
    pool = await store.pool(server.url, size=2)
    async with flows.street(server.url, pool) as there:
        yield there
    pool.terminate()


async def posted(session: aiohttp.ClientSession, street: Street, sid: str) -> tuple[int, str | None, float]:
    """The status of a webhook, when it says to come again, and how long it took to say so."""
    params = [("From", PHONE), ("To", NUMBER), ("Body", "долг"), ("MessageSid", sid), ("AccountSid", SID)]
    url = f"{street.url}/sms/twilio"
    began = time.monotonic()
    async with session.post(url, data=params, headers={signature.HEADER: signature.sign(url, params, TOKEN)}) as answer:
        return answer.status, answer.headers.get("Retry-After"), time.monotonic() - began


async def test_a_stopped_database_is_told_in_time_and_its_return_is_noticed(
    server: EmbeddedPostgres, street: Street
) -> None:  # R4
    sids = [f"SM{number:032x}" for number in range(100)]
    async with aiohttp.ClientSession() as session:
        assert (await posted(session, street, "SM" + "f" * 32))[0] == 200
        await asyncio.to_thread(server.stop)
        told = [await posted(session, street, sid) for sid in sids[:90]]
        told += await asyncio.gather(*(posted(session, street, sid) for sid in sids[90:]))
        assert {status for status, _, _ in told} == {503}
        assert {again for _, again, _ in told} == {"5"}
        assert max(seconds for _, _, seconds in told) <= IN_TIME
        await asyncio.to_thread(server.start)
        conn = await asyncpg.connect(server.url)
        await conn.close()
        began = time.monotonic()
        while (await posted(session, street, sids[0]))[0] != 200:
            await asyncio.sleep(0.05)
        assert time.monotonic() - began <= BACK
        assert {(await posted(session, street, sid))[0] for sid in sids} == {200}
    conn = await asyncpg.connect(server.url)
    assert await conn.fetchval("select count(*) from inbox") == 101
    await conn.close()
