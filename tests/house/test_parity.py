"""Each command works on each channel, or it is written why not."""

from channels.web import menu
from tests.house import parity


def test_the_page_has_the_table() -> None:
    """Written by `python -m tests.house.parity`."""
    page = parity.PAGE.read_text(encoding="utf-8")
    assert "<!-- parity -->" in page
    assert parity.written(page) == page


def test_the_pages_are_there() -> None:
    there = {route.path for route in menu.ROUTES}
    assert {name: page for name, page in parity.PAGES.items() if page not in there} == {}
    assert parity.PAGES.keys() <= {parity.name(what) for what in parity.operations()}


def test_a_gap_needs_a_reason() -> None:
    gaps = [
        (parity.name(what), channel)
        for what in parity.operations()
        for channel in parity.CHANNELS
        if not parity.cell(what, channel)
    ]
    assert gaps == []
    known = {(parity.name(what), channel) for what in parity.operations() for channel in parity.CHANNELS}
    assert parity.REASONS.keys() <= known
