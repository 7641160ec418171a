"""A debt paid in parts, from the document to the answers: put off, kept, broken; ДОЛГ, ПОЧЕМУ and СЧЁТ, ru and en."""

import json
from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.billing import actions as billing
from core.billing import sql
from core.billing.engine import protocol
from core.billing.engine.statement import Kind
from core.billing.sql import PaymentRow
from core.books import closing
from core.checking.checker import check
from core.doors import actions as doors
from core.doors.model import Author, Door, Role
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONE = "+79780001705"
BILLER = Author("petrova", frozenset((Role.BILLER,)))
AGREED = {
    "account": "100004321", "agreement": "R-17", "from": "2025-11-21", "months": "2025-09..2025-10",
    "amount": "2000.00", "parts": "4", "first": "2025-12-15", "document": "agreement R-17",
}  # fmt: skip
CLAIMS = (("2025-09", "1000.00", date(2025, 10, 10)), ("2025-10", "1000.00", date(2025, 11, 10)))
"""Days 31 to 41 of September's delay, up to 20 November, cost 1000.00 × 9.5 %/300: 11 × 0.3167 = 3.48."""


async def owing(town: Street, company: asyncpg.Connection) -> int:
    account = await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), claims=CLAIMS))
    await bring(company, AGREED)
    return account


async def bring(company: asyncpg.Connection, *rows: dict[str, str]) -> None:
    at = datetime(2025, 11, 21, 8, tzinfo=UTC)
    report = await doors.bring(company, Door.INSTALMENTS, rows, author=BILLER, today=at.date(), at=at)
    assert not report.problems, report.problems


async def pay(company: asyncpg.Connection, account: int, on: date, amount: int) -> None:
    row = PaymentRow(account, None, "", "", f"P-{on}-{amount}", on, amount)
    await billing.post_payments(company, [row], at=datetime(on.year, on.month, on.day, 10, tzinfo=UTC))


def on(town: Street, year: int, month: int, day: int) -> None:
    town.clock.at = datetime(year, month, day, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        (
            None,
            {
                "ДОЛГ": "К оплате 2003,48: пени 3,48 + рассрочка 2000,00 (500,00 до 15.12)",
                "ПОЧЕМУ": "Пени 3,48; рассрочка 2000,00 (500,00 до 15.12). Всего 2003,48 р.",
                "СЧЕТ ОКТЯБРЬ": "Счёт окт: 1000,00 р. В рассрочке 1000,00",
            },
        ),
        (
            "ENG",
            {
                "BAL": "To pay 2003.48: penalty 3.48 + in your plan 2000.00 (500.00 by 15 Dec).",
                "WHY": "Penalty 3.48; in your plan 2000.00 (500.00 by 15 Dec). Total 2003.48.",
                "BILL OCTOBER": "Bill Oct: 1000.00. 1000.00 of it is in your instalment plan.",
            },
        ),
    ],
)
async def test_what_is_put_off_is_told(
    town: Street, company: asyncpg.Connection, language: str | None, asked: dict[str, str]
) -> None:
    await owing(town, company)
    on(town, 2025, 12, 1)
    if language:
        await town.text(PHONE, language)
    for text, wanted in asked.items():
        assert await town.text(PHONE, text) == [wanted]
        assert len(wanted) <= (160 if language else 70)


async def test_a_reading_leaves_the_plan_as_it_was(town: Street, company: asyncpg.Connection) -> None:
    account = await owing(town, company)
    before = (await sql.read_states(company, [account]))[account]
    assert before.plans
    await town.text(PHONE, "04512")
    after = (await sql.read_states(company, [account]))[account]
    assert after.fact_no == before.fact_no + 1
    assert after.plans == before.plans
    assert "рассрочка 2000,00" in (await town.text(PHONE, "ДОЛГ"))[0]


async def test_a_plan_that_is_kept_and_one_that_is_not(town: Street, company: asyncpg.Connection) -> None:
    account = await owing(town, company)
    await pay(company, account, date(2025, 12, 15), 50_000)
    on(town, 2025, 12, 16)
    (kept,) = await town.text(PHONE, "ДОЛГ")
    assert "рассрочка 1500,00 (500,00 до 15.01)" in kept
    on(town, 2026, 1, 15)
    assert "рассрочка 1500,00 (500,00 до 15.01)" in (await town.text(PHONE, "ДОЛГ"))[0]
    on(town, 2026, 1, 16)
    (broken,) = await town.text(PHONE, "ДОЛГ")
    assert "рассрочка" not in broken
    assert "долг сен-окт 1500,00" in broken
    await pay(company, account, date(2026, 1, 16), 50_000)
    assert "рассрочка" not in (await town.text(PHONE, "ДОЛГ"))[0], "what is paid later does not mend it"


