"""The turnover of closed days: it balances at every level, and prints the same bytes for ever."""

import csv
import io
from datetime import date

import asyncpg
import pytest

from core.books.reports import actions as reports
from core.books.reports import layout
from core.books.reports.actions import NotClosed, ReportChanged
from core.books.reports.model import BookedLine, Level, Turnover
from core.importing import actions as importing
from tests.core.books.test_closing import DAY, NEXT, at, close, pay, read, town
from tests.core.importing import files

FIRST = date(2025, 12, 1)


async def year(conn: asyncpg.Connection) -> list[int]:
    """Two closed days in which was billed, corrected and paid, in houses of two managers."""
    ids = await town(conn)
    await conn.execute("set local role none")
    for place, account in enumerate(ids):
        again = "on conflict (code) do update set code = excluded.code returning id"
        house = await conn.fetchval(f"insert into buildings (code) values ($1) {again}", f"H{place // 2}")
        await conn.execute("update accounts set building_id = $2 where id = $1", account, house)
    await conn.execute("set local role meterline_app")
    rows = [
        {"building": f"H{place}", "manager": f"UK-{place}", "from": "2025-01-01", "document": "contract 1"}
        for place in range(2)
    ]
    report = await importing.import_buildings(conn, files.table(*rows), at=at(FIRST))
    assert report.rows.new == 2
    await read(conn, ids[0], date(2025, 11, 30), 4460)
    await pay(conn, ids[1], DAY, 10_000, "1")
    await close(conn, DAY)
    await pay(conn, ids[2], NEXT, 20_000, "2", on=date(2025, 11, 20))
    await close(conn, NEXT)
    return ids


async def test_the_sheet_balances_at_every_level(conn: asyncpg.Connection) -> None:
    ids = await year(conn)
    sheets = {level: await reports.sheet(conn, FIRST, NEXT, level) for level in Level}
    total = sheets[Level.COMPANY].total
    assert (total.accounts, total.difference, total.paid) == (len(ids), 0, 30_000)
    assert total.charged > 0
    assert all(one.total == total for one in sheets.values())
    assert all(row.difference == 0 for one in sheets.values() for _, row in one.rows)
    assert [name for name, _ in sheets[Level.HOUSE].rows] == ["H0", "H1"]
    assert {name: row.accounts for name, row in sheets[Level.MANAGER].rows} == {"UK-0": 2, "UK-1": 1}
    owed = await conn.fetchval("select sum(balance)::bigint from account_states")
    assert total.closing == owed


async def test_days_follow_each_other(conn: asyncpg.Connection) -> None:
    await year(conn)
    whole = await reports.sheet(conn, FIRST, NEXT, Level.ACCOUNT)
    first = await reports.sheet(conn, FIRST, DAY, Level.ACCOUNT)
    second = await reports.sheet(conn, NEXT, NEXT, Level.ACCOUNT)
    assert second.total.opening == first.total.closing
    assert whole.total.charged == first.total.charged + second.total.charged
    assert second.total.paid == 20_000


async def test_a_report_is_of_closed_days(conn: asyncpg.Connection) -> None:
    await year(conn)
    with pytest.raises(NotClosed, match="2025-12-07 is not closed"):
        await reports.sheet(conn, FIRST, date(2025, 12, 7), Level.COMPANY)
    with pytest.raises(NotClosed, match="lies before"):
        await reports.sheet(conn, NEXT, DAY, Level.COMPANY)


@pytest.mark.parametrize("as_csv", [False, True])
async def test_it_prints_the_same_for_ever(conn: asyncpg.Connection, as_csv: bool) -> None:
    ids = await year(conn)

    async def printed() -> str:
        return await reports.turnover(conn, FIRST, DAY, Level.MANAGER, as_csv=as_csv, at=at(NEXT))

    first = await printed()
    await pay(conn, ids[0], date(2025, 12, 8), 5_000, "late", on=FIRST)
    later = [{"building": "H0", "manager": "UK-9", "from": "2025-01-01", "document": "contract 9"}]
    await importing.import_buildings(conn, files.table(*later), at=at(date(2025, 12, 8)))
    assert await printed() == first
    await conn.execute("set local role none")
    await conn.execute("update entries set amount = amount * 2 where account_id = $1 and booked_on = $2", ids[1], DAY)
    with pytest.raises(ReportChanged, match="audit verify"):
        await printed()


async def test_the_export_has_its_control_totals(conn: asyncpg.Connection) -> None:
    await year(conn)
    text = await reports.export(conn, FIRST, NEXT, at=at(NEXT))
    head, *rows, control = csv.reader(io.StringIO(text))
    assert head[:3] == ["booked_on", "on_day", "account"]
    assert control[0] == "CONTROL"
    assert int(control[3]) == len(rows) > 0
    assert control[6] == control[7]
    assert await reports.export(conn, FIRST, NEXT, at=at(NEXT)) == text


def test_no_cell_is_a_formula() -> None:
    text = layout.booked_csv([BookedLine("2025-12-05", "2025-12-05", "=1+1", 1, 1, "bank", 100)])
    assert "'=1+1" in text
    assert "'-A" in layout.as_csv("house", [("-A", Turnover())], Turnover())


def test_the_layout_of_the_sheet() -> None:
    row = Turnover(opening=10_000, charged=20_000, paid=15_000, closing=15_000, accounts=1)
    text = layout.as_text("Turnover", "house", [("H1", row)], row)
    assert text.splitlines()[1:] == [
        "house  opening  charged  penalties    paid  written off  closing  difference  collected %",
        "H1      100.00   200.00       0.00  150.00         0.00   150.00        0.00         75.0",
        "TOTAL   100.00   200.00       0.00  150.00         0.00   150.00        0.00         75.0",
        "1 accounts, difference 0.00",
    ]
