"""The person himself: his language, and where he is logged in."""

from channels.web.model import Asked, Form, Get, Go, Page, Post, Route, Said, Say
from core.cabinet import entering
from core.commands import SetLanguage
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
    Post("/me/logins", _leave_one),
    Post("/me/logins/all", _leave_all),
)
