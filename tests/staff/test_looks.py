"""Every look at a customer's data has its row with a reason, and a row that was changed is named."""

import asyncio

import asyncpg
import pytest

from core.employees import actions as employees
from core.employees.model import Role
from core.store.pool import acquire
from tests import make
from tests.staff.conftest import Office


async def account(conn: asyncpg.Connection, number: str = "3012345") -> int:
    await make.company(conn)
    return await make.account(conn, make.A(number, (make.M("M1"),), (("+79001112233", "owner"),)))


async def ids(office: Office, *logins: str) -> list[int]:
    async with acquire(office.pool) as conn:
        known = {one.login: one.id for one in await employees.everybody(conn)}
    return [known[one] for one in logins]


async def look(office: Office, who: int, account_id: int, reason: str) -> None:
    async with acquire(office.pool) as conn, conn.transaction():
        await employees.look(conn, who, account_id=account_id, what="/accounts", reason=reason, at=office.time.at)


async def test_a_reason_is_asked_for_and_holds_for_an_hour(office: Office, owner: asyncpg.Connection) -> None:
    # R39
    account_id = await account(owner)
    browser = await office.enter("ivanova", Role.CLERK)
    [who] = await ids(office, "ivanova")
    page = await browser.get(f"/why?account={account_id}&back=/")
    assert "Why do you need" in page.text
    for wrong in ({"reason": "other"}, {"reason": "bribe"}, {}, {"reason": "other", "words": "x" * 201}):
        told = await browser.post("/why", account=str(account_id), back="/", **wrong)
        assert told.status == 422
    assert await owner.fetchval("select count(*) from looks") == 0
    told = await browser.post("/why", account=str(account_id), back="/", reason="call", words="asks about a bill")
    assert told.to == "/"
    async with acquire(office.pool) as conn:
        for minutes, reason in ((59, "call: asks about a bill"), (2, None)):
            office.time.forward(minutes=minutes)
            assert await employees.standing_reason(conn, who, account_id, at=office.time.at) == reason


async def test_an_account_that_is_not_there_has_no_reason(office: Office) -> None:
    browser = await office.enter("ivanova", Role.CLERK)
    for odd in ("9999", "x", "", "1" * 30):
        assert (await browser.post("/why", account=odd, back="/", reason="call")).status == 404


async def test_looks_at_one_instant_make_one_chain(office: Office, owner: asyncpg.Connection) -> None:
    account_id = await account(owner)
    await office.enter("ivanova", Role.CLERK)
    await office.enter("petrova", Role.AUDITOR)
    first, second = await ids(office, "ivanova", "petrova")
    await asyncio.gather(*(look(office, (first, second)[n % 2], account_id, f"call: {n}") for n in range(40)))
    async with acquire(office.pool) as conn:
        assert await employees.broken(conn) is None
        assert (await employees.last(conn) or (0, b""))[0] == 40


@pytest.mark.parametrize(
    "damage",
    [
        "update looks set reason = 'visit' where no = 3",
        "update looks set at = at + interval '1 second' where no = 3",
        "update looks set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where no = 3",
        "update looks set account_id = null where no = 3",
    ],
)
async def test_a_changed_byte_is_named(office: Office, owner: asyncpg.Connection, damage: str) -> None:
    # R30 in the way of R39
    account_id = await account(owner)
    browser = await office.enter("petrova", Role.AUDITOR)
    [who] = await ids(office, "petrova")
    for n in range(5):
        await look(office, who, account_id, f"check: {n}")
    assert "The chain holds" in (await browser.get("/looks?check=1")).text
    await owner.execute(damage)
    assert "row 3 is not as it was written" in (await browser.get("/looks?check=1")).text


async def test_a_row_that_is_missing_is_noticed(office: Office, owner: asyncpg.Connection) -> None:
    account_id = await account(owner)
    browser = await office.enter("petrova", Role.AUDITOR)
    [who] = await ids(office, "petrova")
    for n in range(5):
        await look(office, who, account_id, f"check: {n}")
    await owner.execute("delete from looks where no = 3")
    assert "row 4 is not as it was written, or one before it is missing" in (await browser.get("/looks?check=1")).text


async def test_the_page_shows_looks_literally_and_by_pages(office: Office, owner: asyncpg.Connection) -> None:
    # R31
    account_id = await account(owner)
    browser = await office.enter("petrova", Role.AUDITOR)
    [who] = await ids(office, "petrova")
    for n in range(60):
        await look(office, who, account_id, f"other: <i>{{{{7*7}}}} {n}")
    page = await browser.get("/looks")
    assert "Other: &lt;i&gt;{{7*7}} 59" in page.text
    assert "{{7*7}} 9<" not in page.text
    assert "/looks?before=11" in page.text
    assert "{{7*7}} 9<" in (await browser.get("/looks?before=11")).text
    for odd in ("x", "9" * 40, "-1"):
        assert (await browser.get(f"/looks?before={odd}")).status == 200
