"""Mistakes to be planted in a gateway before it starts (see nursery.py).

The mistakes are those of docs/reliability.md, R43. Each stands outside the product: it takes the place of one function
or one statement before the gateway starts. Where a mistake shows itself in a moment only, the moment is drawn out, so
that a short run meets it. DEATHS and JUMPS are no mistakes, but what befalls a process.
"""

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self
from uuid import UUID

from asyncpg import Connection

from channels.port import SendUnclear
from core.answer import sql as answering
from core.answer.desk import Desk
from core.answer.door import Answerer
from core.answer.model import Answer
from core.inbox import sql as inbox
from core.inbox.model import Fate, Inbound, Unavailable
from core.inbox.sql import Filed
from core.outbox import sql as outbox
from core.outbox.model import Outbound, Outcome, Report, State
from core.store import pool as store
from gateway import clock
from gateway.calling import Calls
from gateway.delivery import Delivery
from gateway.polling import Polling

MOMENT = 0.2
"""Seconds to which a moment is drawn out."""

JUMP, STAY = timedelta(hours=1), 3.0
"""By how much the clock jumps, and after how many seconds again."""

CHANCE = 0.01
"""How likely a process is to die at a line each time that it comes there."""

KEYLESS = "alter table inbox drop constraint inbox_provider_reference_key"
"""What is done to the schema for NO_KEY."""

EARLY, NO_KEY, BLIND, NO_RECOVERY = "acknowledge before commit", "no unique key", "blind retry", "no recovery of leases"
UNMARKED, TWO, NO_KEY_AGAIN = "send before marking", "two transactions", "fetch again without its key"
LAST_WINS, LATE_COUNTS, NOT_SYNCED = "last callback wins", "a late result counts", "synchronous_commit off"
DEATHS, JUMPS = "deaths at the very line", "a clock that jumps"


def acknowledge_before_commit() -> None:
    """200 as soon as the text is here; what is to be done with it is done later."""
    handle, doing = Answerer.answer, set[asyncio.Task[None]]()

    async def later(door: Answerer, inbound: Inbound) -> None:
        while True:
            try:
                await handle(door, inbound)
            except Unavailable:
                await asyncio.sleep(MOMENT)
            else:
                return

    async def answer(door: Answerer, inbound: Inbound) -> Answer:
        task = asyncio.create_task(later(door, inbound))
        doing.add(task)
        task.add_done_callback(doing.discard)
        return Answer(Fate.ANSWERED)

    _put(Answerer, "answer", answer)


def no_unique_key() -> None:
    """Nothing recognises a text that was here before."""
    _swap(inbox, "FILE", "on conflict (provider, reference) do nothing", "")
    _swap(answering, "ARRIVED", "and seen.reference = asked.reference", "and false")


def blind_retry() -> None:
    """What is unclear is sent again."""

    def unclear(_: Calls, one: Outbound, __: SendUnclear, *, halted: bool) -> Outcome:
        del halted
        return Outcome(one.id, one.attempt, State.READY, again_after=0.0)

    _put(Calls, "unclear", unclear)


def no_recovery_of_leases() -> None:
    """What a process held stays its own when it is dead."""
    _swap(outbox, "LEASE", "(lease_until is null or lease_until < clock_timestamp())", "lease_until is null")
    _swap(outbox, "OVERDUE", "state = 'sending'", "false")


def send_before_marking() -> None:
    """Messages are handed over first, and marked as being sent then."""
    mark, call = Delivery._started, Calls.called
    ends: dict[UUID, Outcome] = {}

    async def started(delivery: Delivery, chunk: Sequence[Outbound]) -> Mapping[UUID, int]:
        new = [one for one in chunk if one.id not in ends]
        for one, end in zip(new, await asyncio.gather(*(call(delivery._calls, one) for one in new)), strict=True):
            ends[one.id] = end
        return await mark(delivery, chunk)

    async def called(_: Calls, one: Outbound) -> Outcome:
        return replace(ends.pop(one.id), attempt=one.attempt)

    _put(Delivery, "_started", started)
    _put(Calls, "called", called)


def two_transactions() -> None:
    """The note that a text was here is committed before what it brought about."""
    file = inbox.file

    async def filed(conn: Connection, rows: Sequence[Filed]) -> dict[tuple[str, str], int]:
        found = await file(conn, rows)
        await conn.execute("commit")
        await asyncio.sleep(MOMENT)
        await conn.execute("begin")
        return found

    _put(inbox, "file", filed)


