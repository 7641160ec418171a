"""Connections to the database, by default in the role that may neither change nor delete facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from asyncpg import Connection as Connection
from asyncpg import Pool as Pool

APP_ROLE = "meterline_app"

_CONNECT = 3.0  # seconds: a message whose database is down is answered 503 in this time (R4)
_COMMAND = 30.0  # seconds, for hosts that vanish without a word
_STATEMENTS = 512


async def connect(dsn: str, *, role: str | None = APP_ROLE) -> Connection:
    """A connection of one's own; with `role=None` as the user of the address, who owns the tables.

    It has no limit of time for a command.

    :raises OSError: the server is not there.
    :raises asyncpg.PostgresError: it refuses, or the role does not exist before the first migration.
    """
    return await asyncpg.connect(
        dsn, timeout=_CONNECT, statement_cache_size=_STATEMENTS, server_settings=_settings(role)
    )


async def connect_for_batches(dsn: str) -> Connection:
    """A connection for the door alone: plans are kept, nobody waits long for a lock, nothing runs for long.

    :raises OSError: the server is not there.
    :raises asyncpg.PostgresError: it refuses.
    """
    settings = {"plan_cache_mode": "force_generic_plan", "lock_timeout": "1s", "statement_timeout": "2s"}
    return await asyncpg.connect(
        dsn, timeout=_CONNECT, statement_cache_size=_STATEMENTS, server_settings=_settings(APP_ROLE) | settings
    )


async def alive(conn: Connection) -> bool:
    """Whether the server answers; an error where it does not."""
    return bool(await conn.fetchval("select true"))


async def pool(dsn: str, *, size: int, role: str | None = APP_ROLE, resets: bool = True) -> Pool:
    """A pool of at most this many connections, one of them open; close it when done.

    Without `resets` a connection goes back as it is, which spares a trip to the server, and nothing may be set, locked
    or listened to on it that outlasts a transaction; one within a transaction is rolled back all the same.

    A connection that was lost is replaced when it is next acquired, so the pool works again as soon as the server does.
    `acquire` once a request: each query through the pool itself costs several times one on a connection held.

    :raises OSError: the server is not there.
    :raises asyncpg.PostgresError: it refuses, or the role does not exist before the first migration.
    """
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        timeout=_CONNECT,
        command_timeout=_COMMAND,
        statement_cache_size=_STATEMENTS,
        max_cached_statement_lifetime=0,
        reset=None if resets else _as_it_is,
        server_settings=_settings(role) | {"idle_in_transaction_session_timeout": "30s"},
    )


@asynccontextmanager
async def acquire(pool: Pool) -> AsyncIterator[Connection]:
    """A connection of the pool, held for the time of the block.

    :raises OSError: the server is not there; TimeoutError, which is one, where all connections stay in use.
    :raises asyncpg.PostgresError: it refuses.
    """
    async with pool.acquire(timeout=_CONNECT) as held:
        # To the pool it is a proxy, which counts as a connection.
        assert isinstance(held, Connection)
        yield held


async def _as_it_is(_: object) -> None:
    return


def _settings(role: str | None) -> dict[str, str]:
    # A role given at the start costs no round trip and is what RESET ROLE goes back to.
    settings = {"application_name": "meterline", "timezone": "UTC", "jit": "off"}
    return settings if role is None else settings | {"role": role}
