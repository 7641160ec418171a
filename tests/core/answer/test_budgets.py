"""What answers to strangers cost, and what they give away by the work that they make (T7, T8)."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from core.answer import introducing
from core.answer.desk import Result
from core.inbox.model import Fate
from core.store import pool as store
from tests import make
from tests.core.answer.test_door import desk, logs, people, text
from tests.make import A, M

__all__ = ["logs", "people"]

RIGHT, SERIAL_WRONG, NOBODYS = "РЕГ 100004321 0098765", "РЕГ 100004321 0011111", "РЕГ 999999999 0098765"


@pytest.fixture
async def conn(database: str, people: asyncpg.Connection) -> Any:
    await make.account(people, A("100004321", (M("0098765"),)))
    connection = await store.connect(database)
    yield connection
    await connection.close()


def stranger(number: int) -> str:
    return f"+7978001{number:04}"


async def said(conn: asyncpg.Connection, number: int, words: str, *, phone: str = "", minutes: int = 0) -> Result:
    one = text(number, phone=phone or stranger(number), said=words)
    later = type(one)(
        one.channel, one.provider, one.reference, one.address, one.said, one.at + timedelta(minutes=minutes), b"posted"
    )
    return await desk(codes_per_hour=5).answer_alone(conn, later)


@pytest.mark.parametrize("other", [RIGHT, SERIAL_WRONG])
async def test_codes_stop_for_all_when_the_hours_budget_is_spent(
    conn: asyncpg.Connection, people: asyncpg.Connection, other: str
) -> None:  # T7, R34
    for number in range(5):
        assert (await said(conn, number, RIGHT if number % 2 else NOBODYS)).outbounds
    for number, words in enumerate((other, NOBODYS, other), 10):
        stopped = await said(conn, number, words)
        assert stopped.answers[0].fate is Fate.MUTED
        assert not stopped.outbounds
    alarms = "select array_agg(about) from alarms where kind = 'budget spent'"
    assert await people.fetchval(alarms) == ["budget of codes"]
    assert (await said(conn, 20, other, minutes=61)).outbounds, "the next hour"


async def test_strangers_have_a_budget_too(conn: asyncpg.Connection, people: asyncpg.Connection) -> None:  # T7
    at = text(1).at
    await people.execute("insert into budgets values ('strangers', $1, $2)", at, introducing.STRANGERS_PER_HOUR - 1)
    assert (await said(conn, 1, "привет")).outbounds
    assert not (await said(conn, 2, "привет")).outbounds


async def test_a_linked_phone_has_a_cap_of_right_registrations(
    conn: asyncpg.Connection, people: asyncpg.Connection
) -> None:  # T7
    for number in range(8):
        await make.account(people, A(f"20000430{number}", (M(f"006543{number}"),)))
    sent = []
    for number in range(8):
        one = text(number, phone="+79780001700", said=f"РЕГ 20000430{number} 006543{number}")
        sent.append(len((await desk().answer_alone(conn, one)).outbounds))
    assert sent == [1, 1, 1, 1, 1, 1, 0, 0]


async def test_a_wrong_serial_makes_the_same_work_as_an_unknown_account(
    conn: asyncpg.Connection, people: asyncpg.Connection
) -> None:  # T8, R34
    await said(conn, 9, SERIAL_WRONG)  # the connection learns its types
    work: list[list[str]] = []
    for number, words in enumerate((SERIAL_WRONG, NOBODYS), 1):
        asked: list[str] = []

        def log(query: LoggedQuery, kept: list[str] = asked) -> None:
            kept.append(query.query)

        with conn.query_logger(log):
            told = await said(conn, number, words)
        assert (told.answers[0].text or "").startswith("Не сходится")
        work.append([one for one in asked if one != "COMMIT;"])  # which may be logged later
    assert len(work[0]) > 5
    assert work[0] == work[1]
