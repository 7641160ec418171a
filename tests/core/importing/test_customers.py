"""Files of customers: what is stored of them, once, and what is not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from asyncpg import Connection

from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.importing import actions
from core.importing.model import Counts
from core.metering import sql as metering
from core.metering.model import Anchor, Source
from core.metering.sql import ReadingRow
from tests import make
from tests.core.importing import files
from tests.core.importing.files import ANNA, AT, METER, TODAY

ONE = Counts(new=1)


@pytest.fixture
async def stored(conn: Connection) -> Connection:
    """A connection to a database with tariffs and one account, Anna's."""
    await files.tariffs(conn)
    report = await files.customers(conn, ANNA)
    assert not report.problems
    return conn


async def value(conn: Connection, query: str, *args: object) -> object:
    return await conn.fetchval(query, *args)


async def meter_of(conn: Connection, number: str = "0012345") -> tuple[int, int]:
    row = await conn.fetchrow(
        "select a.id, m.id from accounts a join meters m on m.account_id = a.id where number = $1", number
    )
    assert row is not None
    return row[0], row[1]


async def read(conn: Connection, day: date, count: int, source: Source = Source.CUSTOMER) -> None:
    account, meter = await meter_of(conn)
    no = (await billing_sql.read_states(conn, [account]))[account].fact_no + 1
    await metering.add_readings(
        conn, [ReadingRow(account, no, meter, 1, day, count * 1000, source, None, None, (), AT)]
    )
    await billing.rebuild(conn, [account])


# R40
async def test_what_is_stored_of_a_customer(conn: Connection) -> None:
    await files.tariffs(conn)
    row = ANNA | {
        "building": "SAD-4", "language": "en", "persons": "3", "multiplier": "60", "capacity_kw": "7,5",
        "contract": "2025-09-01",
    }  # fmt: skip
    report = await files.customers(conn, row)
    assert report.counts == {
        "rows": ONE, "customers": ONE, "accounts": ONE, "meters": ONE, "readings": ONE, "phones": ONE
    }  # fmt: skip
    keys = make.keyring()
    customer = await conn.fetchrow("select * from customers")
    assert customer is not None
    sealer = keys.customer(customer["data_key"])
    assert customer["kind"] == "household"
    assert sealer.open(customer["name_sealed"], purpose=b"name").decode() == "Анна Петровна"
    account = await conn.fetchrow("select a.*, b.code from accounts a join buildings b on b.id = building_id")
    assert account is not None
    assert sealer.open(account["address_sealed"], purpose=b"address").decode() == "ул. Садовая, д. 4"
    assert (account["code"], account["timezone"], account["persons"]) == ("SAD-4", files.ZONE, 3)
    assert (account["currency"], account["opened_on"]) == ("RUB", date(2025, 10, 31))
    phone = await conn.fetchrow("select * from phones")
    assert phone is not None
    assert phone["hash"] == keys.phone_hash("+79780000017")
    assert sealer.open(phone["sealed"], purpose=b"phone") == b"+79780000017"
    assert (phone["language"], phone["customer_id"]) == ("en", customer["id"])
    link = await conn.fetchrow("select role, evidence, contract_on, valid_from, valid_to from links")
    assert link is not None
    assert tuple(link) == ("owner", "import", date(2025, 9, 1), AT, None)


