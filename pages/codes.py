"""Codes that a telephone reads (QR): as a picture of a page, and as squares for paper."""

import io
from collections.abc import Iterator
from html import escape

import segno

BORDER = 4
"""Empty squares around a code, as its standard wants them."""


def squares(told: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of the code, True for black; UTF-8 without a mark of its encoding, which the text itself has."""
    return tuple(tuple(bool(one) for one in row) for row in _code(told).matrix)


def picture(told: str, *, title: str) -> bytes:
    """The code as SVG, black on white, four units a square."""
    out = io.BytesIO()
    _code(told).save(
        out, kind="svg", border=BORDER, scale=4, light="white", xmldecl=False, svgclass=None, lineclass=None
    )
    body = out.getvalue().decode()
    head, mark, rest = body.partition(">")
    return f'{head} role="img"{mark}<title>{escape(title)}</title>{rest}'.encode()


def _code(told: str) -> segno.QRCode:
    return segno.make_qr(told, error="m", encoding="utf-8", boost_error=False)


def runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    """The black runs of a row: where each begins and how long it is."""
    start = None
    for place, black in enumerate((*row, False)):
        if black and start is None:
            start = place
        elif not black and start is not None:
            yield start, place - start
            start = None
