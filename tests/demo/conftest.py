"""A small town, furnished once and cloned for each test, and the whole demo on it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.basics.sealing import Keyring
from core.store import pool as store
from demo import town, town_people
from gateway import demonstrating
from gateway.demonstrating import SECRETS, Stage


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(key=SECRETS["KEY"], pepper=SECRETS["PEPPER"])


@pytest.fixture(scope="session")
def furnished(server: str, template: str, keyring: Keyring) -> Iterator[str]:
    """The name of a database with those inhabitants who have a story; to be cloned and never connected to."""
    name = f"{template}_town"
    asyncio.run(_on(server, f"create database {name} template {template}"))
    asyncio.run(_furnish(_address(server, name), keyring))
    yield name
    asyncio.run(_on(server, f"drop database {name} with (force)"))


@pytest.fixture
async def town_dsn(server: str, furnished: str) -> AsyncIterator[str]:
    """The address of a town of one's own."""
    name = f"meterline_test_{secrets.token_hex(6)}"
    await _on(server, f"create database {name} template {furnished}")
    yield _address(server, name)
    await _on(server, f"drop database {name} with (force)")


@pytest.fixture
async def town_conn(town_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await store.connect(town_dsn)
    yield conn
    await conn.close()


@pytest.fixture
async def stage(town_dsn: str) -> AsyncIterator[Stage]:
    """The demo as it runs: gateway, worker, carrier and page, on loopback."""
    async with demonstrating.staged(town_dsn, any_port=True) as running:
        yield running


async def _furnish(dsn: str, keyring: Keyring) -> None:
    conn = await store.connect(dsn)
    try:
        await town.load(conn, keyring, town=town_people.town(count=0))
    finally:
        await conn.close()


async def _on(server: str, statement: str) -> None:
    conn: asyncpg.Connection = await asyncpg.connect(server)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
