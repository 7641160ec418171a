"""An official warning: its evidence, what a disconnection lacks, the order, the letter, and the file that proves itself
(rows MS4, B2, idea 3 of the product)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from aiohttp import hdrs, web

from core.employees.model import Role
from core.notices.model import Refused
from core.notices.warnings import actions, chain, evidence, gate, standing
from core.notices.warnings.model import Case, Premise, What
from core.store.pool import Connection
from pages.words import PageWords
from staff import letters
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = frozenset({Role.COLLECTOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN})
COLLECTORS = frozenset({Role.COLLECTOR})
POSTERS = frozenset({Role.CLERK, Role.COLLECTOR})


async def shown(asked: Asked) -> Page:
    """All that is known of it."""
    async with asked.connection() as conn, conn.transaction():
        return await _page(asked, conn)


async def order(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Orders a disconnection today; what is missing is named."""
    try:
        async with conn.transaction():
            await actions.order(
                conn, asked.number, by=asked.employee.login, at=asked.at, keyring=asked.house.keyring
            )  # fmt: skip
    except Refused as refused:
        return await _page(asked, conn, refused)
    return Go(f"/warnings/{asked.number}", "warning_ordered")


async def letter(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Writes down that the letter was posted, or came back signed for."""
    received = form.get("received") == "1"
    try:
        on = date.fromisoformat(form.get("on", ""))
    except ValueError:
        on = date.max
    try:
        async with conn.transaction():
            await actions.post_letter(
                conn, asked.number, receipt=form.get("receipt", "")[:80], on=on, received=received,
                by=asked.employee.login, at=asked.at, keyring=asked.house.keyring,
            )  # fmt: skip
    except Refused as refused:
        return await _page(asked, conn, refused)
    return Go(f"/warnings/{asked.number}", "warning_letter")


async def printed(asked: Asked) -> Page:
    """The letter, to be printed and posted."""
    async with asked.connection() as conn, conn.transaction():
        of = await _case(asked, conn)
        await asked.look(conn, of.account_id, f"/warnings/{of.number}/letter")
    text, wanted = of.first(What.TEXT), of.first(What.LETTER)
    said = (wanted.body or {}).get("text") if wanted else None
    told = said or ((text.body or {}).get("text", "") if text else "")
    return Page("letter.html", {"case": of, "paragraphs": told.split("\n\n")})


async def pdf(asked: Asked) -> web.StreamResponse:
    """The same as a PDF.

    :raises web.HTTPConflict: its evidence does not hold.
    """
    async with asked.connection() as conn, conn.transaction():
        of = await _case(asked, conn)
        if chain.broken_at(of) is not None:
            raise web.HTTPConflict
        await asked.look(conn, of.account_id, f"/warnings/{of.number}/letter.pdf")
        return await letters.pdf(asked, conn, of)


async def exported(asked: Asked) -> web.StreamResponse:
    """The evidence as a zip."""
    async with asked.connection() as conn:
        async with conn.transaction():
            of = await _case(asked, conn)
            await asked.look(conn, of.account_id, f"/warnings/{of.number}/evidence.zip")
        try:
            content = await evidence.file(conn, of.number, at=asked.at, keyring=asked.house.keyring)
        except Refused:
            raise web.HTTPConflict from None
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="warning-{of.number}.zip"'}
    return web.Response(body=content, content_type="application/zip", headers=headers)


async def noted(asked: Asked, _: Form) -> None:
    """Notes the look, whatever becomes of the form."""
    async with asked.connection() as conn, conn.transaction():
        of = await _case(asked, conn)
        await asked.look(conn, of.account_id, f"/warnings/{of.number}")


async def _case(asked: Asked, conn: Connection) -> Case:
    """
    :raises web.HTTPNotFound: there is no such warning.
    """
    try:
        return await actions.case(conn, asked.number, keyring=asked.house.keyring)
    except Refused:
        raise web.HTTPNotFound from None


async def _page(asked: Asked, conn: Connection, refused: Refused | None = None) -> Page:
    of = await _case(asked, conn)
    if refused is None:
        await asked.look(conn, of.account_id, f"/warnings/{of.number}")
    day = asked.at.astimezone(of.zone).date()
    now = await standing.today(conn, of, day)
    words = asked.words
    trouble = None
    if refused is not None:
        told = dict(refused.told)
        if "premises" in told:
            told["premises"] = _named(told["premises"].split(", "), words)
        trouble = words(f"notice_wrong.{refused.why}", **told)
    text = of.first(What.TEXT)
    return Page(
        "warning.html",
        {
            "case": of,
            "day": day,
            "missing": gate.missing(of, now),
            "ordered": of.ordered,
            "withheld": _named(gate.withheld(of, now), words),
            "lapsed": _lapsed(of),
            "premises": tuple(Premise),
            "broken": chain.broken_at(of),
            "text": None if text is None or text.body is None else text.body.get("text"),
            "wants_letter": of.first(What.LETTER) is not None,
            "posted": of.first(What.POSTED) is not None,
            "may_order": asked.employee.may(COLLECTORS),
            "may_post": asked.employee.may(POSTERS),
            "trouble": trouble,
        },
        422 if refused else 200,
    )


def _named(premises: Iterable[str], words: PageWords) -> str:
    """What stands in the way of a disconnection, in words."""
    return ", ".join(words(f"premise_lack.{one}") for one in premises)


def _lapsed(of: Case) -> int:
    """Kopecks that were left out of the debt, for their limitation had run."""
    debt = of.first(What.DEBT)
    rows: list[list[Any]] = (debt.body or {}).get("lapsed", []) if debt else []
    return sum(one[3] for one in rows)


ROUTES: tuple[Route, ...] = (
    Get("/warnings/{id}", READERS | POSTERS, shown),
    Get("/warnings/{id}/letter", POSTERS, printed),
    Get("/warnings/{id}/letter.pdf", POSTERS, pdf),
    Get("/warnings/{id}/evidence.zip", READERS, exported),
    Post("/warnings/{id}/order", COLLECTORS, order, before=noted),
    Post("/warnings/{id}/letter", POSTERS, letter, before=noted),
)
