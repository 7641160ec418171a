"""The person himself: his language, his names for accounts, where he is logged in, his data."""

import asyncio

from aiohttp import web

from channels.web import exporting, packing
from channels.web.model import Asked, Form, Get, Go, Page, Post, Route, Said, Say
from core.accounts.household.model import FIRST, LAST, Hours
from core.cabinet import entering, looking, managing
from core.cabinet.household import inviting
from core.commands import NotMe, SetLanguage, Subject, Wanted
from core.store.pool import Connection
from pages.words import LANGUAGES

_turns = asyncio.Semaphore(2)
"""So many files of people's data are made at a time."""


async def me(asked: Asked) -> Page:
    """His phone, his language, and the logins that are open."""
    async with asked.connection() as conn:
        logins = await entering.logins(conn, asked.person, wall=asked.house.wall())
        hours = await looking.hours(conn, asked.person)
    values = {"logins": logins, "languages": LANGUAGES, "hours": hours, "firsts": FIRST, "lasts": LAST}
    return Page("me.html", values)


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


async def _not_mine(asked: Asked, _: Form) -> Said:
    """НЕ Я of a text: also stops a change of phone, and takes off a phone that was linked of late."""
    return Said(NotMe(), asked.words("not_mine.words"))


async def data(asked: Asked) -> web.Response:
    """All that is kept of the person, as one file: himself, his accounts as far as he may see them with their bills as
    they were issued, every message."""
    async with _turns:
        async with asked.connection() as conn:
            told = await exporting.gathered(asked, conn)
            papers = await exporting.papers(asked, conn, told)
        body = await asyncio.to_thread(packing.packed, told, papers, asked.words)
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return web.Response(body=body, content_type="application/zip", headers=headers)


async def _hours(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    """The hours in which he wants to be written to unasked; none: whenever the company may."""
    first, last = form.get("first", ""), form.get("last", "")
    if not first and not last:
        await managing.set_hours(conn, asked.person, None)
        return Go("/me", "hours_none")
    known = {str(one): one for one in (*FIRST, *LAST)}
    wanted = Hours(known.get(first, 0), known.get(last, 0))
    if wanted.first not in FIRST or wanted.last not in LAST:
        return Page("problem.html", {"problem": "form"}, 422)
    await managing.set_hours(conn, asked.person, wanted)
    return Go("/me", "hours_kept")


async def _invitation(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    """An account that another wants to share is taken, or not."""
    told, word = form.get("invitation", ""), form.get("word", "")
    if word not in ("yes", "no") or not (told.isascii() and told.isdigit() and len(told) < 19):
        return Page("problem.html", {"problem": "form"}, 422)
    takes, wire = word == "yes", asked.house.wire
    if not await inviting.answer(conn, asked.person, int(told), takes=takes, at=asked.at, wire=wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go("/my", "shared" if takes else "not_shared")


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
    Say("/me/not-mine", _not_mine, "my"),
    Say("/my/{account}/name", _name, ""),
    Post("/me/hours", _hours),
    Post("/me/invitations", _invitation),
    Post("/me/logins", _leave_one),
    Post("/me/logins/all", _leave_all),
)
