"""Closes a month beside a load, as the job of the clock does it: a process of its own at the lowest priority, and
the database's behind its connections patient: `python -m bench.closing DSN MONTH`.

Prints "ready" when it is about to begin, and waits for a line before it does; then "done" and the seconds it took.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime

from bench import town
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import profiles
from core.store import pool as store
from gateway import patience


async def main(dsn: str, name: str) -> None:
    """Closes the month of every account behind those that are passed over."""
    patience.step_back()
    month = Month.parse(name)
    conn, beside = [await store.connect(dsn) for _ in range(2)]
    for one in (conn, beside):
        patience.step_back_in(one)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    since = time.monotonic()
    at = datetime(month.next.year, month.next.month, 1, 2, tzinfo=UTC)
    due = profiles.due_on(town.PACK, month)
    closed = await billing.close_month(conn, month, issued_on=month.next.first, due_on=due, at=at, beside=beside)
    await conn.close()
    await beside.close()
    sys.stdout.write(f"{closed.accounts} {time.monotonic() - since}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
