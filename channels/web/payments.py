"""What was paid on an account."""

from channels.web.model import Asked, Get, Page, Route
from core.accounts.rights import Deed
from core.cabinet import looking


async def payments(asked: Asked) -> Page:
    """The payments, the latest first; what was paid back is negative."""
    asked.need(Deed.SHOW_SUMS)
    async with asked.connection() as conn:
        paid = await looking.payments(conn, asked.holding.account.id, through=asked.today)
    year = [one.amount for one in paid if one.paid_on.year == asked.today.year]
    named = any(one.month or one.amount < 0 for one in paid)
    values = {"payments": paid, "of_year": sum(year), "year": asked.today.year, "named": named}
    return Page("payments.html", values)


ROUTES: tuple[Route, ...] = (Get("/my/{account}/payments", payments),)
