"""Money of a bank's registry, from the file to what customers are told and are shown (J9)."""

import io
import os
from datetime import UTC, date, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import posting
from core.billing import sql as billing_sql
from core.books.payments import actions as payments
from core.importing import actions as importing
from core.importing.report import Report
from core.importing.telling import Telling
from core.outbox.noticing import Wire
from gateway import parts
from tests import make
from tests.flows.conftest import NOON, Street
from tests.make import A, M

OWNER, OTHER = "+79780002101", "+79780002102"
DUE = date(2025, 11, 10)
CLAIMS = (("2025-10", "431.60", DUE),)
TELLING = Telling(Wire(make.keyring(), parts.words(), os.urandom), 5)
NOBODY = Telling(TELLING.wire, 0)


def registry(*rows: str) -> io.BytesIO:
    head = "# agent=Bank"
    return io.BytesIO("\n".join([head, "external_id,account,date,amount,period", *rows]).encode())


async def load(company: asyncpg.Connection, *rows: str, telling: Telling = TELLING, at: datetime = NOON) -> Report:
    return await importing.import_payments(
        company, registry(*rows), today=at.date(), at=at, keyring=make.keyring(), telling=telling
    )


async def someone(
    company: asyncpg.Connection,
    language: str = "ru",
    *phones: tuple[str, str],
    claims: tuple[tuple[str, str, date], ...] = CLAIMS,
) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), phones or ((OWNER, "owner"),), claims, language))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", "Оплата 700,00 р: окт 431,60, аванс 268,40. К оплате 352,44 р."),
        ("en", "Payment 700.00: Oct 431.60, paid ahead 268.40. To pay 352.44."),
    ],
)
async def test_a_payment_is_told_once(town: Street, company: asyncpg.Connection, language: str, told: str) -> None:
    """The file again changes nothing and tells nobody."""
    await someone(company, language)
    await town.text(OWNER, "04512")
    row = "p1,100004321,2025-11-20,700.00,"
    first = await load(company, row)
    assert (first.counts["payments"].new, first.loaded_before) == (1, False)
    assert await town.answers(OWNER) == [told]
    again = await load(company, row)
    assert (again.counts["payments"].new, again.loaded_before) == (0, True)
    assert any("loaded before" in line for line in again.lines())
    assert await town.answers(OWNER) == []


async def test_who_may_not_see_the_sums_is_not_told(town: Street, company: asyncpg.Connection) -> None:
    """A helper, a phone that wants no messages, and one that may be somebody else's by now; the payer is told."""
    payer, helper, stopped, doubted = (f"+7978000220{number}" for number in range(4))
    linked = ((payer, "payer"), (helper, "helper"), (stopped, "tenant"), (doubted, "owner"))
    await someone(company, "ru", *linked)
    hashes = [make.keyring().phone_hash(phone) for phone in (stopped, doubted)]
    await company.execute("update phones set opted_out = true where hash = $1", hashes[0])
    await company.execute("update phones set proven_at = '2023-01-01' where hash = $1", hashes[1])
    await load(company, "p1,100004321,2025-11-20,431.60,")
    told = {phone: await town.answers(phone) for phone, _ in linked}
    assert told.pop(payer) == ["Оплата 431,60 р: окт 431,60. Долга нет, платить не нужно"]
    assert set(map(tuple, told.values())) == {()}
    await company.execute("update phones set opted_out = true")
    assert (await load(company, "p2,100004321,2025-11-20,1.00,")).counts["payments"].new == 1
    assert await town.answers(payer) == []


async def test_history_and_a_company_that_tells_nothing(town: Street, company: asyncpg.Connection) -> None:
    await someone(company)
    await load(company, "p1,100004321,2025-11-15,100.00,")
    await load(company, "p2,100004321,2025-11-20,100.00,", telling=NOBODY)
    assert await town.answers(OWNER) == []


async def test_several_accounts_are_told_apart(town: Street, company: asyncpg.Connection) -> None:
    """Of several payments of one account there is one message."""
    await someone(company)
    customer = await company.fetchval("select customer_id from accounts")
    second = await make.account(company, A("100005678", (M("0098766"),), (), CLAIMS))
    await make.link(company, second, customer, OWNER, "owner")
    rows = ("p1,100005678,2025-11-20,300.00,", "p2,100005678,2025-11-20,100.00,", "p3,100004321,2025-11-19,31.60,")
    await load(company, *rows)
    assert sorted(await town.answers(OWNER)) == [
        "..4321: оплата 31,60 р: окт 31,60. К оплате 400,00 р.",
        "..5678: оплата 400,00 р: окт 400,00. К оплате 31,60 р.",
    ]


