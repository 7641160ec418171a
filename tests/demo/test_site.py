"""The page over HTTP, as a browser without scripts uses it, with the real gateway behind the simulated carrier."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from core.audit import sql as audit
from core.store.pool import acquire
from demo import site
from demo.carrier_faults import Faults
from demo.clock import START
from gateway.demonstrating import Stage


class Browser:
    """Opens the page and sends its forms; a redirect is followed."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base

    async def get(self, path: str = "/demo?lang=ru") -> str:
        async with self.session.get(self.base + path) as answer:
            assert answer.status == 200
            return unescape(await answer.text())

    async def post(self, path: str, **fields: str) -> str:
        async with self.session.post(self.base + path, data={"lang": "ru", **fields}) as answer:
            assert answer.status == 200, answer.status
            return unescape(await answer.text())

    async def text(self, text: str, who: str = "1705") -> str:
        return await self.post("/demo/text", who=who, text=text)


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(session, str(stage.settings.public_url))


async def test_a_text_is_answered_and_told_on_the_next_page(browser: Browser) -> None:
    page = await browser.text("04512")
    assert "Принято 04512 (+187). К оплате 1052,44 р., из них долг 431,60" in page
    assert "доставлено" in page
    assert "Показание принято. Язык: ru, частей SMS: 1." in page
    assert "счётчик 0098765, 04512 на 21.11.2025" in page
    assert "В книгу проводок ничего не добавлено" in page
    assert re.search(r"<td>431,60\s₽</td>\s*<td>1\s052,44\s₽</td>", page)


async def test_a_question_offers_its_answer_and_an_undo_is_told(browser: Browser) -> None:
    page = await browser.text("04912")
    assert "Ждём подтверждения числа 04912" in page
    assert '<button name="say" value="ДА">' in page
    assert "Принято 04912 (+587)" in await browser.post("/demo/text", who="1705", text="", say="ДА")
    assert "отозвано. Оба факта остаются в истории" in await browser.text("ОТМ")


async def test_an_earlier_message_can_be_looked_at(browser: Browser) -> None:
    page = await browser.text("04512")
    first = re.search(r"m=(SM[0-9a-f]{32})", page)
    assert first is not None
    await browser.text("долг")
    assert "О сообщении «04512»" in await browser.get(f"/demo?lang=ru&who=1705&m={first[1]}")
    assert "О сообщении «долг»" in await browser.get(f"/demo?lang=ru&who=1705&m=SM{'0' * 32}")


async def test_unknown_phones_are_told_nothing_or_not_answered(browser: Browser) -> None:
    page = await browser.text("показание 04512", who="stranger")
    assert "Номер не привязан" in page
    assert "К этому телефону не привязан ни один лицевой счёт" in page
    page = await browser.text("04512", who="foreign")
    assert "телефон из страны, которой мы не отвечаем" in page
    assert "Ответа нет." in page


async def test_what_is_texted_appears_literally(browser: Browser) -> None:
    # R31
    for text in ("<script>alert(1)</script>", "{{7*7}}", "{0.__class__}", "%(debt)999999d", '"><b>'):
        async with browser.session.post(f"{browser.base}/demo/text", data={"who": "1705", "text": text}) as answer:
            raw = await answer.text()
        assert text in unescape(raw)
        assert "<script>alert" not in raw
        assert '"><b>' not in raw


async def test_an_empty_or_endless_text_is_not_sent(browser: Browser) -> None:
    for text in ("", "   ", "9" * 481):
        page = await browser.text(text)
        assert "пустое или длиннее" in page
        assert "Пока ни одного сообщения" in page


async def test_people_are_found_by_what_is_known_of_them(browser: Browser) -> None:
    for query, name in (
        ("бондарь", "Бондарь Игорь Олегович"), ("5110", "Соколова Мария"), ("нет такого", "Никого не нашлось"),
        ("поверка истекла", "Гаврилова Нина"), ("+79780003438", "Emma Clarke"),
    ):  # fmt: skip
        assert name in await browser.get(f"/demo?lang=ru&q={query.replace('+', '%2B').replace(' ', '+')}")


async def test_whoever_is_not_there_is_the_first_one(browser: Browser) -> None:
    assert "Телефон: Соколов" in await browser.get("/demo?lang=ru&who=nobody")


async def test_the_page_is_in_the_language_asked_for(browser: Browser) -> None:
    assert "Город в коробке" in await browser.get()
    assert "A town in a box" in await browser.get("/demo?lang=en")
    async with browser.session.get(f"{browser.base}/demo", headers={"Accept-Language": "en"}) as answer:
        assert '<html lang="en">' in await answer.text()


async def test_the_clock_is_moved_and_paced(browser: Browser, stage: Stage) -> None:
    await browser.post("/demo/clock", speed="0")
    before = stage.clock.now()
    await browser.post("/demo/clock", move="hour")
    await browser.post("/demo/clock", move="day")
    assert stage.clock.now() == before + timedelta(days=1, hours=1)
    assert "суббота, 22 ноября 2025, 13:00" in await browser.get()


