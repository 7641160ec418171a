"""An employee finds a customer by each path, and opens the account with all its views."""

import re

import asyncpg
import pytest

from core.employees.model import Role
from core.finding.model import MOST
from core.store.pool import acquire
from tests import make
from tests.core.dossier import town
from tests.core.importing import files
from tests.staff.conftest import Browser, Office

LAST = "select 'the last one'"
HOSTILE = "<script>alert(1)</script>{{7*7}}=1+1"


@pytest.fixture
async def old(owner: asyncpg.Connection) -> int:
    return await town.old(owner)


async def opened(office: Office, account: int, *roles: Role, language: str = "en") -> Browser:
    """Somebody who has said why he looks at the account."""
    browser = await office.enter("petrova", *(roles or (Role.CLERK,)), language=language)
    told = await browser.post("/why", account=str(account), back=f"/accounts/{account}", reason="call")
    assert told.to == f"/accounts/{account}"
    return browser


@pytest.mark.parametrize(
    "typed",
    [
        "0012345", "2345", "4521", "Пример-1 4521", "анна петровна", "паспорт 3916 123456", "3916123456", "Садовая 4",
        "SAD-4", "40817810570000123456", "8 978 000-00-17", "{point} 0012345",
    ],
)  # fmt: skip
async def test_an_account_is_found_by_each_path(
    office: Office, old: int, owner: asyncpg.Connection, typed: str
) -> None:  # row Q0
    browser = await office.enter("petrova", Role.CLERK)
    point = await owner.fetchval("select id from points where account_id = $1", old)
    told = await browser.post("/search", typed=typed.format(point=point))
    assert told.status == 200
    assert f'href="/accounts/{old}"' in told.text
    assert "Анна Петровна" in told.text


async def test_what_is_typed_gets_into_no_address_and_no_look(
    office: Office, old: int, owner: asyncpg.Connection
) -> None:  # T15
    browser = await office.enter("petrova", Role.CLERK)
    told = await browser.post("/search", typed="Анна Петровна")
    assert not re.search(r'(?:href|action)="[^"]*(?:%D0|Анна)', told.text)
    [(what, reason)] = await owner.fetch("select what, reason from looks")
    assert (what, reason) == ("/search: name, address", "list")


async def test_more_than_are_shown_are_told_and_shown_next(office: Office, owner: asyncpg.Connection) -> None:
    await files.tariffs(owner)
    rows = [files.ANNA | {"account": f"{n:07}", "phones": "", "meter": f"{n}"} for n in range(MOST + 1)]
    await files.customers(owner, *rows)
    browser = await office.enter("petrova", Role.CLERK)
    first = await browser.post("/search", typed="Анна", by="name")
    assert f"more than {MOST}" in first.text
    found = re.search(r'name="after" value="([0-9.]+)"', first.text)
    assert found is not None
    rest = await browser.post("/search", typed="Анна", by="name", after=found[1])
    assert "1 account" in rest.text


async def test_nothing_found_says_where_it_was_looked_for(office: Office, old: int) -> None:
    browser = await office.enter("petrova", Role.CLERK)
    told = await browser.post("/search", typed="Неизвестный")
    assert "Nothing was found" in told.text
    assert "name, address" in told.text
    assert (await browser.post("/search", typed="?")).status == 422
    assert (await browser.post("/search", typed="")).status == 422


async def test_an_account_opens_once_one_has_said_why(office: Office, old: int, owner: asyncpg.Connection) -> None:
    # R39
    browser = await office.enter("petrova", Role.CLERK)
    told = await browser.get(f"/accounts/{old}")
    assert told.to.startswith("/why?account=")
    assert "Анна" not in told.text
    browser = await opened(office, old)
    assert (await browser.get(f"/accounts/{old}")).status == 200
    assert [row[0] for row in await owner.fetch("select what from looks order by no")] == ["/why", "/accounts"]


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_all_views_stand_on_the_page(office: Office, old: int, language: str) -> None:
    browser = await opened(office, old, language=language)
    text = (await browser.get(f"/accounts/{old}")).text
    for view in (
        "general", "debt", "meters", "bills", "history", "payments", "contract", "payer", "holders", "property",
        "requests",
    ):  # fmt: skip
        assert f'id="{view}"' in text
    for said in ("0012345", "4521", "15700", "RU-FLAT", "SAD-4", "0012399"):
        assert said in text
    assert "style=" not in text
    assert text.count("<svg") == 2


async def test_the_page_of_ten_years_takes_twelve_statements(office: Office, old: int) -> None:
    """Who asks and that he is seen, why, the look and the one before it, and six for the account."""
    browser = await opened(office, old)
    sent: list[str] = []

    def note(done: object) -> None:
        sent.append(str(getattr(done, "query", "")).strip())

    held = [await office.pool.acquire() for _ in range(office.pool.get_max_size())]
    for conn in held:
        conn.add_query_logger(note)
        await office.pool.release(conn)
    await browser.get(f"/accounts/{old}")  # what the driver asks once of a new connection
    office.time.forward(minutes=1)
    await told_of(office)
    sent.clear()
    assert (await browser.get(f"/accounts/{old}")).status == 200
    await told_of(office)
    asked = [one for one in sent if re.match(r"(select|insert|update|with)\b", one) and one != LAST]
    assert len(asked) == 12, asked


