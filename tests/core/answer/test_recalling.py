"""What is on record is read in one statement of a kind for a whole batch, and only where it is asked for."""

import asyncpg
import pytest

from core.answer import sql
from core.basics.channel import Channel
from core.inbox.model import Inbound
from core.store import pool as store
from tests import make
from tests.core.answer.test_door import NOON, PHONES, desk
from tests.make import A, M

RECORD = {sql.READINGS_SINCE: "readings", sql.LAST_PAYMENTS: "payments", sql.LAST_BILLS: "bills"}


async def asked(database: str, *said: str) -> tuple[list[str], list[str]]:
    """The answers to texts that came in one batch, and what of the record was read for them."""
    batch = [
        Inbound(Channel.SMS, "twilio", f"SM{no:032x}", phone, text, NOON, payload=b"posted")
        for no, (phone, text) in enumerate(zip(PHONES, said, strict=False))
    ]
    read: list[str] = []
    conn = await store.connect(database)
    try:
        conn.add_query_logger(lambda done: read.append(RECORD.get(done.query, "")))
        result = await desk().answer(conn, batch)
    finally:
        await conn.close()
    return [result.answers[no].text or "" for no in range(len(batch))], [one for one in read if one]


@pytest.fixture
async def people(owner: asyncpg.Connection) -> None:
    await make.company(owner)
    for number, phone in enumerate(PHONES):
        await make.account(owner, A(f"10000{number}", (M(f"5{number}", (f"0432{number}",)),), ((phone, "owner"),)))


async def test_one_statement_serves_all_who_ask_for_the_same(database: str, people: None) -> None:
    answers, read = await asked(database, "ИСТОРИЯ", "история за август", "ПРОГНОЗ", "ПЛАТЕЖИ", "СЧЕТ")
    assert sorted(read) == ["bills", "payments", "readings"]
    assert answers[0].startswith("Показания: 04320 на 31.10"), "each is told his own"
    assert answers[1].startswith("Показания: 03947 на 31.08")
    assert answers[2].startswith("Прогноз ноя: 187 кВтч")
    assert answers[4].startswith("Счёт окт")


async def test_who_does_not_ask_causes_no_statement(database: str, people: None) -> None:
    _, read = await asked(database, "04512", "ДОЛГ", "МОИ ЛС", "ОПЛАТИТЬ", "ИМЯ 1 Дом")
    assert read == []
