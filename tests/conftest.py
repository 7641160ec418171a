"""What tests are given: a throw-away PostgreSQL, a connection rolled back, a database of one's own, the cases."""

import tests.guarded

# isort: split
import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from hypothesis import settings

from core.store import migrate
from core.store import pool as store
from gateway import binaries, embedded
from tests.shared import CASES, MISSING


def pytest_report_header() -> str:
    return f"facts that are changed raise: {tests.guarded.GUARDED}"


EXAMPLES = int(os.environ.get("METERLINE_EXAMPLES", "200"))
"""How many examples a property is tried on: `make prove` asks for more than `make test`."""

settings.register_profile("meterline", max_examples=EXAMPLES, deadline=None)
settings.load_profile("meterline")

_TEMPLATE = f"meterline_template_{secrets.token_hex(4)}"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL where databases may be made."""
    given = os.environ.get("METERLINE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = os.environ.get("METERLINE_TEST_POSTGRESQL")  # a folder such as /usr/lib/postgresql/15/bin
    with embedded.throwaway(binaries.at(Path(programs)) if programs else None) as address:
        yield address


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a migrated database, to be cloned and never connected to."""
    asyncio.run(_make_template(server))
    yield _TEMPLATE
    asyncio.run(_on(server, f"drop database {_TEMPLATE}"))


@pytest.fixture(scope="session")
def shared(server: str, template: str) -> Iterator[str]:
    """The address of a clone where nothing is ever committed."""
    name = f"{template}_shared"
    asyncio.run(_clone(server, template, name))
    yield _address(server, name)
    asyncio.run(_on(server, f"drop database {name} with (force)"))


@pytest.fixture
async def conn(shared: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection in the program's role and in a transaction that is rolled back after the test."""
    connection = await store.connect(shared)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    if not connection.is_closed():
        await transaction.rollback()
        await connection.close()


@pytest.fixture
async def owner_conn(conn: asyncpg.Connection) -> asyncpg.Connection:
    """The connection of `conn`, in the role that owns the tables: it may damage them."""
    await conn.execute("set local role none")
    return conn


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    """The address of a database without tables, dropped after the test."""
    name = f"meterline_test_{secrets.token_hex(6)}"
    await _on(server, f"create database {name}")
    yield _address(server, name)
    await _on(server, f"drop database {name} with (force)")


@asynccontextmanager
async def cloned(server: str, template: str) -> AsyncIterator[str]:
    """The address of a fresh migrated database, dropped behind it."""
    name = f"meterline_test_{secrets.token_hex(6)}"
    await _clone(server, template, name)
    try:
        yield _address(server, name)
    finally:
        await _on(server, f"drop database {name} with (force)")


@pytest.fixture
async def database(server: str, template: str) -> AsyncIterator[str]:
    """The address of a fresh migrated database, dropped after the test."""
    async with cloned(server, template) as address:
        yield address


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool on a database of one's own, in the program's role."""
    made = await store.pool(database, size=10)
    yield made
    await asyncio.wait_for(made.close(), 10)


@pytest.fixture
async def owner(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that owns the tables, on the database of `database` and `pool`."""
    connection = await store.connect(database, role=None)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of the shared cases, which are not part of this repository."""
    if not CASES.is_dir():
        pytest.skip(MISSING)
    return CASES


async def _make_template(server: str) -> None:
    await _on(server, f"create database {_TEMPLATE}")
    connection = await store.connect(_address(server, _TEMPLATE), role=None)
    try:
        await migrate.migrate(connection)
    finally:
        await connection.close()


async def _clone(server: str, template: str, name: str) -> None:
    await _on(server, f"create database {name} template {template} strategy file_copy")


async def _on(server: str, statement: str) -> None:
    connection: asyncpg.Connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
