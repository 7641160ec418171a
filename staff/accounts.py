"""The page of an account: the thirteen views, the timeline, the bills as they were issued (rows Q1 to Q13, K8)."""

from datetime import date
from decimal import Decimal
from functools import partial

from aiohttp import web
from cryptography.exceptions import InvalidTag

from core.dossier import actions as dossiers
from core.dossier import printing
from core.dossier.model import Dossier, ended
from core.dossier.timeline import actions as timelines
from core.dossier.timeline.model import FIRST, Mark, What
from core.store.pool import Connection
from pages import bills, drawing
from pages.drawing import Branch
from pages.volumes import Volumes
from pages.words import PageWords
from staff import facts, telephoning
from staff.model import Asked, Get, Page, Route
from staff.searching import READERS

SHOWN = 12
"""So many rows of a list stand open; the others unfold."""


async def opened(asked: Asked) -> Page:
    """The account with all its views."""
    async with asked.connection() as conn:
        return await page(asked, conn, asked.number)


async def page(asked: Asked, conn: Connection, account_id: int, *, answer: telephoning.Answer | None = None) -> Page:
    """The page of the account, with what became of a reading told by telephone.

    :raises web.HTTPNotFound: there is no such account.
    """
    await noted(asked, conn, account_id, "/accounts")
    dossier = await dossiers.open_account(
        conn, account_id, keyring=asked.house.keyring, at=asked.at, full=asked.employee.sees_in_full
    )
    if dossier is None:
        raise web.HTTPNotFound
    values = {
        "account": dossier,
        "shown": SHOWN,
        "ended": ended,
        "volume": Volumes(asked.words, "account_unit"),
        "money_chart": _money_chart(dossier, asked.words),
        "use_chart": _use_chart(dossier, asked.words),
        "main": main_service(dossier),
        "tree": _tree(dossier, asked.words),
        "may_tell": asked.employee.may(telephoning.TELLERS),
        "may_take": frozenset(kind for kind, who in facts.TAKERS.items() if asked.employee.may(who)),
        "answer": answer,
    }
    return Page("account.html", values, 422 if answer is not None and not answer.taken else 200)


async def noted(asked: Asked, conn: Connection, account_id: int, what: str) -> None:
    """Notes the look before anything is shown."""
    async with conn.transaction():
        await asked.look(conn, account_id, what)


async def timeline(asked: Asked) -> Page:
    """All that befell the account, the latest first, narrowed to a kind where one is chosen."""
    account_id = asked.number
    kind = asked.query("kind", longest=20)
    kinds = (What(kind),) if kind in set(What) else tuple(What)
    before = Mark.read(asked.query("before")) or FIRST
    async with asked.connection() as conn:
        await noted(asked, conn, account_id, "/accounts/timeline")
        name = await dossiers.name_of(conn, account_id, keyring=asked.house.keyring, at=asked.at)
        piece = await timelines.piece(
            conn, account_id, keyring=asked.house.keyring, full=asked.employee.sees_in_full, before=before, kinds=kinds
        )
    if name is None:
        raise web.HTTPNotFound
    values = {
        "id": account_id, "number": name.number, "holder": name.holder, "events": piece.events,
        "older": None if piece.older is None else piece.older.written(),
        "kinds": tuple(What), "kind": kind if kind in set(What) else "", "first": before == FIRST,
    }  # fmt: skip
    return Page("timeline.html", values)


async def bill(asked: Asked) -> Page:
    """A bill as it was issued, with what proves that it is the same."""
    printed, number, no = await _printed(asked)
    values = {
        "id": asked.number, "number": number, "no": no, "text": printed.body.decode(), "digest": printed.digest.hex(),
        "seal": printed.seal.hex() if printed.seal else None, "sealed_on": printed.sealed_on,
    }  # fmt: skip
    return Page("bill.html", values)


async def bill_text(asked: Asked) -> web.Response:
    """The bytes of the bill."""
    printed, _, no = await _printed(asked)
    name = f"bill-{asked.number}-{no}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=printed.body, content_type="text/plain", charset="utf-8", headers=headers)


