"""Closes a day in a process of its own, telling of each chunk: `python -m tests.core.books.closer DSN DAY AT`."""

import asyncio
import sys
from datetime import date, datetime, timedelta

from core.books import closing
from core.store import pool as store


async def main(dsn: str, day: date, at: datetime) -> None:
    conn = await store.connect(dsn)
    closed = await closing.close_day(
        conn,
        day,
        due_on=day + timedelta(days=36),
        at=at,
        chunk=4,
        progress=lambda done, total: print(done, total, flush=True),
    )
    print("head", closed.head.head.hex(), flush=True)
    await conn.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], date.fromisoformat(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
