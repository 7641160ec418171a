"""An account is found by each path of row Q0, and by a phone; what is found by is never stored as it is."""

from datetime import UTC, date, datetime

import pytest
from asyncpg import Connection

from core.basics.periods import DAY
from core.finding import actions, guessing, keying
from core.finding import sql as finding
from core.finding.model import MOST, Found, Way
from tests import make
from tests.core.importing import files

TODAY = date(2025, 11, 21)
PASSPORT = {"document_type": "паспорт", "document": "39 16 123456", "bank_account": "4081 7810 5700 0012 3456"}
ANNA = files.ANNA | PASSPORT | {"building": "SAD-4"}
PETR = files.METER | {
    "account": "0012346", "kind": "household", "name": "Пётр Ильич Образцов", "address": "ул. Садовая, д. 4, кв. 8",
    "meter": "4521", "brand": "CE-101", "phones": "+79780000018", "document_type": "passport", "document": "3917000001",
}  # fmt: skip


@pytest.fixture
async def town(conn: Connection) -> Connection:
    await files.tariffs(conn)
    report = await files.customers(conn, ANNA, PETR)
    assert not report.problems
    assert report.counts["documents"].new == 2
    assert report.counts["bank accounts"].new == 1
    return conn


async def find(conn: Connection, typed: str) -> dict[Way, Found]:
    found = await actions.find(conn, guessing.guess(typed), keyring=make.keyring(), today=TODAY)
    return {one.query.way: one for one in found if one.hits}


async def numbers(conn: Connection, typed: str, way: Way) -> list[str]:
    found = (await find(conn, typed)).get(way)
    return [] if found is None else [hit.number for hit in found.hits]


@pytest.mark.parametrize(
    ("typed", "way", "wanted"),
    [
        ("0012345", Way.ACCOUNT, ["0012345"]),
        ("2345", Way.ACCOUNT, ["0012345"]),
        ("4521", Way.METER, ["0012345", "0012346"]),
        ("Пример-1 4521", Way.METER, ["0012345"]),
        ("СЕ 101 № 4521", Way.METER, ["0012346"]),
        ("образцов петр", Way.NAME, ["0012346"]),
        ("Анна", Way.NAME, ["0012345"]),
        ("Анна Образцова", Way.NAME, []),
        ("паспорт 3916 123456", Way.DOCUMENT, ["0012345"]),
        ("3916123456", Way.DOCUMENT, ["0012345"]),
        ("инн 3916123456", Way.DOCUMENT, []),
        ("Садовая 4", Way.ADDRESS, ["0012345", "0012346"]),
        ("Садовая 4-8", Way.ADDRESS, ["0012346"]),
        ("SAD-4", Way.BUILDING, ["0012345"]),
        ("40817810570000123456", Way.BANK, ["0012345"]),
        ("8 978 000 00 17", Way.PHONE, ["0012345"]),
    ],
)
async def test_an_account_is_found_by_each_path(town: Connection, typed: str, way: Way, wanted: list[str]) -> None:
    assert sorted(await numbers(town, typed, way)) == wanted


async def test_an_account_is_found_by_a_point_and_its_number(town: Connection) -> None:
    point = await town.fetchval(
        "select p.id from points p join accounts a on a.id = p.account_id where a.number = '0012345'"
    )
    assert await numbers(town, f"{point} 0012345", Way.POINT) == ["0012345"]
    assert await numbers(town, f"0012345/{point}", Way.POINT) == ["0012345"]
    assert await numbers(town, f"{point} 0012346", Way.POINT) == []


async def test_what_is_found_says_whose_it_is(town: Connection) -> None:
    [hit] = (await find(town, "0012345"))[Way.ACCOUNT].hits
    assert (hit.holder, hit.address, hit.before) == ("Анна Петровна", "ул. Садовая, д. 4", False)


async def test_a_serial_alone_lists_the_brands(town: Connection) -> None:
    assert (await find(town, "4521"))[Way.METER].brands == ("CE-101", "Пример-1")
    assert (await find(town, "СЕ-101 4521"))[Way.METER].brands == ()


async def test_a_past_holder_is_found_and_told_as_such(town: Connection) -> None:
    anna, petr = await town.fetch("select id, customer_id from accounts order by number")
    await town.execute(
        """insert into conditions (account_id, no, kind, subject, valid_from, value, source, author, recorded_at)
           values ($1, 90, 'holder', $1, $2, to_jsonb($3::bigint), 'test', 'test', $4)""",
        anna["id"],
        TODAY - DAY,
        petr["customer_id"],
        datetime(2025, 11, 20, tzinfo=UTC),
    )
    [now, own] = sorted((await find(town, "Образцов"))[Way.NAME].hits, key=lambda hit: hit.number)
    assert (now.number, now.holder, now.before) == ("0012345", "Пётр Ильич Образцов", False)
    assert own.number == "0012346"
    [before] = (await find(town, "Анна"))[Way.NAME].hits
    assert (before.number, before.holder, before.before) == ("0012345", "Пётр Ильич Образцов", True)


