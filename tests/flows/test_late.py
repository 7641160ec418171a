"""A reading after the window, from the text to the bills."""

from datetime import UTC, date, datetime

import asyncpg

from core.basics.periods import Month
from core.billing import actions as billing
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONE = "+79780001705"


async def test_a_late_reading_is_billed_as_it_was_told(town: Street, company: asyncpg.Connection) -> None:
    """Check 16: the bill is by forecast, and the difference follows."""
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    account = await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), claims=claims))
    town.clock.at = datetime(2025, 11, 28, 9, tzinfo=UTC)
    (told,) = await town.text(PHONE, "04700")
    assert "по прогнозу" in told
    await billing.close_month(
        company, Month(2025, 11), issued_on=date(2025, 12, 1), due_on=date(2025, 12, 10), at=town.clock.at
    )
    billed = "select volume::int, known from charges where account_id = $1 and month = '2025-11-01' and kind = 'energy'"
    line = await company.fetchrow(billed, account)
    assert line is not None
    assert line["known"] == date(2025, 10, 31)
    assert line["volume"] < 200, "the forecast, not the 375 that were read"
    town.clock.at = datetime(2025, 12, 20, 9, tzinfo=UTC)
    (answer,) = await town.text(PHONE, "04800")
    penalty = 137  # October is forty days late, ten of them at 9.5 %/300
    owed = (130 + 475) * 332 + penalty
    assert f"{owed // 100},{owed % 100:02d}" in answer
