"""The contract desk in a real browser beside the demo's phone: a stranger gets a contract and loses it."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.staffing import ACCOUNT, NARROW, STRANGER, WIDE, enter, look_at, opened, prepare

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove


def _told(chrome: Any, demo: str, words: str) -> None:
    """The stranger's phone shows the message, once it has come."""
    phone = chrome.new_context(viewport=WIDE, locale="ru").new_page()
    for _ in range(40):
        phone.goto(f"{demo}/demo?who=stranger")
        if phone.locator(".bubble").filter(has_text=words).count():
            return
        phone.wait_for_timeout(500)
    pytest.fail(f"the phone was not told: {words}")


def test_a_contract_taken_allows_legal_notices(chrome: Any, demo: str, tmp_path: Path) -> None:  # check 1
    page, staff = enter(chrome, demo, "olga", "ru")
    prepare(page, staff, STRANGER)
    scan = tmp_path / "whatever.txt"
    scan.write_bytes(b"%PDF-1.4 signed %%EOF")
    page.locator("#sign-file").set_input_files(scan)
    page.get_by_role("button", name="Подписан, ввести в действие").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("Договор действует")
    sync_api.expect(page.locator(".desk")).to_contain_text("обязательные уведомления по SMS: дано")
    sync_api.expect(page.locator(".desk")).to_contain_text("реклама: не давалось")
    _told(chrome, demo, "Договор по л/с ..4321 принят")
    page.locator("#reason").select_option("phone_lost")
    page.get_by_role("button", name="Расторгнуть", exact=True).click()
    sync_api.expect(page.locator("h1")).to_contain_text("расторгнут")
    _told(chrome, demo, "Договор по л/с ..4321 расторгнут")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_nobody_is_shut_out(chrome: Any, demo: str, language: str, size: dict[str, int], scheme: str) -> None:
    page, staff = enter(chrome, demo, "olga", language, viewport=size, color_scheme=scheme, java_script_enabled=True)
    opened(page, f"{staff}/contracts/new?account={ACCOUNT}")
    look_at(page, size)
    page.locator("#phone").fill("8 978")
    page.locator("#document_tail").fill("43")
    page.locator("main form button").click()
    look_at(page, size)
    prepare(page, staff, f"+7978000{'12'[language == 'ru']}{'12'[size == WIDE]}{'12'[scheme == 'dark']}1")
    look_at(page, size)
    page.locator("main form button.on").click()
    look_at(page, size)
    for path in ("/contracts", f"/contracts?account={ACCOUNT}", "/contracts?day=2024-02-29", "/contracts/new"):
        opened(page, f"{staff}{path}")
        look_at(page, size)


def test_the_text_alone_is_printed(chrome: Any, demo: str) -> None:
    page, staff = enter(chrome, demo, "olga", "ru", java_script_enabled=True)
    prepare(page, staff, "+79780008888")
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(one => one.children.length === 0"
        " && one.textContent.trim() && one.getClientRects().length).map(one => one.className)"
    )
    assert shown == ["deed"]
