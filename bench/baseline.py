"""What PostgreSQL itself can do: pgbench calling one stored function a message that writes the same rows."""

import asyncio
import os
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from asyncpg import Connection

from bench import sql
from gateway import binaries

FUNCTION = Path(__file__).with_name("pgbench.sql")

_SEALED = 28
"""Bytes by which a sealed value is longer than the plain one: a nonce and a tag."""


class PgbenchMissing(Exception):
    """There is no pgbench: it comes with the machine's PostgreSQL, not with the wheel."""


def find() -> str:
    """The program pgbench, of any version.

    :raises PgbenchMissing: there is none.
    """
    found = [folder / "pgbench" for folder in binaries.of_machine() if (folder / "pgbench").exists()]
    path = str(found[0]) if found else shutil.which("pgbench")
    if path is None:
        raise PgbenchMissing("no pgbench found: install the package postgresql-contrib")
    return path


async def prepare(conn: Connection, payload: int) -> None:
    """Makes the stored function. `payload` is the size of a raw message that the gateway stores, sealed, in bytes."""
    row = await conn.fetchrow(sql.STATE)
    assert row is not None
    text = FUNCTION.read_text(encoding="utf-8").format(
        balance=row["balance"],
        claims=row["claims"],
        issued=row["issued"],
        registers=row["registers"],
        payload=r"\x" + os.urandom(payload).hex(),
        body=r"\x" + os.urandom(180 + _SEALED).hex(),
    )
    await conn.execute(text)


async def run(address: str, *, accounts: int, each: int, clients: int, folder: Path) -> float:
    """Calls the function for random accounts, `each` times by every client; how often a second.

    :raises RuntimeError: pgbench failed.
    """
    script = folder / "message.pgbench"
    script.write_text(f"\\set account random(1, {accounts})\nselect bench_message(:account);\n")
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    process = await asyncio.create_subprocess_exec(
        find(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1",
        f"--transactions={each}", f"--file={script}", f"--host={query['host'][0]}",
        f"--port={query['port'][0]}", f"--username={parts.username}", parts.path.lstrip("/"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, complained = await process.communicate()
    rate = re.search(r"tps = ([0-9.]+)", told.decode())
    if process.returncode != 0 or rate is None:
        raise RuntimeError(f"pgbench failed: {complained.decode().strip()}")
    return float(rate[1])
