"""The ledger's lines go on the books of an open business day, apart from the day for which they count."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.billing.booking import sql
from core.billing.booking.sql import DaySealed, EntryRow
from core.billing.model import Ledger
from tests import make

AT = datetime(2025, 11, 21, 22, 30, tzinfo=UTC)
TODAY = date(2025, 11, 22)
"""The company's date at that moment, in Moscow."""

PAID = date(2025, 11, 3)


def lines(no: int) -> list[EntryRow]:
    return [EntryRow(7, no, Ledger.BANK, 500, PAID), EntryRow(7, no, Ledger.RECEIVABLE, -500, PAID)]


async def booked(conn: asyncpg.Connection, no: int) -> set[tuple[date, date]]:
    return {tuple(row) for row in await conn.fetch("select on_day, booked_on from entries where no = $1", no)}


async def test_a_line_is_booked_on_the_companys_date(conn: asyncpg.Connection) -> None:
    await make.company(conn)
    await sql.add_entries(conn, lines(1), at=AT)
    assert await booked(conn, 1) == {(PAID, TODAY)}


async def test_behind_a_cut_day_it_is_booked_on_the_next(conn: asyncpg.Connection) -> None:
    await make.company(conn)
    await conn.execute("insert into day_cuts (day, cut_at) values ($1, $2)", TODAY, AT)
    await sql.add_entries(conn, lines(1), at=AT)
    assert await booked(conn, 1) == {(PAID, date(2025, 11, 23))}


async def test_a_sealed_day_takes_nothing(conn: asyncpg.Connection) -> None:
    await make.company(conn)
    await sql.add_entries(conn, lines(1), at=AT, booked_on=TODAY)
    seal = "insert into day_heads (day, accounts, lines, previous, head, sealed_at) values ($1, 0, 0, '', $2, $3)"
    await conn.execute(seal, TODAY, bytes(32), AT)
    with pytest.raises(DaySealed, match="2025-11-22"):
        await sql.add_entries(conn, lines(2), at=AT, booked_on=TODAY)
    assert await booked(conn, 2) == set()