async def test_what_is_stored_of_a_meter(stored: Connection) -> None:
    zoned = ANNA | {
        "account": "2", "tariff": "RU-DN", "registers": "день/ночь", "fraction": "1", "multiplier": "60",
        "capacity_kw": "7,5", "reading": "12045,3/6120,8",
    }  # fmt: skip
    assert not (await files.customers(stored, zoned)).problems
    account, _ = await meter_of(stored, "2")
    (meter,) = (await metering.meters(stored, [account]))[account]
    assert (meter.serial, meter.brand, meter.service, meter.tariff) == ("4521", "Пример-1", "electricity", "RU-DN")
    assert (meter.digits, meter.fraction, meter.multiplier, meter.capacity_kw) == (5, 1, 60000, 7500)
    assert (meter.zones, meter.installed.start) == (("day", "night"), date(2025, 10, 31))
    facts = await stored.fetch(
        "select no, register, day, value, source, recorded_at from readings where account_id = $1 order by register",
        account,
    )
    day = date(2025, 10, 31)
    assert [tuple(fact) for fact in facts] == [
        (1, 1, day, Decimal("12045.300"), Source.ACT, AT),
        (1, 2, day, Decimal("6120.800"), Source.ACT, AT),
    ]


async def test_the_state_is_the_one_that_the_facts_give(stored: Connection) -> None:
    account, meter = await meter_of(stored)
    state = (await billing_sql.read_states(stored, [account]))[account]
    assert state.registers[meter, 1].anchors == (Anchor(date(2025, 10, 31), 4325000, Source.ACT),)
    assert (state.fact_no, state.balance, state.billed_through) == (1, 0, None)
    assert await billing.rebuild(stored, [account]) == 0


async def test_an_account_without_facts_has_a_state(stored: Connection) -> None:
    await files.customers(stored, {"account": "9", "kind": "юр", "name": ""} | dict.fromkeys(METER, ""))
    assert (
        await value(
            stored, "select fact_no from account_states s join accounts a on a.id = account_id where number = '9'"
        )
        == 0
    )


async def test_the_same_file_again_changes_nothing(stored: Connection) -> None:
    rows = (
        ANNA,
        ANNA | {"meter": "4522", "reading": "1", "phones": "89780000018", "roles": "tenant"},
        ANNA | {"account": "A1", "name": "Пётр", "phones": "", "building": "B", "contract": ""},
        {"account": "A2", "kind": "юр", "name": "ООО", "contract": "2025-01-01", "phones": "89780000020;89780000017"},
    )
    first = await files.customers(stored, *rows)
    assert (first.rows, first.problems) == (Counts(new=3, unchanged=1), ())
    before = await files.snapshot(stored)
    second = await files.customers(stored, *rows)
    assert second.rows == Counts(unchanged=4)
    assert all(counts.new == counts.bad == 0 for counts in second.counts.values())
    assert await files.snapshot(stored) == before


async def test_spelling_is_no_difference(stored: Connection) -> None:
    before = await files.snapshot(stored)
    again = {"kind": "ФИЗ", "name": " анна   петровна", "phones": "8 (978) 000-00-17", "reading_date": "31.10.2025"}
    assert (await files.customers(stored, ANNA | again | {"reading": "4325.0", "multiplier": "1,000"})).rows == Counts(
        unchanged=1
    )
    assert await files.snapshot(stored) == before


async def test_meters_and_phones_are_added_to_a_known_account(stored: Connection) -> None:
    row = (
        {"account": "0012345", "kind": "", "name": "", "phones": "89780000018", "roles": "helper"}
        | METER
        | {"meter": "4522", "reading": "00100"}
    )
    report = await files.customers(stored, row)
    assert report.counts["meters"] == report.counts["readings"] == report.counts["phones"] == ONE
    account, _ = await meter_of(stored)
    state = (await billing_sql.read_states(stored, [account]))[account]
    assert (state.fact_no, len(state.registers)) == (2, 2)
    assert (
        await stored.fetchval("select role from links where phone_hash = $1", make.keyring().phone_hash("+79780000018"))
        == "helper"
    )