@pytest.mark.parametrize("percent", ["", "9.5"])
async def test_who_pays_what_he_was_told_owes_nothing(town: Street, company: asyncpg.Connection, percent: str) -> None:
    account = await owing(town, company)
    if percent:
        await bring(company, AGREED | {"percent": percent, "document": "agreement R-17, corrected"})
    told = await billing.explain(company, "100004321", date(2025, 11, 21))
    assert told is not None
    await pay(company, account, date(2025, 11, 21), told.standing.to_pay)
    (answer,) = await town.text(PHONE, "ДОЛГ")
    assert "платить не нужно" in answer


async def test_a_document_ends_it(town: Street, company: asyncpg.Connection) -> None:
    await owing(town, company)
    end = {"account": "100004321", "agreement": "R-17", "from": "2025-12-05", "document": "letter 8"}
    await bring(company, end | {"state": "terminated"})
    on(town, 2025, 12, 4)
    assert "рассрочка" in (await town.text(PHONE, "ДОЛГ"))[0]
    on(town, 2025, 12, 5)
    assert "долг сен-окт 2000,00" in (await town.text(PHONE, "ДОЛГ"))[0]
    await bring(company, end | {"state": "resumed"})
    assert "рассрочка" in (await town.text(PHONE, "ДОЛГ"))[0]


async def closed(company: asyncpg.Connection, first: date, last: date) -> None:
    """The days are closed, each on the next morning; nothing but that may change the state."""
    for day in range((last - first).days + 1):
        of = date.fromordinal(first.toordinal() + day)
        at = datetime(of.year, of.month, of.day, 23, tzinfo=UTC)
        await closing.close_day(company, of, due_on=date(2026, 2, 10), at=at)


async def test_the_close_posts_what_the_plan_costs(town: Street, company: asyncpg.Connection) -> None:
    """Interest once, cut when the plan is broken; penalty up to the plan and from its end on; the protocol holds, the
    state is what the facts come to."""
    account = await owing(town, company)
    await bring(company, AGREED | {"percent": "3.65", "document": "agreement R-17, corrected"})
    await closed(company, date(2025, 12, 14), date(2025, 12, 17))
    posted = [
        (row["kind"], row["amount"], row["issued_on"])
        for row in await company.fetch(
            "select kind, amount, issued_on from claims where account_id = $1 and kind in ('penalty', 'interest') "
            "order by no",
            account,
        )
    ]
    # 500.00 at 0.0001 a day for 25, 56, 87 and 115 days; broken on the 16th: 2000.00 for 25 days
    assert ("interest", 1_415, date(2025, 12, 14)) in posted
    assert ("interest", 500 - 1_415, date(2025, 12, 16)) in posted
    penalties = {issued_on: amount for kind, amount, issued_on in posted if kind == "penalty"}
    assert set(penalties) == {date(2025, 12, 14), date(2025, 12, 16), date(2025, 12, 17)}
    before = await sql.read_states(company, [account])
    assert await billing.rebuild(company, [account]) == 0
    assert before == await sql.read_states(company, [account])
    for day in (date(2025, 12, 1), date(2025, 12, 15), date(2025, 12, 16), date(2025, 12, 17)):
        told = await billing.explain(company, "100004321", day)
        assert told is not None
        assert all(line.reproduced for line in told.lines)
        demanded = sum(line.amount for line in told.lines if line.kind is Kind.INTEREST)
        assert demanded == (0 if day.day == 1 else 1_415 if day.day == 15 else 500)
        report = check(json.loads(json.dumps(protocol.as_json(told))))
        assert report.holds, (day, report.faults)


async def test_payments_that_come_to_be_known_late(town: Street, company: asyncpg.Connection) -> None:
    """The part was paid in time and booked after the plan was taken for broken: all is as if it had been known."""
    account = await owing(town, company)
    await closed(company, date(2025, 12, 14), date(2025, 12, 16))
    row = PaymentRow(account, None, "", "", "late", date(2025, 12, 15), 50_000)
    await billing.post_payments(company, [row], at=datetime(2025, 12, 17, 9, tzinfo=UTC))
    on(town, 2025, 12, 17)
    assert "рассрочка 1500,00 (500,00 до 15.01)" in (await town.text(PHONE, "ДОЛГ"))[0]
    await closed(company, date(2025, 12, 17), date(2025, 12, 17))
    total = "select coalesce(sum(amount), 0)::int from claims where account_id = $1 and kind = 'penalty'"
    early = await make.account(company, A("100004322", (M("0098766"),), claims=CLAIMS))
    await bring(company, AGREED | {"account": "100004322"})
    await pay(company, early, date(2025, 12, 15), 50_000)
    await closed(company, date(2025, 12, 18), date(2025, 12, 18))
    assert await company.fetchval(total, account) == await company.fetchval(total, early)
