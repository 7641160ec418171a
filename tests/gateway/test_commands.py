"""What the commands say, and how they end."""

from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from core.basics.periods import Month
from gateway import commands
from gateway.clock import now
from gateway.commands import Trouble
from gateway.settings import Settings, load_settings
from tests import make
from tests.core.basics.test_payee import GOOD
from tests.make import A, M

OCTOBER = Month(2025, 10)


def settings(database: str) -> Settings:
    return load_settings(
        {"METERLINE_DATABASE_URL": database, "METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER}
    )


async def town(conn: asyncpg.Connection, *tariffs: str, billed: str) -> None:
    await make.company(conn)
    for number, tariff in enumerate(tariffs):
        claims = ((billed, "0.00", date(2025, 10, 10)),)
        await make.account(conn, A(f"10000{number}", (M(f"S{number}", tariff=tariff),), claims=claims))


async def test_a_month_that_still_runs_is_refused_in_a_line(owner: asyncpg.Connection, database: str) -> None:
    await town(owner, "RU-FLAT", billed="2025-09")
    month = Month.of(now().date()).next
    with pytest.raises(Trouble, match="has not ended") as refused:
        await commands.told(commands.close_month(settings(database), month))
    assert len(str(refused.value).splitlines()) == 1
    assert await owner.fetchval("select count(*) from claims where kind = 'bill'") == 0


async def test_closing_tells_of_months_caught_up(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner, "RU-FLAT", "RU-FLAT", billed="2025-08")
    assert await commands.told(commands.close_month(settings(database), OCTOBER)) == 0
    assert "2 accounts, 4 bills" in (line := capsys.readouterr().out)
    assert "; 2 accounts got the bills of earlier months too" in line


async def test_accounts_that_cannot_be_billed_are_told_and_end_in_1(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner, "RU-FLAT", "NO-SUCH", billed="2025-09")
    assert await commands.told(commands.close_month(settings(database), OCTOBER)) == 1
    assert "2 accounts, 1 bills" in (line := capsys.readouterr().out)
    assert "1 NOT billed" in line


async def test_the_company_says_where_to_pay(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"name": "Энергосбыт", "phone": "8-800-000-00-00", "window": "15-25"}
    await commands.told(commands.company(settings(database), **said, pay="Сбер, касса"))
    assert "set;" in capsys.readouterr().out
    assert await owner.fetchval("select pay from company") == "Сбер, касса"
    for unfit in ("Ж" * 33, "две\nстроки"):
        with pytest.raises(Trouble, match="32 characters"):
            await commands.told(commands.company(settings(database), **said, pay=unfit))


async def test_the_company_says_whom_bills_pay(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Trouble, match="no company yet"):
        await commands.told(commands.payee(settings(database), GOOD))
    said = {"name": "Энергосбыт", "phone": "8-800-000-00-00", "window": "15-25"}
    await commands.told(commands.company(settings(database), **said, pay=""))
    await commands.told(commands.payee(settings(database), GOOD))
    assert await owner.fetchval("select payee_inn from company") == GOOD.inn
    with pytest.raises(Trouble, match="--inn: not an INN"):
        await commands.told(commands.payee(settings(database), replace(GOOD, inn="9109001232")))
    assert await owner.fetchval("select payee_inn from company") == GOOD.inn
    await commands.told(commands.payee(settings(database), None))
    assert await owner.fetchval("select payee_inn from company") is None
    assert "bills name nobody" in capsys.readouterr().out
