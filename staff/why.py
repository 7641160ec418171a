"""Asks an employee why he looks at a customer's data, and notes it (R39)."""

from collections.abc import Mapping
from typing import Any

from core.employees import actions as employees
from core.employees.model import EVERYBODY
from core.store.pool import Connection
from pages.forms import own
from staff.model import Asked, Form, Get, Go, Page, Post, Route

REASONS = ("call", "visit", "letter", "check", "debt", "other")
"""Why one looks; "other" is told in words."""

LONGEST = 200

MARK = "why-"
"""What the names of this question's fields begin with where it stands in another form."""


async def ask(asked: Asked) -> Page:
    """The question, which comes back to where one was."""
    told = {"account": asked.query("account", longest=20), "back": own(asked.query("back", longest=400))}
    return _page(told)


async def say(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Notes the reason, and goes back."""
    told = {"account": form.get("account", ""), "back": own(form.get("back", ""))}
    return await _noted(asked, conn, form, told) or Go(told["back"])


def within(form: Form, account_id: int) -> Page:
    """The question with all that was typed into another form, which is done once the reason is given."""
    kept = {name: value for name, value in form.items() if name not in ("csrf", "key")}
    return _page({"account": f"{account_id}"}, kept=kept, key=form.get("key", ""))


async def said_within(asked: Asked, form: Form) -> tuple[Form, Page | None]:
    """The form without this question, whose reason is noted; the page that asks again where it is none."""
    mine = {name.removeprefix(MARK): value for name, value in form.items() if name.startswith(MARK)}
    rest = {name: value for name, value in form.items() if not name.startswith(MARK)}
    if not mine:
        return form, None
    kept = {name: value for name, value in rest.items() if name not in ("csrf", "key")}
    told = {"account": mine.get("account", "")}
    async with asked.connection() as conn, conn.transaction():
        return rest, await _noted(asked, conn, mine, told, kept=kept, key=rest.get("key", ""))


async def _noted(asked: Asked, conn: Connection, form: Form, told: Mapping[str, str], **more: Any) -> Page | None:
    """Notes the reason; the page that asks again where it is none."""
    reason, words, account = form.get("reason", ""), form.get("words", "").strip(), told["account"]
    if not (account.isascii() and account.isdigit() and len(account) < 19):
        return Page("problem.html", {"problem": "404"}, 404)
    if reason not in REASONS or (reason == "other" and not words) or len(words) > LONGEST or not words.isprintable():
        return _page(told, "why.words" if reason == "other" else "why.choose", **more)
    why = f"{reason}: {words}" if words else reason
    if not await employees.look_first(conn, asked.employee.id, int(account), reason=why, at=asked.at):
        return Page("problem.html", {"problem": "404"}, 404)
    return None


def _page(told: Mapping[str, str], trouble: str | None = None, **more: Any) -> Page:
    values = {"reasons": REASONS, "trouble": trouble, "asking": told, "mark": MARK if more else "", "kept": {}}
    return Page("why.html", values | more, 422 if trouble else 200)


ROUTES: tuple[Route, ...] = (Get("/why", EVERYBODY, ask), Post("/why", EVERYBODY, say))
