"""Files of charges and payments: claims, money, double entry, suspense."""

from datetime import date

import pytest
from asyncpg import Connection

from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.importing import actions, posting
from core.importing.model import Counts
from tests import make
from tests.core.importing import files
from tests.core.importing.files import ANNA, AT, TODAY

CHARGE = {
    "external_id": "OLD-1", "account": "0012345", "period": "2025-10", "service": "electricity", "amount": "431.60",
    "due_date": "2025-11-10",
}  # fmt: skip
PAYMENT = {
    "external_id": "K-1", "account": "0012345", "date": "2025-11-07", "amount": "400,00", "period": "2025-10",
    "agent": "Касса",
}  # fmt: skip
UNKNOWN = {"account": "8 978 000-00-17 Садовая"}


@pytest.fixture
async def stored(conn: Connection) -> Connection:
    """A connection to a database with tariffs and the accounts 0012345 and РА07."""
    await files.tariffs(conn)
    await files.customers(conn, ANNA, ANNA | {"account": "РА07", "name": "ООО", "kind": "юр", "phones": ""})
    return conn


async def balance(conn: Connection, number: str = "0012345") -> int:
    account = await conn.fetchval("select id from accounts where number = $1", number)
    return (await billing_sql.read_states(conn, [account]))[account].balance


async def entries(conn: Connection) -> list[tuple[object, ...]]:
    rows = await conn.fetch("select no, line, ledger, amount, on_day from entries order by account_id, no, line")
    return [tuple(row) for row in rows]


# R16
async def test_a_charge_is_a_claim_a_line_and_two_entries(stored: Connection) -> None:
    report = await files.charges(stored, CHARGE)
    assert report.counts == {"rows": Counts(new=1), "claims": Counts(new=1)}
    claim = await stored.fetchrow("select no, month, kind, amount, due_on, issued_on, external_id from claims")
    assert claim is not None
    assert tuple(claim) == (2, date(2025, 10, 1), "opening", 43160, date(2025, 11, 10), date(2025, 11, 1), "OLD-1")
    line = await stored.fetchrow("select no, line, month, service, kind, amount, meter_id from charges")
    assert line is not None
    assert tuple(line) == (2, 1, date(2025, 10, 1), "electricity", "opening", 43160, None)
    day = date(2025, 11, 1)
    assert await entries(stored) == [(2, 1, "receivable", 43160, day), (2, 2, "opening", -43160, day)]
    assert await balance(stored) == 43160


async def test_a_number_is_of_one_account(stored: Connection) -> None:
    """A corrected file that names another account must not demand the money twice."""
    await files.charges(stored, CHARGE)
    moved = CHARGE | {"account": "РА07"}
    twice = [CHARGE | {"external_id": "OLD-2"}, moved | {"external_id": "OLD-2"}]
    for _ in range(2):
        report = await files.charges(stored, moved, *twice)
        reason = "stored before for another account"
        assert files.told(report) == [(2, "external_id", reason), (4, "external_id", reason)]
        assert report.rows.bad == 2
    assert (await balance(stored), await balance(stored, "РА07")) == (2 * 43160, 0)
    back = CHARGE | {"external_id": "OLD-1-BACK", "amount": "-431.60"}
    await files.charges(stored, back, moved | {"external_id": "OLD-1-NEW"})
    assert (await balance(stored), await balance(stored, "РА07")) == (43160, 43160)


async def test_months_that_count_as_billed_without_a_claim_are_told(stored: Connection) -> None:
    """Both accounts were first read on 31 October: the use of November is lost to a claim of December alone."""
    december = CHARGE | {"external_id": "D", "period": "2025-12", "due_date": "2026-01-10"}
    other = CHARGE | {"external_id": "O", "account": "РА07"}

    async def imported(*rows: dict[str, str], chunk: int = 1) -> int:
        report = await actions.import_charges(stored, files.table(*rows), today=date(2026, 1, 5), at=AT, chunk=chunk)
        told = [line for line in report.lines() if line.startswith("ATTENTION")]
        assert [line[: len("ATTENTION: 1 ")] for line in told] == [f"ATTENTION: {report.gaps} "] * bool(report.gaps)
        return report.gaps

    assert await imported(other) == 0
    assert await imported(CHARGE, december, other) == 1
    november = CHARGE | {"external_id": "N", "period": "2025-11"}
    assert await imported(december, other, november) == 0


async def test_a_payment_settles(stored: Connection) -> None:
    await files.charges(stored, CHARGE)
    report = await files.payments(stored, PAYMENT)
    assert report.counts == {"rows": Counts(new=1), "payments": Counts(new=1)}
    row = await stored.fetchrow("select no, account_text, agent, external_id, paid_on, amount, month from payments")
    assert row is not None
    assert tuple(row) == (3, "0012345", "Касса", "K-1", date(2025, 11, 7), 40000, date(2025, 10, 1))
    assert (await entries(stored))[2:] == [
        (3, 1, "agents", 40000, date(2025, 11, 7)),
        (3, 2, "receivable", -40000, date(2025, 11, 7)),
    ]
    assert await balance(stored) == 3160


async def test_a_reversal_and_a_credit(stored: Connection) -> None:
    await files.charges(stored, CHARGE, CHARGE | {"external_id": "OLD-2", "amount": "-12,40"})
    await files.payments(stored, PAYMENT, PAYMENT | {"external_id": "K-2", "amount": "-400.00"})
    assert await balance(stored) == 43160 - 1240
    assert await stored.fetchval("select sum(amount) from entries") == 0


