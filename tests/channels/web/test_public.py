"""Pages for everybody: tariffs, help, a guest's reading that learns nothing (T8)."""

import asyncio
import json
import re
from datetime import date

import asyncpg
import pytest

from channels.web import helping, login, site
from core.wording.segments import fits
from tests import make, offices
from tests.channels.web.conftest import Cabinet, told
from tests.flows.conftest import NOON
from tests.make import A, M

HERO = "+79780001705"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
RIGHT = {"number": "100004321", "serial": "0098765", "digits": "04512"}


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    made = A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER, language="en")
    return await make.account(company, made)


async def test_a_guest_learns_nothing_and_the_owner_is_asked(cabinet: Cabinet, hero: int) -> None:  # T8
    pages = []
    for fields in (RIGHT, RIGHT | {"serial": "0011111"}, RIGHT | {"number": "100009999"}):
        page = await cabinet.stranger().door("/reading", key="k" * 20, **fields)
        pages.append((page.status, re.sub(r'value="[0-9a-f]{64}"', "", page.text)))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 200
    assert "431" not in pages[0][1]
    assert "04325" not in pages[0][1]
    (asked,) = await cabinet.street.answers(HERO)
    assert "04512" in asked
    assert fits(asked, 1)
    assert "1052" in (await cabinet.street.text(HERO, "YES"))[0]


async def test_a_guest_learns_nothing_by_the_clock(cabinet: Cabinet, hero: int) -> None:  # T8
    loop = asyncio.get_running_loop()
    for fields in (RIGHT, RIGHT | {"number": "100009999"}):
        browser = cabinet.stranger()
        await browser.get("/reading")
        since = loop.time()
        assert (await browser.door("/reading", key="k" * 20, **fields)).status == 200
        assert loop.time() - since >= login.EVEN


async def test_a_guest_reads_a_meter_of_two_zones(cabinet: Cabinet, company: asyncpg.Connection) -> None:  # T8
    meter = M("0098765", ("4325", "1200"), ("day", "night"), tariff="RU-DN", usual=("120", "60"))
    await make.account(company, A("100004321", (meter,), ((HERO, "owner"),), language="en"))
    sent = {"number": "100004321", "serial": "0098765", "digits": "04400", "second": "01250"}
    page = await cabinet.stranger().door("/reading", key="k" * 20, **sent)
    assert page.status == 200
    (asked,) = await cabinet.street.answers(HERO)
    assert "04400 01250" in asked
    rows = await cabinet.pool.fetch("select register, value::int from readings where source = 0 order by register")
    assert [tuple(row) for row in rows] == [(1, 4400), (2, 1250)]
    gap = await cabinet.stranger().door("/reading", key="k" * 20, **sent | {"second": "", "third": "01250"})
    assert (gap.status, "in their order" in told(gap.text)) == (422, True)
    one = await cabinet.stranger().door("/reading", key="k" * 20, **sent | {"second": ""})
    assert one.status == 200, "nobody learns that the meter has two"
    assert len(await cabinet.pool.fetch("select from readings where source = 0")) == 2


async def test_offices_stand_open(cabinet: Cabinet, company: asyncpg.Connection) -> None:
    await offices.set_up(company, {}, at=NOON)
    page = (await cabinet.stranger().get("/offices")).text
    assert re.search(r"Feodosia.*Svobody|Svobody", page)
    assert re.search(r"Mon–\w{3} \d\d:\d\d–\d\d:\d\d", page)
    assert "What for" in page


async def test_a_guests_form_is_done_once_and_three_a_day_are_taken(cabinet: Cabinet, hero: int) -> None:  # R14, T4
    browser = cabinet.stranger()
    for _ in range(3):
        assert (await browser.door("/reading", key="k" * 20, **RIGHT)).status == 200
    assert await cabinet.pool.fetchval("select count(*) from inbox") == 1
    statuses = [(await browser.door("/reading", key=f"{no:020}", **RIGHT)).status for no in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert await cabinet.pool.fetchval("select count(*) from readings where source = 0") == 3


@pytest.mark.parametrize(("field", "value"), [("number", "<b>"), ("serial", ""), ("digits", "abc"), ("digits", "-1")])
async def test_what_a_guest_writes_wrong_is_told(cabinet: Cabinet, hero: int, field: str, value: str) -> None:
    page = await cabinet.stranger().door("/reading", key="k" * 20, **RIGHT | {field: value})
    assert page.status == 422
    assert "such as" in told(page.text)
    assert await cabinet.pool.fetchval("select count(*) from inbox") == 0


async def test_tariffs_and_help_stand_open(cabinet: Cabinet) -> None:
    nobody = cabinet.stranger()
    tariffs = (await nobody.get("/tariffs")).text
    assert "RU-FLAT" in tariffs
    assert "3.32" in tariffs
    assert "VAT is included" in tariffs
    assert "one price all day" in tariffs
    assert "two zones of the day" in tariffs
    assert re.search(r"<th scope=\"col\" class=\"sum\">night</th>", tariffs)
    shown = (await nobody.get("/help")).text
    assert "<code>UNDO</code>" in shown
    russian = (await nobody.get("/help?lang=ru")).text
    assert "<code>ОТМ</code>" in russian
    first = await nobody.get("/")
    for place in ("/tariffs", "/offices", "/help", "/reading", "/check", "/login"):
        assert f'href="{place}"' in first.text


async def test_a_tariff_of_two_parts_is_told(cabinet: Cabinet) -> None:
    terms = {
        "zones": ["total"], "mode": "graduated", "scaling": "none", "standing": "0", "minimum": "0", "vat": "20",
        "blocks": [{"up_to": None, "rates": {"total": "4.10"}, "flat": "0"}],
        "demand": "950", "ratchet": "80", "ratchet_months": 11,
    }  # fmt: skip
    await cabinet.pool.execute(
        "insert into tariffs (plan, valid_from, currency, terms, source)"
        " values ('POWER', '2020-01-01', 'RUB', $1::text::jsonb, 'order 2')",
        json.dumps(terms),
    )
    page = (await cabinet.stranger().get("/tariffs")).text
    assert "two parts: energy and power" in page
    assert re.search(r"Power: \D*950\.00\D* for a kW a month\.", page)
    assert "Not less than 80 % of the highest of the months before (11) is charged." in page


async def test_the_first_page_is_light(cabinet: Cabinet) -> None:
    nobody = cabinet.stranger()
    page = await nobody.get("/")
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    size = len(page.text.encode()) + sum([len((await nobody.get(part)).text.encode()) for part in parts])
    assert len(parts) >= 3
    assert size <= 100 * 1024


def test_every_command_of_the_page_is_helped_with() -> None:
    names = [one.name for one in helping.commands()]
    assert len(names) > 15
    for language, words in site.texts().items():
        assert [name for name in names if not words.has(f"command_help.{name}")] == [], language
        assert all(one.samples[language] for one in helping.commands())
