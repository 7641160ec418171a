"""The pages of the staff that other tests do not open: nobody is shut out, wide or narrow."""

from typing import Any

import pytest

from tests.browser.staffing import shut_out
from tests.browser.walking import NARROW, WIDE, enter, opened

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")

pytestmark = pytest.mark.prove

PAGES = {
    "igor": (
        "/stock",
        "/stock/1",
        "/stock/move",
        "/stock/turnover",
        "/stock/device?serial=30001",
        "/facts/meters",
        "/facts/devices",
        "/company/rules",
    ),
    "root": (
        "/stock",
        "/quality",
        "/calibration",
        "/calibration/2026-01",
        "/jobs",
        "/jobs/morning",
        "/company",
        "/company/rules",
        "/imports",
        "/people",
        "/offices",
        "/offices/1",
        "/offices/1/edit",
        "/offices/file",
        "/visits",
        "/visits?office=1&day=2025-11-24",
        "/notices",
    ),
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(("login", "language"), [("igor", "ru"), ("root", "en")])
def test_nobody_is_shut_out(chrome: Any, demo: str, login: str, language: str, size: dict[str, int]) -> None:
    page = opened(chrome, viewport=size)
    staff = enter(page, demo, login, language)
    for path in PAGES[login]:
        assert page.goto(f"{staff}{path}").ok, path
        assert not (found := shut_out(page)), found
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= shown == size["width"], path
