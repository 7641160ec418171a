"""The door when the database falls silent, breaks, or refuses one of many messages."""

import asyncio
import os
from collections.abc import Iterator, MutableMapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from core.answer.desk import Desk
from core.answer.door import Answerer
from core.answer.model import Answer
from core.basics.channel import Channel
from core.basics.periods import Month
from core.inbox.model import Fate, Inbound, Unavailable
from core.outbox.model import Outbound
from core.selfservice.model import Company
from core.store import pool as store
from core.wording.words import Words
from gateway.parts import LOCALES
from tests import make
from tests.chaos import valve
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
CUT_OTHERS = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""
PHONES = tuple(f"+797800017{number:02d}" for number in range(5))


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, kept off the screen."""
    with capture_logs() as kept:
        yield kept


@pytest.fixture
async def people(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    for number, phone in enumerate(PHONES):
        await make.account(owner, A(f"10000{number}", (M(f"5{number}"),), ((phone, "owner"),)))
    return owner


def desk(*, codes_per_hour: int = 500) -> Desk:
    def due(month: Month) -> date:
        return month.last

    return Desk(
        keyring=make.keyring(),
        words=Words.read(LOCALES),
        company=Company(phone="", due=due, window=None),
        countries=frozenset({"RU"}),
        owner="a process of tests",
        lease=60.0,
        chance=os.urandom,
        codes_per_hour=codes_per_hour,
    )


def door(address: str, *, patience: float = 5.0) -> tuple[Answerer, list[Outbound]]:
    carried: list[Outbound] = []

    async def connect() -> asyncpg.Connection:
        return await store.connect(address)

    return Answerer(connect=connect, desk=desk(), carry=carried.extend, patience=patience), carried


def text(number: int, *, phone: str = PHONES[0], said: str = "04512") -> Inbound:
    at = NOON.replace(microsecond=number)
    return Inbound(Channel.SMS, "twilio", f"SM{number:032x}", phone, said, at, payload=b"posted")


async def test_a_database_that_falls_silent_keeps_nobody_waiting(
    database: str, people: asyncpg.Connection, tmp_path: Path
) -> None:  # R4, R12
    """At whatever answer of the server: the sender is told to come again, and the next connection serves him."""
    async with valve.before(database, tmp_path) as (address, wire), asyncio.timeout(60):
        answerer, _ = door(address, patience=0.15)
        refused, number = 0, 0
        while True:
            number += 1
            wire.open(for_answers=number)
            try:
                await answerer.answer(text(number))
            except Unavailable:
                refused += 1
            if not wire.is_shut:
                break
        wire.open()
        for again in range(1, number + 1):
            await _until_answered(answerer, text(again))
        await answerer.close()
    assert refused > 10
    assert await people.fetchval("select count(*) from inbox") == number
    assert await people.fetchval("select count(*) from outbox") == number
    assert await people.fetchval("select count(*) from inbox i join outbox o on o.id = i.outbound_id") == number


async def test_a_broken_connection_is_replaced(database: str, people: asyncpg.Connection) -> None:  # R4
    answerer, _ = door(database)
    await answerer.answer(text(1))
    await people.execute(CUT_OTHERS)
    await _until_answered(answerer, text(2))
    await answerer.close()
    assert await people.fetchval("select count(*) from inbox") == 2


async def test_one_that_the_database_refuses_takes_no_other_with_it(
    database: str, people: asyncpg.Connection
) -> None:  # R13
    await _poison(people, PHONES[2])
    answerer, carried = door(database)
    answers = await _all(answerer, [text(number, phone=phone) for number, phone in enumerate(PHONES, 1)])
    await answerer.close()
    fates = [answer.fate if isinstance(answer, Answer) else answer for answer in answers]
    assert fates.count(Fate.ANSWERED) == 4
    assert fates[2] is Fate.QUARANTINED
    assert len(carried) == 5, "an apology too is carried"
    assert await people.fetchval("select count(*) from alarms where kind = 'quarantined'") == 1
    assert await people.fetchval("select count(*) from readings where inbox_id is not null") == 4


async def test_a_customer_whose_key_is_lost_takes_no_other_with_him(
    database: str, people: asyncpg.Connection
) -> None:  # R13
    await people.execute(
        "update customers set data_key = 'x' where id = (select customer_id from phones where hash = $1)",
        make.keyring().phone_hash(PHONES[2]),
    )
    answerer, _ = door(database)
    answers = await _all(answerer, [text(number, phone=phone) for number, phone in enumerate(PHONES, 1)])
    await answerer.close()
    assert isinstance(answers[2], Unavailable), "nothing can be stored for him, so nothing is acknowledged"
    assert sum(isinstance(answer, Answer) for answer in answers) == 4


async def _poison(conn: asyncpg.Connection, phone: str) -> None:
    """From now on the database refuses any reading of this phone."""
    digest = make.keyring().phone_hash(phone).hex()
    await conn.execute(f"alter table readings add check (phone_hash is distinct from '\\x{digest}')")


async def _all(answerer: Answerer, inbounds: Sequence[Inbound]) -> list[Answer | BaseException]:
    return await asyncio.gather(*(answerer.answer(one) for one in inbounds), return_exceptions=True)


async def _until_answered(answerer: Answerer, inbound: Inbound) -> Answer:
    while True:
        try:
            return await answerer.answer(inbound)
        except Unavailable:
            continue
