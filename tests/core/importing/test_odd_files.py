"""Files of odd cells: whatever stands in them, an import ends with a report, and doing it again changes nothing."""

import random
from collections.abc import Mapping

import pytest
from asyncpg import Connection

from core.billing import actions as billing
from core.importing.rules import CHARGES, CUSTOMERS, PAYMENTS
from core.importing.table import Columns
from tests.core.importing import files

ODD = (
    "", "0", "-1", "1e5", "NaN", "=1+1", "x" * 300, "x" * 301, "\x00", "\ufffd", "'; drop table accounts; --", "🏠",
    "31.02.2025", "0001-01-01", "9999-12-31", "20250101", "999999999", "99999999999999999999", "9999999999.99",
    "0,0000001",
)  # fmt: skip
CELLS: Mapping[str, tuple[str, ...]] = {
    "account": ("1", "2", "3", "ра-1", "РА-1"),
    "kind": ("household", "физ", "юр", ""),
    "name": ("анна", "Борис", "", "{7*7} %s"),
    "address": ("ул. Другая", ""),
    "building": ("B1", "B2"),
    "timezone": ("Europe/Moscow", "Asia/Tokyo"),
    "language": ("ru", "en"),
    "service": ("gas", "электроэнергия"),
    "tariff": ("RU-DN", "NONE"),
    "meter": ("A1", "A2", "A3", ""),
    "brand": ("Y", ""),
    "digits": ("5", "6", "9"),
    "registers": ("t1/t2", "день/ночь"),
    "fraction": ("0", "1", "3"),
    "multiplier": ("60", "0,5"),
    "capacity_kw": ("15", "7.5"),
    "reading": ("1", "2/3", "99999", "100.5", "7", "101"),
    "reading_date": ("30.09.2025", "2025-11-20", "2026-01-01"),
    "persons": ("0", "3"),
    "phones": ("+79780000002;89780000003", "89780000001|89780000001", ""),
    "roles": ("owner", "payer;helper", "tenant"),
    "contract": ("2025-01-01", "2025-02-02"),
    "document_type": ("паспорт", "inn", "taxpayer"),
    "document": ("3916 123456", "7707083893", "3917 000001"),
    "bank_account": ("4081 7810 5700 0012 3456", "40817810570000000001"),
    "external_id": ("K1", "K2", "K3", "K4"),
    "period": ("2025-09", "10.2025", "2025-12"),
    "amount": ("1", "-2,50", "0", "9999999999.99"),
    "due_date": ("2025-01-01", "10.12.2025"),
    "date": ("2025-11-20", "2025-11-22"),
    "agent": ("Касса", "Банк"),
    "readings": ("110", "4/5", "120,5", "90"),
}
CUSTOMER = {
    "account": "1", "kind": "household", "name": "Анна", "address": "ул. Садовая", "service": "electricity",
    "tariff": "RU-FLAT", "meter": "A1", "digits": "5", "registers": "total", "reading": "100",
    "reading_date": "2025-10-31", "phones": "89780000001",
}  # fmt: skip
CHARGE = {"external_id": "K1", "account": "1", "period": "2025-10", "service": "electricity", "amount": "431.60"}
PAYMENT = {"external_id": "K1", "account": "1", "date": "2025-11-01", "amount": "431.60"}


def rows(chance: random.Random, columns: Columns, base: Mapping[str, str], count: int) -> list[dict[str, str]]:
    """Rows that differ from a good one in up to five cells, some of them odd."""
    made = []
    for _ in range(count):
        changed = chance.sample(columns.names, chance.randrange(6))
        made.append(dict(base) | {name: chance.choice((*CELLS[name] * 4, *ODD)) for name in changed})
    return made


@pytest.mark.parametrize("seed", range(8))
async def test_odd_files_are_taken_in_once(conn: Connection, seed: int) -> None:
    chance = random.Random(seed)
    customers = rows(chance, CUSTOMERS, CUSTOMER, 300)
    charges = rows(chance, CHARGES, CHARGE | {"due_date": "2025-11-10"}, 100)
    payments = rows(chance, PAYMENTS, PAYMENT, 100)
    await files.tariffs(conn)
    first = await files.customers(conn, *customers, chunk=chance.choice((1, 13, 5000)))
    await files.charges(conn, *charges)
    await files.payments(conn, *payments)
    assert first.rows.new > 0
    assert first.rows.bad > 0
    before = await files.snapshot(conn)
    for chunk in (7, 5000):
        again = (
            await files.customers(conn, *customers, chunk=chunk),
            await files.charges(conn, *charges, chunk=chunk),
            await files.payments(conn, *payments, chunk=chunk),
        )
        assert [report.rows.new for report in again] == [0, 0, 0]
        assert await files.snapshot(conn) == before
    ids = [row[0] for row in await conn.fetch("select id from accounts")]
    assert await billing.rebuild(conn, ids) == 0
    assert await conn.fetchval("select coalesce(sum(amount), 0) from entries") == 0
