"""Charts as pictures of their own (SVG), which a page shows beside a table that tells the same.

A picture has its own paper and its colours as attributes: it looks alike in any page, and needs no style from outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from pages import drawing
from pages.drawing import Bar, Chart

WIDE, NARROW = 760, 360
"""The widths in which a picture is drawn: a phone is given one whose words are large enough on it."""

_PAPER, _INK, _LINE, _FULL, _PALE, _BAND = "#fffefb", "#1c2326", "#d9d4c9", "#0b5f59", "#8fb8b3", "#d7a34a"
_LOW = 240
_HALF = 18
"""About half of the width of a label."""
_LETTERS = 'font-family="system-ui, Roboto, Liberation Sans, DejaVu Sans, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True)
class Column:
    """A bar with its label, its value and what is told of it; `foretold` is drawn pale, `least` and `most` are how far
    it may be off."""

    label: str
    value: Decimal
    told: str
    foretold: bool = False
    least: Decimal | None = None
    most: Decimal | None = None


def chart(
    columns: Sequence[Column],
    *,
    title: str,
    unit: str,
    written: Callable[[Decimal], str],
    width: int = WIDE,
    empty: str = "",
) -> bytes:
    """The picture of the columns in their order, with the unit above its axis; where there is none, the words `empty`.

    `written` writes a value of the axis.
    """
    band = [bound for one in columns for bound in (one.least, one.most) if bound is not None]
    labels = drawing.LABELS if width > NARROW else 6
    height = drawing.HEIGHT if width > NARROW else _LOW
    values = [(one.label, one.value, one.told) for one in columns]
    found = drawing.bars(values, width=width, height=height, labels=labels, within=band)
    inside = [_text(width / 2, 60, empty, "middle")] if found is None else list(_drawn(found, columns, unit, written))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' role="img" {_LETTERS} fill="{_INK}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>',
            *inside,
            "</svg>\n",
        ]
    ).encode()


def _drawn(found: Chart, columns: Sequence[Column], unit: str, written: Callable[[Decimal], str]) -> list[str]:
    parts = [_text(found.left, 9, unit, "start")]
    parts.extend(
        f'<line x1="{found.left}" x2="{found.right}" y1="{tick.y}" y2="{tick.y}" stroke="{_LINE}"/>'
        + _text(found.left - 6, tick.y + 4, written(tick.value), "end")
        for tick in found.ticks
    )
    for bar, column in zip(found.bars, columns, strict=True):
        colour = _PALE if column.foretold else _FULL
        parts.append(
            f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" fill="{colour}">'
            f"<title>{escape(bar.told)}</title></rect>"
        )
        if bar.below:
            middle = bar.x + bar.width / 2
            last = middle + _HALF > found.width
            x, anchor = (found.width - 3.0, "end") if last else (middle, "middle")
            parts.append(_text(x, found.height - 14, bar.label, anchor))
    parts.extend(_band(found, columns))
    parts.append(f'<line x1="{found.left}" x2="{found.right}" y1="{found.zero}" y2="{found.zero}" stroke="{_INK}"/>')
    return parts


def _band(found: Chart, columns: Sequence[Column]) -> list[str]:
    """How far what is foretold may be off: a band over its bars."""
    with_bounds = [
        (bar, one.least, one.most)
        for bar, one in zip(found.bars, columns, strict=True)
        if one.least is not None and one.most is not None
    ]
    if not with_bounds:
        return []
    upper = [(x, found.y(most)) for bar, _, most in with_bounds for x in _sides(bar)]
    lower = [(x, found.y(least)) for bar, least, _ in with_bounds for x in _sides(bar)]
    points = " ".join(f"{x},{y}" for x, y in [*upper, *reversed(lower)])
    return [f'<polygon points="{points}" fill="{_BAND}" fill-opacity="0.45" stroke="{_BAND}"/>']


def _sides(bar: Bar) -> tuple[float, float]:
    half = bar.width * 0.15 / 0.7
    return round(bar.x - half, 1), round(bar.x + bar.width + half, 1)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}">{escape(text)}</text>'
