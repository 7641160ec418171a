"""The cabinet's papers in a real browser, on a telephone and on a wide screen: book, days, bills, why, the check."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.staffing import shut_out

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}
PHONE, WHO = "+79780001705", "1705"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "protocol.json"


@pytest.fixture(scope="module")
def cookies(chrome: Any, demo: str) -> list[Any]:
    """What a browser holds in which the first inhabitant of the demo has logged in, with the code from the phone."""
    context = chrome.new_context(viewport=WIDE, locale="ru", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo}/login")
    page.locator("#phone").fill(PHONE)
    page.get_by_role("button", name="Получить код").click()
    code = _code(chrome, demo)
    page.get_by_label("Код", exact=True).fill(code)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url(re.compile("/my/"))
    told: list[Any] = context.cookies()
    context.close()
    return told


def _code(chrome: Any, demo: str) -> str:
    """The six digits on the inhabitant's telephone."""
    phone = chrome.new_context(locale="ru").new_page()
    phone.goto(f"{demo}/demo?who={WHO}")
    last = phone.locator(".bubble.theirs").last
    sync_api.expect(last).to_contain_text(re.compile(r"\b[0-9]{6}\b"))
    found = re.search(r"\b[0-9]{6}\b", last.inner_text())
    phone.context.close()
    assert found is not None
    return found[0]


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page(chrome: Any, demo: str, cookies: list[Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """The cabinet of who is logged in; it ends with no error in the console, and no request has left the origin."""
    context = chrome.new_context(viewport=request.param, locale="ru", base_url=demo)
    context.add_cookies(cookies)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("request", lambda sent: errors.append(sent.url) if not sent.url.startswith(demo) else None)
    opened.goto("/my")
    yield opened
    assert errors == []
    context.close()


def looked_at(page: Any) -> None:
    """Unfolds all, and lets axe look; nothing is wider than the screen, and every picture is there."""
    page.wait_for_load_state("load")
    for summary in page.locator("main summary").all()[:4]:
        summary.click()
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown, page.url
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)"), page.url
    assert not (found := shut_out(page)), found


def test_the_papers_of_an_account(page: Any) -> None:
    home = page.url
    for name, heading in (("book", "Абонентская книжка"), ("use", "Расход по дням"), ("why", "Почему столько")):
        page.goto(f"{home}/{name}")
        sync_api.expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        looked_at(page)
    page.goto(f"{home}/bills")
    looked_at(page)
    page.locator("main table a").first.click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_contain_text("Счёт №")
    looked_at(page)
    got = page.context.request.get(f"{page.url}/pdf")
    assert got.headers["content-type"] == "application/pdf"
    assert got.body().startswith(b"%PDF")


def test_a_protocol_is_checked(page: Any) -> None:
    page.goto("/check")
    page.get_by_label("Файл протокола").set_input_files(EXAMPLE)
    page.get_by_role("button", name="Проверить").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("протокол верен")
    looked_at(page)


def test_tokens_and_many_accounts(page: Any) -> None:
    page.goto("/me/programs")
    looked_at(page)
    page.get_by_label("Название").fill("Умный дом")
    page.get_by_label("смотреть суммы, показания и счета").check()
    page.get_by_role("button", name="Создать").click()
    token = page.locator("main code").first.inner_text()
    looked_at(page)
    got = page.context.request.get("/api/v1/accounts", headers={"Authorization": f"Bearer {token}"})
    assert got.json()["accounts"][0]["number"] == "100004321"
    page.goto("/me/programs")
    looked_at(page)
    page.get_by_role("button", name="Отозвать: Умный дом").first.click()
    page.goto("/firm")
    looked_at(page)
    file = b"account;meter;reading\n100004321;0098765;1\n1;2;3\n"
    page.get_by_label("Файл CSV").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": file})
    page.get_by_role("button", name="Передать").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("Что с файлом")
    looked_at(page)
