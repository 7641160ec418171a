"""Notices in a real browser: written by one, approved by another, counted down and stopped, on both screens."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import running
from tests.browser.staffing import NARROW, WIDE, enter, look_at, opened, prepare

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

PHONE = "+79780001705"
PICTURES = os.environ.get("METERLINE_TEST_PICTURES")


@pytest.fixture(scope="module")
def demo(chromium: str) -> Iterator[str]:
    """A demo of our own: its clock is moved."""
    assert chromium
    with running() as address:
        yield address


def _seen(page: Any, name: str) -> None:
    """The page is sound on a wide screen and on a telephone."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        look_at(page, size)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{size['width']}.png"), full_page=True)


def _contract(chrome: Any, demo: str) -> None:
    page, staff = enter(chrome, demo, "olga", "ru", java_script_enabled=True)
    prepare(page, staff, PHONE)
    page.get_by_role("button", name="Подписан, ввести в действие").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("Договор действует")


def test_a_warning_is_written_approved_and_stopped(chrome: Any, demo: str) -> None:  # check 1
    _contract(chrome, demo)
    author, staff = enter(chrome, demo, "anna", "ru", java_script_enabled=True)
    author.goto(f"{staff}/notices/new?kind=disconnection")
    _seen(author, "form")
    author.locator("#basis").fill("п. 119 ПП 354")
    author.locator("#debt").fill("400,00")
    author.get_by_role("button", name="Сохранить").click()
    sync_api.expect(author.locator("main")).to_contain_text("Предупреждение: л/с 100004321")
    _seen(author, "preview")
    author.get_by_role("link", name="Все получатели по одному").click()
    sync_api.expect(author.locator("main")).to_contain_text("получит")
    _seen(author, "people")
    author.go_back()
    author.get_by_role("button", name="Отправить на утверждение").click()
    place = author.url.partition("?")[0]
    approver, _ = enter(chrome, demo, "pavel", "ru", java_script_enabled=True)
    approver.goto(place)
    _seen(approver, "approval")
    approver.get_by_role("button", name="Утвердить эту версию").click()
    sync_api.expect(approver.get_by_role("status").first).to_contain_text("Утверждено")
    author.goto(place)
    author.get_by_role("button", name="Пробная отправка сотрудникам").click()
    author.get_by_role("button", name="Начать отсчёт").click()
    sync_api.expect(author.locator("main")).to_contain_text("если не остановить")
    author.get_by_role("button", name="Остановить совсем").click()
    sync_api.expect(author.locator("main")).to_contain_text("остановлено")
    _seen(author, "stopped")
    author.goto(f"{staff}/notices")
    _seen(author, "list")


def _sent(author: Any, approver: Any, staff: str, kind: str, **fields: str) -> str:
    """A notice that counts down; its address."""
    author.goto(f"{staff}/notices/new?kind={kind}")
    for name, value in {"basis": "план 17", **fields}.items():
        author.locator(f"#{name}").fill(value)
    author.get_by_role("button", name="Сохранить").click()
    author.get_by_role("button", name="Отправить на утверждение").click()
    place: str = author.url.partition("?")[0]
    approver.goto(place)
    approver.get_by_role("button", name="Утвердить эту версию").click()
    author.goto(place)
    author.get_by_role("button", name="Пробная отправка сотрудникам").click()
    author.get_by_role("button", name="Начать отсчёт").click()
    return place


def _read_in_the_cabinet(page: Any, number: str) -> None:
    """The warning stands in the cabinet with its text and its button."""
    back = page.url
    page.locator("button.cabinet").click()
    page.wait_for_url(re.compile("/my/"))
    page.goto(f"{page.url}/notices")
    sync_api.expect(page.locator("main")).to_contain_text("Предупреждение: л/с 100004321")
    sync_api.expect(page.get_by_role("button", name=f"С уведомлением {number} ознакомлен(а)")).to_be_visible()
    _seen(page, "cabinet")
    page.set_viewport_size(WIDE)
    page.goto(back)


def test_they_come_to_the_phone_and_are_answered(chrome: Any, demo: str) -> None:  # check 1, J13, J14
    """Behind the test that has made the contract."""
    author, staff = enter(chrome, demo, "anna", "ru", java_script_enabled=True)
    approver, _ = enter(chrome, demo, "pavel", "ru", java_script_enabled=True)
    _sent(author, approver, staff, "disconnection", debt="400,00")
    works = _sent(author, approver, staff, "works", accounts="100004321", text_ru="Работы 25.11, л/с {account}")
    phone = chrome.new_context(viewport=WIDE, locale="ru").new_page()
    phone.goto(f"{demo}/demo?lang=ru&who={PHONE[-4:]}")
    phone.locator("button[name=move][value=hour]").click()
    bubbles = phone.locator(".phone .bubble")
    sync_api.expect(bubbles.filter(has_text="Предупреждение: л/с 100004321").last).to_be_visible(timeout=20_000)
    sync_api.expect(bubbles.filter(has_text="Работы 25.11, л/с ..4321").last).to_be_visible(timeout=20_000)
    warning = bubbles.filter(has_text="Предупреждение: л/с 100004321").last.inner_text()
    number, code = re.findall(r"Увед\.(\d+)", warning)[-1], re.findall(r"ОК (\w{4})", warning)[-1]
    _read_in_the_cabinet(phone, number)
    for said, answered in ((f"ОК {code}", "вы ознакомлены"), ("СТОП", "Новости отключены")):
        phone.get_by_label("Сообщение").fill(said)
        phone.get_by_role("button", name="Отправить").click()
        sync_api.expect(bubbles.filter(has_text=answered).last).to_be_visible(timeout=20_000)
    author.goto(works)
    sync_api.expect(author.locator("main")).to_contain_text("завершено", timeout=20_000)
    collector, _ = enter(chrome, demo, "pavel", "ru", java_script_enabled=True)
    opened(collector, f"{staff}/warnings/{number}")
    sync_api.expect(collector.locator("main")).to_contain_text("получатель ознакомлен")
    sync_api.expect(collector.locator("main")).to_contain_text("мешает: дни срока ещё не прошли")
    _seen(collector, "warning")


def test_in_english_without_scripts(chrome: Any, demo: str) -> None:
    author, staff = enter(chrome, demo, "anna", "en")
    author.goto(f"{staff}/notices/new?kind=works")
    author.locator("#basis").fill("plan 17")
    author.locator("#customer").select_option("household")
    author.get_by_role("button", name="Keep and show").click()
    sync_api.expect(author.locator("main")).to_contain_text("Whom it would reach")
    sync_api.expect(author.locator("main")).to_contain_text("no SMS contract")
    opened(author, f"{staff}/notices")
    sync_api.expect(author.locator("main")).to_contain_text("plan 17")
