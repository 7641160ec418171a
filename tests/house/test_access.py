"""What a link allows: every command, texted from a phone in every role, tells no sum to whom may not see it."""

import re
from datetime import date

import asyncpg
import pytest

from core.accounts.model import SCOPES, Role, Scope
from tests import make
from tests.flows import conftest as flows
from tests.house import access
from tests.house.test_documents import rows
from tests.make import A, M

PHONE = "+79780001705"
SUMS = re.compile(r"431[.,]60|620[.,]84|1052[.,]44")
CLAIMS = (("2025-10", "431.60", date(2025, 11, 10)),)


def test_the_page_has_the_table() -> None:  # R32
    """Written by `python -m tests.house.access`."""
    page = access.PAGE.read_text(encoding="utf-8")
    assert "<!-- access -->" in page
    assert access.written(page) == page


def texts() -> list[str]:
    """Every text that the page of commands names, and an impossible reading."""
    named = (text for _, cells in rows("commands.md") for cell in cells[:2] for text in re.findall(r"`([^`]+)`", cell))
    return ["45120", *dict.fromkeys(named)]


@pytest.fixture
async def company(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    return owner


@pytest.mark.parametrize("role", Role)
async def test_sums_are_told_to_whom_may_see_them(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, role: Role
) -> None:  # R32
    await make.account(company, A("100004321", (M("0098765"),), ((PHONE, role),), CLAIMS))
    async with flows.street(database, pool) as town:
        for text in [one for one in texts() if one not in ("STOP", "СТОП")]:
            told = " ".join(await town.text(PHONE, text))
            if Scope.READ not in SCOPES[role]:
                assert not SUMS.search(told), text
            if text in ("BAL", "WHY", "ДОЛГ"):
                assert bool(SUMS.search(told)) is (Scope.READ in SCOPES[role]), text


@pytest.mark.parametrize("role", Role)
async def test_readings_are_taken_from_whom_may_send_them(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, role: Role
) -> None:  # R32
    await make.account(company, A("100004321", (M("0098765"),), ((PHONE, role),), CLAIMS))
    async with flows.street(database, pool) as town:
        await town.text(PHONE, "04512")
    sent = await company.fetchval("select count(*) from readings where inbox_id is not null")
    assert sent == (Scope.SUBMIT in SCOPES[role])


async def test_a_phone_whose_link_has_ended_is_a_stranger(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R32
    await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), CLAIMS))
    await company.execute("update links set valid_to = now()")
    async with flows.street(database, pool) as town:
        told = [await town.text(PHONE, text) for text in ("BAL", "100004321", "04512")]
        assert not SUMS.search(str(told))
    assert await company.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_a_phone_whose_link_has_ended_gets_three_answers_a_day(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), CLAIMS))
    await company.execute("update links set valid_to = now()")
    async with flows.street(database, pool) as town:
        told = [await town.text(PHONE, "BAL") for _ in range(4)]
    assert [len(answers) for answers in told] == [1, 1, 1, 0]


async def test_anothers_account_is_not_even_known(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R32
    """The answer is the same whether the account that is named exists or not."""
    await make.account(company, A("100004321", (M("0098765"),), (), CLAIMS))
    await make.account(company, A("100004400", (M("0098766"),), ((PHONE, "owner"),), ()))
    async with flows.street(database, pool) as town:
        (theirs,) = await town.text(PHONE, "ДОЛГ 100004321")
        (nobodys,) = await town.text(PHONE, "ДОЛГ 100009999")
    assert theirs.replace("100004321", "100009999") == nobodys
