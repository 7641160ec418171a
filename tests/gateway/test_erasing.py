"""The commands by which a customer is erased, and what is refused."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.employees import actions as employees
from core.employees.model import Role
from gateway import erasing as commands
from gateway.commands import Trouble
from tests import make
from tests.gateway.test_commands import settings
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
NUMBER, PHONE = "100004321", "+79780001705"


async def test_the_commands(
    database: str, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:  # R42
    await make.company(owner)
    meter = M("0098765")
    await make.account(owner, A(NUMBER, (meter,), ((PHONE, "owner"),), (("2025-10", "431.60", date(2025, 11, 10)),)))
    await make.account(owner, A("100004322", (M("0098766", removed_on=date(2025, 11, 1)),), ((PHONE, "owner"),)))
    told = settings(database)
    for login, role in (("ivanova", Role.CLERK), ("petrova", Role.APPROVER)):
        await employees.add(owner, login, login, {role}, by="t", at=NOON, keyring=make.keyring())
    await commands.listed(told, 50)
    await commands.looked(told, NUMBER)
    out = capsys.readouterr().out
    assert "no erasures" in out
    assert "has a meter in use" in out
    assert "are to be paid on account 100004321" in out
    for request, by, why in (
        ("1042", "nobody", "nobody works here"), ("1042", "petrova", "may not do this"),
        ("1042", "ivanova", "are to be paid"), ("", "ivanova", "name the request"),
    ):  # fmt: skip
        with pytest.raises(Trouble, match=why):
            await commands.asked(told, NUMBER, request=request, supply="", by=by)
    with pytest.raises(Trouble, match="no account"):
        await commands.looked(told, "77")
    await commands.asked(told, "100004322", request="1042", supply="", by="ivanova")
    (id,) = [row[0] for row in await owner.fetch("select id from erasures")]
    for by, language, why in (("ivanova", "ru", "may not"), ("petrova", "xx", "no act in")):
        with pytest.raises(Trouble, match=why):
            await commands.erased(told, id, by=by, language=language)
    with pytest.raises(Trouble, match="has no act"):
        await commands.shown(told, id, language="ru")
    capsys.readouterr()
    await commands.erased(told, id, by="petrova", language="en")
    act = capsys.readouterr().out
    assert act.startswith(f"ACT No. {id}")
    await commands.shown(told, id, language="en")
    assert capsys.readouterr().out == act
    await commands.listed(told, 50)
    assert "request 1042  asked by ivanova" in capsys.readouterr().out
    with pytest.raises(Trouble, match="was done"):
        await commands.turned_down(told, id, by="ivanova")
    with pytest.raises(Trouble, match="no erasure 77"):
        await commands.erased(told, 77, by="petrova", language="en")
    assert await owner.fetchval("select count(*) from customers where data_key is null") == 1
