"""The whole schema in one file, made from the migrations for people to read: `python -m gateway.schema`."""

import asyncio
import re
from pathlib import Path

from core.store import migrate, pool
from gateway import binaries, embedded

SCHEMA = Path(migrate.__file__).with_name("schema.sql")

_HEAD = "-- Made from migrations/ by `python -m gateway.schema`, for reading. The partitions themselves are left out.\n"
_PARTITIONS = "select format('%I.%I', relnamespace::regnamespace, relname) from pg_class where relispartition"
_NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*)\n", re.MULTILINE)


class DumpFailed(Exception):
    """pg_dump did not do what it was asked for; the message is its own."""


async def made(dsn: str) -> str:
    """The schema of the migrated database at this address, as the file holds it.

    It comes out alike on every machine that dumps with the wheel's programs.

    :raises DumpFailed: pg_dump failed.
    """
    conn = await pool.connect(dsn, role=None)
    try:
        partitions = [row[0] for row in await conn.fetch(_PARTITIONS)]
    finally:
        await conn.close()
    excluded = [f"--exclude-table={name}" for name in partitions]
    command = ["--schema-only", "--no-owner", "--restrict-key=meterline", *excluded, f"--dbname={dsn}"]
    dump = binaries.Account().run([binaries.find().program("pg_dump"), *command])
    if dump.returncode != 0:
        raise DumpFailed(dump.stderr.strip())
    return _HEAD + "\n" + re.sub(r"\n{2,}", "\n\n", _NOISE.sub("", dump.stdout)).strip("\n") + "\n"


def main() -> None:
    """Writes the file anew."""
    with embedded.throwaway() as dsn:
        SCHEMA.write_text(asyncio.run(_migrated(dsn)), encoding="utf-8")


async def _migrated(dsn: str) -> str:
    conn = await pool.connect(dsn, role=None)
    try:
        await migrate.migrate(conn)
    finally:
        await conn.close()
    return await made(dsn)


if __name__ == "__main__":
    main()
