"""The commands for notices: from the draft to the evidence that is proven without a database, and what is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from core.accounts.model import Role as Party
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.employees import actions as employees
from core.employees.model import Role
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from gateway.__main__ import cli
from gateway.clock import now
from tests import make
from tests.core.notices.conftest import WIRE
from tests.make import A, M

PHONE = "+79780001705"
Typed = Callable[[str], Awaitable[str]]


@pytest.fixture
async def typed(database: str, owner: asyncpg.Connection) -> Typed:
    """Types a command in a company with a debtor under contract, and returns what it prints or why it is refused."""
    await make.company(owner)
    claims = (("2025-10", "5210.40", date(2025, 11, 10)),)
    id = await make.account(owner, A("100004321", (M("0098765"),), ((PHONE, "owner"),), claims, "en"))
    for login, role in (("anna", Role.AUTHOR), ("pavel", Role.APPROVER), ("oleg", Role.COLLECTOR)):
        await employees.add(owner, login, login.title(), {role}, by="t", at=now(), keyring=make.keyring())
    wanted = Wanted(
        PHONE, "Anna", Party.OWNER, Document.PASSPORT, "4321", now().date() - timedelta(1), "en", frozenset(),
        frozenset({Topic.LEGAL_SMS}),
    )  # fmt: skip
    async with owner.transaction():
        await contracts.take(owner, id, wanted, by="ivanova", at=now(), wire=WIRE)
    env = {"METERLINE_DATABASE_URL": database, "METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER}

    async def said(line: str) -> str:
        told = await asyncio.to_thread(CliRunner().invoke, cli, ["notice", *line.split()], env=env)
        return told.output if told.exception is None or isinstance(told.exception, SystemExit) else str(told.exception)

    return said


async def test_from_the_draft_to_the_evidence(typed: Typed, owner: asyncpg.Connection, tmp_path: Path) -> None:  # J13
    assert "would have to be: author" in await typed("write disconnection --by pavel --basis law --debt 400")
    assert "at least one condition" in await typed("write disconnection --by anna --basis law")
    assert "not a sum" in await typed("write disconnection --by anna --basis law --debt many")
    assert "visits are one of" in await typed("write works --by anna --basis law --visits never")
    assert "notice 101: disconnection, version 1, draft" in await typed(
        "write disconnection --by anna --basis law --debt 400,00"
    )
    shown = await typed("preview 101")
    assert "1 people would be told" in shown
    assert "to account ..4321" in shown
    assert "version 1, submitted" in await typed("submit 101 --by anna")
    assert "version 1, submitted" in await typed("list")
    assert "would have to be: approver" in await typed("approve 101 --by anna --version 1")
    assert "was changed" in await typed("approve 101 --by pavel --version 2")
    assert "approved, 1 people, approved by pavel" in await typed("approve 101 --by pavel --version 1")
    assert "cannot be done now" in await typed("approve 101 --by pavel --version 1")
    assert "was not tried" in await typed("start 101 --by anna")
    assert "no employee has a phone" in await typed("try 101 --by anna")
    await make.staff_phone(owner, at=now())
    assert "Error" not in await typed("try 101 --by anna")
    assert "countdown" in await typed("start 101 --by anna")
    assert "no notice 909" in await typed("stop 909 --by anna")
    assert "Error" in await typed(f"stop {10**20} --by anna")
    assert "not a sum" in await typed(f"write works --by anna --basis law --debt {10**30}")
    number = await _told(owner)
    assert "started by anna" in await typed("show 101")
    lacking = await typed(f"gate {number} --by oleg --why debt --day 2027-01-12")
    assert "missing: received, days" in lacking
    assert "say why" in await typed(f"gate {number} --by oleg --why= --day 2027-01-12")
    assert f"no disconnection by warning {number}: received, days" in await typed(f"order {number} --by oleg")
    assert "would have to be: collector" in await typed(f"order {number} --by anna")
    file = tmp_path / "warning.zip"
    assert "proven by" in await typed(f"evidence {number} --by oleg --why court --out {file}")
    assert "No such file" in await typed(f"evidence {number} --by oleg --why court --out {tmp_path}/none/warning.zip")
    assert "holds" in await typed(f"verify {file}")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    assert "holds" not in await typed(f"verify {file}")
    assert await owner.fetchval("select count(*) from looks where what like 'notice evidence%'") == 3


async def _told(owner: asyncpg.Connection) -> int:
    """The number of the warning, once it was worded at noon of the next working day."""
    day = now().date() + timedelta(1)
    while day.isoweekday() > 5:
        day += timedelta(1)
    at = datetime.combine(day, time(9), UTC)
    await people.advance(owner, at=at)
    assert await telling.word_due(owner, WIRE, at=at) == 1
    number: int = await owner.fetchval("select id from notice_recipients")
    return number
