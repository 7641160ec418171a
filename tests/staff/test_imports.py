"""Files taken in by a page: looked at without a trace, taken once, and only by those who may."""

import asyncpg
import pytest

from core.employees.model import Role
from tests import make
from tests.make import A, M
from tests.staff.conftest import Office

TARIFFS = b"plan,valid_from,rates,source\nRU-NEW,2025-01-01,total=4.10,order 9\n"
ROUTES = b"account,route,sequence,from,document\n100000,12,34,2025-11-01,order 7\n999999,12,35,2025-11-01,order 7\n"


async def test_a_file_is_looked_at_and_then_taken(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    browser = await office.enter("root", Role.ADMIN)
    looked = await browser.upload("/imports", TARIFFS, kind="tariffs", do="look")
    assert looked.status == 200
    assert "Nothing has been written yet" in looked.text
    assert await owner.fetchval("select count(*) from tariffs where plan = 'RU-NEW'") == 0
    taken = await browser.upload("/imports", TARIFFS, key="the-key-of-this-form-1", kind="tariffs", do="take")
    assert "<h2>Taken</h2>" in taken.text
    assert await owner.fetchval("select count(*) from tariffs where plan = 'RU-NEW'") == 1
    again = await browser.upload("/imports", TARIFFS, key="the-key-of-this-form-1", kind="tariffs", do="take")  # R14
    assert (again.status, again.to) == (303, "/imports")


async def test_wrong_rows_are_named_and_the_others_taken(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    await make.account(owner, A("100000", (M("4521"),)))
    browser = await office.enter("petrov", Role.CONTROLLER, language="ru")
    told = await browser.upload("/imports", ROUTES, kind="routes", do="take")
    assert "такого счёта нет" in told.text
    assert ">3</th>" in told.text
    assert await owner.fetchval("select count(*) from conditions where kind = 'route'") == 1


@pytest.mark.parametrize(
    ("file", "kind", "said"),
    [
        (b"", "tariffs", "No file was chosen"),
        (TARIFFS, "", "Choose what the file has"),
        (TARIFFS, "amr", "Choose what the file has"),
        (b"PK\x03\x04\x00\x00", "tariffs", "The file is not taken:"),
        (b"<b>plan</b>,x\n1,2\n", "tariffs", "&lt;b&gt;plan&lt;/b&gt;"),
    ],
)
async def test_what_cannot_be_taken(
    office: Office, owner: asyncpg.Connection, file: bytes, kind: str, said: str
) -> None:
    await make.company(owner)
    told = await (await office.enter("root", Role.ADMIN)).upload("/imports", file, kind=kind, do="take")
    assert told.status == 422
    assert said in told.text


async def test_nobody_takes_in_what_is_not_his(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    clerk = await office.enter("ivanova", Role.CLERK)
    page = (await clerk.get("/imports")).text
    assert 'value="occupancy"' in page
    assert 'value="tariffs"' not in page
    assert (await clerk.upload("/imports", TARIFFS, kind="tariffs", do="take")).status == 422
    assert await owner.fetchval("select count(*) from tariffs where plan = 'RU-NEW'") == 0
    assert (await (await office.enter("audit", Role.AUDITOR)).get("/imports")).status == 403
