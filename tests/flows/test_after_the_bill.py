"""A reading that comes after the bill of its month, in both languages, whatever came before what (J8)."""

from datetime import UTC, date, datetime
from itertools import permutations

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.sql import PaymentRow
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

NOVEMBER = Month(2025, 11)
ISSUED = datetime(2025, 12, 1, 9, tzinfo=UTC)
CLAIMS = (("2025-10", "433.56", date(2025, 11, 10)),)


async def close(company: asyncpg.Connection) -> None:
    await billing.close_month(company, NOVEMBER, issued_on=ISSUED.date(), due_on=date(2025, 12, 10), at=ISSUED)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ru", ("Принято 04512 на 30.11. Пересчёт -83,00. К оплате 1054,40 р.",)),
        ("en", ("forecast 212, actual 187, minus 83.00.", "To pay 1054.40")),
    ],
)
async def test_the_forecast_is_replaced_at_once(
    town: Street, company: asyncpg.Connection, language: str, parts: tuple[str, ...]
) -> None:
    """November was billed by a forecast of 212 kWh; the reading makes it 187."""
    phone = "+79780001801"
    account = await make.account(
        company, A("100004321", (M("0098765", usual=("215",)),), ((phone, "owner"),), CLAIMS, language)
    )
    await close(company)
    billed = "select volume::int, amount from charges where account_id = $1 and kind = 'energy'"
    assert [tuple(row) for row in await company.fetch(billed, account)] == [(212, 212 * 332)]
    town.clock.at = ISSUED
    (told,) = await town.text(phone, "04512 30.11")
    assert all(part in told for part in parts), told


async def test_the_order_of_events_changes_nothing(town: Street, company: asyncpg.Connection) -> None:
    """Reading, payment and bill in every order: the same is owed, and each ledger balances."""
    owed = set()
    for number, order in enumerate(permutations(("reading", "payment", "bill"))):
        phone = f"+797800019{number:02d}"
        account = await make.account(company, A(f"20000{number}", (M(f"S{number}"),), ((phone, "owner"),), CLAIMS))
        for event in order:
            town.clock.at = ISSUED
            if event == "reading":
                await town.text(phone, "04512 30.11")
            elif event == "payment":
                row = PaymentRow(account, None, "", "bank", f"p{number}", date(2025, 12, 1), 70_000)
                await billing.post_payments(company, [row], at=ISSUED)
            else:
                await close(company)
        (told,) = await town.text(phone, "долг")
        owed.add(told)
        assert await billing.rebuild(company, [account]) == 0
        crooked = "select no from entries where account_id = $1 group by no having sum(amount) <> 0"
        assert await company.fetch(crooked, account) == []
    assert len(owed) == 1, owed
    assert "354,40" in owed.pop()