def fetch_again_without_key() -> None:
    """Each reading of the carrier's list lets in all that is on it, as what was not there before."""
    let_in, numbers = Polling._let_in, itertools.count()

    async def anew(polling: Polling, inbounds: Sequence[Inbound]) -> int:
        mark = f"{os.getpid()}-{next(numbers)}"
        return await let_in(polling, [replace(one, reference=f"{one.reference}-{mark}") for one in inbounds])

    _put(Polling, "_let_in", anew)
    _swap(inbox, "MISSING", "reference = asked.reference", "false")


def last_callback_wins() -> None:
    """A receipt moves a message to whatever it tells."""

    async def report(conn: Connection, channel: str, told: Report, state: State, raw: bytes) -> None:
        kept = (channel, told.key, told.reference, told.state, told.code, raw, told.at)
        await conn.execute(outbox.REPORT, *kept, state, list(State), told.unreachable, 9)

    _put(outbox, "report", report)


def late_result_counts() -> None:
    """How an attempt ended is written down although another has been made since."""
    _swap(outbox, "FINISH", "and outbox.attempt = done.attempt and outbox.state = any($7::text[])",
          "and $7::text[] is not null")  # fmt: skip


def synchronous_commit_off() -> None:
    """What is committed is on the disk a while later."""
    settings = store._settings

    def unsynced(role: str | None) -> dict[str, str]:
        return settings(role) | {"synchronous_commit": "off"}

    _put(store, "_settings", unsynced)


def deaths() -> None:
    """No mistake: the process dies, now and then, where it would be worst."""
    remind, store, done = Desk._remind, answering.store, Answerer._done
    call, record = Calls.called, Delivery._record

    async def stored(*given: Any, **more: Any) -> None:  # within the transaction, before all of it is written
        _die()
        await store(*given, **more)

    async def reminded(*given: Any) -> None:  # all is written, and the commit follows
        await remind(*given)
        _die()

    def answered(*given: Any) -> None:  # it is committed, and nobody is told
        _die()
        done(*given)

    async def called(calls: Calls, one: Outbound) -> Outcome:  # marked as being sent, and the carrier has nothing
        _die()
        return await call(calls, one)

    async def recorded(*given: Any) -> None:  # the carrier has it, and nobody knows
        _die()
        await record(*given)

    _put(answering, "store", stored)
    _put(Desk, "_remind", reminded)
    _put(Answerer, "_done", answered)
    _put(Calls, "called", called)
    _put(Delivery, "_record", recorded)


class _Jumping(datetime):
    """The clock of the machine, an hour ahead, right, an hour behind, right, and so on, for all processes alike."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        ahead = (1, 0, -1, 0)[int(time.monotonic() / STAY) % 4]
        return super().now(tz) + ahead * JUMP


def jumps() -> None:
    """No mistake: whoever keeps the machine's clock moves it to and fro."""
    _put(clock, "datetime", _Jumping)


MISTAKES: dict[str, Callable[[], None]] = {
    EARLY: acknowledge_before_commit,
    NO_KEY: no_unique_key,
    BLIND: blind_retry,
    NO_RECOVERY: no_recovery_of_leases,
    UNMARKED: send_before_marking,
    TWO: two_transactions,
    NO_KEY_AGAIN: fetch_again_without_key,
    LAST_WINS: last_callback_wins,
    LATE_COUNTS: late_result_counts,
    NOT_SYNCED: synchronous_commit_off,
}


def plant(mistake: str) -> None:
    """
    :raises KeyError: there is none of this name.
    """
    (MISTAKES | {DEATHS: deaths, JUMPS: jumps})[mistake]()


def _die() -> None:
    if random.random() < CHANCE:
        os.kill(os.getpid(), signal.SIGKILL)


def _put(place: object, name: str, value: object) -> None:
    """Puts something in the place of what bears this name.

    :raises AttributeError: there is nothing of the name, so the mistake would not be made.
    """
    getattr(place, name)
    setattr(place, name, value)


def _swap(place: object, name: str, old: str, new: str) -> None:
    """Puts other words into a statement.

    :raises ValueError: the words are not there exactly once, so the mistake would not be made.
    """
    statement = getattr(place, name)
    if statement.count(old) != 1:
        raise ValueError(f"{name} has {old!r} {statement.count(old)} times")
    setattr(place, name, statement.replace(old, new))
