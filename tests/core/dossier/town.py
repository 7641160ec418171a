"""An account with ten years of history, and what was asked of the database to show it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from asyncpg import Connection

from core.basics.money import milli
from core.basics.periods import DAY, Month
from core.billing import actions as billing
from core.billing.actions import NewClaim
from core.billing.sql import PaymentRow
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow
from tests import make
from tests.core.importing import files

AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
TODAY = date(2025, 11, 21)
LAST = "select 'the last one'"
ANNA = files.ANNA | {
    "document_type": "паспорт", "document": "39 16 123456", "bank_account": "40817810570000123456", "building": "SAD-4",
    "reading": "00100", "reading_date": "2015-10-31", "contract": "2025-09-01",
}  # fmt: skip


async def old(conn: Connection) -> int:
    """The id of an account with 120 months of readings, claims and payments, the last claim unpaid; 130 kWh a month."""
    await make.company(conn)
    report = await files.customers(conn, ANNA, ANNA | {"account": "0012399", "meter": "4599", "reading": "1"})
    assert not report.problems
    [(account, meter)] = await conn.fetch(
        "select m.account_id, m.id from meters m join accounts a on a.id = m.account_id where a.number = '0012345'"
    )
    await billing.post_claims(
        conn, [NewClaim(account, month, 43160, month.next.day(10), month.next.first) for month in months()], at=AT
    )
    first = await conn.fetchval("select max(no) from claims where account_id = $1", account)
    rows = [
        ReadingRow(
            account, first + no, meter, 1, month.last, milli(str(100 + 130 * no)), Source.CUSTOMER, None, None, (), AT
        )
        for no, month in enumerate(months(), 1)
    ]
    await metering.add_readings(conn, rows)
    await conn.execute("update account_states set fact_no = $2 where account_id = $1", account, first + len(rows))
    await billing.post_payments(
        conn,
        [
            PaymentRow(account, None, "0012345", "Сбер", f"P{month}", month.next.first + DAY, 43160, month)
            for month in list(months())[:-1]
        ],
        at=AT,
    )
    await billing.rebuild(conn, [account])
    return int(account)


def months() -> Iterator[Month]:
    month = Month(2015, 11)
    while month <= Month(2025, 10):
        yield month
        month = month.next


@asynccontextmanager
async def counted(conn: Connection) -> AsyncIterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(done: object) -> None:
        query = str(getattr(done, "query", ""))
        if query != LAST:
            sent.append(query)

    with conn.query_logger(note):
        yield sent
        await conn.execute(LAST)  # a logger is told of a statement when the next one is sent
