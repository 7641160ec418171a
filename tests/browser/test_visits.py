"""Visits in a real browser, with and without scripts, on a telephone: booked by a customer and by a guest, the clerk's
day, and the screen in the hall (product.md J12, MQ1, MQ2)."""

import re
from typing import Any

import pytest

from tests.browser.staffing import NARROW, WIDE, enter, expect, look_at, opened

pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

HERO, STRANGER, GUEST = "1705", "stranger", "+79780009999"
MONDAY = "2025-11-24"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def begun(chrome: Any, **more: Any) -> Any:
    return chrome.new_context(**({"viewport": NARROW, "locale": "ru"} | more)).new_page()


def look(page: Any, *, scripts: bool, size: dict[str, int] = NARROW) -> None:
    """Nothing shuts anybody out, and nothing has to be pushed aside; the first is found out by a script in the page."""
    if scripts:
        look_at(page, size)
    page.wait_for_load_state("load")
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown == size["width"], page.url


def choose(page: Any, office: str, at: str, *, scripts: bool) -> None:
    """Asks for the free times of an office on Monday, and presses one."""
    page.locator("#about").select_option("meter")
    page.locator("#office").select_option(office)
    page.locator("#from").fill(MONDAY)
    page.get_by_role("button", name="Показать свободное время").click()
    look(page, scripts=scripts)
    page.get_by_role("button", name=f"пн, 24.11.2025, {at}").click()


@SCRIPTS
def test_a_customer_books_moves_and_calls_off(chrome: Any, demo: str, scripts: bool) -> None:
    page = begun(chrome, java_script_enabled=scripts)
    page.goto(f"{demo}/demo?who={HERO}&lang=ru")
    page.locator("button.cabinet").click()
    page.wait_for_url(re.compile("/my/"))
    page.goto(f"{page.url}/visits")
    choose(page, "feodosia", "10:20", scripts=scripts)
    expect(page.get_by_role("status")).to_have_text(
        "Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"
    )
    look(page, scripts=scripts)
    page.get_by_role("link", name="Перенести").click()
    expect(page.get_by_role("heading", name="Другое время для визита")).to_be_visible()
    choose(page, "yalta", "11:00", scripts=scripts)
    expect(page.get_by_role("status")).to_contain_text("Перенесли: 24.11 11:00, Ялта")
    page.get_by_role("button", name="Отменить визит").click()
    expect(page.get_by_role("status")).to_contain_text("отменён")
    expect(page.get_by_text("Визитов впереди нет")).to_be_visible()


@SCRIPTS
def test_a_guest_books_with_a_code(chrome: Any, demo: str, scripts: bool) -> None:
    page = begun(chrome, java_script_enabled=scripts)
    page.goto(f"{demo}/visit")
    look(page, scripts=scripts)
    choose(page, "kerch", "09:40" if scripts else "09:20", scripts=scripts)
    expect(page.get_by_role("heading", name="Ваш телефон")).to_be_visible()
    look(page, scripts=scripts)
    phone = begun(chrome, viewport=WIDE)
    before = len(codes(phone, demo))
    page.get_by_label("Телефон").fill(GUEST)
    page.get_by_role("button", name="Получить код").click()
    look(page, scripts=scripts)
    page.get_by_label("Код", exact=True).fill(one_more(phone, demo, before))
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_role("status")).to_contain_text("Приём 24.11")
    look(page, scripts=scripts)
    page.get_by_role("button", name="Отменить визит").click()
    expect(page.get_by_role("status")).to_contain_text("отменён")
    page.get_by_role("button", name="забыть мой телефон").click()
    expect(page.get_by_role("link", name="Мои визиты")).to_be_visible()


def codes(page: Any, demo: str) -> list[str]:
    """The codes for visits that came to the guest's phone, the last one last."""
    page.goto(f"{demo}/demo?who={STRANGER}&lang=ru")
    came = page.locator(".bubble").filter(has_text="Код для записи").all_inner_texts()
    return [found[0] for text in came if (found := re.search(r"\d{6}", text))]


def one_more(page: Any, demo: str, before: int) -> str:
    """The code that comes next."""
    for _ in range(20):
        if len(told := codes(page, demo)) > before:
            return told[-1]
        page.wait_for_timeout(250)
    raise AssertionError("no code came")


@pytest.mark.parametrize(("language", "scripts"), [("ru", True), ("en", False)], ids=["scripts", "no scripts"])
def test_the_clerks_day_and_the_screen_in_the_hall(chrome: Any, demo: str, language: str, scripts: bool) -> None:
    page, staff = enter(chrome, demo, "root", language, viewport=NARROW, java_script_enabled=scripts)
    page.goto(f"{staff}/visits")
    office = page.locator("#office option[selected]").get_attribute("value")
    look(page, scripts=scripts)
    page.locator("#account").fill("100004321")
    page.locator(f"form[action='/visits/walkin?office={office}'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.locator("#window").select_option("1")
    page.locator(f"form[action='/visits/next?office={office}'] button").click()
    ticket = page.locator(".card a[href^='/visits/']").first.inner_text()
    look(page, scripts=scripts)
    visit = page.locator(".card a[href^='/visits/']").first.get_attribute("href")
    page.get_by_role("link", name=re.compile("Экран|screen|display", re.IGNORECASE)).click()
    expect(page.locator(".called")).to_contain_text(ticket)
    assert "4321" not in page.content()
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        look(page, scripts=scripts, size=size)
    page.set_viewport_size(NARROW)
    opened(page, f"{staff}{visit}")
    expect(page.get_by_role("heading", name=ticket)).to_be_visible()
    look(page, scripts=scripts)
    page.locator("#words").fill("Подписан план оплаты")
    page.locator(f"form[action='{visit}/done'] button").click()
    expect(page.locator("main")).to_contain_text("Подписан план оплаты")
    look(page, scripts=scripts)
