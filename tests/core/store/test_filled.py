"""The migrations bring a database forward that is full of what an earlier version wrote; no sum changes (row K13)."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from core.audit import sql as audit
from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.books import closing, verifying
from core.books.payments import sql as payments_sql
from core.books.reports import actions as reports
from core.books.reports.model import Level
from core.importing import actions as importing
from core.importing.model import Counts
from core.store import migrate
from core.store import pool as store
from tests import make
from tests.core.importing import files

EARLIER = 5
"""The first migrations, as a version before business days had them."""

FILL = """
insert into company (name, phone, timezone, profile) values ('Энергосбыт', '8-800', 'Europe/Moscow', 'RU-household');
insert into customers (kind) select 'household' from generate_series(1, 200);
insert into accounts (customer_id, number, timezone, opened_on)
select id, '1' || lpad(id::text, 5, '0'), 'Europe/Moscow', '2023-11-01' from customers;
insert into claims (account_id, no, month, kind, amount, due_on, issued_on, external_id, recorded_at)
select a.id, m, date '2025-01-01' + (m - 1) * interval '1 month', 'opening', 40000 + a.id * m, '2025-12-10',
       '2025-12-01', 'c' || a.id || '-' || m, '2025-12-01 22:30+00'
  from accounts a, generate_series(1, 3) as m;
insert into claim_names (external_id, account_id, no) select external_id, account_id, no from claims;
insert into entries (account_id, no, line, ledger, amount, on_day, recorded_at)
select account_id, no, l.line, l.ledger, l.sign * amount, issued_on, recorded_at
  from claims, (values (1, 'receivable', 1), (2, 'opening', -1)) as l (line, ledger, sign);
insert into payments (account_id, no, account_text, agent, external_id, paid_on, amount, recorded_at)
select id, 4, number, 'Сбер', 'p' || id, '2025-12-02', 30000, '2025-12-02 10:00+00' from accounts;
insert into entries (account_id, no, line, ledger, amount, on_day, recorded_at)
select account_id, no, l.line, l.ledger, l.sign * amount, paid_on, recorded_at
  from payments, (values (1, 'bank', 1), (2, 'receivable', -1)) as l (line, ledger, sign);
insert into payments (account_text, agent, external_id, paid_on, amount, recorded_at)
values ('', 'Сбер', 'lost', '2025-12-02', 7000, '2025-12-02 10:00+00');
insert into account_states (account_id, fact_no) select id, 4 from accounts;
"""

SUMS = "select ledger, sum(amount)::bigint as sum from entries where account_id > 0 group by ledger order by ledger"
AT = datetime(2025, 12, 4, 9, tzinfo=UTC)
DAY = date(2025, 12, 3)


@pytest.fixture
async def forward(empty: str, tmp_path: Path) -> tuple[str, list[asyncpg.Record]]:
    """A database that was filled at an earlier version and brought forward, and the ledger's sums before."""
    for migration in migrate.read()[:EARLIER]:
        shutil.copy(migrate.MIGRATIONS / f"{migration.name}.sql", tmp_path)
    conn = await store.connect(empty, role=None)
    try:
        assert len(await migrate.migrate(conn, tmp_path)) == EARLIER
        await conn.execute(FILL)
        before = await conn.fetch(SUMS)
        assert len(await migrate.migrate(conn)) == len(migrate.read()) - EARLIER
    finally:
        await conn.close()
    return empty, before


async def test_a_filled_database_comes_forward(forward: tuple[str, list[asyncpg.Record]]) -> None:
    address, before = forward
    conn = await store.connect(address)
    try:
        assert await conn.fetch(SUMS) == before
        booked = await conn.fetch("select distinct on_day, booked_on from entries where account_id > 0 order by 1")
        assert [tuple(row) for row in booked] == [
            (date(2025, 12, 1), date(2025, 12, 2)),  # half past ten in the evening, UTC, is the next day in Moscow
            (date(2025, 12, 2), date(2025, 12, 2)),
        ]
        ours = await conn.fetch("select ledger, amount, booked_on from entries where account_id = 0 order by line")
        assert [tuple(row) for row in ours] == [
            ("agents", 7000, date(2025, 12, 2)),
            ("suspense", -7000, date(2025, 12, 2)),
        ]
        assert [one.external_id for one in await payments_sql.suspense(conn)] == ["lost"]
    finally:
        await conn.close()


async def test_work_goes_on_with_it(forward: tuple[str, list[asyncpg.Record]]) -> None:
    address, _ = forward
    conn = await store.connect(address)
    try:
        ids = [row[0] for row in await conn.fetch("select id from accounts order by id")]
        assert await billing.rebuild(conn, ids) == len(ids)
        again = {"external_id": "p1", "account": "100001", "date": "2025-12-02", "amount": "300.00", "agent": "Сбер"}
        stream = files.table(again, again | {"external_id": "new"})
        report = await importing.import_payments(conn, stream, today=DAY, at=AT, keyring=make.keyring())
        assert report.rows == Counts(new=1, unchanged=1)
        await closing.close_day(conn, DAY, due_on=date(2026, 1, 10), at=AT)
        assert (await verifying.verify(conn)).broken is None
        total = (await reports.sheet(conn, date(2025, 12, 1), DAY, Level.COMPANY)).total
        states = await billing_sql.read_states(conn, ids)
        late = 30_000  # came after the day that was closed
        assert (total.difference, total.closing) == (0, sum(one.balance for one in states.values()) + late)
        counted = await audit.count(conn)
        assert {name: counted[name] for name in ("ledger_sum", "ledger_unbalanced", "balance_differs")} == {
            "ledger_sum": 0,
            "ledger_unbalanced": 0,
            "balance_differs": 0,
        }
    finally:
        await conn.close()
