"""Registries of agents: control totals, the same file twice, whose account is meant, readings on receipts."""

from datetime import date

import pytest
from asyncpg import Connection

from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.books.payments import actions as payments
from core.books.payments import sql as payments_sql
from core.books.payments.actions import NoPayment, NotInSuspense, TakenBack
from core.books.payments.model import DayBalance, Registry
from core.importing import matching, registries
from core.importing.matching import Matched
from core.importing.model import Counts, FileRefused
from tests import make
from tests.core.importing import files
from tests.core.importing.files import ANNA, AT, TODAY

HEAD = "# registry; agent=Сбер; number=R-1; date=2025-11-20; count=3; sum=1 500,00; commission=15.00"
PAID = [
    {"external_id": "1", "account": "0012345", "date": "2025-11-20", "amount": "500.00", "readings": "4 400"},
    {"external_id": "2", "account": "РА07", "date": "2025-11-20", "amount": "700.00"},
    {"external_id": "3", "account": "no such", "date": "2025-11-20", "amount": "300.00"},
]
DAY = date(2025, 11, 20)
WHO = {"document": "letter 5", "by": "Petrova", "at": AT}


@pytest.fixture
async def stored(conn: Connection) -> Connection:
    """A connection to a database with tariffs and the accounts 0012345 and РА07."""
    await files.tariffs(conn)
    await files.customers(
        conn, ANNA, ANNA | {"account": "РА07", "name": "ООО", "kind": "юр", "phones": "+79780000018", "meter": "77"}
    )
    return conn


async def ledger(conn: Connection) -> dict[str, int]:
    rows = await conn.fetch("select ledger, sum(amount)::bigint from entries group by 1")
    return {row[0]: row[1] for row in rows if row[1]}


async def test_a_registry_is_booked_with_its_commission(stored: Connection) -> None:
    report = await files.registry(stored, HEAD, *[row | {"readings": ""} for row in PAID])
    assert (report.rows, report.suspense, report.loaded_before) == (Counts(new=3), 1, False)
    assert await ledger(stored) == {
        "agents": 150_000 - 1_500, "commission": 1_500, "receivable": -120_000, "suspense": -30_000,
    }  # fmt: skip
    assert await payments_sql.balance(stored, DAY) == (DayBalance(DAY, "Сбер", 120_000, 30_000, 1_500, 0),)


# R16
async def test_the_same_file_twice_does_nothing(stored: Connection) -> None:
    await files.registry(stored, HEAD, *PAID)
    before = await files.snapshot(stored)
    again = await files.registry(stored, HEAD, *PAID, chunk=1)
    assert (again.rows.new, again.loaded_before) == (0, True)
    assert "this file was loaded before: only what was missing was added" in list(again.lines())
    assert await files.snapshot(stored) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count=3": "count=2"}, "says 2 rows, the file has 3"),
        ({"1 500,00": "1500.01"}, "says a sum of 1500.01, the rows come to 1500.00:"),
        ({"count=3": "count=three"}, "count 'three' is not a whole number"),
        ({"date=2025-11-20": "date=2025-12-20"}, "date '2025-12-20' is a date in the future"),
        ({"agent=Сбер; ": ""}, "names no agent"),
        ({"commission": "fee"}, "says 'fee=15.00'; expected: # agent="),
        ({"15.00": "-1"}, "commission in the head"),
    ],
)
async def test_a_head_that_does_not_hold_refuses_the_file(
    stored: Connection, changes: dict[str, str], said: str
) -> None:
    head = HEAD
    for old, new in changes.items():
        head = head.replace(old, new)
    before = await files.snapshot(stored)
    with pytest.raises(FileRefused) as refused:
        await files.registry(stored, head, *PAID)
    assert said in str(refused.value)
    assert await files.snapshot(stored) == before


async def test_a_sum_with_an_unreadable_row_is_refused(stored: Connection) -> None:
    with pytest.raises(FileRefused, match="and 1 that cannot be read"):
        await files.registry(stored, HEAD, *PAID[:2], PAID[2] | {"amount": "lots"})


async def test_a_known_number_with_other_content_is_refused(stored: Connection) -> None:
    await files.registry(stored, HEAD, *PAID)
    with pytest.raises(FileRefused, match="'R-1' of 'Сбер' is on record with other content"):
        await files.registry(stored, HEAD.replace("15.00", "16.00"), *PAID)


async def test_a_row_of_another_agent_is_not_taken(stored: Connection) -> None:
    report = await files.registry(stored, HEAD, PAID[0] | {"agent": "Банк", "readings": ""}, *PAID[1:])
    assert [(line, column) for line, column, _ in files.told(report)] == [(3, "agent")]


def test_a_file_without_a_head_says_nothing() -> None:
    assert registries.read((), today=TODAY) == Registry()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0012345", "0012345"), ("ЛС 0012345", "0012345"), ("л/с №00 123 45", "0012345"), ("ра07", "РА07"),
        ("8 978 000-00-17", "0012345"), ("+79780000099", None), ("Садовая 4", None), ("", None),
    ],
)  # fmt: skip
async def test_whose_account_is_meant(stored: Connection, text: str, number: str | None) -> None:
    found = await matching.numbers_of(stored, [text], keyring=make.keyring(), at=AT)
    assert found.get(text) == number


async def test_a_phone_that_pays_for_several_means_none(stored: Connection) -> None:
    await files.customers(stored, ANNA | {"account": "78", "meter": "78"})
    assert await matching.numbers_of(stored, ["89780000017"], keyring=make.keyring(), at=AT) == {}


async def test_a_phone_in_place_of_an_account_is_sealed(stored: Connection) -> None:  # R40
    await files.registry(stored, "", PAID[0] | {"account": "8 978 000-00-17", "readings": ""})
    row = await stored.fetchrow("select account_id is not null, account_text from payments")
    assert row is not None
    assert row[0]
    assert "978" not in row[1]


