"""An account with ten years of history: thirteen views in six statements, with no more than the employee may see."""

from datetime import UTC, date, datetime

import pytest
from asyncpg import Connection

from core.basics.money import MILLI
from core.basics.periods import DAY, Month, Period
from core.billing import recording
from core.billing.conditions.model import Kind
from core.billing.debts import customers
from core.billing.recording import NewFact
from core.dossier import actions
from core.dossier.model import Dossier, RouteSeen, Status, ended
from tests import make
from tests.core.dossier import town
from tests.core.dossier.town import AT, TODAY


async def opened(conn: Connection, account: int, *, full: bool = True) -> Dossier:
    found = await actions.open_account(conn, account, keyring=make.keyring(), at=AT, full=full)
    assert found is not None
    return found


@pytest.fixture
async def old(conn: Connection) -> int:
    return await town.old(conn)


async def test_ten_years_are_shown_in_six_statements(conn: Connection, old: int) -> None:
    async with town.counted(conn) as sent:
        found = await opened(conn, old)
    assert len(sent) == 6, sent
    [meter] = found.meters
    assert (len(found.claims), len(found.payments), len(meter.readings)) == (120, 119, 121)


async def test_what_is_general(conn: Connection, old: int) -> None:  # row Q1
    found = await opened(conn, old)
    assert (found.number, found.kind, found.building) == ("0012345", "household", "SAD-4")
    assert (found.holder, found.address) == ("Анна Петровна", "ул. Садовая, д. 4")
    assert (found.opened_on, found.today, found.persons) == (date(2015, 10, 31), TODAY, 1)


async def test_past_holders(conn: Connection, old: int) -> None:  # row Q2
    other = await conn.fetchval(
        "insert into customers (kind, data_key) values ('household', $1) returning id",
        make.keyring().new_customer_key(),
    )
    await conn.execute(
        """insert into conditions (account_id, no, kind, subject, valid_from, value, source, document, author,
                                   recorded_at)
           values ($1, 900, 'holder', $1, '2020-05-01', to_jsonb($2::bigint), 'clerk', 'deed 5', 'petrova', $3)""",
        old,
        other,
        AT,
    )
    now, before = (await opened(conn, old)).holders
    assert (now.customer_id, now.name, now.days.start, now.days.end) == (other, None, date(2020, 5, 1), None)
    assert (now.document, now.author) == ("deed 5", "petrova")
    assert (before.name, before.days.start, ended(before.days)) == (
        "Анна Петровна", date(2015, 10, 31), date(2020, 4, 30),
    )  # fmt: skip


async def test_bills_and_how_they_are_paid(conn: Connection, old: int) -> None:  # row Q3
    last, before, *_ = (await opened(conn, old)).claims
    assert (last.month, last.amount, last.left, last.status) == (Month(2025, 10), 43160, 43160, Status.OVERDUE)
    assert (before.month, before.left, before.status) == (Month(2025, 9), 0, Status.PAID)


async def test_meters_with_their_readings(conn: Connection, old: int) -> None:  # row Q4
    [meter] = (await opened(conn, old)).meters
    assert (meter.stands, meter.multiplier, meter.meter.serial) == (True, MILLI, "4521")
    last, *_, first = meter.readings
    assert (last.day, last.shown, last.used) == (date(2025, 10, 31), ("15700",), 130 * MILLI)
    assert (first.day, first.shown, first.used) == (date(2015, 10, 31), ("00100",), None)


async def test_a_removed_meter_stands_behind(conn: Connection, old: int) -> None:  # row Q4
    await conn.execute("update meters set removed_on = '2025-11-01' where account_id = $1", old)
    found = await opened(conn, old)
    assert (len(found.working), len(found.gone)) == (0, 1)


async def test_the_debt_is_that_of_all_his_accounts(conn: Connection, old: int) -> None:  # row Q6, Q7
    found = await opened(conn, old)
    assert found.debt == await customers.debt_of(conn, "0012399", today=TODAY)
    assert [one.number for one in found.debt.accounts] == ["0012345", "0012399"]
    assert found.debt.overdue >= 43160
    assert set(found.account_ids) == {"0012345", "0012399"}