async def test_the_next_month_makes_the_bills_of_this_one(browser: Browser, stage: Stage) -> None:
    await browser.text("04512")
    page = await browser.post("/demo/clock", who="1705", move="month")
    assert "среда, 3 декабря 2025" in page
    page = await browser.text("долг")
    assert "К оплате" in page
    assert "долг окт 431,60 + ноя" in page
    async with acquire(stage.parts.pool) as conn:
        assert await conn.fetchval("select count(*) from claims where kind = 'bill' and month = '2025-11-01'") > 20
        sound = await audit.count(conn)
    assert sound["ledger_sum"] == sound["ledger_unbalanced"] == sound["balance_differs"] == 0
    assert stage.clock.now() > START + timedelta(days=11)


async def test_the_carriers_faults_are_ordered_and_nothing_is_doubled(browser: Browser, stage: Stage) -> None:
    page = await browser.post("/demo/faults", text_doubled="1", receipts_reordered="1")
    assert page.count(" checked") == 2
    assert stage.carrier.faults.text_doubled == stage.carrier.faults.receipts_reordered == 0.5
    for number in ("04512", "04513", "04514", "04515"):
        page = await browser.text(number)
    assert page.count('class="bubble theirs"') == 4
    assert " checked" not in await browser.post("/demo/faults")


async def test_a_text_that_the_carrier_lost_is_answered_all_the_same(browser: Browser, stage: Stage) -> None:  # R5
    """And the page says what is switched on."""
    stage.carrier.faults = Faults(text_lost=1.0, after_500=1.0)
    page = await browser.text("04512")
    assert 'class="quirks"' in page
    async with asyncio.timeout(60):
        while page.count('class="bubble theirs"') < 1:
            await asyncio.sleep(0.2)
            page = await browser.get("/demo")
    assert page.count('class="bubble theirs"') == 1
    assert stage.carrier.struck["text_lost"] == 1


async def test_a_carrier_that_is_away_is_told(browser: Browser, stage: Stage) -> None:
    await stage.carrier.stop()
    assert "Имитация оператора не отвечает" in await browser.text("04512")


PATHS = (
    ("GET", "/demo", 200),
    ("GET", "/demo?who=stranger&lang=en", 200),
    ("GET", "/demo/static/demo.css", 200),
    ("GET", "/demo/static/demo.js", 200),
    ("GET", "/demo/static/icon.svg", 200),
    ("GET", "/demo/static/site.py", 404),
    ("GET", "/demo/static/..%2Fsite.py", 404),
    ("GET", "/demo/nothing", 404),
    ("GET", "/demo/text", 405),
    ("DELETE", "/demo", 405),
    ("POST", "/demo/clock", 415),
)


async def test_every_answer_has_the_headers(browser: Browser) -> None:
    # R37
    for method, path, status in PATHS:
        async with browser.session.request(method, f"{browser.base}{path}", allow_redirects=False) as answer:
            assert answer.status == status, path
            _check_headers(answer)


def _check_headers(answer: aiohttp.ClientResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "/" not in answer.headers["Server"]


async def test_a_redirect_has_the_headers_and_leads_nowhere_else(browser: Browser) -> None:
    # R37
    fields = {"who": "//elsewhere.example", "lang": "ru", "move": "hour", "next": "https://elsewhere.example"}
    async with browser.session.post(f"{browser.base}/demo/clock", data=fields, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/demo?who=1705")
        _check_headers(answer)


async def test_another_sites_form_is_refused(browser: Browser) -> None:
    # R36
    data = {"who": "1705", "text": "04512", "move": "day"}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in ("/demo/text", "/demo/clock", "/demo/faults"):
            async with browser.session.post(f"{browser.base}{path}", data=data, headers=headers) as answer:
                assert answer.status == 403
                _check_headers(answer)


async def test_a_file_that_did_not_change_is_not_sent_again(browser: Browser) -> None:
    async with browser.session.get(f"{browser.base}/demo/static/demo.css") as answer:
        tag = answer.headers["ETag"]
    headers = {"If-None-Match": tag}
    async with browser.session.get(f"{browser.base}/demo/static/demo.css", headers=headers) as answer:
        assert answer.status == 304


async def test_an_odd_speed_is_refused(browser: Browser) -> None:
    async with browser.session.post(f"{browser.base}/demo/clock", data={"speed": "7"}) as answer:
        assert answer.status == 400


async def test_the_front_page_says_what_this_is() -> None:
    app = web.Application()
    app.add_routes(site.front())
    async with TestClient(TestServer(app)) as client, client.get("/?lang=en") as answer:
        assert answer.status == 200
        assert 'href="/demo?lang=en"' in await answer.text()
        _check_headers(answer)
