"""How browser tests walk about in the staff side of the demo."""

from importlib import import_module
from typing import Any

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
ACCOUNT, STRANGER = "100004321", "+79780009999"


def expect(found: Any) -> Any:
    """Playwright's patient assertions; it is an extra, and imported by those tests alone that have it."""
    return import_module("playwright.sync_api").expect(found)


def enter(chrome: Any, demo: str, login: str, language: str, **more: Any) -> tuple[Any, str]:
    """A page of one of the demo's employees, and the address of the staff side; no script runs on it."""
    settings = {"viewport": WIDE, "locale": language, "java_script_enabled": False} | more
    page = chrome.new_context(**settings).new_page()
    page.goto(f"{demo}/demo?lang={language}")
    page.goto(page.locator("#staff").get_attribute("href"))
    page.locator(f"button[value={login}]").click()
    page.wait_for_load_state("load")
    if page.locator("html").get_attribute("lang") != language:
        page.locator("button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page, page.url.partition("?")[0].rstrip("/")


def opened(page: Any, address: str) -> None:
    """Opens an address; where the reason of the look is asked for first, the customer is here."""
    page.goto(address)
    if "/why" in page.url:
        page.locator("#reason-visit").check()
        page.locator("main form button").click()


def prepare(page: Any, staff: str, phone: str) -> None:
    """Fills in the form of a new contract up to the text that is signed."""
    opened(page, f"{staff}/contracts/new?account={ACCOUNT}")
    page.locator("#phone").fill(phone)
    page.locator("#person").fill("Анна <b>Иванова</b> {{7*7}}")
    page.locator("#document_tail").fill("4321")
    for topic in ("legal_sms", "service"):
        page.locator(f"input[name=topic_{topic}]").check()
    page.locator("main form button").click()
    expect(page.locator("article.deed")).to_contain_text("<b>Иванова</b> {{7*7}}")


def shut_out(page: Any) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What axe finds on a page once all of it is there: before its style has come, any page is unreadable."""
    page.wait_for_load_state("load")
    found = import_module("axe_playwright_python.sync_playwright").Axe().run(page).response["violations"]
    return [(page.url, one["id"], [(node["html"], node["failureSummary"]) for node in one["nodes"]]) for one in found]


def look_at(page: Any, size: dict[str, int]) -> None:
    assert not (found := shut_out(page)), found
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown == size["width"], page.url
