"""What a night of late payment costs: `python -m bench.late --debtors 2000 --months 24 --nights 5`.

Accounts that owe every bill of so many months are closed night by night, as the close of a day does it. Told are the
penalties posted, and processor and wall time: the first night posts all that was late before, the others a day more.
Beside them stands a night on which nothing is left to post.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from asyncpg import Connection

from bench import town
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import penalties, profiles
from core.billing.actions import NewClaim
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres

LAST = Month(2025, 8)
"""The last month that is owed: late on all nights."""

CHUNK = 500
"""Accounts in one transaction, as the close of a day has them."""


@dataclass(frozen=True)
class Night:
    """What a night posted, and what it took, seconds: of this process, and until it was done."""

    penalties: int
    processor: float
    wall: float


async def build(conn: Connection, debtors: int, months: int) -> list[int]:
    """Makes the accounts, each of which owes a bill for each of the months; their ids."""
    await town.build(conn, debtors + 1)
    owed = [LAST]
    while len(owed) < months:
        owed.append(owed[-1].previous)
    ids = list(range(2, debtors + 2))
    for some in _chunks(ids):
        rows = [
            NewClaim(account, month, 43_160 + 100 * (account % 97), profiles.due_on(town.PACK, month), month.next.first)
            for account in some
            for month in reversed(owed)
        ]
        async with conn.transaction():
            await billing.post_claims(conn, rows, at=town.TODAY)
    await conn.execute("vacuum (analyze) claims, account_states")
    return ids


async def night(conn: Connection, ids: Sequence[int], number: int) -> Night:
    """Posts what is late by the end of the day with this number."""
    day = town.TODAY.date() + timedelta(number)
    cpu, wall, posted = time.process_time(), time.monotonic(), 0
    for some in _chunks(ids):
        async with conn.transaction():
            posted += (await penalties.post_accrued(conn, some, day=day, at=town.TODAY)).penalties
    return Night(posted, time.process_time() - cpu, time.monotonic() - wall)


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK)]


async def main(folder: Path, debtors: int, months: int, nights: int) -> None:
    """Builds the accounts in a PostgreSQL of its own, and tells each night."""
    with EmbeddedPostgres(folder) as server:
        conn = await store.connect(server.url, role=None)
        await migrate.migrate(conn)
        ids = await build(conn, debtors, months)
        for number in (*range(nights), nights - 1):
            found = await night(conn, ids, number)
            each = 1e6 * found.processor / (debtors * months)
            sys.stdout.write(
                f"night {number}: {found.penalties} penalties, processor {found.processor:.2f} s "
                f"({each:.1f} µs a claim), {found.wall:.2f} s in all\n"
            )
        await conn.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--debtors", type=int, default=2000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--nights", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="meterline-bench-") as where:
        Path(where).chmod(0o711)
        asyncio.run(main(Path(where), given.debtors, given.months, given.nights))
