"""Brings a database up to date: numbered SQL files, forward only, each once and never changed afterwards."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from asyncpg import Connection

MIGRATIONS = Path(__file__).with_name("migrations")

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql", re.ASCII)
_OUTSIDE = "-- outside a transaction"
_LOCK = 0x4D45544552  # any number that no other program locks

NOTEBOOK = """
create schema if not exists store;
create table if not exists store.migrations (
    name       text primary key,
    digest     text not null,
    applied_at timestamptz not null default now()
)
"""
APPLIED = "select name, digest from store.migrations order by name"
NOTE = "insert into store.migrations (name, digest) values ($1, $2)"
LOCK = "select pg_advisory_lock($1)"
UNLOCK = "select pg_advisory_unlock($1)"


class MigrationError(Exception):
    """The files and the database do not fit together; nothing was changed. The message names the file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file; `digest` is the SHA-256 of its bytes."""

    name: str
    text: str
    digest: str

    @property
    def outside(self) -> bool:
        """Whether it runs outside a transaction: one statement, safe to repeat, with no limit of time."""
        return any(line.strip() == _OUTSIDE for line in self.text.splitlines())


def read(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """The files of the folder in their order.

    :raises MigrationError: a file is not named NNNN_words.sql, or the numbers are not 1, 2, 3 and so on.
    """
    paths = sorted(folder.glob("*.sql"))
    for number, path in enumerate(paths, start=1):
        named = _NAME.fullmatch(path.name)
        if named is None or int(named[1]) != number:
            raise MigrationError(f"{path.name} stands where {number:04}_<name>.sql is expected")
    return tuple(
        Migration(path.stem, path.read_text(encoding="utf-8"), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in paths
    )


async def migrate(conn: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the files applied now, in order. Others who migrate at the same time wait; `conn` owns the tables.

    A file has 4 s to get each lock and 5 s for each statement; `set local statement_timeout` in it grants more.

    :raises MigrationError: an applied file was edited or removed, or the database is newer than the files.
    :raises asyncpg.PostgresError: a file failed; those before it stay applied, of it nothing does.
    """
    migrations = read(folder)
    await conn.execute("set statement_timeout = 0; set lock_timeout = 0")
    await conn.execute(LOCK, _LOCK)
    try:
        await conn.execute(NOTEBOOK)
        waiting = _waiting(migrations, await _applied(conn))
        for migration in waiting:
            await _apply(conn, migration)
        return [migration.name for migration in waiting]
    finally:
        await conn.execute(UNLOCK, _LOCK)


async def pending(conn: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the files that the database still lacks; it changes nothing.

    :raises MigrationError: as `migrate` does.
    """
    known = await conn.fetchval("select to_regclass('store.migrations') is not null")
    return [migration.name for migration in _waiting(read(folder), await _applied(conn) if known else [])]


async def _applied(conn: Connection) -> list[tuple[str, str]]:
    return [(row["name"], row["digest"]) for row in await conn.fetch(APPLIED)]


def _waiting(migrations: tuple[Migration, ...], applied: list[tuple[str, str]]) -> tuple[Migration, ...]:
    for place, (name, digest) in enumerate(applied):
        if place >= len(migrations):
            raise MigrationError(f"the database has {name}, which this version does not know: use a newer version")
        if migrations[place].name != name:
            raise MigrationError(f"the database has {name} where the files have {migrations[place].name}")
        if migrations[place].digest != digest:
            raise MigrationError(f"{name} was edited after it was applied: restore it and write a new file instead")
    return migrations[len(applied) :]


async def _apply(conn: Connection, migration: Migration) -> None:
    if migration.outside:
        await conn.execute(migration.text)
        await conn.execute(NOTE, migration.name, migration.digest)
        return
    async with conn.transaction():
        await conn.execute("set local lock_timeout = '4s'; set local statement_timeout = '5s'")
        await conn.execute(migration.text)
        await conn.execute(NOTE, migration.name, migration.digest)
