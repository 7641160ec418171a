"""Each command works on each channel, or it is written why not."""

from tests.house import parity


def test_the_page_has_the_table() -> None:
    """Written by `python -m tests.house.parity`."""
    page = parity.PAGE.read_text(encoding="utf-8")
    assert "<!-- parity -->" in page
    assert parity.written(page) == page


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