async def test_an_ended_link_is_told_as_such(town: Connection) -> None:
    await town.execute(
        "update links set valid_to = now() where phone_hash = $1", make.keyring().phone_hash("+79780000017")
    )
    [hit] = (await find(town, "89780000017"))[Way.PHONE].hits
    assert hit.before


async def test_a_list_is_cut_and_goes_on(conn: Connection) -> None:
    await files.tariffs(conn)
    rows = [files.ANNA | {"account": f"{n:07}", "phones": "", "meter": f"{n}"} for n in range(MOST + 3)]
    await files.customers(conn, *rows)
    for typed, way in (("Анна Петровна", Way.NAME), ("Садовая 4", Way.ADDRESS)):
        queries = guessing.guess(typed, way)
        [first] = await actions.find(conn, queries, keyring=make.keyring(), today=TODAY)
        assert (len(first.hits), first.more is None) == (MOST, False)
        assert first.more is not None
        [rest] = await actions.find(conn, queries, keyring=make.keyring(), today=TODAY, after=first.more)
        assert (len(rest.hits), rest.more) == (3, None)
        assert len({hit.number for hit in (*first.hits, *rest.hits)}) == MOST + 3


async def test_nothing_that_is_found_by_is_stored_as_it_is(town: Connection) -> None:  # R40
    kept = await files.snapshot(town)
    for table in ("search_keys", "identity_documents", "bank_accounts"):
        kept[table] = [row[0] for row in await town.fetch(f"select t::text from {table} t")]
    text = "\n".join(line for lines in kept.values() for line in lines).casefold()
    for personal in ("анна", "образцов", "садовая", "3916123456", "40817810570000123456", "79780000017"):
        assert personal not in text
        assert personal.encode().hex() not in text


async def test_of_who_is_erased_nothing_is_found(town: Connection) -> None:
    customer = await town.fetchval("select customer_id from accounts where number = '0012345'")
    assert await town.fetchval("select count(*) from search_keys where customer_id = $1", customer) > 0
    await town.execute("update customers set data_key = null where id = $1", customer)
    assert await town.fetchval("select count(*) from search_keys where customer_id = $1", customer) == 0
    assert await numbers(town, "Анна", Way.NAME) == []
    [hit] = (await find(town, "0012345"))[Way.ACCOUNT].hits
    assert (hit.holder, hit.address) == (None, None)


async def test_the_same_file_again_adds_no_paper(town: Connection) -> None:
    report = await files.customers(town, ANNA, PETR | {"document": "39 17 000001"})
    assert report.rows.unchanged == 2
    assert await town.fetchval("select count(*) from identity_documents") == 2
    assert await town.fetchval("select count(*) from bank_accounts") == 1


async def test_a_new_document_is_added_to_who_is_known(town: Connection) -> None:
    report = await files.customers(town, ANNA | {"document": "4020 555555"})
    assert report.counts["documents"].new == 1
    for number in ("3916123456", "4020555555"):
        assert await numbers(town, number, Way.DOCUMENT) == ["0012345"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"document": "3916 123456", "document_type": ""}, "document_type"),
        ({"document": "", "document_type": "паспорт"}, "document"),
        ({"document": "3916 123456", "document_type": "справка"}, "document_type"),
        ({"document": "нет", "document_type": "паспорт"}, "document"),
        ({"bank_account": "4081"}, "bank_account"),
    ],
)
async def test_a_paper_that_cannot_be_is_told_and_not_shown(
    conn: Connection, cells: dict[str, str], column: str
) -> None:
    await files.tariffs(conn)
    report = await files.customers(conn, files.ANNA | cells)
    assert [problem.column for problem in report.problems] == [column]
    assert "3916" not in report.problems[0].value


async def test_keys_are_made_for_who_was_there_before_them(town: Connection) -> None:
    before = {tuple(row) for row in await town.fetch("select * from search_keys")}
    await town.execute("set local role none")
    await town.execute("delete from search_keys where account_id > 0 or customer_id > 0")
    await town.execute("set local role meterline_app")
    assert await keying.fill(town, make.keyring()) == 2
    after = {tuple(row) for row in await town.fetch("select * from search_keys")}
    papers = before - after
    assert after <= before
    assert len(papers) == 2 * 2 + 1, "numbers of documents and bank accounts are keyed when they are taken in"
    assert await keying.fill(town, make.keyring()) == 2
    assert await finding.known_keys(town, sorted(after)) == after
