"""Visits of phones without an account: a code to the phone first, two ahead at most, and not more codes than a login
may have (product.md J12; R34, T7, T8)."""

import asyncio
import re
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from channels.web import login
from core.bookings import sql
from core.bookings.model import Special
from core.bookings.opening import actions as opening
from core.cabinet.model import GUEST_PER_DAY, TRIES
from core.store.pool import acquire
from gateway import offices as commands
from gateway import reminding
from tests import make, offices
from tests.channels.web.conftest import Browser, Cabinet, Told, told
from tests.flows.conftest import NOON
from tests.make import A, M

GUEST, OTHER, OWNER, ABROAD = "+79780009901", "+79780009902", "+79780001705", "+12025550123"
SLOT = {"slot": "2025-11-24 10:20", "office": "feodosia", "about": "meter"}
BOOKED = "Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"


@pytest.fixture
async def office(company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),)))
    await offices.set_up(company, {}, offices.YALTA, at=NOON)


def stranger(cabinet: Cabinet) -> Browser:
    browser = cabinet.stranger()
    browser.language = "ru"
    return browser


async def asked(cabinet: Cabinet, browser: Browser, phone: str, **chosen: str) -> str:
    """The code that came to the phone after this browser asked for one; empty where none came."""
    page = await browser.door("/visit/phone", phone=phone, **chosen)
    assert page.status == 200
    assert "Если на этот телефон можно отправить код" in page.text
    came = await cabinet.street.answers(phone)
    found = re.search(r"\d{6}", came[-1]) if came else None
    return found[0] if found else ""


def bare(page: Told) -> str:
    """The page without what is each browser's own."""
    return re.sub(r'value="[0-9a-f]{64}"', "", page.text)


async def shown(cabinet: Cabinet, phone: str = GUEST, **chosen: str) -> tuple[Browser, str]:
    """A browser whose phone is shown, and what it was told then."""
    browser = stranger(cabinet)
    code = await asked(cabinet, browser, phone, **chosen)
    page = await browser.door("/visit/code", code=code, **chosen)
    assert page.status == 200, page.text
    return browser, told(page.text)


async def test_a_guest_books_moves_and_calls_off(cabinet: Cabinet, office: None) -> None:  # R17, R34
    browser = stranger(cabinet)
    assert 'value="2025-11-24 10:20"' in (await browser.get("/visit?from=2025-11-24")).text
    page = await browser.door("/visit", **SLOT)
    assert "Феодосия, пн, 24.11.2025, 10:20" in page.text
    assert 'name="slot" value="2025-11-24 10:20"' in page.text
    assert await cabinet.pool.fetchval("select count(*) from visits") == 0, "nothing before the code"
    assert (await browser.door("/visit/phone", phone="12", **SLOT)).status == 422
    code = await asked(cabinet, browser, GUEST, **SLOT)
    assert told((await browser.door("/visit/code", code="12", **SLOT)).text).startswith("Код не подошёл")
    assert told((await browser.door("/visit/code", code=code, **SLOT)).text) == BOOKED
    assert await cabinet.street.answers(GUEST) == [BOOKED], "by SMS as well"
    assert told((await browser.door("/visit", **SLOT)).text).startswith("Это время уже ваше: 24.11 10:20")
    assert await cabinet.street.answers(GUEST) == []
    more = SLOT | {"office": "yalta", "slot": "2025-11-25 09:00"}
    assert told((await browser.door("/visit", **more)).text).startswith("Приём 25.11 в 9:00, Ялта")
    third = told((await browser.door("/visit", **(SLOT | {"slot": "2025-11-26 09:00"}))).text)
    assert third == "Визитов уже 2, больше записать нельзя. Список: МОИ ВИЗИТЫ"
    move = SLOT | {"slot": "2025-11-27 11:00", "move": "B31"}
    moved = "Перенесли: 27.11 11:00, Феодосия. Талон В33. Отмена: ОТМ В33"
    assert told((await browser.door("/visit", **move)).text) == moved
    assert told((await browser.door("/visit", **move)).text).startswith("Это время уже ваше"), "sent twice"
    assert "DTSTART:20251127T080000Z" in (await browser.get("/visit/ics?ticket=B33")).text
    csrf = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', (await browser.get("/visit")).text)[0]}
    for _ in range(2):  # sent twice
        page = await browser.send("/visit/cancel", csrf | {"ticket": "B33"})
        assert told(page.text) == "Визит 27.11 в 11:00 отменён, талон В33. Записаться: ЗАПИСЬ"
    assert await cabinet.pool.fetchval("select sum(taken) from slots") == 1
    other = stranger(cabinet)
    assert "В27" not in (await other.get("/visit")).text
    assert (await other.get("/visit/ics?ticket=B27")).status == 404
    assert (await browser.send("/visit/leave", csrf)).status == 303
    assert "B27" not in (await browser.get("/visit")).text
    assert (await cabinet.street.audit())["overbooked"] == 0


async def test_the_phone_is_forgotten_after_half_an_hour(
    cabinet: Cabinet, company: asyncpg.Connection, office: None
) -> None:
    browser, _ = await shown(cabinet, **SLOT)
    assert "B31" in (await browser.get("/visit")).text
    await company.execute("update web_codes set used_at = used_at - interval '31 minutes'")
    assert "B31" not in (await browser.get("/visit")).text


