"""The cabinet of many accounts: all points at a glance, readings in a file with an answer for each row (row G1)."""

import csv
import io
import secrets
from datetime import date

import aiohttp
import asyncpg
import pytest

from core.basics import tokens
from tests import make
from tests.channels.web.conftest import Browser, Cabinet
from tests.make import A, M

FIRM, OTHER = "+79780003300", "+79780003301"


@pytest.fixture
async def shops(company: asyncpg.Connection) -> None:
    """Three accounts of one phone, one of them with two zones, and another's."""
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    own = ((FIRM, "owner"),)
    await make.account(company, A("200008101", (M("8101"),), own, claims, language="en"))
    await make.account(company, A("200008102", (M("8102"),), own, claims, language="en"))
    night = M("8103", readings=("4325", "2100"), zones=("day", "night"), tariff="RU-DN", usual=("187", "80"))
    await make.account(company, A("200008103", (night,), own, language="en"))
    await make.account(company, A("0099999", (M("9999"),), ((OTHER, "owner"),), language="en"))


async def upload(cabinet: Cabinet, browser: Browser, file: bytes, *, key: str = "") -> tuple[int, str, str]:
    form = aiohttp.FormData(default_to_multipart=True)
    told = {"csrf": tokens.form_token(browser.token), "key": key or secrets.token_urlsafe(16)}
    for name, value in told.items():
        form.add_field(name, value)
    form.add_field("file", file, filename="readings.csv", content_type="text/csv")
    headers = {
        "Cookie": f"meterline={browser.token}", "Origin": cabinet.url, "Accept": "text/html", "Accept-Language": "en",
    }  # fmt: skip
    async with cabinet.session.post(f"{cabinet.url}/firm", data=form, headers=headers, allow_redirects=False) as got:
        return got.status, got.headers.get("Location", ""), await got.text()


async def rows(browser: Browser, page: str) -> list[dict[str, str]]:
    told = await browser.get(page.replace("/firm/result?", "/firm/result.csv?"))
    assert told.status == 200
    return list(csv.DictReader(io.StringIO(told.text.lstrip("\ufeff")), delimiter=";"))


@pytest.mark.usefixtures("shops")
async def test_all_points_are_told_in_few_statements(cabinet: Cabinet) -> None:
    browser = await cabinet.enter(FIRM)
    page = (await browser.get("/firm")).text
    for told in ("200008101", "200008102", "200008103", "8103", "RU-DN", "863.20"):
        assert told in page
    assert "0099999" not in page
    assert len(await cabinet.statements(browser, "/firm")) <= 5
    assert "/firm" in (await browser.get("/my")).text
    sample = (await browser.get("/firm/sample.csv")).text
    assert [line.split(";")[:3] for line in sample.lstrip("\ufeff").splitlines()[1:]] == [
        ["200008101", "8101", "total"], ["200008102", "8102", "total"], ["200008103", "8103", "day"],
        ["200008103", "8103", "night"],
    ]  # fmt: skip


@pytest.mark.usefixtures("shops")
async def test_each_row_of_a_file_gets_its_answer_once(cabinet: Cabinet, company: asyncpg.Connection) -> None:
    browser = await cabinet.enter(FIRM)
    file = (
        "account;meter;zone;date;reading\n200008101;8101;;;4512\n200008102;8102;;;4100\n200008103;8103;day;;4500\n"
        "200008103;8103;night;;2180\n0099999;9999;;;4512\n200008101;1;;;4512\n200008101;8101;;30.02.2025;1\n"
        "200008101;8101;;;много\n;8101;;;1\n200008101;8101\n=1+1;@cmd;;;4512\n"
    )
    key = secrets.token_urlsafe(16)
    status, to, _ = await upload(cabinet, browser, file.encode(), key=key)
    assert status == 303
    told = {int(one["line"]): one for one in await rows(browser, to)}
    assert set(told) == set(range(2, 13))
    assert [told[line]["taken"] for line in range(2, 13)] == ["yes", "no", "yes", "yes"] + ["no"] * 7
    assert "4512" in told[2]["answer"]
    assert told[4]["answer"] == told[5]["answer"]
    assert "not linked" in told[6]["answer"]
    assert "date" in told[8]["answer"]
    assert told[12]["account"] == "'=1+1"
    assert told[12]["meter"] == "'@cmd"
    page = await browser.get(to)
    assert "Rows taken: 3 of 11." in page.text
    assert await company.fetchval("select count(*) from readings where value in (4512, 4500, 2180)") == 3
    assert await upload(cabinet, browser, file.encode(), key=key) == (303, to, "303: See Other")
    assert await company.fetchval("select count(*) from readings where value in (4512, 4500, 2180)") == 3
    sealed = await company.fetchval("select body from web_sheets")
    assert b"200008101" not in sealed
    stranger = await cabinet.enter(OTHER)
    assert (await stranger.get(to)).status == 404
    assert (await stranger.get(to.replace("result", "result.csv"))).status == 404


@pytest.mark.usefixtures("shops")
@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "Choose a CSV file"),
        (b"\xff\xfe\x00\x01", "no table of readings"),
        (b"a;b;c\n1;2;3\n", "no table of readings"),
        (b"account;meter;reading\n", "no table of readings"),
        (b"account;meter;reading\n" + b"1;2;3\n" * 301, "too many rows"),
    ],
)
async def test_what_is_no_table_is_told(cabinet: Cabinet, file: bytes, said: str) -> None:
    status, _, page = await upload(cabinet, await cabinet.enter(FIRM), file)
    assert (status, said in page) == (422, True)


HEAD = b"account;meter;reading;date;zone\n"
HOSTILE = (
    HEAD + b'"200008101;8101;4512', HEAD + b"200008101;8101;" + b"9" * 60_000, HEAD + b"\0;\0;\0\n" * 50,
    HEAD + b"200008101;8101;4512;0001-01-01\n200008101;8101;4512;9999-12-31\n200008101;8101;4512;2099-12-31",
    b"account;meter;reading;account\n1;2;3;4\n", HEAD.replace(b"\n", b"\r") + b"200008101;8101;4512\r", HEAD * 9,
    HEAD + b"200008101;8101;999999999999.999999\n" * 3, HEAD + "200008101;8101;٤٥١٢\n".encode(),
    HEAD + b"200008103;8103;1;;day\n200008103;8103;2;;day\n200008103;8103;3;;x\n200008103;8103;4;;total\n",
    HEAD + b"=HYPERLINK(1);@x;+1;-1;|cmd\n", HEAD + b"\xff\xfe;;\n", HEAD.decode().encode("utf-16"),
    HEAD + b";" * 60_000, HEAD + b"\n" * 60_000, HEAD + b'"a""b";"c\nd";"1"\n' * 40,
)  # fmt: skip


@pytest.mark.usefixtures("shops")
async def test_a_hostile_file_gets_an_answer(cabinet: Cabinet, company: asyncpg.Connection) -> None:  # R3
    browser = await cabinet.enter(FIRM)
    for file in HOSTILE:
        status, to, page = await upload(cabinet, browser, file)
        assert (status == 303) or (status == 422 and 'role="alert"' in page), file[:80]
        if status == 303:
            assert all(one["taken"] == "no" and one["answer"] for one in await rows(browser, to)), file[:80]
    assert await company.fetchval("select count(*) from inbox where fate = 'quarantined'") == 0


@pytest.mark.usefixtures("shops")
async def test_a_file_that_is_too_large_is_refused(cabinet: Cabinet) -> None:
    assert (await upload(cabinet, await cabinet.enter(FIRM), b"x" * (64 * 1024 + 1)))[0] == 413