async def test_a_later_reading_is_added(stored: Connection) -> None:
    report = await files.customers(stored, ANNA | {"reading": "04512", "reading_date": "2025-11-20"})
    assert report.counts["readings"] == ONE
    account, meter = await meter_of(stored)
    state = (await billing_sql.read_states(stored, [account]))[account]
    assert [anchor.value for anchor in state.registers[meter, 1].anchors] == [4325000, 4512000]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"kind": "organisation"}, "kind", "not what is known of the account"),
        ({"name": "Борис"}, "name", "not what is known of the account"),
        ({"address": "ул. Другая"}, "address", "not what is known of the account"),
        ({"building": "X"}, "building", "not what is known of the account"),
        ({"timezone": "Europe/Moscow"}, "timezone", "not what is known of the account"),
        ({"persons": "5"}, "persons", "not what is known of the account"),
        (
            {"registers": "day/night", "reading": "1/2", "tariff": "RU-DN"},
            "tariff",
            "not what is known of the meter 4521",
        ),
        ({"service": "gas"}, "service", "not what is known of the meter 4521"),
        ({"brand": "Другая"}, "brand", "not what is known of the meter 4521"),
        ({"digits": "6"}, "digits", "not what is known of the meter 4521"),
        ({"fraction": "1"}, "fraction", "not what is known of the meter 4521"),
        ({"multiplier": "2"}, "multiplier", "not what is known of the meter 4521"),
        ({"capacity_kw": "15"}, "capacity_kw", "not what is known of the meter 4521"),
        ({"reading": "04324", "reading_date": "2025-11-01"}, "reading", "lower than 4325 of 2025-10-31"),
        ({"reading": "04326"}, "reading", "the count of 2025-10-31 is 4325"),
        ({"reading": "04000", "reading_date": "2025-09-30"}, "reading", "the meter is known from 2025-10-31 on"),
        ({"roles": "payer"}, "roles", "the phone …17 has another role"),
    ],
)
async def test_what_contradicts_is_told_and_not_applied(
    stored: Connection, changes: dict[str, str], column: str, reason: str
) -> None:
    before = await files.snapshot(stored)
    report = await files.customers(stored, ANNA | changes)
    assert report.rows == Counts(bad=1)
    assert (2, column, reason) in files.told(report)
    assert await files.snapshot(stored) == before


async def test_a_row_of_another_customer_gets_no_phone(stored: Connection) -> None:
    """A wrong account number must not tie a stranger's phone to the account."""
    await files.customers(stored, ANNA | {"name": "Борис", "phones": "89780000099", "meter": "77"})
    assert await value(stored, "select count(*) from links") == 1
    assert await value(stored, "select count(*) from meters") == 1


async def test_readings_that_customers_sent_are_respected(stored: Connection) -> None:
    await read(stored, date(2025, 11, 20), 4512)
    later = {"reading": "04500", "reading_date": "2025-11-21"}
    earlier = {"reading": "04600", "reading_date": "2025-11-10"}
    report = await files.customers(stored, ANNA | later, ANNA | earlier, ANNA)
    assert files.told(report) == [
        (2, "reading", "lower than 4512 of 2025-11-20"),
        (3, "reading", "higher than 4512 of 2025-11-20"),
    ]
    assert report.rows == Counts(unchanged=1, bad=2)


async def test_an_inspector_outranks_and_the_file_stays_known(stored: Connection) -> None:
    await read(stored, date(2025, 10, 31), 4300, Source.CONTROL)
    assert (await files.customers(stored, ANNA)).rows == Counts(unchanged=1)
    report = await files.customers(stored, ANNA | {"reading": "04310"})
    assert files.told(report) == [(2, "reading", "the count of 2025-10-31 is 4300")]


async def test_an_act_outranks_a_customer_on_the_same_day(stored: Connection) -> None:
    await read(stored, date(2025, 11, 20), 4512)
    report = await files.customers(stored, ANNA | {"reading": "04510", "reading_date": "2025-11-20"})
    assert report.counts["readings"] == ONE
    account, meter = await meter_of(stored)
    state = (await billing_sql.read_states(stored, [account]))[account]
    assert state.registers[meter, 1].anchors[-1] == Anchor(date(2025, 11, 20), 4510000, Source.ACT)


