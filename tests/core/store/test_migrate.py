"""Migrations: once, in order, whole, and never changed."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from core.store import migrate
from core.store import pool as store
from core.store.migrate import MigrationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "0001_one", "create table one (id int); insert into one values (1);")
    write(tmp_path, "0002_two", "create table two (id int);\n")
    return tmp_path


@pytest.fixture
async def blank(empty: str) -> asyncpg.Connection:
    """A connection that owns an empty database; it ends with the database."""
    return await store.connect(empty, role=None)


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.sql").write_text(text)


async def exists(conn: asyncpg.Connection, table: str) -> bool:
    return bool(await conn.fetchval("select to_regclass($1) is not null", table))


async def test_each_file_is_applied_once(blank: asyncpg.Connection, folder: Path) -> None:
    assert await migrate.pending(blank, folder) == ["0001_one", "0002_two"]
    assert await migrate.migrate(blank, folder) == ["0001_one", "0002_two"]
    assert await migrate.migrate(blank, folder) == []
    write(folder, "0003_three", "alter table one add name text;")
    assert await migrate.pending(blank, folder) == ["0003_three"]
    assert await migrate.migrate(blank, folder) == ["0003_three"]
    assert await migrate.pending(blank, folder) == []
    assert await blank.fetchval("select count(*) from one") == 1


async def test_real_migrations_apply_to_empty_database(blank: asyncpg.Connection) -> None:
    names = [migration.name for migration in migrate.read()]
    assert await migrate.migrate(blank) == names
    assert await migrate.migrate(blank) == []


async def test_program_may_not_touch_notebook(conn: asyncpg.Connection) -> None:
    for statement in ("select * from store.migrations", "delete from store.migrations"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with conn.transaction():
                await conn.execute(statement)


async def test_edited_file_is_refused(blank: asyncpg.Connection, folder: Path) -> None:
    await migrate.migrate(blank, folder)
    write(folder, "0001_one", "create table one (id int); insert into one values (2);")
    write(folder, "0003_three", "create table three (id int);")
    with pytest.raises(MigrationError, match="0001_one was edited"):
        await migrate.migrate(blank, folder)
    assert not await exists(blank, "three")


async def test_newer_database_is_refused(blank: asyncpg.Connection, folder: Path) -> None:
    await migrate.migrate(blank, folder)
    (folder / "0002_two.sql").unlink()
    with pytest.raises(MigrationError, match="0002_two, which this version does not know"):
        await migrate.migrate(blank, folder)
    with pytest.raises(MigrationError):
        await migrate.pending(blank, folder)


async def test_other_file_under_the_same_number_is_refused(blank: asyncpg.Connection, folder: Path) -> None:
    await migrate.migrate(blank, folder)
    (folder / "0002_two.sql").rename(folder / "0002_renamed.sql")
    with pytest.raises(MigrationError, match="0002_two where the files have 0002_renamed"):
        await migrate.migrate(blank, folder)


@pytest.mark.parametrize("name", ["0004_gap", "0002_twice", "3_short", "0003-dash", "0003_Upper"])
def test_names_are_numbered_without_gaps(folder: Path, name: str) -> None:
    write(folder, name, "select 1;")
    with pytest.raises(MigrationError):
        migrate.read(folder)


async def test_failed_file_leaves_nothing_and_those_before_stay(blank: asyncpg.Connection, folder: Path) -> None:
    write(folder, "0003_three", "create table three (id int); select 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate.migrate(blank, folder)
    assert await exists(blank, "two")
    assert not await exists(blank, "three")
    write(folder, "0003_three", "create table three (id int);")
    assert await migrate.migrate(blank, folder) == ["0003_three"]


async def test_limits_of_time_hold_unless_file_says_otherwise(blank: asyncpg.Connection, folder: Path) -> None:
    show = "insert into seen select current_setting('lock_timeout') || ' ' || current_setting('statement_timeout');"
    write(folder, "0003_three", f"create table seen (at text); {show}")
    write(folder, "0004_four", f"set local statement_timeout = '10min';\n{show}")
    write(folder, "0005_five", show)
    await migrate.migrate(blank, folder)
    assert [row["at"] for row in await blank.fetch("select at from seen")] == ["4s 5s", "4s 10min", "4s 5s"]


async def test_file_outside_a_transaction(blank: asyncpg.Connection, folder: Path) -> None:
    write(folder, "0003_three", "-- outside a transaction\ncreate index concurrently one_id on one (id);\n")
    assert await migrate.migrate(blank, folder) == ["0001_one", "0002_two", "0003_three"]
    assert await exists(blank, "one_id")


async def test_those_who_migrate_at_once_wait_for_each_other(empty: str, folder: Path) -> None:
    connections = [await store.connect(empty, role=None) for _ in range(4)]
    applied = await asyncio.gather(*(migrate.migrate(conn, folder) for conn in connections))
    assert sorted(applied) == [[], [], [], ["0001_one", "0002_two"]]
    for conn in connections:
        await conn.close()


async def test_files_of_others_are_not_looked_at(folder: Path) -> None:
    (folder / "README.md").write_text("for people")
    assert [migration.name for migration in migrate.read(folder)] == ["0001_one", "0002_two"]
