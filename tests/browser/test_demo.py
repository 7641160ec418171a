"""The demo's page in a real browser: with and without scripts, on a narrow screen, light and dark, for everybody."""

import re
from typing import Any

import pytest

from tests.browser.staffing import shut_out

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

WIDE = {"width": 1360, "height": 950}
NARROW = {"width": 360, "height": 780}


class Opened:
    """A page, and what its console and its requests complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


def _open(chrome: Any, **more: Any) -> Opened:
    settings = {"viewport": WIDE, "locale": "ru"} | more
    return Opened(chrome.new_context(**settings).new_page())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_texts_and_sees_the_answer_and_what_was_stored(chrome: Any, demo: str, scripts: bool) -> None:
    opened = _open(chrome, java_script_enabled=scripts)
    page = opened.page
    page.goto(f"{demo}/demo?who=2542")
    before = page.locator(".bubble").count()
    page.get_by_label("Сообщение").fill("ПОЧЕМУ")
    page.get_by_role("button", name="Отправить").click()
    sync_api.expect(page.locator(".bubble")).to_have_count(before + 2)
    sync_api.expect(page.locator(".bubble").last).to_contain_text("доставлено")
    sync_api.expect(page.locator("#facts")).to_contain_text("О сообщении «ПОЧЕМУ»")
    assert opened.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_suggestion_is_texted_at_one_press(chrome: Any, demo: str, scripts: bool) -> None:
    page = _open(chrome, java_script_enabled=scripts).page
    page.goto(f"{demo}/demo?who=3438&lang=en")
    before = page.locator(".bubble").count()
    page.get_by_role("button", name="balance", exact=True).click()
    sync_api.expect(page.locator(".bubble")).to_have_count(before + 2)
    sync_api.expect(page.locator(".bubble").last).to_contain_text("To pay")


def test_with_scripts_the_page_is_not_loaded_anew_and_the_focus_stays(chrome: Any, demo: str) -> None:
    page = _open(chrome).page
    page.goto(f"{demo}/demo?who=3915")
    page.evaluate("window.stillHere = true")
    chip = page.get_by_role("button", name="долг", exact=True)
    before = page.locator(".bubble").count()
    chip.click()
    sync_api.expect(page.locator(".bubble")).to_have_count(before + 2)
    assert page.evaluate("window.stillHere") is True
    sync_api.expect(chip).to_be_focused()


def test_what_another_window_texts_appears_by_itself(chrome: Any, demo: str) -> None:
    watching, texting = _open(chrome).page, _open(chrome).page
    watching.goto(f"{demo}/demo?who=3512")
    before = watching.locator(".bubble").count()
    texting.goto(f"{demo}/demo?who=3512")
    texting.get_by_role("button", name="ПОМОЩЬ", exact=True).click()
    sync_api.expect(watching.locator(".bubble")).to_have_count(before + 2, timeout=15_000)


def test_inhabitants_are_found_while_typing(chrome: Any, demo: str) -> None:
    page = _open(chrome).page
    page.goto(f"{demo}/demo")
    page.get_by_label("Имя, телефон, счёт или особенность").fill("трёхтарифный")
    sync_api.expect(page.locator("#list")).to_contain_text("Ткаченко")
    sync_api.expect(page.locator("#list")).not_to_contain_text("Гаврилова")
    page.get_by_role("link", name=re.compile("Ткаченко")).click()
    sync_api.expect(page.get_by_role("heading", level=2, name="Телефон: Ткаченко Олег Викторович")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", ["/demo?who=1705&lang=ru", "/demo?who=stranger&lang=en"])
def test_nobody_is_shut_out(chrome: Any, demo: str, path: str, size: dict[str, int], scheme: str) -> None:
    page = _open(chrome, viewport=size, color_scheme=scheme).page
    page.goto(demo + path)
    page.locator("summary").click()
    assert not (found := shut_out(page)), found


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("who", ["1705", "1717", "3300", "stranger"])
def test_a_narrow_screen_needs_no_scrolling_sideways(chrome: Any, demo: str, who: str, lang: str) -> None:
    page = _open(chrome, viewport=NARROW).page
    page.goto(f"{demo}/demo?who={who}&lang={lang}")
    page.locator("summary").click()
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown == NARROW["width"]


def test_what_a_reading_changed_fits_a_narrow_screen(chrome: Any, demo: str) -> None:
    page = chrome.new_context(viewport=NARROW, locale="ru").new_page()
    page.goto(f"{demo}/demo?who=1705")
    page.get_by_label("Сообщение").fill("04512")
    page.get_by_role("button", name="Отправить").click()
    sync_api.expect(page.locator(".phone .bubble").last).to_contain_text("04512")
    page.goto(f"{demo}/demo?who=1705")
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown == NARROW["width"]


def test_a_strict_policy_is_kept_to(chrome: Any, demo: str) -> None:
    # R37
    opened = _open(chrome)
    answer = opened.page.goto(f"{demo}/demo")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert opened.complaints == []
    assert opened.page.evaluate("document.querySelectorAll('[style], style, script:not([src])').length") == 0


def test_the_keyboard_alone_will_do(chrome: Any, demo: str) -> None:
    page = _open(chrome).page
    page.goto(f"{demo}/demo?who=3044")
    page.keyboard.press("Tab")
    sync_api.expect(page.get_by_role("link", name="К переписке")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.get_by_label("Сообщение")
    while not field.evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    before = page.locator(".bubble").count()
    page.keyboard.type("00012")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator(".bubble")).to_have_count(before + 2)
    sync_api.expect(page.locator(".bubble").last).to_contain_text("Принято 00012 (+62)")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_chats_with_the_bot(chrome: Any, demo: str, scripts: bool) -> None:
    opened = _open(chrome, java_script_enabled=scripts, viewport=WIDE if scripts else NARROW)
    page = opened.page
    who = "2542" if scripts else "3915"
    page.goto(f"{demo}/demo?who={who}")
    chat = page.locator("#chat")
    chat.get_by_role("button", name="Начать").click()
    chat.get_by_role("button", name="Русский").click()
    chat.get_by_role("button", name="Поделиться номером").click()
    sync_api.expect(chat).to_contain_text("Ваши л/с")
    chat.get_by_role("button", name="История").click()
    sync_api.expect(chat.locator("img")).to_have_count(1)
    sync_api.expect(chat.locator(".theirs").last).to_contain_text("Показания")
    chat.get_by_label("Написать боту").fill("долг")
    chat.get_by_role("button", name="Написать", exact=True).click()
    sync_api.expect(chat.locator(".mine").last).to_contain_text("долг")
    assert not (found := shut_out(page) if scripts else []), found
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]") if scripts else (0, 0)
    assert wide <= shown
    assert opened.complaints == []