async def test_a_removed_meter_is_read_no_more(stored: Connection) -> None:
    await stored.execute("update meters set removed_on = '2025-11-10'")
    report = await files.customers(stored, ANNA | {"reading": "05000", "reading_date": "2025-11-15"})
    assert files.told(report) == [(2, "reading", "the meter was removed before 2025-11-10")]


async def test_a_first_reading_may_come_later(stored: Connection) -> None:
    """A meter that came without a reading begins with the first one, which may be of an earlier day."""
    row = ANNA | {"account": "3", "reading": "", "reading_date": ""}
    await files.customers(stored, row)
    account, _ = await meter_of(stored, "3")
    assert await value(stored, "select installed_on from meters where account_id = $1", account) == TODAY
    report = await files.customers(stored, row | {"reading": "00010", "reading_date": "2025-10-31"})
    assert report.counts["readings"] == ONE
    for column, name in (("installed_on", "meters"), ("opened_on", "accounts")):
        where = "account_id" if name == "meters" else "id"
        assert await value(stored, f"select {column} from {name} where {where} = $1", account) == date(2025, 10, 31)


async def test_readings_of_a_new_meter_in_any_order(stored: Connection) -> None:
    days = (("300", "2025-10-31"), ("100", "2025-08-31"), ("200", "2025-09-30"), ("150", "2025-10-15"))
    rows = [ANNA | {"account": "5", "reading": count, "reading_date": day} for count, day in days]
    report = await files.customers(stored, *rows)
    assert files.told(report) == [(5, "reading", "lower than 200 of 2025-09-30")]
    account, _ = await meter_of(stored, "5")
    assert await value(stored, "select count(*) from readings where account_id = $1", account) == 3
    assert await value(stored, "select installed_on from meters where account_id = $1", account) == date(2025, 8, 31)
    assert await billing.rebuild(stored, [account]) == 0


async def test_a_contract_is_added_once(stored: Connection) -> None:
    report = await files.customers(stored, ANNA | {"contract": "2025-11-01"})
    assert report.counts["contracts"] == ONE
    assert await value(stored, "select contract_on from links") == date(2025, 11, 1)
    assert (await files.customers(stored, ANNA)).rows == Counts(unchanged=1)
    other = await files.customers(stored, ANNA | {"contract": "2025-11-02"})
    assert files.told(other) == [(2, "contract", "the phone …17 has a contract of another date")]


async def test_a_link_that_was_ended_stays_ended(stored: Connection) -> None:
    await stored.execute("update links set valid_to = $1", AT + timedelta(hours=1))
    before = await files.snapshot(stored)
    report = await files.customers(stored, ANNA)
    assert files.told(report) == [(2, "phones", "the phone was linked to the account and is no longer")]
    assert await files.snapshot(stored) == before


async def test_an_erased_customer_stays_erased(stored: Connection) -> None:
    await stored.execute("update customers set data_key = null, name_sealed = null")
    report = await files.customers(stored, ANNA | {"phones": "89780000099"})
    assert files.told(report) == [(2, "account", "the customer's data were erased")]
    assert await value(stored, "select count(*) from phones") == 1


async def test_accounts_of_one_owner_are_one_customer(stored: Connection) -> None:
    """The same name and the same first owner's phone, in one file or in several, whatever the chunks."""
    rows = [
        ANNA | {"account": "11"},
        ANNA | {"account": "12", "name": "Борис"},
        ANNA | {"account": "13", "phones": "89780000099"},
        ANNA | {"account": "14", "kind": "organisation"},
        ANNA | {"account": "15", "roles": "payer"},
        ANNA | {"account": "16", "name": ""},
        ANNA | {"account": "17", "phones": "89780000017;89780000018", "roles": "tenant;owner"},
        ANNA | {"account": "18", "name": "Борис"},
    ]
    assert not (await files.customers(stored, *rows, chunk=3)).problems
    found = await stored.fetch("select array_agg(number order by number) from accounts group by customer_id order by 1")
    assert [row[0] for row in found] == [["0012345", "11"], ["12", "18"], ["13"], ["14"], ["15"], ["16"], ["17"]]


