"""The staff side of the demo in a real browser: a customer is found by each path, and his account opens."""

import re
from typing import Any

import pytest

from tests.browser.staffing import shut_out

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}


def clerk(chrome: Any, demo: str, **more: Any) -> tuple[Any, str]:
    """The page of a clerk of the demo who is logged in, and where the employees' pages stand."""
    page = chrome.new_context(**({"viewport": WIDE, "locale": "ru"} | more)).new_page()
    page.goto(f"{demo}/demo?lang=ru")
    link = page.locator("a[href*='/enter']").first.get_attribute("href")
    page.goto(link)
    page.locator("button", has_text="Ольга").click()
    found = re.match(r"https?://[^/]+", link)
    assert found is not None
    return page, found[0]


def search(page: Any, place: str, typed: str) -> None:
    page.goto(f"{place}/search")
    page.get_by_label("Что искать").fill(typed)
    page.get_by_role("button", name="Найти").click()


def opened(page: Any, place: str) -> str:
    """The address of the first account's page, opened with a reason."""
    search(page, place, "100004321")
    page.get_by_role("link", name="100004321").click()
    if page.url.startswith(f"{place}/why"):
        page.get_by_label("Абонент звонит").check()
        page.get_by_role("button", name="Открыть счёт").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("Счёт 100004321")
    return str(page.url)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_customer_is_found_by_each_path(chrome: Any, demo: str, scripts: bool) -> None:
    page, place = clerk(chrome, demo, java_script_enabled=scripts)
    for typed in (
        "100004321", "4321", "1 100004321", "0098765", "СЕ-101 0098765", "Соколов Дмитрий", "паспорт 3916 004321",
        "Свободы 4-12", "40817810000100004321", "+7 978 000-17-05",
    ):  # fmt: skip
        search(page, place, typed)
        sync_api.expect(page.get_by_role("link", name="100004321").first).to_be_visible()
        assert page.url == f"{place}/search"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_account_is_open_to_all(chrome: Any, demo: str, size: dict[str, int]) -> None:
    page, place = clerk(chrome, demo, viewport=size)
    account = opened(page, place)
    for path in ("", "/timeline", "/bills/49"):
        page.goto(account + path)
        for summary in page.locator("summary").all():
            summary.click()
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= shown == size["width"], path
        assert not (found := shut_out(page)), found


def test_a_reading_told_by_telephone_is_judged(chrome: Any, demo: str) -> None:
    page, place = clerk(chrome, demo, java_script_enabled=False)
    opened(page, place)
    page.get_by_label("№ 0098765").fill("04112")
    page.get_by_role("button", name="Проверить и принять").click()
    sync_api.expect(page.get_by_role("alert")).to_contain_text("04112 меньше прошлого 04325")
    page.get_by_label("№ 0098765").fill("04500")
    page.get_by_role("button", name="Проверить и принять").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("Принято 04500 (+175)")
