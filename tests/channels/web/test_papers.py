"""The pages of what is on record: book, days, bills, why, and the check of a protocol for everybody."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import aiohttp
import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import company as companies
from core.checking import checker
from tests import make
from tests.channels.web.conftest import Browser, Cabinet
from tests.core.basics.test_payee import GOOD
from tests.make import A, M

OWNER, HELPER, OTHER = "+79780001705", "+79780001706", "+79780001707"
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "protocol.json"


@pytest.fixture
async def account(company: asyncpg.Connection) -> int:
    """An account with a bill of ours, and another's."""
    made = A(
        "0012345", (M("S1", day=date(2025, 9, 30)),), ((OWNER, "owner"), (HELPER, "helper")),
        (("2025-09", "0.00", date(2025, 10, 10)),),
    )  # fmt: skip
    account = await make.account(company, made)
    other = A(
        "0099999", (M("S2", day=date(2025, 9, 30)),), ((OTHER, "owner"),), (("2025-09", "9.99", date(2025, 10, 10)),)
    )
    await make.account(company, other)
    await companies.tell_payee(company, GOOD)
    at = datetime(2025, 11, 3, 9, tzinfo=UTC)
    await billing.close_month(company, Month(2025, 10), issued_on=at.date(), due_on=date(2025, 11, 10), at=at)
    return account


async def place(browser: Browser) -> str:
    """The address of the only account of who is logged in."""
    went = await browser.get("/my")
    assert went.status == 303
    return went.to


async def bill_no(conn: asyncpg.Connection, account: int) -> int:
    no: int = await conn.fetchval("select no from claims where account_id = $1 and kind = 'bill'", account)
    return no


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ")


PAGES = ("book", "use", "bills", "why", "bills/{no}")
MORE = (
    "book/money.svg", "use/days.svg", "bills/{no}/pdf", "bills/{no}/code.svg", "why/protocol.json", "why/lines/1",
)  # fmt: skip


async def test_every_page_is_told_in_both_languages_in_few_statements(
    cabinet: Cabinet, account: int, company: asyncpg.Connection
) -> None:
    no = await bill_no(company, account)
    for language in ("en", "ru"):
        browser = await cabinet.enter(OWNER, language=language)
        where = await place(browser)
        for page in PAGES:
            path = f"{where}/{page.format(no=no)}"
            shown = await browser.get(path)
            assert shown.status == 200, path
            assert ("₽" in shown.text) or page == "use"
            assert len(await cabinet.statements(browser, path)) <= 5, path


async def test_what_is_anothers_or_nobodys_is_not_found(
    cabinet: Cabinet, account: int, company: asyncpg.Connection
) -> None:  # R36
    no = await bill_no(company, account)
    other = await place(await cabinet.enter(OTHER))
    browser = await cabinet.enter(OWNER)
    where = await place(browser)
    parts = (
        *PAGES,
        "book/money.svg",
        "use/days.svg",
        "bills/{no}/pdf",
        "bills/{no}/code.svg",
        "why/protocol.json",
        "why/lines/1",
    )
    for part in parts:
        path = part.format(no=no)
        assert await raw(cabinet, browser, f"{where}/{path}"), path
        assert (await browser.get(f"{other}/{path}")).status == 404, path
        went = await cabinet.stranger().get(f"{where}/{path}")
        assert (went.status, went.to.startswith("/login")) == (303, True), path
    for path in ("bills/999", "bills/x", "bills/999/pdf", "bills/-1", "why/lines/999", "why/lines/0", "why/lines/x"):
        assert (await browser.get(f"{where}/{path}")).status == 404, path


async def test_a_helper_does_not_see_sums(cabinet: Cabinet, account: int, company: asyncpg.Connection) -> None:
    browser = await cabinet.enter(HELPER)
    where = await place(browser)
    for page in PAGES:
        assert (await browser.get(f"{where}/{page.format(no=await bill_no(company, account))}")).status == 403, page


async def test_a_bill_is_the_same_bytes_at_every_print(
    cabinet: Cabinet, account: int, company: asyncpg.Connection
) -> None:  # row Q3
    browser = await cabinet.enter(OWNER, language="ru")
    where = f"{await place(browser)}/bills/{await bill_no(company, account)}"
    amount = await company.fetchval("select amount from claims where account_id = $1 and kind = 'bill'", account)
    page = await browser.get(where)
    told = f"{amount // 100},{amount % 100:02}"
    assert told in plain(page.text)
    first, again = await raw(cabinet, browser, f"{where}/pdf"), await raw(cabinet, browser, f"{where}/pdf")
    assert first.startswith(b"%PDF")
    assert first == again
    await company.execute("update company set name = 'Другая'")
    assert await raw(cabinet, browser, f"{where}/pdf") == first
    assert (await browser.get(where)).text.count("Другая") == 0
    code = await browser.get(f"{where}/code.svg")
    assert ElementTree.fromstring(code.text).tag.endswith("svg")


