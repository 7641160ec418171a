"""Bills: the list, each as it was issued, as a PDF, and the code by which a banking application pays it (row Q3)."""

from functools import partial

from aiohttp import web

from channels.web import exporting, recorded
from channels.web.model import Asked, Get, Page, Route
from core.commands import Subject
from core.dossier import printing
from core.dossier.own import telling
from core.dossier.printing import Paper
from pages import bills, codes

SHOWN = 24


async def listed(asked: Asked) -> Page:
    """All that was demanded, the latest first."""
    asked.need(Subject.BILL)
    past = await recorded.past(asked)
    rows = telling.bills(past.life, past.account.state, asked.today)
    return Page("bills.html", {"rows": rows[:SHOWN], "older": rows[SHOWN:]})


async def bill(asked: Asked) -> Page:
    """A bill as it was issued, with its code, and what proves that it is the same."""
    asked.need(Subject.BILL)
    paper = await _paper(asked)
    values = {
        "bill": bills.told(paper.face, asked.language),
        "no": paper.face.no,
        "digest": paper.digest.hex(),
        "seal": paper.seal.hex() if paper.seal else None,
        "sealed_on": paper.sealed_on,
    }
    return Page("bill.html", values)


async def pdf(asked: Asked) -> web.Response:
    """The PDF in the language of the page: the same bytes at every print."""
    asked.need(Subject.BILL)
    paper = await _paper(asked, f"pdf-{asked.language}")
    name = f"{paper.face.number}-{paper.face.no}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{exporting.plain(name)}"'}
    return web.Response(body=paper.body, content_type="application/pdf", headers=headers)


async def code(asked: Asked) -> web.Response:
    """The payment code as a picture.

    :raises web.HTTPNotFound: the bill has none.
    """
    asked.need(Subject.BILL)
    paper = await _paper(asked)
    told = bills.told(paper.face, asked.language)
    if told.code is None:
        raise web.HTTPNotFound
    return recorded.svg(codes.picture(told.code, title=told.code_told))


async def _paper(asked: Asked, form: str | None = None) -> Paper:
    """
    :raises web.HTTPNotFound: the account has no such bill.
    """
    text = asked.request.match_info["no"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise web.HTTPNotFound
    async with asked.connection() as conn:
        paper = await printing.paper(
            conn, asked.holding.account.id, int(text), keyring=asked.house.keyring, at=asked.at, form=form,
            draw=partial(bills.pdf, language=asked.language),
        )  # fmt: skip
    if paper is None:
        raise web.HTTPNotFound
    return paper


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/bills", listed),
    Get("/my/{account}/bills/{no}", bill),
    Get("/my/{account}/bills/{no}/pdf", pdf),
    Get("/my/{account}/bills/{no}/code.svg", code),
)
