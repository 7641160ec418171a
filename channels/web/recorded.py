"""What the pages of an account's past have in common: its facts read in one statement, and pictures of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from aiohttp import web

from channels.web.model import Asked
from core.billing.engine.charging import NoTariff
from core.billing.engine.pricing import NoRate
from core.dossier.own import actions as own
from core.dossier.own.model import Life
from core.selfservice.model import AccountFacts, Facts
from pages import pictures
from pages.pictures import Column

UNTOLD = (NoTariff, NoRate)
"""Why a sum cannot be told now: a day has no tariff, or its tariff none for a zone."""


@dataclass(frozen=True, slots=True)
class Past:
    """The account of the address: all that is known now, and all that is on record."""

    facts: Facts
    account: AccountFacts
    life: Life


async def past(asked: Asked) -> Past:
    """Two statements. The caller has asked whether he may see it."""
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        life = await own.life(conn, asked.holding.account.id)
    return Past(facts, asked.mine(facts), life)


def picture(asked: Asked, columns: Sequence[Column], *, title: str, unit: str) -> web.Response:
    """The chart as an image: wide, or narrow for a telephone."""
    width = pictures.WIDE if asked.query("w") == "wide" else pictures.NARROW
    body = pictures.chart(
        columns, title=title, unit=unit, written=lambda value: asked.words.number(value), width=width,
        empty=asked.words("chart.empty"),
    )  # fmt: skip
    return svg(body)


def svg(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="image/svg+xml", charset="utf-8")


def main(thousandths: int) -> Decimal:
    """A volume in its unit."""
    return Decimal(thousandths).scaleb(-3)
