"""The inbox of the staff in a real browser beside the demo's phone: from a text to the answer, for everybody."""

from typing import Any

import pytest

from tests.browser.staffing import shut_out
from tests.browser.walking import NARROW, WIDE, enter, find, opened, text

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_dispute_is_answered_on_the_phone(chrome: Any, demo: str, scripts: bool) -> None:  # check 1
    who, tail = ("1705", "4321") if scripts else ("2542", "5778")
    phone, staff_page = (opened(chrome, java_script_enabled=scripts) for _ in range(2))
    text(phone, demo, who, "СПОР столько не жгли")
    staff = enter(staff_page, demo)
    find(staff_page, staff, "Спор", tail)
    sync_api.expect(staff_page.locator("blockquote").first).to_have_text("СПОР столько не жгли")
    staff_page.get_by_role("button", name="Взять в работу").click()
    sync_api.expect(staff_page.get_by_role("status")).to_contain_text("Заявка у вас")
    staff_page.get_by_label("Ответ абоненту").fill(
        "Счётчик исправен, сумма верна. Звоните, если не согласны с этим ответом"
    )
    if scripts:
        sync_api.expect(staff_page.locator("#text-size")).to_have_text("Сейчас: 2 SMS")
    else:
        staff_page.get_by_role("button", name="Посмотреть, как придёт").click()
        sync_api.expect(staff_page.get_by_role("status")).to_contain_text("Придут 2 SMS")
    staff_page.get_by_role("button", name="Отправить ответ").click()
    sync_api.expect(staff_page.get_by_role("status")).to_contain_text("Ответ отправлен")
    answer = "Счётчик исправен, сумма верна. Звоните"
    for _ in range(20):
        phone.goto(f"{demo}/demo?who={who}")
        if answer in phone.locator(".bubble").last.inner_text():
            break
        phone.wait_for_timeout(500)
    sync_api.expect(phone.locator(".bubble").last).to_contain_text(answer)
    staff_page.get_by_label("Закрыть: причина").fill("абонент согласен")
    staff_page.get_by_role("button", name="Закрыть", exact=True).click()
    sync_api.expect(staff_page.locator(".history")).to_contain_text("абонент согласен")


def test_a_new_task_is_told_on_the_open_list(chrome: Any, demo: str) -> None:
    phone, staff_page = opened(chrome), opened(chrome)
    enter(staff_page, demo)
    staff_page.get_by_role("link", name="Входящие").first.click()
    staff_page.evaluate("window.stillHere = true")
    text(phone, demo, "3438", "ОПЕРАТОР позвоните мне")
    sync_api.expect(staff_page.locator("#news")).to_contain_text("Поступила 1 новая заявка", timeout=40_000)
    assert staff_page.evaluate("window.stillHere") is True
    assert staff_page.title().startswith("(1) ")


def test_hostile_words_run_nothing(chrome: Any, demo: str) -> None:  # T11, check 6
    words = "СПОР <b>сумма</b> {{x*x}} =SUM(A:B)"
    phone, staff_page = opened(chrome), opened(chrome)
    complaints: list[str] = []
    staff_page.on("console", lambda message: complaints.append(message.text))
    staff_page.on("dialog", lambda dialog: complaints.append(dialog.message))
    text(phone, demo, "3915", words)
    staff = enter(staff_page, demo)
    find(staff_page, staff, "Спор", "4915")
    assert staff_page.locator("blockquote").first.inner_text() == words
    assert staff_page.locator("main blockquote b").count() == 0
    assert complaints == []


@pytest.fixture(scope="module")
def asked(chrome: Any, demo: str) -> None:
    """A request waits."""
    text(opened(chrome), demo, "3300", "света нет")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_nobody_is_shut_out(chrome: Any, demo: str, language: str, size: dict[str, int], scheme: str) -> None:
    page = opened(chrome, viewport=size, color_scheme=scheme)
    staff = enter(page, demo, "root", language)
    page.goto(f"{staff}/inbox?state=open")
    paths = [
        "/inbox",
        "/inbox/watch",
        "/inbox?state=closed",
        page.locator(".tasks .what a").first.get_attribute("href"),
    ]
    for path in paths:
        page.goto(f"{staff}{path}")
        for summary in page.locator("summary").all():
            summary.click()
        assert not (found := shut_out(page)), found
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= shown == size["width"], path