@pytest.mark.parametrize(("language", "month"), [("ru", "сен 200,00"), ("en", "Sep 200.00")])
async def test_the_month_that_the_payer_names_comes_first(
    town: Street, company: asyncpg.Connection, language: str, month: str
) -> None:
    """Without it the older August would take the money; the protocol tells the month."""
    claims = (("2025-08", "300.00", date(2025, 12, 10)), ("2025-09", "200.00", date(2025, 12, 20)))
    account = await someone(company, language, claims=claims)
    await load(company, "p1,100004321,2025-11-20,200.00,2025-09")
    (told,) = await town.answers(OWNER)
    assert month in told, told
    protocol = await billing.explain(company, "100004321", NOON.date())
    assert protocol is not None
    assert [line.month for line in protocol.lines if line.kind == "payment"] == [Month(2025, 9)]
    (state,) = (await billing_sql.read_states(company, [account])).values()
    assert [(one.month, one.remaining) for one in state.claims] == [(Month(2025, 8), 300_00)]


async def test_an_unknown_account_waits_and_a_payment_taken_back_is_owed_again(
    town: Street, company: asyncpg.Connection
) -> None:
    account = await someone(company)
    (before,) = await town.text(OWNER, "долг")
    report = await load(company, "p1,999,2025-11-20,50.00,", "p2,100004321,2025-11-20,700.00,")
    assert report.suspense == 1
    assert await company.fetchval("select count(*) from alarms where kind = 'payment in suspense'") == 1
    assert len(await town.answers(OWNER)) == 1
    await payments.reverse(company, "Bank", "p2", document="letter 7", by="anna", at=NOON)
    assert await town.text(OWNER, "долг") == [before]
    assert await billing.rebuild(company, [account]) == 0


async def test_the_order_of_events_changes_nothing(town: Street, company: asyncpg.Connection) -> None:
    """File, the same file again, reading and bill in every order: one ledger, and one message of the payment."""
    issued = datetime(2025, 12, 1, 9, tzinfo=UTC)
    owed, ledgers = set(), set()
    for number, order in enumerate(permutations(("reading", "file", "again", "bill"))):
        phone, account_no = f"+797800023{number:02d}", f"3000{number:02d}"
        account = await make.account(company, A(account_no, (M(f"S{number}"),), ((phone, "owner"),), CLAIMS))
        town.clock.at = issued
        told: list[str] = []
        for event in order:
            if event == "reading":
                await town.text(phone, "04512 30.11")
            elif event == "bill":
                await billing.close_month(
                    company, Month(2025, 11), issued_on=issued.date(), due_on=date(2025, 12, 10), at=issued
                )
            else:
                await load(company, f"p{number},{account_no},2025-11-30,700.00,", at=issued)
                told += await town.answers(phone)
        assert len(told) == 1, (order, told)
        assert "700,00" in told[0]
        owed.update(await town.text(phone, "долг"))
        assert await billing.rebuild(company, [account]) == 0
        await posting.post_changes(company, [account], day=issued.date(), due_on=date(2025, 12, 10), at=issued)
        sums = await company.fetch(
            "select ledger, sum(amount)::bigint from entries where account_id = $1 group by ledger", account
        )
        ledgers.add(frozenset(tuple(row) for row in sums))
    assert len(owed) == 1, owed
    (ledger,) = ledgers
    assert sum(amount for _, amount in ledger) == 0
    assert ("agents", 70_000) in ledger


@pytest.mark.parametrize(
    ("local", "own", "hours"),
    [
        ("2025-11-20T21:59:59", None, 0.0),
        ("2025-11-20T22:00:00", None, 10.0),  # Thursday: from eight of Friday on
        ("2025-11-21T22:00:00", None, 11.0),  # Friday: on a day off from nine on
        ("2025-11-22T20:00:00", None, 13.0),
        ("2025-11-22T19:59:59", None, 0.0),
        ("2025-11-20T07:59:59", None, 1 / 3600),
        ("2025-11-20T13:00:00", (14, 19), 1.0),
        ("2025-11-20T19:00:00", (14, 19), 19.0),
    ],
)
async def test_a_payment_is_told_in_the_hours_for_it(
    company: asyncpg.Connection, local: str, own: tuple[int, int] | None, hours: float
) -> None:  # R28
    """A second before the end it goes at once, at the end it waits for the morning: by the customer's own clock."""
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Moscow"))
    await someone(company)
    if own is not None:
        await company.execute("update phones set told_from = $1, told_till = $2", *own)
    await load(company, f"p1,100004321,{at.date()},700.00,", at=at)
    waits = await company.fetchval("select extract(epoch from not_before - created_at)::float8 from outbox")
    assert abs(waits - hours * 3600) < 60
