"""Logging in, and the first login of somebody who was invited."""

from dataclasses import dataclass

import segno
from markupsafe import Markup

from core.employees import actions as employees
from core.employees import proving
from core.employees.actions import Invited
from core.employees.model import EVERYBODY, Refused
from core.store.pool import Connection, acquire
from pages import forms
from pages.words import LANGUAGES
from staff.model import Asked, Form, Go, House, Page, Post, Route


async def sign_in(house: House, form: Form) -> str | None:
    """The token of a new login, None where something that was given is wrong."""
    at = house.wall()
    login, password = form.get("login", "").strip().lower()[:64], form.get("password", "")[:200]
    code = form.get("code", "")[:20]
    return await employees.sign_in(house.pool, login, password, code, at=at, keyring=house.keyring)


@dataclass(frozen=True, slots=True)
class Setting:
    """What somebody who was invited has to set: `picture` is what his authenticator reads, as SVG."""

    trouble: str | None
    invited: Invited | None
    picture: Markup | None


async def take_up(house: House, form: Form) -> str | Setting:
    """The token of his first login once all is set, else what is to be set, and what is wrong with what was given."""
    at, code = house.wall(), form.get("invitation", "")[:64]
    async with acquire(house.pool) as conn:
        invited = await employees.invited(conn, code, at=at, keyring=house.keyring)
        if invited is None:
            return Setting("welcome.none", None, None)
        if "password" not in form:
            return _setting(None, invited)
        if form["password"] != form.get("again", ""):
            return _setting("welcome.differ", invited)
        try:
            async with conn.transaction():
                employee_id = await employees.take_up(
                    conn, code, password=form["password"], totp=form.get("code", ""), at=at, keyring=house.keyring
                )
                return await employees.begin(conn, employee_id, at=at)
        except Refused as refused:
            if refused.key == "invitation":
                return Setting("welcome.none", None, None)
            return _setting(f"welcome.{refused.key}", invited)


def _setting(trouble: str | None, invited: Invited) -> Setting:
    told = proving.address(invited.secret, invited.login, company=proving.ISSUER)
    drawn = segno.make(told, error="m").svg_inline(scale=4, border=2, light="white", dark="black")
    return Setting(trouble, invited, Markup(drawn))  # noqa: S704 drawn by the library from squares


async def sign_out(asked: Asked, conn: Connection, _: Form) -> Go:
    """Ends the login on the server."""
    await employees.sign_out(conn, asked.token, at=asked.house.wall())
    return Go("/login")


async def set_language(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    """The language of the pages for this employee from now on."""
    language = form.get("language", "")
    if language not in LANGUAGES:
        return Page("problem.html", {"problem": "form"}, 422)
    await employees.set_language(conn, asked.employee.id, language)
    return Go(forms.own(form.get("back", "")))


ROUTES: tuple[Route, ...] = (Post("/logout", EVERYBODY, sign_out), Post("/language", EVERYBODY, set_language))
