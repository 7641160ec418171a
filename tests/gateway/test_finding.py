"""Accounts are found by command, and told with what they were looked for by."""

import asyncpg
import pytest

from core.finding.model import Way
from gateway import finding
from gateway.commands import Trouble
from tests.core.importing import files
from tests.gateway.test_doors import settings


@pytest.fixture
async def town(owner: asyncpg.Connection) -> None:
    await files.tariffs(owner)
    await files.customers(owner, files.ANNA)


async def test_an_account_is_told(town: None, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await finding.told(settings(database), "Анна Петровна", None) == 0
    assert capsys.readouterr().out.splitlines() == [
        "name: 1",
        "  0012345  Анна Петровна  ул. Садовая, д. 4",
        "looked by: name, address",
    ]


async def test_a_way_may_be_named(town: None, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await finding.told(settings(database), "4521", Way.METER) == 0
    assert capsys.readouterr().out.splitlines() == [
        "meter: 1",
        "  0012345  Анна Петровна  ул. Садовая, д. 4  Пример-1 4521",
        "looked by: meter",
    ]


async def test_nothing_found_is_told_with_where_it_was_looked_for(
    town: None, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await finding.told(settings(database), "89780000099", None) == 1
    assert capsys.readouterr().out == "looked by: account, meter, phone, document\n"


async def test_what_is_nothing_is_told(town: None, database: str) -> None:
    with pytest.raises(Trouble, match="nothing to look for"):
        await finding.told(settings(database), "?", None)


async def test_keys_are_made(town: None, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    await finding.fill(settings(database))
    assert capsys.readouterr().out == "1 customers can be found by name and address\n"
