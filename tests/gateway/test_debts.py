"""What a customer owes, by command; and how old debts are, of closed days only."""

from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from core.books import closing
from gateway import debts, reporting
from gateway.commands import Trouble
from tests import make
from tests.gateway.test_doors import settings
from tests.make import A, M

FAR = (("2025-10", "100.00", date(2099, 1, 10)),)
"""Payable in a time to come: the clock of the command does not matter."""
DAY = date(2025, 12, 5)


async def two(conn: asyncpg.Connection) -> None:
    await make.company(conn)
    one, other = [
        await make.account(conn, A(number, (M(f"S{number}"),), claims=FAR)) for number in ("100001", "100002")
    ]
    await conn.execute(
        "update accounts set customer_id = (select customer_id from accounts where id = $1) where id = $2", one, other
    )


async def test_a_customer_s_debt(owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    await two(owner)
    await debts.told(settings(database), "100002")
    assert capsys.readouterr().out.splitlines() == [
        "100001 (electricity): to pay 100.00, overdue 0.00",
        "100002 (electricity): to pay 100.00, overdue 0.00",
        "customer, 2 accounts: to pay 200.00, overdue 0.00",
    ]
    with pytest.raises(Trouble, match="no account '9'"):
        await debts.told(settings(database), "9")


async def test_the_ages_of_a_closed_day(
    owner: asyncpg.Connection, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await two(owner)
    with pytest.raises(Trouble, match="2025-12-05 is not closed"):
        await reporting.ages(settings(database), DAY, "company", None)
    await closing.close_day(owner, DAY, due_on=date(2026, 1, 10), at=datetime(2025, 12, 6, tzinfo=UTC))
    await reporting.ages(settings(database), DAY, "account", None)
    printed = capsys.readouterr().out
    assert printed.startswith("Ages of debts on 2025-12-05\naccount")
    assert printed.endswith("difference 0.00\n")
    file = tmp_path / "ages.csv"
    await reporting.ages(settings(database), DAY, "company", file)
    assert file.read_text(encoding="utf-8").startswith("company,debt,not due,0-30,")
    with pytest.raises(Trouble, match="not a level: 'street'"):
        await reporting.ages(settings(database), DAY, "street", None)
