"""States, tariffs and the ledger go to the database and come back."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month, Period
from core.billing import sql
from core.billing.booking import sql as booking
from core.billing.booking.sql import EntryRow
from core.billing.model import AccountState, IssuedLine, Ledger, OpenClaim
from core.metering.model import Anchor, RegisterState, Source, Usual

AT = datetime(2025, 11, 21, 9, tzinfo=UTC)


async def _account(conn: asyncpg.Connection, number: str) -> int:
    customer = await conn.fetchval("insert into customers (kind) values ('household') returning id")
    account: int = await conn.fetchval(
        "insert into accounts (customer_id, number, timezone, opened_on) values ($1, $2, 'Europe/Moscow', '2020-01-01')"
        " returning id",
        customer,
        number,
    )
    return account


def _state(account: int) -> AccountState:
    return AccountState(
        account_id=account,
        fact_no=7,
        balance=-6500,
        billed_through=date(2025, 10, 31),
        claims=(OpenClaim(3, Month(2025, 9), date(2025, 10, 10), 43160),),
        issued=(IssuedLine(Month(2025, 10), 4, 43160, 130_000, date(2025, 10, 20), (7,)),),
        registers={
            (4, 1): RegisterState((Anchor(date(2025, 10, 20), 4_325_000, Source.CONTROL),), Usual(2_244_000, 365)),
            (4, 2): RegisterState((Anchor(date(2025, 10, 20), 1), Anchor(date(2025, 11, 21), 2_000)), None),
        },
    )


async def test_a_state_comes_back_as_it_was_written(conn: asyncpg.Connection) -> None:
    account, other = await _account(conn, "100004321"), await _account(conn, "100004407")
    await sql.write_states(conn, [_state(account)])
    states = await sql.read_states(conn, [account, other])
    assert states[account] == _state(account)
    assert states[other] == AccountState(other, 0, 0, None, (), (), {})
    changed = AccountState(account, 8, 0, None, (), (), {})
    await sql.write_states(conn, [changed, _state(other)])
    assert await sql.read_states(conn, [account, other]) == {account: changed, other: _state(other)}


async def test_a_version_ends_where_the_next_begins(conn: asyncpg.Connection) -> None:
    terms = '{"zones": ["total"], "mode": "graduated", "scaling": "none", "standing": "0", "minimum": "0", "vat": "0", '
    terms += '"blocks": [{"up_to": null, "rates": {"total": "3.32"}, "flat": "0"}]}'
    for start, end in (("2025-07-01", None), ("2024-01-01", "2024-12-01"), ("2025-01-01", None)):
        await conn.execute(
            "insert into tariffs (plan, valid_from, valid_to, terms, source) values ('P', $1, $2, $3, 'an order')",
            date.fromisoformat(start),
            end and date.fromisoformat(end),
            terms,
        )
    found = (await sql.tariffs(conn))["P"]
    assert [version.valid for version in found] == [
        Period(date(2024, 1, 1), date(2024, 12, 1)),
        Period(date(2025, 1, 1), date(2025, 7, 1)),
        Period(date(2025, 7, 1), None),
    ]
    assert found[0].blocks[0].rates == {"total": 3_320_000}
    assert await sql.newest_tariff(conn) == max(version.id for version in found)


async def test_lines_that_do_not_balance_are_refused(conn: asyncpg.Connection) -> None:
    account = await _account(conn, "100004321")
    day = date(2025, 11, 5)
    with pytest.raises(booking.Unbalanced):
        await booking.add_entries(conn, [EntryRow(account, 1, Ledger.RECEIVABLE, 100, day)], at=AT)
    rows = [EntryRow(account, 1, Ledger.RECEIVABLE, 100, day), EntryRow(account, 1, Ledger.REVENUE, -100, day)]
    await booking.add_entries(conn, rows, at=AT)
    stored = await conn.fetch("select line, ledger, amount from entries where account_id = $1 order by line", account)
    assert [tuple(row) for row in stored] == [(1, "receivable", 100), (2, "revenue", -100)]
