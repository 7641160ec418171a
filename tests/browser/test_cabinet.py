"""The cabinet in a real browser (J11): with and without scripts, on a telephone and on a wide screen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import running
from tests.browser.staffing import shut_out

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}
HERO = "1705"
PAGES = (
    "", "/readings", "/payments", "/forecast", "/requests", "/history", "/people", "/wishes", "/contract", "/notices",
)  # fmt: skip
OTHERS = ("/", "/login", "/login/code", "/tariffs", "/offices", "/help", "/reading", "/me", "/me/messages", "/me/phone")


@pytest.fixture(scope="module")
def demo(chromium: str) -> Iterator[str]:
    """A demo in which nobody else has texted: the sums are those that are told."""
    assert chromium
    with running() as address:
        yield address


def entered(chrome: Any, demo: str, **more: Any) -> tuple[Any, str, list[str]]:
    """A page on which the first inhabitant is logged in, the address of his account, and what went wrong since."""
    page = chrome.new_context(**({"viewport": WIDE, "locale": "ru"} | more)).new_page()
    wrong: list[str] = []
    page.goto(f"{demo}/demo?who={HERO}&lang=ru")
    page.locator("button.cabinet").click()
    page.wait_for_url(re.compile("/my/"))
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(demo) else None)
    return page, str(page.url), wrong


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_cabinet_is_open_to_all(chrome: Any, demo: str, size: dict[str, int]) -> None:
    page, account, wrong = entered(chrome, demo, viewport=size)
    for address in (*(account + path for path in PAGES), *(demo + path for path in OTHERS if path != "/login")):
        page.goto(address)
        for summary in page.locator("summary").all():
            summary.click()
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= shown == size["width"], address
        assert not (found := shut_out(page)), found
    assert wrong == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_reading_is_sent_asked_about_and_taken_back(chrome: Any, demo: str, scripts: bool) -> None:
    page, account, wrong = entered(chrome, demo, java_script_enabled=scripts)
    page.goto(f"{account}/readings")
    field = page.get_by_label(re.compile("0098765"))
    field.fill("05912")
    if scripts:
        sync_api.expect(page.locator("[data-foretold]")).to_contain_text("05912")
    page.get_by_role("button", name="Отправить").click()
    sync_api.expect(page.get_by_role("heading", name="Ждём вашего ответа")).to_be_visible()
    page.get_by_label(re.compile("0098765")).fill("04512")
    if scripts:
        sync_api.expect(page.locator("[data-foretold]")).to_contain_text("1 052,44")
    page.get_by_role("button", name="Отправить").click()
    sync_api.expect(page.get_by_role("status").first).to_contain_text("Принято 04512")
    page.goto(account)
    sync_api.expect(page.locator(".big-sum")).to_contain_text("1 052,44")
    page.goto(f"{account}/readings")
    page.get_by_role("button", name="Отменить моё последнее").click()
    sync_api.expect(page.get_by_role("status").first).to_contain_text("Отменено 04512")
    page.get_by_role("button", name="Выйти").click()
    page.goto(account)
    assert page.url.startswith(f"{demo}/login")
    assert wrong == []


@pytest.mark.parametrize(("scripts", "size"), [(True, WIDE), (False, NARROW)], ids=["scripts", "no scripts"])
def test_somebody_is_invited_and_a_new_phone_asked_for(
    chrome: Any, demo: str, scripts: bool, size: dict[str, int]
) -> None:
    page, account, wrong = entered(chrome, demo, java_script_enabled=scripts, viewport=size)
    page.goto(account)
    page.get_by_role("link", name="Люди и права").click()
    page.get_by_label("Телефон", exact=True).fill("8 978 000-88-1" + str(int(scripts)))
    page.locator("form[action$=invite]").get_by_label(re.compile("^помощник")).check()
    page.get_by_role("button", name="Пригласить").click()
    sync_api.expect(page.get_by_role("status").first).to_contain_text("Приглашение отправлено")
    page.get_by_role("button", name=re.compile("^Отозвать")).first.click()
    sync_api.expect(page.get_by_role("status").first).to_contain_text("отозвано")
    page.goto(f"{demo}/me/phone")
    page.get_by_label("Новый телефон").first.fill("8 978 000-77-1" + str(int(scripts)))
    page.get_by_role("button", name="Получить код").click()
    sync_api.expect(page.get_by_role("heading", name="Код с нового телефона")).to_be_visible()
    assert "978" not in page.url
    if scripts:
        assert not (found := shut_out(page)), found
    assert wrong == []
