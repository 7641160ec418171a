"""The commands for contracts: taken, shown, listed, revoked, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from core.accounts.model import Role
from core.contracts.model import TERMS, Document, Reason, Wanted
from core.employees import actions as employees
from core.employees.model import Role as Post
from gateway import contracting as commands
from gateway.commands import Trouble
from tests import make
from tests.gateway.test_commands import settings
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
NEW = "+79780001705"


async def test_the_commands(
    database: str, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    await make.company(owner)
    await make.account(owner, A("100004321", (M("0098765"),), ()))
    told = settings(database)
    await employees.add(owner, "ivanova", "Ivanova", {Post.CLERK}, by="t", at=NOON, keyring=make.keyring())
    today = commands._day("", told)
    wanted = Wanted(NEW, "Anna", Role.OWNER, Document.PASSPORT, "4321", today, "en", topics=frozenset(TERMS))
    scan = tmp_path / "scan.bin"
    scan.write_bytes(b"%PDF-1.4 signed %%EOF")
    for wrong in ({"by": "nobody", "scan": scan}, {"by": "ivanova", "scan": tmp_path / "none"}):
        with pytest.raises(Trouble):
            await commands.taken(told, "100004321", wanted, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Trouble, match="no such account"):
        await commands.taken(told, "1", wanted, by="ivanova", scan=None)
    await commands.taken(told, "100004321", wanted, by="ivanova", scan=scan)
    number = await owner.fetchval("select number from contracts_now where state = 'in_force'")
    await commands.shown(told, number, by="ivanova", why="calls", text=False)
    await commands.listed(told, "100004321", "", by="ivanova", why="calls")
    await commands.listed(told, "", "", by="ivanova", why="check")
    out = capsys.readouterr().out
    assert f"contract {number} is in force" in out
    assert "phone: ..17-05" in out, "a clerk sees the last digits"
    assert "scan: pdf, 21 bytes" in out
    assert "legal_sms: yes" in out
    assert out.count(f"{number}  {today}  account 100004321  owner  in_force  ivanova") == 3
    assert await owner.fetchval("select count(*) from looks") == 3
    with pytest.raises(Trouble, match="why"):
        await commands.shown(told, number, by="ivanova", why=" ", text=True)
    await commands.shown(told, number, by="ivanova", why="prints", text=True)
    assert "AGREEMENT ON MESSAGES" in capsys.readouterr().out
    await commands.revoked(told, number, Reason.REQUEST, "", on="", by="ivanova")
    assert f"contract {number} is revoked since" in capsys.readouterr().out
    with pytest.raises(Trouble, match="no such contract"):
        await commands.revoked(told, "SMS-9", Reason.REQUEST, "", on="", by="ivanova")
