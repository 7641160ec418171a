"""The role and the life of connections."""

import asyncpg
import pytest

from core.store import pool as store


async def test_connection_has_role_of_program(conn: asyncpg.Connection) -> None:
    assert await conn.fetchval("select current_user") == "meterline_app"


async def test_owner_may_what_program_may_not(owner_conn: asyncpg.Connection) -> None:
    await owner_conn.execute("delete from entries")


# R16
@pytest.mark.parametrize("table", ["entries", "readings", "claims", "charges", "payments", "withdrawals"])
async def test_facts_can_be_neither_changed_nor_deleted(conn: asyncpg.Connection, table: str) -> None:
    for statement in (f"delete from {table}", f"update {table} set account_id = 1", f"truncate {table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with conn.transaction():
                await conn.execute(statement)


async def test_role_survives_return_to_pool(pool: asyncpg.Pool) -> None:
    seen = set()
    for _ in range(3):
        async with store.acquire(pool) as connection:
            await connection.execute("reset role")
            await connection.execute("reset all")
            row = await connection.fetchrow("select pg_backend_pid(), current_user")
            assert row is not None
            seen.add(tuple(row))
    assert len(seen) == 1
    assert {role for _, role in seen} == {"meterline_app"}