async def test_readings_on_receipts_are_checked_and_taken(stored: Connection) -> None:
    paid = PAID[0] | {"readings": "4400"}
    report = await files.registry(stored, "", paid, PAID[1] | {"readings": "4000"})
    assert report.counts["readings"] == Counts(new=1, bad=1)
    assert report.rows == Counts(new=1, bad=1)
    told = files.told(report)
    assert [(line, column) for line, column, _ in told] == [(4, "readings")]
    assert "lower than last" in told[0][2]
    row = await stored.fetchrow("select day, value::int, source from readings order by no desc, account_id limit 1")
    assert row is not None
    assert tuple(row) == (DAY, 4400, 2)
    ids = [one[0] for one in await stored.fetch("select id from accounts")]
    assert await billing.rebuild(stored, ids) == 0
    again = await files.registry(stored, "", PAID[0] | {"external_id": "9", "readings": "4400"})
    assert again.counts["readings"] == Counts(unchanged=1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"readings": "4400/5"}, "2 value(s) for 1 register(s)"),
        ({"meter": "NONE"}, "0 meters that can be meant"),
        ({"readings": "1234567"}, "not a count that the meter can show"),
        ({"readings": "4 400"}, "not the counts of a meter"),
        ({"date": "2025-10-01"}, "paid too long ago for its reading"),
    ],
)
async def test_a_reading_that_cannot_be_placed_is_told(
    stored: Connection, changes: dict[str, str], reason: str
) -> None:
    report = await files.registry(stored, "", PAID[0] | {"readings": "4400"} | changes)
    assert [told[2] for told in files.told(report)] == [reason]
    assert report.counts["payments"] == Counts(new=1)


async def test_money_in_suspense_finds_its_account(stored: Connection) -> None:
    late = PAID[2] | {"account": "77-1"}
    await files.registry(stored, HEAD, *PAID[:2], late)
    assert await matching.match_all(stored, keyring=make.keyring(), at=AT) == Matched(0, 1)
    await files.customers(stored, ANNA | {"account": "77-1", "meter": "5", "phones": ""})
    assert await matching.match_all(stored, keyring=make.keyring(), at=AT) == Matched(1, 0)
    account = await stored.fetchval("select id from accounts where number = '77-1'")
    assert (await billing_sql.read_states(stored, [account]))[account].balance == -30_000
    assert "suspense" not in await ledger(stored)
    assert await stored.fetchval("select paid_on from payments where kind = 'matched'") == DAY
    again = await files.registry(stored, HEAD, *PAID[:2], late)
    assert (again.rows.new, again.suspense) == (0, 0)
    assert (await payments_sql.balance(stored, DAY))[0].accepted == 150_000


async def test_a_person_finds_the_account(stored: Connection) -> None:
    await files.registry(stored, HEAD, *PAID)
    (waiting,) = await payments_sql.suspense(stored)
    account = await stored.fetchval("select id from accounts where number = 'РА07'")
    await payments.match(stored, [(waiting, account)], document="letter 5", by="Petrova", at=AT)
    known = await payments_sql.payment(stored, "Сбер", "3")
    assert known is not None
    assert (known.account_id, known.matched) == (account, True)
    with pytest.raises(NotInSuspense):
        await payments.match(stored, [(known, account)], document="letter 5", by="Petrova", at=AT)


async def test_a_reversal_restores_what_was(stored: Connection) -> None:
    account = await stored.fetchval("select id from accounts where number = '0012345'")
    before = (await billing_sql.read_states(stored, [account]))[account]
    await files.registry(stored, HEAD, *[row | {"readings": ""} for row in PAID])
    await payments.reverse(stored, "Сбер", "1", document="letter 5", by="Petrova", at=AT)
    after = (await billing_sql.read_states(stored, [account]))[account]
    assert (after.balance, after.claims) == (before.balance, before.claims)
    with pytest.raises(TakenBack):
        await payments.reverse(stored, "Сбер", "1", document="letter 5", by="Petrova", at=AT)
    with pytest.raises(NoPayment):
        await payments.reverse(stored, "Сбер", "none", document="letter 5", by="Petrova", at=AT)
    await payments.reverse(stored, "Сбер", "3", document="letter 6", by="Petrova", at=AT)
    assert await payments_sql.suspense(stored) == ()
    assert await ledger(stored) == {"agents": 70_000 - 1_500, "commission": 1_500, "receivable": -70_000}
    assert (await payments_sql.balance(stored, DAY))[0] == DayBalance(DAY, "Сбер", 70_000, 0, 1_500, 0)


async def test_the_bank_agrees_or_the_difference_is_told(stored: Connection) -> None:
    await files.registry(stored, HEAD, *PAID)
    line = {"external_id": "P1", "date": "2025-11-21", "agent": "Сбер", "amount": "1485.00", "for_date": "2025-11-20"}
    report = await files.statement(stored, line)
    assert report.counts == {"rows": Counts(new=1), "statement lines": Counts(new=1)}
    (day,) = await payments_sql.balance(stored, DAY)
    assert (day.bank, day.difference) == (148_500, 0)
    assert (await ledger(stored))["bank"] == 148_500
    assert "agents" not in await ledger(stored)
    assert (await files.statement(stored, line)).rows == Counts(unchanged=1)
    changed = await files.statement(stored, line | {"amount": "1"})
    assert changed.rows == Counts(bad=1)
    more = await files.statement(stored, line | {"external_id": "P2", "amount": "1.00"})
    assert more.rows == Counts(new=1)
    assert (await payments_sql.balance(stored, DAY))[0].difference == -100
