"""A broadcast from its approval to the last worded row, a process of its own.

`python -m bench.wording ADDRESS NOTICE` approves the notice, has it counted down and words all its people; prints how
many, the seconds, and the most memory it has had, in bytes.
"""

import asyncio
import os
import sys
import time
from datetime import timedelta

from bench import processor, town
from core.notices import actions
from core.notices.model import State
from core.notices.people import actions as people
from core.outbox.noticing import Wire
from core.store import pool as store
from gateway.parts import words

ALL = 2**31
"""Messages that may wait: nobody carries them here."""


async def main(address: str, notice: str) -> None:
    pool = await store.pool(address, size=2)
    wire, id, worded = Wire(town.keyring(), words(), os.urandom), int(notice), 0
    async with store.acquire(pool) as conn:
        since = time.monotonic()
        async with conn.transaction():
            await actions.approve(conn, id, version=1, by="approver", at=town.TODAY)
            await actions.start(conn, id, by="author", at=town.TODAY)
        at = town.TODAY + timedelta(minutes=5)
        await people.advance(conn, at=at)
        assert (await actions.one(conn, id)).state is State.RUNNING
        while some := await people.word_due(conn, wire, at=at, ahead=ALL):
            worded += some
        seconds = time.monotonic() - since
    await pool.close()
    sys.stdout.write(f"{worded} {seconds} {processor.peak(os.getpid())}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
