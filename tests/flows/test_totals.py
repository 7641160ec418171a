"""A phone with several accounts asks what there is to pay: one sum over those that it may see (row Q7)."""

from datetime import date

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONE = "+79780001705"
LATE = ("2025-10", "300.00", date(2025, 11, 10))
DUE = ("2025-10", "100.00", date(2025, 12, 10))


async def three(company: asyncpg.Connection, *roles: str) -> None:
    for place, (role, claim) in enumerate(zip(roles, (LATE, DUE, LATE), strict=True)):
        made = A(f"10000432{place}", (M(f"S{place}"),), ((PHONE, role),), claims=(claim,))
        await make.account(company, made)


@pytest.mark.parametrize(
    ("language", "asked", "wanted"),
    [
        (None, "ДОЛГ", "По 3 л/с к оплате 700,00, долг 600,00. Л/с? 1 ..4320 2 ..4321 3 ..4322"),
        ("ENG", "BAL", "3 accounts: to pay 700.00 in all, overdue 600.00. Which account? 1 ..4320 2 ..4321 3 ..4322"),
    ],
)
async def test_all_of_them_together(
    town: Street, company: asyncpg.Connection, language: str | None, asked: str, wanted: str
) -> None:
    await three(company, "owner", "payer", "tenant")
    if language:
        await town.text(PHONE, language)
    assert await town.text(PHONE, asked) == [wanted]
    (one,) = await town.text(PHONE, "1")
    assert "300" in one


@pytest.mark.parametrize(
    ("language", "asked", "wanted"),
    [
        (None, "ДОЛГ", "По 2 л/с долг 600,00. Не учтено л/с: 1. Какой л/с?"),
        (
            "ENG",
            "BAL",
            "2 accounts: overdue 600.00 in all. Not counted: 1 of your accounts. Which",
        ),
    ],
)
async def test_an_account_that_it_may_not_see_is_not_counted_and_that_is_said(
    town: Street, company: asyncpg.Connection, language: str | None, asked: str, wanted: str
) -> None:
    await three(company, "owner", "helper", "payer")
    if language:
        await town.text(PHONE, language)
    (answer,) = await town.text(PHONE, asked)
    assert answer.startswith(wanted)
    assert len(answer) <= (160 if language else 70)
    assert "100,00" not in answer