async def test_a_visit_stands_at_an_office_that_is_offered_no_more(
    cabinet: Cabinet, company: asyncpg.Connection, office: None
) -> None:
    browser, booked = await shown(cabinet, **SLOT | {"office": "yalta"})
    assert "Ялта" in booked
    await company.execute("update offices set receives = false where code = 'yalta'")
    page = (await browser.get("/visit")).text
    assert "Ялта" in page
    assert 'value="yalta"' not in page
    assert told((await browser.door("/visit", **SLOT | {"slot": "2025-11-25 09:00"})).text).startswith("Приём 25.11")


async def test_a_customer_is_led_to_his_account(cabinet: Cabinet, office: None) -> None:  # R34, T8
    browser = stranger(cabinet)
    page = await browser.door("/visit/phone", phone=OWNER, **SLOT)
    (came,) = await cabinet.street.answers(OWNER)
    assert came.startswith("Код для входа: "), "what it opens is said"
    other = stranger(cabinet)
    alike = await other.door("/visit/phone", phone=ABROAD, **SLOT)
    assert bare(page) == bare(alike)
    code = re.search(r"\d{6}", came)
    assert code is not None
    went = await browser.door("/visit/code", code=code[0], **SLOT)
    assert went.status == 303
    assert went.to.endswith("/visits?office=feodosia&about=meter&from=2025-11-24")
    assert 'value="2025-11-24 10:20"' in (await browser.get(went.to)).text


async def test_no_phone_is_told_from_another_by_the_clock(cabinet: Cabinet, office: None) -> None:  # R34, T8
    loop = asyncio.get_running_loop()
    for phone in (OWNER, GUEST, ABROAD):
        since = loop.time()
        assert (await stranger(cabinet).door("/visit/phone", phone=phone)).status == 200
        assert loop.time() - since >= login.EVEN


async def test_a_code_for_a_visit_opens_no_cabinet(cabinet: Cabinet, office: None) -> None:  # R34
    browser = stranger(cabinet)
    code = await asked(cabinet, browser, GUEST)
    assert (await browser.door("/login/code", code=code)).status == 422
    assert told((await browser.door("/visit/code", code=code)).text) == ""
    assert (await browser.get("/my")).status == 303


async def test_codes_for_visits_have_limits(
    cabinet: Cabinet, company: asyncpg.Connection, office: None
) -> None:  # R34, T7
    """Three a day for a phone, none abroad, five guesses, and an hour's budget that logins do not share."""
    assert not await asked(cabinet, stranger(cabinet), ABROAD)
    browser = stranger(cabinet)
    code = await asked(cabinet, browser, GUEST)
    for no in range(1, TRIES + 1):
        assert (await browser.door("/visit/code", code=f"{(int(code) + no) % 10**6:06}")).status == 422
    assert (await browser.door("/visit/code", code=code)).status == 422, "no guess is left"
    for _ in range(GUEST_PER_DAY - 1):
        await company.execute("update web_codes set asked_at = asked_at - interval '11 minutes'")
        assert await asked(cabinet, browser, GUEST)
    await company.execute("update web_codes set asked_at = asked_at - interval '11 minutes'")
    assert not await asked(cabinet, browser, GUEST)
    await company.execute("update budgets set used = 100000 where name = 'visits'")
    assert not await asked(cabinet, stranger(cabinet), OTHER)
    assert (await stranger(cabinet).door("/login", phone=OWNER)).status == 303
    assert len(await cabinet.street.answers(OWNER)) == 1, "logins go on"


@pytest.mark.parametrize("path", ["/visit", "/visit/phone", "/visit/code", "/visit/cancel", "/visit/leave"])
async def test_a_form_of_nobody_is_refused(cabinet: Cabinet, office: None, path: str) -> None:
    assert (await stranger(cabinet).send(path, {"csrf": "0" * 64, **SLOT})).status == 403


async def test_a_guest_answers_by_sms(cabinet: Cabinet, office: None) -> None:
    """His visits are told of, confirmed, given another place and called off to his own phone, and to no other."""
    town = cabinet.street
    await shown(cabinet, **SLOT)
    await town.answers(GUEST)
    assert await town.text(GUEST, "МОИ ВИЗИТЫ") == ["Ваш визит: 24.11 в 10:20, Феодосия. Талон В31. Отмена: ОТМ В31"]
    for _ in range(4):
        assert (await town.text(GUEST, "МОИ ВИЗИТЫ"))[0].startswith("Ваш визит"), "oftener than a stranger is answered"
    assert "В31" not in (await town.text(OTHER, "ОТМ В31"))[0]
    town.clock.at = datetime(2025, 11, 23, 10, 5, tzinfo=NOON.tzinfo) - timedelta(hours=3)
    await reminding.look(town.parts)
    assert await town.answers(GUEST) == ["Завтра 24.11 10:20 приём, Феодосия, Свободы 4. Придёте? ДА или ОТМ В31"]
    assert await town.text(GUEST, "ДА") == ["Ждём вас 24.11 в 10:20, Феодосия, Свободы 4. Талон В31"]
    async with acquire(town.pool) as conn, conn.transaction():
        one = next(one for one in (await sql.offices(conn)).values() if one.code == "feodosia")
        wire = commands.wire(town.parts.settings)
        await opening.make_exception(conn, one, Special(date(2025, 11, 24)), wire, by="chief", at=town.clock.now())
    assert await town.answers(GUEST) == ["Приём 24.11 10:20 отменён офисом. Есть: 1) 25.11 10:20 2) 26.11 10:20"]
    assert await town.text(GUEST, "1") == ["Приём 25.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"]
    town.clock.forward(days=1, minutes=1)
    assert await town.text(GUEST, "ОТМ В31") == ["Визит 25.11 в 10:20 отменён, талон В31. Записаться: ЗАПИСЬ"]
    assert await town.pool.fetchval("select sum(taken) from slots") == 0
