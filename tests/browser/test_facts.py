"""A fact is brought at the staff's side, and the customer's phone tells what it changed."""

import re
from typing import Any

import pytest

from tests.browser.walking import enter, opened, text

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_control_reading_is_told_on_the_phone(chrome: Any, demo: str, scripts: bool) -> None:  # check 1
    who, account, meter = ("1771", "100005110", "0051101") if scripts else ("3823", "100005823", "7005823")
    phone, staff_page = (opened(chrome, java_script_enabled=scripts) for _ in range(2))
    text(phone, demo, who, "ИСТОРИЯ")
    last = re.search(r"\d{5}", phone.locator(".bubble").last.inner_text())
    assert last is not None
    taken = f"{int(last[0]) + 31:05d}"
    staff = enter(staff_page, demo, "igor")
    staff_page.goto(f"{staff}/facts/control")
    for label, value in (
        ("Лицевой счёт", account),
        ("Номер счётчика", meter),
        ("Показание", taken),
        ("Документ", "акт 118"),
    ):
        staff_page.get_by_label(re.compile(f"^{label}")).fill(value)
    staff_page.get_by_label(re.compile("^День")).fill("2025-11-20")
    staff_page.get_by_role("button", name="Показать, что изменится").click()
    staff_page.wait_for_load_state("load")
    change = staff_page.locator("dd.sum").last.inner_text()
    assert change.startswith("+")
    assert staff_page.get_by_label("Сообщить абоненту новую сумму").is_checked()
    staff_page.get_by_role("button", name="Записать").click()
    sync_api.expect(staff_page.get_by_role("status")).to_contain_text("абоненту отправлено сообщение")
    for _ in range(20):
        phone.goto(f"{demo}/demo?who={who}")
        if taken in phone.locator(".bubble").last.inner_text():
            break
        phone.wait_for_timeout(500)
    told = phone.locator(".bubble").last.inner_text()
    assert f"Контролёр снял {taken} 20.11. К оплате" in told
    assert f"Изменение {re.sub(r'[^0-9+,]', '', change)}" in told
