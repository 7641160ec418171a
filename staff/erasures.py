"""Customers who are erased: what stands in the way, asking for it, doing it as another person, the act (R42)."""

from aiohttp import web

from core.contracts import actions as contracts
from core.employees.model import Role
from core.erasing import actions
from core.erasing.model import ASKERS, DOERS, LONGEST, Erasure, Refused, Standing, State
from core.store.pool import Connection
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = ASKERS | DOERS | {Role.AUDITOR}
SHOWN = 50
_ALL = 2**62


async def listed(asked: Asked) -> Page:
    """What was asked for and done, and the form to ask."""
    async with asked.connection() as conn, conn.transaction():
        await asked.look(conn, None, "/erasures")
        return await _list(asked, conn)


async def ask(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Asks for a customer to be erased; what stands in the way is named."""
    try:
        async with conn.transaction():
            one = await actions.ask(
                conn, form.get("account", "")[:20], request=form.get("request", ""), supply=form.get("supply", ""),
                by=asked.employee.login, at=asked.at,
            )  # fmt: skip
    except Refused as refused:
        return await _list(asked, conn, refused, form)
    return Go(f"/erasures/{one.id}", "erasure_asked")


async def noted(asked: Asked, form: Form) -> None:
    """Notes the look: what stands in the way tells of debts and contracts."""
    async with asked.connection() as conn, conn.transaction():
        account_id = await contracts.account(conn, form.get("account", "")[:20])
        if account_id:
            await asked.look(conn, account_id, "/erasures", reason="other: erasure")


async def shown(asked: Asked) -> Page:
    """One of them, with its act."""
    async with asked.connection() as conn, conn.transaction():
        await asked.look(conn, None, f"/erasures/{asked.number}")
        return await _one(asked, conn)


async def erase(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Does what another asked for; it cannot be undone, and so the account's number is typed again."""
    one = await _found(asked, conn)
    if one.state is State.ASKED and form.get("account", "").strip() != one.account:
        return await _one(asked, conn, Refused("typed", "the number is another"))
    try:
        async with conn.transaction():
            await actions.erase(
                conn, asked.number, by=asked.employee.login, at=asked.at, keyring=asked.house.keyring
            )  # fmt: skip
    except Refused as refused:
        return await _one(asked, conn, refused)
    return Go(f"/erasures/{asked.number}", "erasure_done")


async def turn_down(asked: Asked, conn: Connection, _: Form) -> Page | Go:
    """Lets it be."""
    await _found(asked, conn)
    try:
        await actions.turn_down(conn, asked.number, by=asked.employee.login, at=asked.at)
    except Refused as refused:
        return await _one(asked, conn, refused)
    return Go(f"/erasures/{asked.number}", "erasure_turned_down")


async def _found(asked: Asked, conn: Connection) -> Erasure:
    """
    :raises web.HTTPNotFound: there is none of that number.
    """
    try:
        return await actions.one(conn, asked.number)
    except Refused:
        raise web.HTTPNotFound from None


async def _list(asked: Asked, conn: Connection, refused: Refused | None = None, form: Form | None = None) -> Page:
    told = asked.query("before", longest=18)
    before = int(told) if told.isascii() and told.isdigit() else _ALL
    found = await actions.listed(conn, before=before, most=SHOWN + 1)
    typed = {name: (form or {}).get(name, "")[:100] for name in ("account", "request", "supply")}
    typed["account"] = typed["account"] or asked.query("account", longest=20)
    values = {
        "erasures": found[:SHOWN], "more": found[SHOWN - 1].id if len(found) > SHOWN else None, "typed": typed,
        "may_ask": asked.employee.may(ASKERS), "longest": LONGEST, **_wrong(asked, refused),
    }  # fmt: skip
    return Page("erasures.html", values, 422 if refused else 200)


async def _one(asked: Asked, conn: Connection, refused: Refused | None = None) -> Page:
    one = await _found(asked, conn)
    who = asked.employee
    waits = one.state is State.ASKED
    values = {
        "one": one, "act": one.text.get(asked.words.language), "local": asked.local,
        "may_erase": waits and who.may(DOERS) and who.login != one.asked_by,
        "may_turn_down": waits and who.may(ASKERS | DOERS), **_wrong(asked, refused),
    }  # fmt: skip
    return Page("erasure.html", values, 422 if refused else 200)


def _wrong(asked: Asked, refused: Refused | None) -> dict[str, object]:
    if refused is None:
        return {"trouble": None, "standing": ()}
    return {
        "trouble": asked.words(f"erasure_wrong.{refused.key}", longest=LONGEST),
        "standing": tuple(_told(asked, one) for one in refused.standing),
    }


def _told(asked: Asked, one: Standing) -> str:
    return asked.words(f"erasure_stands.{one.obstacle}", about=one.about, amount=asked.words.money(one.amount))


ROUTES: tuple[Route, ...] = (
    Get("/erasures", READERS, listed),
    Get("/erasures/{id}", READERS, shown),
    Post("/erasures", ASKERS, ask, before=noted),
    Post("/erasures/{id}/erase", DOERS, erase),
    Post("/erasures/{id}/turn-down", ASKERS | DOERS, turn_down),
)
