"""A warning as a letter on paper of A4, to be posted (reliability.md section 3, consequence 2)."""

import io
from dataclasses import dataclass

from pages import paper


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. `head` are the company's lines and `to` those of who gets it; `text` is in paragraphs, with an
    empty line between them; `claims` are rows (what for, due, sum), the first their heads, `total` what they come to;
    `page` stands at the foot, with the number of the page in the place of `{page}`."""

    title: str
    head: tuple[str, ...]
    to: tuple[str, ...]
    text: str
    claims: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    signed: str
    page: str


def drawn(letter: Letter, language: str) -> bytes:
    """The PDF, the same each time."""
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