async def test_who_pays(conn: Connection, old: int) -> None:  # row Q8
    found = await opened(conn, old)
    assert found.payer is not None
    assert (found.payer.phone, found.payer.contract_on) == ("+79780000017", date(2025, 9, 1))
    assert [paper.number for paper in found.banks] == ["40817810570000123456"]


async def test_contract_and_tariff(conn: Connection, old: int) -> None:  # row Q9
    [point] = (await opened(conn, old)).points
    assert point.plan == "RU-FLAT"
    assert point.version is not None
    assert TODAY in point.version.valid


async def test_billing_history_of_three_years(conn: Connection, old: int) -> None:  # row Q10
    found = (await opened(conn, old)).months
    assert len(found) == 36
    assert (found[-1].month, found[-1].amount) == (Month(2025, 10), 43160)
    assert found[0].month == Month(2022, 11)


async def test_a_clerk_sees_last_digits(conn: Connection, old: int) -> None:  # R39
    found = await opened(conn, old, full=False)
    assert [link.phone for link in found.links] == ["+7 9** ***-**-17"]
    assert [paper.number for paper in found.documents] == ["••••••3456"]
    assert [paper.number for paper in found.banks] == ["•" * 16 + "3456"]
    seen = await opened(conn, old)
    assert [link.phone for link in seen.links] == ["+79780000017"]
    assert [paper.number for paper in seen.documents] == ["3916123456"]


async def test_of_who_is_erased_no_person_is_shown(conn: Connection, old: int) -> None:
    await conn.execute("update customers set data_key = null")
    found = await opened(conn, old)
    assert (found.holder, found.address, found.documents, found.banks) == (None, None, (), ())
    assert [link.phone for link in found.links] == [""]
    assert len(found.claims) == 120


async def test_no_account_no_dossier(conn: Connection, old: int) -> None:
    assert await actions.open_account(conn, 10**15, keyring=make.keyring(), at=AT, full=True) is None


async def test_facts_say_what_holds_and_what_they_rest_on(conn: Connection, old: int) -> None:
    for no, (start, value) in enumerate(((date(2024, 1, 1), "3"), (date(2025, 1, 1), "2")), 900):
        await conn.execute(
            """insert into conditions (account_id, no, kind, subject, valid_from, value, source, document, author,
                                       recorded_at)
               values ($1, $2, 'persons', $1, $3, $4::text::jsonb, 'clerk', '', 'petrova', $5)""",
            old,
            no,
            start,
            value,
            datetime(2025, 1, 2, tzinfo=UTC) + no * DAY,
        )
    new, before = (await opened(conn, old)).facts
    assert (new.fact.value, new.in_force, before.fact.value, before.in_force) == (2, True, 3, False)


async def test_devices_and_the_route_however_the_database_joins(conn: Connection, old: int) -> None:  # row Q4, Q5
    """A value that is a word is never read as the number of a holder, whatever the plan of the statement."""
    point = await conn.fetchval("select min(id) from points where account_id = $1", old)
    facts = [
        NewFact(old, Kind.DEVICE, Period(date(2025, 10, 1), None), "breaker C25", "office", "act 1", point, "QF-1"),
        NewFact(old, Kind.DEVICE, Period(date(2025, 11, 1), None), None, "office", "act 2", point, "QF-1"),
        NewFact(old, Kind.DEVICE, Period(date(2025, 11, 1), None), "breaker C32", "office", "act 2", point, "QF-2"),
        NewFact(old, Kind.ROUTE, Period(date(2025, 10, 1), None), "12", "office", "order 7"),
        NewFact(old, Kind.SEQUENCE, Period(date(2025, 10, 1), None), 34, "office", "order 7"),
    ]
    await recording.record_facts(conn, facts, by="igor", at=AT)
    for joins in ("nestloop", "hashjoin", "mergejoin"):
        others = {"nestloop", "hashjoin", "mergejoin"} - {joins}
        for one in (joins, *others):
            await conn.execute(f"set enable_{one} = {'on' if one == joins else 'off'}")
        found = await opened(conn, old)
        told = [(one.number, one.stands, one.document, one.author) for one in found.devices]
        assert told == [("QF-2", True, "act 2", "igor"), ("QF-1", False, "act 1", "igor")]
        assert found.route == RouteSeen("12", 34)