async def test_the_same_files_again_change_nothing(stored: Connection) -> None:
    charges = [
        CHARGE,
        CHARGE | {"external_id": "OLD-2", "amount": "0"},
        CHARGE | {"external_id": "OLD-3", "account": "ра07"},
    ]
    payments = [PAYMENT, PAYMENT | {"external_id": "K-2"} | UNKNOWN, PAYMENT | {"agent": "", "account": ""}]
    await files.charges(stored, *charges)
    first = await files.payments(stored, *payments)
    assert (first.rows, first.suspense) == (Counts(new=3), 2)
    before = await files.snapshot(stored)
    assert (await files.charges(stored, *charges, *charges)).rows == Counts(unchanged=6)
    again = await files.payments(stored, *payments, *payments)
    assert (again.rows, again.suspense) == (Counts(unchanged=6), 4)
    assert await files.snapshot(stored) == before


async def test_the_states_are_those_that_the_facts_give(stored: Connection) -> None:
    rows = [CHARGE | {"external_id": str(number), "period": f"2025-0{1 + number % 9}"} for number in range(20)]
    await files.charges(stored, *rows, chunk=7)
    await files.payments(stored, *(PAYMENT | {"external_id": str(number)} for number in range(20)), chunk=7)
    ids = [row[0] for row in await stored.fetch("select id from accounts")]
    assert await billing.rebuild(stored, ids) == 0
    numbers = await stored.fetchrow("select count(distinct no), max(no) from entries")
    assert numbers is not None
    assert tuple(numbers) == (40, 41)


async def test_money_without_an_account_waits_in_suspense(stored: Connection) -> None:
    report = await files.payments(stored, PAYMENT | UNKNOWN)
    assert (report.rows, report.suspense) == (Counts(new=1), 1)
    assert "ATTENTION: 1 payment(s) belong to no known account and wait in suspense" in list(report.lines())
    row = await stored.fetchrow("select account_id, no, amount from payments")
    assert row is not None
    assert tuple(row) == (None, None, 40000)
    ours = await stored.fetch("select line, ledger, amount from entries where account_id = 0 order by line")
    assert [tuple(line) for line in ours] == [(1, "agents", 40000), (2, "suspense", -40000)]
    assert await stored.fetchval("select kind || ': ' || about from alarms") == "payment in suspense: Касса K-1"


# R40
async def test_what_stands_in_place_of_an_account_is_sealed(stored: Connection) -> None:
    await files.payments(stored, PAYMENT | UNKNOWN)
    text = await stored.fetchval("select account_text from payments")
    assert "978" not in text
    assert "Садовая" not in text
    assert posting.account_text(text, keyring=make.keyring()) == UNKNOWN["account"]


async def test_suspense_stays_when_the_account_comes_later(stored: Connection) -> None:
    await files.payments(stored, PAYMENT | {"account": "77"})
    await files.customers(stored, ANNA | {"account": "77"})
    report = await files.payments(stored, PAYMENT | {"account": "77"})
    assert (report.rows, report.suspense) == (Counts(unchanged=1), 1)


async def test_without_a_keyring_suspense_is_refused(stored: Connection) -> None:
    stream = files.table(PAYMENT, PAYMENT | {"external_id": "K-2"} | UNKNOWN)
    report = await actions.import_payments(stored, stream, today=TODAY, at=AT)
    assert report.rows == Counts(new=1, bad=1)
    assert files.told(report) == [(3, "account", "no such account")]


@pytest.mark.parametrize(
    "changes", [{"amount": "431.61"}, {"period": "2025-09"}, {"service": "gas"}, {"due_date": "2025-11-11"}]
)
async def test_a_charge_of_other_content_is_refused(stored: Connection, changes: dict[str, str]) -> None:
    await files.charges(stored, CHARGE)
    before = await files.snapshot(stored)
    report = await files.charges(stored, CHARGE | changes)
    reason = "stored before with other content: 2025-10 electricity 431.6 due 2025-11-10"
    assert files.told(report) == [(2, "external_id", reason)]
    assert await files.snapshot(stored) == before


@pytest.mark.parametrize(
    ("changes", "content"),
    [
        ({"amount": "400.01"}, "400 of 2025-11-07 for 2025-10"),
        ({"date": "2025-11-08"}, "400 of 2025-11-07 for 2025-10"),
        ({"period": ""}, "400 of 2025-11-07 for 2025-10"),
        ({"account": "РА07"}, "another account"),
    ],
)
async def test_a_payment_of_other_content_is_refused(stored: Connection, changes: dict[str, str], content: str) -> None:
    await files.payments(stored, PAYMENT)
    before = await files.snapshot(stored)
    report = await files.payments(stored, PAYMENT | changes)
    assert files.told(report) == [(2, "external_id", f"stored before with other content: {content}")]
    assert await files.snapshot(stored) == before


async def test_one_number_with_two_contents_in_a_file(stored: Connection) -> None:
    report = await files.charges(stored, CHARGE, CHARGE | {"amount": "1"}, CHARGE)
    assert report.rows == Counts(new=1, unchanged=1, bad=1)
    report = await files.payments(stored, PAYMENT, PAYMENT | {"amount": "1"}, PAYMENT)
    assert report.rows == Counts(new=1, unchanged=1, bad=1)


async def test_the_number_of_a_payment_is_the_agent_s_own(stored: Connection) -> None:
    assert (await files.payments(stored, PAYMENT, PAYMENT | {"agent": "Банк"})).rows == Counts(new=2)


async def test_a_charge_of_an_unknown_account_is_refused(stored: Connection) -> None:
    report = await files.charges(stored, CHARGE | {"account": "404"}, CHARGE)
    assert report.rows == Counts(new=1, bad=1)
    assert files.told(report) == [(2, "account", "no such account")]
