"""`meterline explain --since` tells why the sum of an account changed between two days."""

import json
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest

from gateway import commands, explaining
from gateway.clock import now
from gateway.commands import Trouble
from gateway.settings import Settings, load_settings
from tests import make
from tests.make import A, M


@pytest.fixture
async def settings(owner: asyncpg.Connection, database: str) -> Settings:
    """Those of a company with one account: a bill of an older system, known since ten days ago."""
    await make.company(owner)
    claims = (("2025-10", "431.60", now().date() + timedelta(days=30)),)
    await make.account(owner, A("100004321", (M("S1", tariff="RU-FLAT"),), claims=claims))
    await owner.execute("update claims set recorded_at = now() - interval '10 days'")
    return load_settings(
        {"METERLINE_DATABASE_URL": database, "METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER}
    )


async def test_the_parts_add_up(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    long_ago, today = now().date() - timedelta(days=20), now().date() + timedelta(days=1)
    await commands.told(
        explaining.changed(settings, "100004321", since=long_ago, on=today, language="en", as_json=True)
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["before"], found["after"], found["difference"]) == ("0.00", "431.60", "431.60")
    assert sum(Decimal(part["amount"]) for part in found["parts"]) == Decimal("431.60")
    await commands.told(
        explaining.changed(settings, "100004321", since=long_ago, on=today, language="ru", as_json=False)
    )
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Лицевой счёт 100004321: 0,00 на {long_ago}, 431,60 на {today}"
    assert said[-1] == "Разница +431,60"
    lately = now().date() - timedelta(days=2)
    await commands.told(explaining.changed(settings, "100004321", since=lately, on=today, language="en", as_json=False))
    assert "nothing changed it" in capsys.readouterr().out


async def test_what_cannot_be_told_is_said_in_a_line(settings: Settings) -> None:
    day = date(2025, 11, 1)
    for account, since, language, said in (
        ("1", day, "en", "no account"),
        ("100004321", date(2999, 1, 1), "en", "give the earlier day first"),
        ("100004321", day, "de", "unknown language"),
    ):
        with pytest.raises(Trouble, match=said):
            await commands.told(
                explaining.changed(settings, account, since=since, on=None, language=language, as_json=False)
            )
