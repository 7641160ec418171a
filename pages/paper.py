"""Draws a bill on paper of A4: a PDF without a time or a random name in it; the sheet is that of other papers too."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pages import codes
from pages.bills import Bill

FONTS = Path(__file__).with_name("fonts")
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"

WIDTH, HEIGHT = A4
MARGIN, _FOOT = 48.0, 56.0
_SIDE = 132.0
"""The side of the payment code, points: 46 mm."""

_INK, _SOFT, _LINE = (0.11, 0.14, 0.15), (0.34, 0.38, 0.40), (0.75, 0.73, 0.69)


@cache
def _fonts() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def begun(out: io.BytesIO, *, title: str, author: str, language: str) -> Canvas:
    """A paper without a page yet."""
    _fonts()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang=language, initialFontName=PLAIN)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Meterline")
    return canvas


def drawn(bill: Bill, language: str) -> bytes:
    """The PDF of the bill."""
    out = io.BytesIO()
    canvas = begun(out, title=bill.title, author=bill.company, language=language)
    sheet = Sheet(canvas, bill.page)
    _head(sheet, bill)
    _table(sheet, bill)
    _payment(sheet, bill)
    sheet.close()
    canvas.save()
    return out.getvalue()


class Sheet:
    """A page that is written from its top to its foot, and then the next one."""

    def __init__(self, canvas: Canvas, footer: str) -> None:
        self.canvas = canvas
        self.y = HEIGHT - MARGIN
        self._footer = footer
        self._page = 1

    def room(self, height: float) -> None:
        """Goes on to another page where there is not so much room."""
        if self.y - height < _FOOT:
            self.close()
            self.canvas.showPage()
            self._page += 1
            self.y = HEIGHT - MARGIN

    def close(self) -> None:
        self._put(MARGIN, _FOOT - 24, self._footer.replace("{page}", str(self._page)), PLAIN, 7.5, _SOFT)

    def line(self, text: str, *, size: float = 9.5, bold: bool = False, soft: bool = False, width: float = 0.0) -> None:
        """Text in as many lines as it takes."""
        font = BOLD if bold else PLAIN
        for part in simpleSplit(text, font, size, width or WIDTH - 2 * MARGIN):
            self.room(size * 1.45)
            self.y -= size * 1.2
            self._put(MARGIN, self.y, part, font, size, _SOFT if soft else _INK)
            self.y -= size * 0.25

    def row(self, cells: Sequence[tuple[float, str, bool]], *, size: float = 9.5, bold: bool = False) -> None:
        """Cells at their places, `True`: to the left of it. The first is broken where it is too long."""
        font = BOLD if bold else PLAIN
        (x, first, _), *others = cells
        parts = simpleSplit(first, font, size, 290) or [""]
        self.room(size * 1.5 * len(parts))
        self.y -= size * 1.2
        for place, text, right in others:
            start = place - pdfmetrics.stringWidth(text, font, size) if right else place
            self._put(start, self.y, text, font, size, _INK)
        for at, part in enumerate(parts):
            self._put(x, self.y - at * size * 1.3, part, font, size, _INK)
        self.y -= size * (0.4 + 1.3 * (len(parts) - 1))

    def rule(self) -> None:
        self.y -= 4
        self.canvas.setStrokeColorRGB(*_LINE)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)
        self.y -= 3

    def _put(self, x: float, y: float, text: str, font: str, size: float, colour: tuple[float, float, float]) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*colour)
        self.canvas.drawString(x, y, text)


def _head(sheet: Sheet, bill: Bill) -> None:
    sheet.line(bill.company, size=11, bold=True)
    sheet.line(bill.phone, soft=True)
    sheet.y -= 12
    sheet.line(bill.title, size=17, bold=True)
    sheet.line(bill.month, size=11)
    sheet.y -= 8
    for name, value in bill.about:
        sheet.line(f"{name}: {value}")
    sheet.y -= 10


def _table(sheet: Sheet, bill: Bill) -> None:
    right, middle = WIDTH - MARGIN, WIDTH - MARGIN - 110
    if bill.rows:
        what, volume, amount = bill.heads
        sheet.row([(MARGIN, what, False), (middle, volume, True), (right, amount, True)], size=8.5, bold=True)
        sheet.rule()
        for one in bill.rows:
            sheet.row([(MARGIN, one.what, False), (middle, one.volume, True), (right, one.amount, True)])
        sheet.rule()
    for name, value in bill.balance:
        sheet.row([(MARGIN, name, False), (right, value, True)])
    sheet.rule()
    name, value = bill.total
    sheet.row([(MARGIN, name, False), (right, value, True)], size=13, bold=True)
    sheet.y -= 14


def _payment(sheet: Sheet, bill: Bill) -> None:
    """Whom to pay, with the code beside it."""
    if bill.payee:
        sheet.room(_SIDE + 60)
        top = sheet.y
        wide = WIDTH - 2 * MARGIN - _SIDE - 24
        for name, value in bill.payee:
            sheet.line(f"{name}: {value}", size=8.5, width=wide)
        if bill.code is not None:
            _code(sheet, bill.code, bill.code_label, top)
            sheet.y = min(sheet.y, top - _SIDE - 26)
        sheet.y -= 8
    if bill.pay:
        sheet.line(bill.pay)


def _code(sheet: Sheet, told: str, label: str, top: float) -> None:
    rows = codes.squares(told)
    side = _SIDE / len(rows)
    left = WIDTH - MARGIN - _SIDE
    canvas = sheet.canvas
    canvas.setFillColorRGB(0, 0, 0)
    for no, row in enumerate(rows):
        for start, length in codes.runs(row):
            canvas.rect(left + start * side, top - (no + 1) * side, length * side, side, stroke=0, fill=1)
    canvas.setFont(PLAIN, 7.5)
    canvas.setFillColorRGB(*_SOFT)
    for at, part in enumerate(simpleSplit(label, PLAIN, 7.5, _SIDE)):
        canvas.drawString(left, top - _SIDE - 11 - at * 10, part)
