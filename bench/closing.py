"""Closes a month beside a load, a process of its own at the lowest priority: `python -m bench.closing DSN MONTH`.

Prints "ready" when it is about to begin, and waits for a line before it does; then "done" and the seconds it took.
"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime

from bench import town
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import profiles
from core.store import pool as store

NICE = 19


async def main(dsn: str, name: str) -> None:
    """Closes the month of every account behind those that are passed over."""
    os.nice(NICE)
    month = Month.parse(name)
    conn = await store.connect(dsn)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    since = time.monotonic()
    at = datetime(month.next.year, month.next.month, 1, 2, tzinfo=UTC)
    due = profiles.due_on(town.PACK, month)
    closed = await billing.close_month(conn, month, issued_on=month.next.first, due_on=due, at=at)
    await conn.close()
    sys.stdout.write(f"{closed.accounts} {time.monotonic() - since}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
