"""A broadcast from its approval to the last worded row, a process of its own.

`python -m bench.wording ADDRESS NOTICE` approves the notice, has it counted down and words all its people, its memory
settled as a worker's; prints as JSON how many, the seconds in all and those of the approval, the processor time of this
process, and the most memory it has had.
"""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta

from bench import processor, town
from core.notices import actions
from core.notices.model import State
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from core.outbox.noticing import Wire
from core.store import pool as store
from core.store.pool import Pool
from gateway import noticing, serving
from gateway.parts import words


async def main(address: str, notice: str) -> None:
    pool = await store.pool(address, size=noticing.AT_ONCE + 1)
    wire, id = Wire(town.keyring(), words(), os.urandom), int(notice)
    serving.settle()
    async with store.acquire(pool) as conn:
        since, used = time.monotonic(), time.process_time()
        async with conn.transaction():
            await actions.approve(conn, id, version=1, by="approver", at=town.TODAY)
            await conn.execute("update notices set state = 'trial' where id = $1", id)  # nobody here is tried on
            await actions.start(conn, id, by="author", at=town.TODAY)
        approved = time.monotonic() - since
        at = town.TODAY + timedelta(minutes=5)
        await people.advance(conn, at=at)
        assert (await actions.one(conn, id)).state is State.RUNNING
        worded = sum(await asyncio.gather(*(_worded(pool, wire, at) for _ in range(noticing.AT_ONCE))))
        seconds, used = time.monotonic() - since, time.process_time() - used
    await pool.close()
    told = {
        "worded": worded, "seconds": seconds, "approved": approved, "processor": used,
        "peak": processor.peak(os.getpid()),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


async def _worded(pool: Pool, wire: Wire, at: datetime) -> int:
    """As a worker words, but however many wait already: nobody carries them here."""
    done = 0
    async with store.acquire(pool) as conn:
        while some := await telling.word_due(conn, wire, at=at, ahead=None):
            done += some
    return done


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
