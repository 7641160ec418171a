"""J8 by both rules: a reading after the window of its month changes the bill, or counts for the next month."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import asyncpg
import pytest

from core.accounts import sql as accounts
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import posting, previewing, profiles
from core.billing import sql as billing_sql
from core.billing.engine import protocol
from core.billing.previewing import Rules
from core.billing.sql import PaymentRow
from core.billing.terms import LateReading
from core.checking import checker
from tests import make
from tests.flows.conftest import Street, street
from tests.make import A, M

NOVEMBER, DECEMBER, JANUARY = Month(2025, 11), Month(2025, 12), Month(2026, 1)
LATE, ISSUED = datetime(2025, 11, 28, 9, tzinfo=UTC), datetime(2025, 12, 1, 9, tzinfo=UTC)
RECALCULATED, NEXT_PERIOD = "RU-household", "RU-legal"
CHARGED = """
select to_char(month, 'YYYY-MM'), sum(volume)::int, sum(amount)::int from charges where account_id = $1
 group by month order by month
"""
ISSUED_FOR = "select kind, to_char(month, 'YYYY-MM'), issued_on from claims where account_id = $1 order by no"


@pytest.fixture(params=[RECALCULATED, NEXT_PERIOD])
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def ruled(company: asyncpg.Connection, pack: str) -> asyncpg.Connection:
    profile = await accounts.company(company)
    assert profile
    await accounts.set_company(company, replace(profile, pack=pack))
    return company


@pytest.fixture
async def town(ruled: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Street]:
    async with street(database, pool) as there:
        yield there


async def home(company: asyncpg.Connection, phone: str, language: str = "ru", no: int = 0) -> int:
    made = A(f"10000432{no}", (M(f"009876{no}", usual=("215",)),), ((phone, "owner"),), language=language)
    return await make.account(company, made)


async def close(company: asyncpg.Connection, month: Month) -> None:
    on = month.next.first
    at = datetime(on.year, on.month, 1, 9, tzinfo=UTC)
    await billing.close_month(company, month, issued_on=on, due_on=on.replace(day=20), at=at)


async def holds(company: asyncpg.Connection, number: str, today: date) -> bool:
    told = await billing.explain(company, number, today)
    assert told
    report = checker.check(protocol.as_json(told))
    assert not report.faults, report.faults
    return all(line.reproduced for line in told.lines)


@pytest.mark.parametrize(
    ("language", "recalculated", "next_period"),
    [
        (
            "ru",
            ("Принято 04512 на 28.11. Пересчёт -36,52. К оплате 667,32 р.",),
            ("Показание от 28.11 учтём в декабре: срок за ноябрь был 25.11",),
        ),
        (
            "en",
            ("minus", "To pay 667"),
            ("The reading of 28 Nov counts in December: the deadline for November was 25 Nov.", "To pay 703.84"),
        ),
    ],
)
async def test_a_reading_after_the_bill(
    town: Street,
    ruled: asyncpg.Connection,
    pack: str,
    language: str,
    recalculated: tuple[str, ...],
    next_period: tuple[str, ...],
) -> None:
    """November was billed by a forecast of 212 kWh, 703.84; on 1 December the customer tells what stood on the 28th."""
    account = await home(ruled, "+79780001810", language)
    await close(ruled, NOVEMBER)
    town.clock.at = ISSUED
    (told,) = await town.text("+79780001810", "04512 28.11")
    for part in recalculated if pack == RECALCULATED else next_period:
        assert part in told, told
    posted = await posting.post_changes(ruled, [account], day=date(2025, 12, 5), due_on=date(2025, 12, 20), at=ISSUED)
    assert posted.corrections == (pack == RECALCULATED)
    assert await holds(ruled, "100004320", date(2025, 12, 6))
    await close(ruled, DECEMBER)
    issued = [tuple(row) for row in await ruled.fetch(ISSUED_FOR, account)]
    late = date(2025, 12, 5) if pack == RECALCULATED else date(2026, 1, 1)
    assert ("recalculation", "2025-11", late) in issued
    assert await holds(ruled, "100004320", date(2026, 1, 2))


@pytest.mark.parametrize("pack", [NEXT_PERIOD], indirect=True)
async def test_a_reading_between_the_window_and_the_bill(town: Street, ruled: asyncpg.Connection) -> None:
    account = await home(ruled, "+79780001811")
    town.clock.at = LATE
    (told,) = await town.text("+79780001811", "04512")
    assert told == "Показание от 28.11 учтём в декабре: срок за ноябрь был 25.11"
    await close(ruled, NOVEMBER)
    assert [tuple(row) for row in await ruled.fetch(CHARGED, account)] == [("2025-11", 212, 70_384)]
    town.clock.at = datetime(2025, 12, 20, 9, tzinfo=UTC)
    (told,) = await town.text("+79780001811", "04650")
    assert "Пересчёт" not in told
    assert await holds(ruled, "100004320", date(2025, 12, 20))
    assert await billing.rebuild(ruled, [account]) == 0


async def test_the_order_of_events_changes_nothing(town: Street, ruled: asyncpg.Connection, pack: str) -> None:
    """Reading, payment and bill in every order: the same is owed at once, and each month costs the same in the end, by
    both rules."""
    told, charged = set(), set()
    homes = []
    for number, order in enumerate(permutations(("reading", "payment", "bill"))):
        phone = f"+797800018{20 + number}"
        account = await home(ruled, phone, no=number)
        homes.append(account)
        for event in order:
            town.clock.at = ISSUED
            if event == "reading":
                await town.text(phone, "04512 28.11")
            elif event == "payment":
                row = PaymentRow(account, None, "", "bank", f"p{number}", date(2025, 12, 1), 70_000)
                await billing.post_payments(ruled, [row], at=ISSUED)
            else:
                await close(ruled, NOVEMBER)
        told.add((await town.text(phone, "долг"))[0])
        assert await billing.rebuild(ruled, [account]) == 0
    await close(ruled, DECEMBER)
    await close(ruled, JANUARY)
    for account in homes:
        crooked = "select no from entries where account_id = $1 group by no having sum(amount) <> 0"
        assert await ruled.fetch(crooked, account) == []
        charged.add(tuple(tuple(row) for row in await ruled.fetch(CHARGED, account)))
        assert await billing.rebuild(ruled, [account]) == 0
    assert len(told) == 1, told
    assert len(charged) == 1, charged
    ((november, _, _),) = {rows[:3] for rows in charged}
    assert november == ("2025-11", 201, 66_732)


@pytest.mark.parametrize("pack", [NEXT_PERIOD], indirect=True)
async def test_what_the_switch_would_do_is_told_before(town: Street, ruled: asyncpg.Connection) -> None:
    await home(ruled, "+79780001812")
    await close(ruled, NOVEMBER)
    town.clock.at = ISSUED
    await town.text("+79780001812", "04512 28.11")
    now = Rules(profiles.profile(NEXT_PERIOD), await billing_sql.tariffs(ruled))
    habits = replace(now.pack.habits, late_reading=LateReading.RECALCULATE)
    would = replace(now, pack=replace(now.pack, habits=habits))
    found = await previewing.compare(ruled, now, would, today=date(2025, 12, 2))
    assert (found.touched, found.before) == (1, 70_384)
    assert found.after < found.before
    back = await previewing.compare(ruled, would, now, today=date(2025, 12, 2))
    assert (back.before, back.after) == (found.after, found.before)
