"""ПОЧЕМУ and WHY after a reading or a bill that changed a sum told before: what it was, what changed it, what it is."""

import re
from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONE = "+79780001705"


async def billed(town: Street, company: asyncpg.Connection) -> None:
    """October is billed by an older system, November by forecast."""
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), claims=claims))
    await close(town, company)


async def close(town: Street, company: asyncpg.Connection) -> None:
    town.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    await billing.close_month(
        company, Month(2025, 11), issued_on=date(2025, 12, 1), due_on=date(2025, 12, 10), at=town.clock.at
    )


def kopecks(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))


@pytest.mark.parametrize(
    ("language", "why", "form"),
    [
        (None, "ПОЧЕМУ", r"Было (\S+): ноя \d+, не \d+: (-?\+?\S+); дек (\+\S+)\. Стало (\S+)"),
        ("ENG", "WHY", r"It was (\S+): Nov read \d+, not \d+: (-?\+?\S+); Dec (\+\S+)\. Now (\d+\.\d\d)\."),
    ],
)
async def test_a_reading_that_replaced_a_forecast(
    town: Street, company: asyncpg.Connection, language: str | None, why: str, form: str
) -> None:
    await billed(town, company)
    if language:
        await town.text(PHONE, language)
    (before,) = await town.text(PHONE, why)
    town.clock.at = datetime(2025, 12, 5, 9, tzinfo=UTC)
    await town.text(PHONE, "04600")
    (answer,) = await town.text(PHONE, why)
    found = re.fullmatch(form, answer)
    assert found, (before, answer)
    was, change, used, now = map(kopecks, found.groups())
    assert was + change + used == now
    assert str(was // 100) in before
    assert len(answer) <= (160 if language else 70)


async def test_an_ordinary_reading_and_a_payment_are_told_in_parts(town: Street, company: asyncpg.Connection) -> None:
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    account = await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), claims=claims))
    await town.text(PHONE, "04512")
    (answer,) = await town.text(PHONE, "ПОЧЕМУ")
    assert answer.startswith("Долг окт 431,60; ноя: 187x3,32=620,84")
    await close(town, company)
    (answer,) = await town.text(PHONE, "ПОЧЕМУ")
    assert re.fullmatch(r"Было 1052,44: счёт ноя \+\S+\. Стало \S+", answer), answer
    assert account


async def test_the_account_may_be_chosen_after_the_question(town: Street, company: asyncpg.Connection) -> None:
    await billed(town, company)
    await make.account(company, A("100004322", (M("0098766"),), ((PHONE, "owner"),)))
    town.clock.at = datetime(2025, 12, 5, 9, tzinfo=UTC)
    await town.text(PHONE, "04600")
    await town.text(PHONE, "1")
    await town.text(PHONE, "ПОЧЕМУ")
    (answer,) = await town.text(PHONE, "1")
    assert "было" in answer.lower(), answer
