"""A new phone in the place of the old one: a code on the new, word to the old, a day in which it may stop it (R35)."""

import re
from urllib.parse import quote
from zoneinfo import ZoneInfo

from channels.web import login
from channels.web.model import Asked, Done, Form, Get, Go, Page, Post, Route
from core.basics import phone as phones
from core.cabinet import entering
from core.cabinet.household import moving
from core.cabinet.household.moving import Trouble
from core.store.pool import Connection
from pages import forms

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
PLACE = "/me/phone"


async def show(asked: Asked) -> Page:
    """The change that waits, or the form for one."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    coming = await moving.coming(conn, asked.person, wire=asked.house.wire)
    return Page("phone.html", {"coming": coming, "fresh": asked.fresh, "trouble": trouble}, 422 if trouble else 200)


async def _ask(asked: Asked, conn: Connection, form: Form) -> Done | Page:
    """Sends the code, and shows where it is given: the number stands in no address."""
    if not asked.fresh:
        return await _page(asked, conn, "people.not_fresh")
    house = asked.house
    told = await moving.ask(
        conn, asked.person, form.get("number", "")[:40], network=login.network_of(house.client(asked.request)),
        door=house.door, wall=house.wall(), at=asked.at, wire=house.wire,
    )  # fmt: skip
    if isinstance(told, Trouble):
        return Done(await _page(asked, conn, f"move.no_{told}"), PLACE)  # what was counted stays counted
    return Done(Page("phone_code.html", {"number": told}), PLACE)


async def _begin(asked: Asked, conn: Connection, form: Form) -> Done | Go | Page:
    """Takes the code; a wrong one is counted for good, so nothing here is undone."""
    if not asked.fresh:
        return await _page(asked, conn, "people.not_fresh")
    number, code = phones.parse(form.get("number", "")[:40].strip()), re.sub(r"[\s-]", "", form.get("code", ""))
    if number is None:
        return await _page(asked, conn, "move.no_phone")
    house = asked.house
    right = bool(_CODE.fullmatch(code)) and await moving.begin(
        conn, asked.person, number, code, door=house.door, wall=house.wall(), at=asked.at, wire=house.wire,
        zone=_zone(asked),
    )  # fmt: skip
    if not right:
        return Done(Page("phone_code.html", {"number": number, "trouble": "move.wrong"}, 422), PLACE)
    return Go(PLACE, "move_begun")


def _zone(asked: Asked) -> ZoneInfo:
    """The zone of the person's first account, else the company's."""
    return asked.person.holdings[0].account.zone if asked.person.holdings else asked.house.zone


async def _stop(asked: Asked, conn: Connection, _: Form) -> Go | Page:
    if not await moving.stop(conn, asked.person, at=asked.at, wire=asked.house.wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(PLACE, "move_stopped")


async def _again(asked: Asked, conn: Connection, form: Form) -> Go:
    """Ends this login, so that the next begins with a code, and goes on to where he was."""
    await entering.leave(conn, asked.token, wall=asked.house.wall())
    return Go("/login?next=" + quote(forms.own(form.get("next", ""), otherwise="/me")))


ROUTES: tuple[Route, ...] = (
    Get(PLACE, show),
    Post(PLACE, _ask),
    Post(f"{PLACE}/code", _begin),
    Post(f"{PLACE}/stop", _stop),
    Post("/me/again", _again),
)
