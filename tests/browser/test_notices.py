"""Notices in a real browser: written by one, approved by another, counted down and stopped, on both screens."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.staffing import NARROW, STRANGER, WIDE, enter, look_at, opened, prepare

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

PHONE = STRANGER[:-1] + "8"
PICTURES = os.environ.get("METERLINE_TEST_PICTURES")


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
    author.get_by_role("button", name="Отправить на утверждение").click()
    place = author.url.partition("?")[0]
    approver, _ = enter(chrome, demo, "pavel", "ru", java_script_enabled=True)
    approver.goto(place)
    _seen(approver, "approval")
    approver.get_by_role("button", name="Утвердить эту версию").click()
    sync_api.expect(approver.get_by_role("status").first).to_contain_text("Утверждено")
    author.goto(place)
    author.get_by_role("button", name="Начать отсчёт").click()
    sync_api.expect(author.locator("main")).to_contain_text("если не остановить")
    author.get_by_role("button", name="Остановить совсем").click()
    sync_api.expect(author.locator("main")).to_contain_text("остановлено")
    _seen(author, "stopped")
    author.goto(f"{staff}/notices")
    _seen(author, "list")


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
