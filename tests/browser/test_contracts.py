"""The contract desk in a real browser beside the demo's phone: a stranger gets a contract and loses it."""

from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
ACCOUNT, STRANGER = "100004321", "+79780009999"


def _enter(chrome: Any, demo: str, login: str, language: str, **more: Any) -> tuple[Any, str]:
    """A page of one of the demo's employees, and the address of the staff side; no script runs on it."""
    settings = {"viewport": WIDE, "locale": language, "java_script_enabled": False} | more
    page = chrome.new_context(**settings).new_page()
    page.goto(f"{demo}/demo?lang={language}")
    page.goto(page.locator("#staff").get_attribute("href"))
    page.locator(f"button[value={login}]").click()
    if page.locator("html").get_attribute("lang") != language:
        page.locator("button[name=language]").click()
    sync_api.expect(page.locator("html")).to_have_attribute("lang", language)
    return page, page.url.partition("?")[0].rstrip("/")


def _open(page: Any, address: str) -> None:
    """Opens an address; where the reason of the look is asked for first, the customer is here."""
    page.goto(address)
    if "/why" in page.url:
        page.locator("#reason-visit").check()
        page.locator("main form button").click()


def _prepare(page: Any, staff: str, phone: str) -> None:
    """Fills in the form of a new contract up to the text that is signed."""
    _open(page, f"{staff}/contracts/new?account={ACCOUNT}")
    page.locator("#phone").fill(phone)
    page.locator("#person").fill("Анна <b>Иванова</b> {{7*7}}")
    page.locator("#document_tail").fill("4321")
    for topic in ("legal_sms", "service"):
        page.locator(f"input[name=topic_{topic}]").check()
    page.locator("main form button").click()
    sync_api.expect(page.locator("article.deed")).to_contain_text("<b>Иванова</b> {{7*7}}")


def _told(chrome: Any, demo: str, words: str) -> None:
    """The stranger's phone shows the message, once it has come."""
    phone = chrome.new_context(viewport=WIDE, locale="ru").new_page()
    for _ in range(40):
        phone.goto(f"{demo}/demo?who=stranger")
        if phone.locator(".bubble").filter(has_text=words).count():
            return
        phone.wait_for_timeout(500)
    pytest.fail(f"the phone was not told: {words}")


def _look_at(page: Any, size: dict[str, int]) -> None:
    found = axe.Axe().run(page).response["violations"]
    assert [(page.url, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown == size["width"], page.url


def test_a_contract_taken_allows_legal_notices(chrome: Any, demo: str, tmp_path: Path) -> None:  # check 1
    page, staff = _enter(chrome, demo, "olga", "ru")
    _prepare(page, staff, STRANGER)
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
    page, staff = _enter(chrome, demo, "olga", language, viewport=size, color_scheme=scheme, java_script_enabled=True)
    _open(page, f"{staff}/contracts/new?account={ACCOUNT}")
    _look_at(page, size)
    page.locator("#phone").fill("8 978")
    page.locator("#document_tail").fill("43")
    page.locator("main form button").click()
    _look_at(page, size)
    _prepare(page, staff, f"+7978000{'12'[language == 'ru']}{'12'[size == WIDE]}{'12'[scheme == 'dark']}1")
    _look_at(page, size)
    page.locator("main form button.on").click()
    _look_at(page, size)
    for path in ("/contracts", f"/contracts?account={ACCOUNT}", "/contracts?day=2024-02-29", "/contracts/new"):
        _open(page, f"{staff}{path}")
        _look_at(page, size)


def test_the_text_alone_is_printed(chrome: Any, demo: str) -> None:
    page, staff = _enter(chrome, demo, "olga", "ru", java_script_enabled=True)
    _prepare(page, staff, "+79780008888")
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(one => one.children.length === 0"
        " && one.textContent.trim() && one.getClientRects().length).map(one => one.className)"
    )
    assert shown == ["deed"]
