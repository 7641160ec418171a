"""The phones of an account and what each may do: for who manages it (ruling 22). He invites others, and changes and
withdraws what they may do; who lets somebody in has just logged in."""

from channels.web.model import Asked, Form, Get, Go, Page, Post, Route
from core.accounts.household.model import GIVEN, may_give
from core.accounts.model import SCOPES, Role, Scope
from core.accounts.rights import Deed
from core.cabinet import managing
from core.cabinet.household import inviting
from core.cabinet.household.inviting import Wish
from core.store.pool import Connection

EXTRA = tuple(one for one in Scope if any(one in extra for extra in GIVEN.values()))
"""What can be allowed beyond a role, in the order of a form."""


async def people(asked: Asked) -> Page:
    """The phones that are linked, those that are invited, and the form for another."""
    asked.need(Deed.OPEN_ACCOUNT)
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    account, wire = asked.holding.account, asked.house.wire
    values = {
        "phones": await managing.phones(conn, asked.person, account.id, wire=wire),
        "invitations": await inviting.sent(conn, account.id, at=asked.at, wire=wire),
        "roles": tuple(GIVEN),
        "given": GIVEN,
        "extra": EXTRA,
        "fresh": asked.fresh,
        "trouble": trouble,
    }
    return Page("people.html", values, 422 if trouble else 200)


async def _off(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    asked.need(Deed.OPEN_ACCOUNT)
    told = _number(form, "phone")
    account, wire = asked.holding.account, asked.house.wire
    if told is None or not await managing.take_off(conn, asked.person, account, told, at=asked.at, wire=wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("people"), "phone_off")


async def _invite(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    asked.need(Deed.OPEN_ACCOUNT)
    if not asked.fresh:
        return await _page(asked, conn, "people.not_fresh")
    wish = Wish(form.get("number", "")[:40], form.get("role", ""), _extra(form))
    trouble = await inviting.invite(
        conn, asked.person, asked.holding.account, wish, door=asked.house.door, at=asked.at, wire=asked.house.wire
    )
    if trouble is not None:
        return await _page(asked, conn, f"people.no_{trouble}")
    return Go(asked.path("people"), "invited")


async def _withdraw(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    asked.need(Deed.OPEN_ACCOUNT)
    told = _number(form, "invitation")
    if told is None or not await inviting.withdraw(conn, asked.holding.account, told, at=asked.at):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("people"), "invitation_back")


async def _give(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    asked.need(Deed.OPEN_ACCOUNT)
    if not asked.fresh:
        return await _page(asked, conn, "people.not_fresh")
    told, role, extra = _number(form, "phone"), form.get("role", ""), _extra(form)
    if role not in list(Role) or not may_give(Role(role), extra):
        return await _page(asked, conn, "people.no_rights")
    account, wire = asked.holding.account, asked.house.wire
    if told is None or not await managing.give(conn, asked.person, account, told, role, extra, at=asked.at, wire=wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("people"), "rights_given")


def _extra(form: Form) -> frozenset[Scope]:
    """What is ticked beyond the role; what the role allows by itself is no more for being ticked."""
    ticked = frozenset(one for one in EXTRA if form.get(f"scope_{one}"))
    role = form.get("role", "")
    return ticked - SCOPES[Role(role)] if role in list(Role) else ticked


def _number(form: Form, name: str) -> int | None:
    told = form.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/people", people),
    Post("/my/{account}/people/off", _off),
    Post("/my/{account}/people/invite", _invite),
    Post("/my/{account}/people/withdraw", _withdraw),
    Post("/my/{account}/people/rights", _give),
)
