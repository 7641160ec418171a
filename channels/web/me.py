"""The person himself: his language, his names for accounts, where he is logged in, his data."""

import json

from aiohttp import web

from channels.web import exporting
from channels.web.model import Asked, Form, Get, Go, Page, Post, Route, Said, Say
from core.cabinet import entering
from core.commands import SetLanguage, Subject, Wanted
from core.store.pool import Connection
from pages.words import LANGUAGES


async def me(asked: Asked) -> Page:
    """His phone, his language, and the logins that are open."""
    async with asked.connection() as conn:
        logins = await entering.logins(conn, asked.person, wall=asked.house.wall())
    return Page("me.html", {"logins": logins, "languages": LANGUAGES})


async def _language(asked: Asked, form: Form) -> Said | Page:
    wanted = form.get("language", "")
    if wanted not in LANGUAGES:
        return Page("problem.html", {"problem": "form"}, 422)
    return Said(SetLanguage(wanted), asked.words(f"me.{wanted}"))


async def _name(asked: Asked, form: Form) -> Said | Page:
    name = " ".join(form.get("name", "").split())[:50]
    if not name:
        return Page("problem.html", {"problem": "form"}, 422)
    return Said(Wanted(Subject.NAME, asked.holding.account.number, name), name)


async def _erase(asked: Asked, _: Form) -> Said:
    """A person reads it, for the law says what must be kept how long."""
    return Said(Wanted(Subject.HUMAN), asked.words("me.erase_words"))


async def data(asked: Asked) -> web.Response:
    """All that is kept of the person, as a file of JSON: himself, his accounts as far as he may see them, every
    message."""
    async with asked.connection() as conn:
        told = await exporting.gathered(asked, conn)
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return web.Response(text=text, content_type="application/json", headers=headers)


async def _leave_one(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    told = form.get("login", "")
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        return Page("problem.html", {"problem": "form"}, 422)
    await entering.leave_one(conn, asked.person, int(told), wall=asked.house.wall())
    return Go("/me", "login_ended")


async def _leave_all(asked: Asked, conn: Connection, _: Form) -> Go:
    await entering.leave_everywhere(conn, asked.person.sender.hash, wall=asked.house.wall())
    return Go("/login")


ROUTES: tuple[Route, ...] = (
    Get("/me", me),
    Say("/me/language", _language, "me"),
    Get("/me/data", data),
    Say("/me/erase", _erase, "me"),
    Say("/my/{account}/name", _name, ""),
    Post("/me/logins", _leave_one),
    Post("/me/logins/all", _leave_all),
)
