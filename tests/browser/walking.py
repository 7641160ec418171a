"""How browser tests text from the demo's phones and walk to tasks of the staff."""

from typing import Any

from tests.browser.staffing import expect

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}
SOON = 15_000


def opened(chrome: Any, **more: Any) -> Any:
    return chrome.new_context(**({"viewport": WIDE, "locale": "ru"} | more)).new_page()


def text(page: Any, demo: str, who: str, words: str) -> None:
    page.goto(f"{demo}/demo?who={who}")
    before = page.locator(".bubble").count()
    page.get_by_label("Сообщение").fill(words)
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator(".bubble")).to_have_count(before + 2, timeout=SOON)


def enter(page: Any, demo: str, login: str = "olga", language: str = "ru") -> str:
    """Enters the staff side as one of the demo's employees; its address."""
    page.goto(f"{demo}/demo?lang={language}")
    page.locator("#staff").click()
    page.locator(f"button[value={login}]").click()
    page.wait_for_load_state("load")
    if page.locator("html").get_attribute("lang") != language:
        page.locator("button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    return str(page.evaluate("location.origin"))


def find(page: Any, staff: str, kind: str, tail: str) -> None:
    """Opens the task of a kind about an account, once it is there."""
    task = page.locator(".tasks li").filter(has_text=tail).filter(has_text=kind).locator("a")
    for _ in range(20):
        page.goto(f"{staff}/inbox")
        if task.count():
            break
        page.wait_for_timeout(500)
    task.first.click()