async def raw(cabinet: Cabinet, browser: Browser, path: str) -> bytes:
    headers = {"Cookie": f"meterline={browser.token}", "Accept-Language": browser.language}
    async with cabinet.session.get(cabinet.url + path, headers=headers) as got:
        assert got.status == 200
        return await got.read()


async def test_charts_are_pictures_with_names(cabinet: Cabinet, account: int) -> None:
    browser = await cabinet.enter(OWNER)
    where = await place(browser)
    for path in ("book/money.svg", "use/days.svg"):
        for width in ("narrow", "wide"):
            shown = await browser.get(f"{where}/{path}?w={width}")
            assert shown.headers["Content-Type"].startswith("image/svg+xml")
            root = ElementTree.fromstring(shown.text)
            assert root.get("width") == {"narrow": "360", "wide": "760"}[width]
            assert root.findtext("{http://www.w3.org/2000/svg}title")


@pytest.mark.parametrize(
    "asked", ["since=2025-01", "since=9999-12", "since=x", "since=0001-01", "service=<b>", "w=%00"]
)
async def test_odd_wishes_are_met(cabinet: Cabinet, account: int, asked: str) -> None:
    browser = await cabinet.enter(OWNER)
    where = await place(browser)
    assert (await browser.get(f"{where}/use?{asked}")).status == 200
    assert (await browser.get(f"{where}/use/days.svg?{asked}")).status == 200


async def test_the_protocol_that_is_downloaded_holds(cabinet: Cabinet, account: int) -> None:  # row G7
    browser = await cabinet.enter(OWNER)
    where = await place(browser)
    whole = json.loads((await browser.get(f"{where}/why/protocol.json")).text)
    assert checker.check(whole).holds
    assert whole["account"] == "0012345"
    one = json.loads((await browser.get(f"{where}/why/lines/2")).text)
    assert one["line"] == whole["lines"][1]
    assert one["facts"].items() <= whole["facts"].items()
    assert set(one["line"]["steps"][0]["inputs"]) <= set(one["facts"])


async def check(cabinet: Cabinet, file: bytes, *, language: str = "en") -> tuple[int, str]:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("file", file, filename="protocol.json", content_type="application/json")
    headers = {"Accept": "text/html", "Accept-Language": language}
    async with cabinet.session.post(f"{cabinet.url}/check", data=form, headers=headers) as got:
        return got.status, await got.text()


async def test_everybody_may_check_a_protocol(cabinet: Cabinet) -> None:
    assert (await cabinet.stranger().get("/check")).status == 200
    status, page = await check(cabinet, EXAMPLE.read_bytes())
    assert (status, "the protocol holds" in page) == (200, True)
    told = json.loads(EXAMPLE.read_bytes())
    next(one for one in told["facts"].values() if one.get("value") == "4325")["value"] = "4326"
    status, page = await check(cabinet, json.dumps(told).encode())
    assert status == 200
    assert "does NOT hold" in page
    assert "the count is 4325, computed from the readings 4326" in page
    _, page = await check(cabinet, json.dumps(told).encode(), language="ru")
    assert "протокол НЕ сходится" in page


@pytest.mark.parametrize(
    ("file", "status", "said"),
    [
        (b"", 422, "Choose the file"),
        (b"  \n", 422, "Choose the file"),
        (b"not json", 422, "no JSON"),
        (b"[" * 100_000, 422, "no JSON"),
        (b"\xff\xfe\x00", 422, "no JSON"),
        (b"9" * 5000, 422, "no JSON"),
        (b"{}", 200, "does NOT hold"),
        (b"[1, 2]", 200, "does NOT hold"),
        (b'{"lines": [null, 7, {"kind": "<script>"}], "account": "<b>", "day": 1e999}', 200, "does NOT hold"),
        (b"x" * (1024 * 1024 + 1), 413, "more than 1 MB"),
    ],
)
async def test_what_is_no_protocol_gets_an_answer(cabinet: Cabinet, file: bytes, status: int, said: str) -> None:
    got, page = await check(cabinet, file)
    assert (got, said in page) == (status, True)
    assert "<script>" not in page.replace('<script src="', "")


async def test_a_protocol_that_takes_too_long_stops_only_itself(cabinet: Cabinet) -> None:
    told = json.loads(EXAMPLE.read_bytes())
    line = next(one for one in told["lines"] if one["kind"] == "bill")
    line["steps"] = [dict(line["steps"][0], value=f"{'9' * 40}/{'7' * 41}") for _ in range(4000)]
    status, page = await check(cabinet, json.dumps(told).encode()[: 1024 * 1024])
    assert status in (200, 422)
    assert "NOT hold" in page or "stopped" in page or "no JSON" in page
