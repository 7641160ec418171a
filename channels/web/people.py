"""The phones of an account and what each may do: for who manages it (ruling 22)."""

from channels.web.model import Asked, Form, Get, Go, Page, Post, Route
from core.accounts.rights import Deed
from core.cabinet import managing
from core.store.pool import Connection


async def people(asked: Asked) -> Page:
    """The phones that are linked, and how a relative is invited."""
    asked.need(Deed.OPEN_ACCOUNT)
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        phones = await managing.phones(conn, asked.person, asked.holding.account.id, wire=asked.house.wire)
    meters = asked.mine(facts).working
    return Page("people.html", {"phones": phones, "serial": meters[0].serial if meters else ""})


async def _off(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    asked.need(Deed.OPEN_ACCOUNT)
    told = form.get("phone", "")
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        return Page("problem.html", {"problem": "form"}, 422)
    account, wire = asked.holding.account, asked.house.wire
    if not await managing.take_off(conn, asked.person, account, int(told), at=asked.at, wire=wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("people"), "phone_off")


ROUTES: tuple[Route, ...] = (Get("/my/{account}/people", people), Post("/my/{account}/people/off", _off))
