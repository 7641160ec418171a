"""Tokens for programs that call the API: made here, shown once, ended here."""

from channels.web.model import Asked, Done, Form, Get, Go, Page, Post, Route
from core.cabinet.tokens import actions as tokens
from core.cabinet.tokens.model import LIVES, NAME, TokenScope, TooMany
from core.store.pool import Connection


async def show(asked: Asked) -> Page:
    """The tokens that hold, and the form for another."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def begin(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """Makes a token and shows it, this once."""
    name = " ".join(form.get("name", "").split())
    scopes = [one for one in TokenScope if form.get(f"scope_{one}")]
    days = {str(one.days): one for one in LIVES}
    lives = days.get(form.get("days", ""))
    if not name or len(name) > NAME or not name.isprintable():
        return await _page(asked, conn, "programs.no_name")
    if not scopes or lives is None:
        return await _page(asked, conn, "programs.no_scope")
    try:
        token = await tokens.begin(conn, asked.person, name=name, scopes=scopes, lives=lives, wall=asked.house.wall())
    except TooMany:
        return await _page(asked, conn, "programs.too_many")
    return Done(Page("program.html", {"token": token, "name": name}), "/me/programs")


async def end(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Ends a token."""
    told = form.get("token", "")
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        return Page("problem.html", {"problem": "form"}, 422)
    await tokens.end(conn, asked.person, int(told), wall=asked.house.wall())
    return Go("/me/programs", "program_ended")


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    values = {
        "tokens": await tokens.held(conn, asked.person, wall=asked.house.wall()),
        "scopes": tuple(TokenScope),
        "lives": tuple(one.days for one in LIVES),
        "longest": NAME,
        "trouble": trouble,
    }
    return Page("programs.html", values, 422 if trouble else 200)


ROUTES: tuple[Route, ...] = (
    Get("/me/programs", show),
    Post("/me/programs", begin),
    Post("/me/programs/end", end),
)