async def told_of(office: Office) -> None:
    """A logger is told of a statement when the next one is sent."""
    async with acquire(office.pool) as conn:
        await conn.execute(LAST)


async def test_a_clerk_sees_last_digits_and_a_controller_all(office: Office, old: int) -> None:  # R39
    clerk = await opened(office, old)
    text = (await clerk.get(f"/accounts/{old}")).text
    assert "+7 9** ***-**-17" in text
    for whole in ("+79780000017", "3916123456", "40817810570000123456"):
        assert whole not in text
    other = await office.enter("ivanov", Role.CONTROLLER)
    await other.post("/why", account=str(old), back="/", reason="check")
    text = (await other.get(f"/accounts/{old}")).text
    for whole in ("+79780000017", "3916123456", "40817810570000123456"):
        assert whole in text


async def test_the_timeline_is_paged_and_narrowed(office: Office, old: int) -> None:  # row K8
    browser = await opened(office, old)
    first = await browser.get(f"/accounts/{old}/timeline?kind=reading")
    assert first.text.count('class="event reading"') == 50
    found = re.search(r"before=([^\"]+)\"", first.text)
    assert found is not None
    second = await browser.get(f"/accounts/{old}/timeline?kind=reading&before={found[1]}")
    assert second.text.count('class="event reading"') == 50
    assert (await browser.get(f"/accounts/{old}/timeline?kind=odd&before=odd")).status == 200


async def test_a_bill_is_the_same_bytes_each_time(office: Office, old: int) -> None:  # row Q3
    browser = await opened(office, old)
    first = await browser.get(f"/accounts/{old}/bills/121/text")
    assert first.headers["Content-Type"].startswith("text/plain")
    async with acquire(office.pool) as conn:
        await conn.execute("update company set name = 'Другая'")
    again = await browser.get(f"/accounts/{old}/bills/121/text")
    assert (first.text, "Энергосбыт" in again.text) == (again.text, True)
    printed = [await browser.get(f"/accounts/{old}/bills/121/pdf") for _ in range(2)]
    assert [one.headers["Content-Type"] for one in printed] == ["application/pdf"] * 2
    assert printed[0].text == printed[1].text
    assert first.text.splitlines()[0] in (await browser.get(f"/accounts/{old}/bills/121")).text
    for odd in ("9999", "x", "1" * 30):
        assert (await browser.get(f"/accounts/{old}/bills/{odd}")).status == 404
        assert (await browser.get(f"/accounts/{old}/bills/{odd}/pdf")).status == 404
        assert (await browser.get(f"/accounts/{old}/photos/{odd}")).status == 404


async def test_a_reading_is_taken_by_telephone(office: Office, old: int, owner: asyncpg.Connection) -> None:  # row Q1
    browser = await opened(office, old)
    meter = await owner.fetchval("select id from meters where account_id = $1", old)
    field = f"r_{meter}_1"
    told = await browser.post(f"/accounts/{old}/readings", **{field: "15600"})
    assert told.status == 422
    assert "Not taken" in told.text
    assert "Tell the customer" in told.text
    told = await browser.post(f"/accounts/{old}/readings", **{field: "15790"})
    assert told.status == 200
    assert "Taken." in told.text
    assert "15790" in told.text
    row = await owner.fetchrow("select author, flags from readings where value = 15790")
    assert tuple(row or ()) == ("petrova", ["phone"])
    for wrong in ({}, {field: "x"}, {field: "15800", "on": "32.13.2025"}):
        assert (await browser.post(f"/accounts/{old}/readings", **wrong)).status == 422


async def test_only_some_take_readings(office: Office, old: int) -> None:
    auditor = await opened(office, old, Role.AUDITOR)
    assert "/readings" not in (await auditor.get(f"/accounts/{old}")).text
    assert (await auditor.post(f"/accounts/{old}/readings", r_1_1="1")).status == 403


async def test_hostile_words_stay_words(office: Office, owner: asyncpg.Connection) -> None:  # T11, T12
    await make.company(owner)
    report = await files.customers(owner, town.ANNA | {"name": HOSTILE, "address": HOSTILE, "building": HOSTILE})
    assert not report.problems
    account = await owner.fetchval("select id from accounts")
    browser = await opened(office, account)
    for page in (f"/accounts/{account}", f"/accounts/{account}/timeline"):
        text = (await browser.get(page)).text
        assert "<script>alert" not in text
        assert "{{7*7}}" in text
    told = await browser.post("/search", typed=HOSTILE)
    assert "<script>alert" not in told.text
    assert "{{7*7}}" in told.text


async def test_there_is_no_account_without_one(office: Office, old: int) -> None:
    browser = await office.enter("petrova", Role.CLERK)
    for odd in ("x", "1" * 30, "0x1"):
        assert (await browser.get(f"/accounts/{odd}")).status == 404
