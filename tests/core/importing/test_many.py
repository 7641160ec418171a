"""Thousands of random payments, charges and reversals, late and doubled, leave books that add up (R16)."""

import os
import random
from datetime import date, timedelta

import asyncpg
import pytest

from core.billing import actions as billing
from core.books.payments import actions as payments
from core.books.payments.actions import TakenBack
from tests.core.importing import files
from tests.core.importing.files import ANNA, AT, TODAY

OPERATIONS = int(os.environ.get("METERLINE_OPERATIONS", "10000"))
PEOPLE = 100
EACH = 2000

BALANCES = """
select s.account_id, s.balance, coalesce(e.owed, 0)::bigint as owed
  from account_states s
  left join (select account_id, sum(amount) as owed from entries where ledger = 'receivable' group by 1) as e
    on e.account_id = s.account_id
 order by 1
"""
UNBALANCED = """
select count(*) from (select 1 from entries group by account_id, no having sum(amount) <> 0) as wrong
"""


@pytest.mark.prove
async def test_ten_thousand_operations_leave_books_that_add_up(conn: asyncpg.Connection) -> None:  # R16
    """Charges, payments of any day of the last year, money without an account, reversals, and files that come again."""
    chance = random.Random(16)
    await files.tariffs(conn)
    numbers = [f"77{number:05d}" for number in range(PEOPLE)]
    people = [ANNA | {"account": one, "name": f"Name {one}", "phones": "", "meter": f"9{one}"} for one in numbers]
    await files.customers(conn, *people)
    done, made = 0, []
    while done < OPERATIONS:
        some = min(EACH, OPERATIONS - done)
        paid = [_payment(chance, numbers, done + no) for no in range(some * 6 // 10)]
        charged = [_charge(chance, numbers, done + no) for no in range(some * 3 // 10)]
        await files.charges(conn, *charged)
        await files.payments(conn, *paid)
        made += [one["external_id"] for one in paid]
        back = some - len(paid) - len(charged)
        for name in chance.sample(made, back):
            try:
                async with conn.transaction():
                    await payments.reverse(conn, "Bank", name, document="D-1", by="tests", at=AT)
            except TakenBack:
                continue  # a command that comes again changes nothing
        before = await conn.fetchval("select count(*) from entries")
        await files.charges(conn, *chance.sample(charged, min(20, len(charged))))
        await files.payments(conn, *chance.sample(paid, min(20, len(paid))))
        assert await conn.fetchval("select count(*) from entries") == before, "told again is told once"
        done += some
    assert await conn.fetchval("select sum(amount)::bigint from entries") == 0
    assert await conn.fetchval(UNBALANCED) == 0
    rows = await conn.fetch(BALANCES)
    assert len(rows) == PEOPLE
    assert [row["account_id"] for row in rows if row["balance"] != row["owed"]] == []
    assert await billing.rebuild(conn, [row["account_id"] for row in rows]) == 0, "kept otherwise than all facts say"
    assert await conn.fetchval("select count(*) from payments") > OPERATIONS * 6 // 10


def _payment(chance: random.Random, numbers: list[str], no: int) -> dict[str, str]:
    day = TODAY - timedelta(chance.randrange(0, 365))
    account = "nobody" if chance.random() < 0.02 else chance.choice(numbers)
    month = f"{date(2025, 10, 1) - timedelta(chance.randrange(0, 300)):%Y-%m}" if chance.random() < 0.3 else ""
    amount = chance.choice((1, 2, 99_999, chance.randrange(1, 500_000)))
    return {
        "external_id": f"P{no}", "account": account, "date": day.isoformat(), "amount": f"{amount / 100:.2f}",
        "period": month, "agent": "Bank",
    }  # fmt: skip


def _charge(chance: random.Random, numbers: list[str], no: int) -> dict[str, str]:
    month = date(2025, 10, 1) - timedelta(chance.randrange(0, 300))
    amount = chance.choice((-1, 1)) if chance.random() < 0.1 else chance.randrange(1, 300_000)
    return {
        "external_id": f"C{no}", "account": chance.choice(numbers), "period": f"{month:%Y-%m}",
        "service": "electricity", "amount": f"{amount / 100:.2f}", "due_date": (month + timedelta(40)).isoformat(),
    }  # fmt: skip
