"""Draws a letter on the sheet of bills."""

import io

from pages import paper
from pages.letters import Letter


def drawn(letter: Letter, language: str) -> bytes:
    """The PDF of the letter."""
    out = io.BytesIO()
    canvas = paper.begun(out, title=letter.title, author=letter.head[0], language=language)
    sheet = paper.Sheet(canvas, letter.page)
    for no, line in enumerate(letter.head):
        sheet.line(line, size=11 if no == 0 else 9.5, bold=no == 0, soft=no > 0)
    sheet.y -= 18
    for line in letter.to:
        sheet.line(line, size=10.5)
    sheet.y -= 22
    sheet.line(letter.title, size=15, bold=True)
    sheet.y -= 8
    for paragraph in letter.text.split("\n\n"):
        sheet.line(" ".join(paragraph.split()), size=10.5)
        sheet.y -= 8
    _claims(sheet, letter)
    sheet.y -= 36
    sheet.line(letter.signed, size=10.5)
    sheet.close()
    canvas.save()
    return out.getvalue()


def _claims(sheet: paper.Sheet, letter: Letter) -> None:
    right, middle = paper.WIDTH - paper.MARGIN, paper.WIDTH - paper.MARGIN - 110
    if not letter.claims:
        return
    sheet.y -= 4
    for no, (what, due, amount) in enumerate(letter.claims):
        cells = [(paper.MARGIN, what, False), (middle, due, True), (right, amount, True)]
        sheet.row(cells, size=8.5 if no == 0 else 9.5, bold=no == 0)
        if no == 0:
            sheet.rule()
    sheet.rule()
    name, value = letter.total
    sheet.row([(paper.MARGIN, name, False), (right, value, True)], size=11, bold=True)