async def bill_pdf(asked: Asked) -> web.Response:
    """The PDF in the language of the page, the same bytes that the customer gets."""
    account_id, no = asked.number, asked.number_of("no")
    language = asked.words.language
    async with asked.connection() as conn:
        await noted(asked, conn, account_id, "/accounts/bills")
        paper = await printing.paper(
            conn, account_id, no, keyring=asked.house.keyring, at=asked.at, form=f"pdf-{language}",
            draw=partial(bills.pdf, language=language),
        )  # fmt: skip
    if paper is None:
        raise web.HTTPNotFound
    headers = {"Content-Disposition": f'inline; filename="bill-{account_id}-{no}.pdf"'}
    return web.Response(body=paper.body, content_type="application/pdf", headers=headers)


async def photo(asked: Asked) -> web.Response:
    """The picture of a meter that came with a reading out of a chat."""
    account_id, photo_id = asked.number, asked.number_of("photo")
    async with asked.connection() as conn:
        await noted(asked, conn, account_id, "/accounts/photos")
        content = await dossiers.photo(conn, account_id, photo_id, keyring=asked.house.keyring)
    if content is None:
        raise web.HTTPNotFound
    return web.Response(body=content, content_type="image/jpeg")


async def _printed(asked: Asked) -> tuple[printing.Printed, str, int]:
    account_id, no = asked.number, asked.number_of("no")
    async with asked.connection() as conn:
        await noted(asked, conn, account_id, "/accounts/bills")
        name = await dossiers.name_of(conn, account_id, keyring=asked.house.keyring, at=asked.at)
        try:
            printed = await printing.bill(conn, account_id, no, keyring=asked.house.keyring, at=asked.at)
        except (printing.Changed, InvalidTag) as changed:
            raise printing.Changed(f"bill {no} of account {account_id}") from changed
    if printed is None or name is None:
        raise web.HTTPNotFound
    return printed, name.number, no


def main_service(dossier: Dossier) -> str | None:
    """The service whose volumes are drawn: electricity where there is any."""
    services = {service for month in dossier.months for service in month.volumes}
    return "electricity" if "electricity" in services else min(services, default=None)


def _money_chart(dossier: Dossier, words: PageWords) -> drawing.Chart | None:
    return drawing.bars(
        [
            (
                _short(one.month.first),
                Decimal(one.amount).scaleb(-2),
                f"{words.month(one.month.first)}: {words.money(one.amount)}",
            )
            for one in dossier.months
        ]
    )


def _use_chart(dossier: Dossier, words: PageWords) -> drawing.Chart | None:
    service, told = main_service(dossier), Volumes(words, "account_unit")
    if service is None:
        return None
    return drawing.bars(
        [
            (
                _short(one.month.first),
                Decimal(one.volumes.get(service, 0)).scaleb(-3),
                f"{words.month(one.month.first)}: {told(one.volumes.get(service, 0), service)}",
            )
            for one in dossier.months
        ]
    )


def _short(day: date) -> str:
    return f"{day:%m.%y}"


def _tree(dossier: Dossier, words: PageWords) -> drawing.Tree:
    """Supply, building, points of the account, and the meters that stand or stood there."""
    told = Volumes(words, "account_unit")
    points = tuple(
        Branch(
            (words("tree.point", no=one.point.id), words.get("account_service", one.point.service), one.plan),
            tuple(
                Branch(
                    (
                        f"№ {meter.meter.serial}",
                        meter.meter.brand,
                        words("tree.times", times=told.times(meter.multiplier)) if meter.stands else words("tree.gone"),
                    ),
                    gone=not meter.stands,
                )
                for meter in dossier.meters
                if meter.meter.point_id == one.point.id
            ),
        )
        for one in dossier.points
    )
    building = Branch((dossier.building or words("tree.building"), dossier.address or ""), points)
    return drawing.tree(Branch((words("tree.supply"), dossier.manager), (building,)))


ROUTES: tuple[Route, ...] = (
    Get("/accounts/{id}", READERS, opened),
    Get("/accounts/{id}/timeline", READERS, timeline),
    Get("/accounts/{id}/photos/{photo}", READERS, photo),
    Get("/accounts/{id}/bills/{no}", READERS, bill),
    Get("/accounts/{id}/bills/{no}/text", READERS, bill_text),
    Get("/accounts/{id}/bills/{no}/pdf", READERS, bill_pdf),
)
