"""The subscriber's book: one row a month as in the paper book, and what the months came to as a chart (row M7c)."""

from decimal import Decimal

from aiohttp import web

from channels.web import recorded
from channels.web.model import Asked, Get, Page, Route
from core.accounts.rights import Deed
from core.dossier.own import telling
from pages.pictures import Column

SHOWN = 24
"""So many rows stand open; the others unfold."""

CHARTED = 24


async def show(asked: Asked) -> Page:
    """The rows, the latest first."""
    asked.need(Deed.SHOW_SUMS)
    past = await recorded.past(asked)
    rows = telling.book(past.life, past.account.meters)
    services = tuple(sorted({service for row in rows for service in row.volumes}))
    values = {
        "rows": rows[:SHOWN],
        "older": rows[SHOWN : telling.MOST_MONTHS],
        "services": services,
        "several": len(past.account.meters) > 1,
        "chart": asked.path("book/money.svg"),
    }
    return Page("book.html", values)


async def money(asked: Asked) -> web.Response:
    """What the last months came to, as a picture; the book tells the same."""
    asked.need(Deed.SHOW_SUMS)
    past = await recorded.past(asked)
    rows = tuple(reversed(telling.book(past.life, past.account.meters)[:CHARTED]))
    columns = [
        Column(
            f"{row.month.first:%m.%y}",
            Decimal(row.charged + row.corrected).scaleb(-2),
            f"{asked.words.month(row.month.first)}: {asked.words.money(row.charged + row.corrected)}",
        )
        for row in rows
    ]
    return recorded.picture(asked, columns, title=asked.words("chart.money"), unit="₽")


ROUTES: tuple[Route, ...] = (Get("/my/{account}/book", show), Get("/my/{account}/book/money.svg", money))