async def test_a_phone_is_kept_by_its_first_owner(conn: Connection) -> None:
    await files.tariffs(conn)
    await files.customers(
        conn,
        ANNA | {"account": "1", "name": "A", "phones": "89780000001", "roles": "helper"},
        ANNA | {"account": "2", "name": "B", "phones": "89780000001"},
        ANNA | {"account": "3", "name": "C", "phones": "89780000002", "roles": "payer"},
        ANNA | {"account": "4", "name": "D", "phones": "89780000002", "roles": "helper"},
    )
    found = await conn.fetch(
        """select a.number, p.sealed, c.data_key
             from phones p join customers c on c.id = p.customer_id join accounts a on a.customer_id = c.id
            order by 1"""
    )
    opened = [(row[0], make.keyring().customer(row[2]).open(row[1], purpose=b"phone").decode()) for row in found]
    assert opened == [("2", "+79780000001"), ("3", "+79780000002")]


async def test_good_rows_go_in_beside_bad_ones(stored: Connection) -> None:
    report = await files.customers(
        stored,
        ANNA | {"account": "21", "digits": "x"},
        ANNA | {"account": "22"},
        ANNA | {"account": "23", "kind": ""},
        ANNA | {"account": "22", "meter": "4523", "phones": "12", "reading": "99999999"},
        ANNA | {"account": "22", "meter": "4524"},
    )
    assert report.rows == Counts(new=2, bad=3)
    assert [(line, column) for line, column, _ in files.told(report)] == [
        (2, "digits"), (4, "kind"), (5, "reading"), (5, "phones")
    ]  # fmt: skip
    query = "select count(*) from meters m join accounts a on a.id = account_id where number like '2%'"
    assert await value(stored, query) == 2


async def test_a_file_in_any_chunks_stores_the_same(conn: Connection) -> None:
    rows = [
        ANNA | {
            "account": str(number // 2), "name": f"N{number // 6}", "meter": str(number),
            "phones": f"8978000{number // 3:04d}",
        }
        for number in range(40)
    ]  # fmt: skip
    query = """
        select a.number, m.serial, m.installed_on, r.no, r.day, r.value, s.fact_no,
               (select min(number) from accounts o where o.customer_id = a.customer_id),
               array(select l.role || encode(l.phone_hash, 'hex') from links l where l.account_id = a.id order by 1)
          from accounts a join meters m on m.account_id = a.id join readings r on r.meter_id = m.id
          join account_states s on s.account_id = a.id order by 1, 2"""
    found: list[list[tuple[object, ...]]] = []
    for chunk in (1, 7, 5000):
        transaction = conn.transaction()
        await transaction.start()
        await files.tariffs(conn)
        report = await files.customers(conn, *rows, chunk=chunk)
        assert report.rows == Counts(new=40)
        found.append([tuple(row) for row in await conn.fetch(query)])
        await transaction.rollback()
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 40


async def test_separators_and_quotes(stored: Connection) -> None:
    rows = [ANNA | {"account": "31", "phones": "89780000031|89780000032", "capacity_kw": "7,5", "name": '=ООО "А; Б"'}]
    stream = files.table(*rows, separator=";")
    keys = make.keyring()
    report = await actions.import_customers(stored, stream, keyring=keys, zone=files.ZONE, today=TODAY, at=AT)
    assert not report.problems
    sealed = await stored.fetchrow(
        "select data_key, name_sealed from customers c join accounts a on a.customer_id = c.id where number = '31'"
    )
    assert sealed is not None
    assert keys.customer(sealed[0]).open(sealed[1], purpose=b"name").decode() == '=ООО "А; Б"'
