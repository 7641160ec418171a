"""Closes a day, or a month, in a process of its own, telling of each chunk: `python -m tests.core.books.closer DSN DAY
AT`, or with a month in place of the day."""

import asyncio
import sys
from datetime import date, datetime, timedelta

from core.basics.periods import Month
from core.billing import actions as billing
from core.books import closing
from core.store import pool as store


def tell(done: int, total: int) -> None:
    print(done, total, flush=True)


async def day(dsn: str, closed: date, at: datetime) -> None:
    conn = await store.connect(dsn)
    found = await closing.close_day(conn, closed, due_on=closed + timedelta(days=36), at=at, chunk=4, progress=tell)
    print("head", found.head.head.hex(), flush=True)
    await conn.close()


async def month(dsn: str, closed: Month, at: datetime) -> None:
    conn, beside = await store.connect(dsn), await store.connect(dsn)
    issued = closed.next.first
    found = await billing.close_month(
        conn, closed, issued_on=issued, due_on=issued + timedelta(days=9), at=at, chunk=4, progress=tell, beside=beside
    )
    print("head", found.accounts, flush=True)
    await conn.close()
    await beside.close()


if __name__ == "__main__":
    dsn, period, at = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
    if len(period) == len("2025-11"):
        asyncio.run(month(dsn, Month.parse(period), at))
    else:
        asyncio.run(day(dsn, date.fromisoformat(period), at))
