"""Asks an employee why he looks at a customer's data, and notes it (R39)."""

from core.employees import actions as employees
from core.employees.model import EVERYBODY
from core.store.pool import Connection
from staff.model import Asked, Form, Get, Go, Page, Post, Route
from staff.signing import own

REASONS = ("call", "visit", "letter", "check", "debt", "other")
"""Why one looks; "other" is told in words."""

LONGEST = 200


async def ask(asked: Asked) -> Page:
    """The question, which comes back to where one was."""
    told = {"account": asked.query("account", longest=20), "back": own(asked.query("back", longest=400))}
    return Page("why.html", {"reasons": REASONS, "trouble": None, "asking": told})


async def say(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Notes the reason, and goes back."""
    reason, words, account = form.get("reason", ""), form.get("words", "").strip(), form.get("account", "")
    told = {"account": account, "back": own(form.get("back", ""))}
    if not (account.isascii() and account.isdigit() and len(account) < 19):
        return Page("problem.html", {"problem": "404"}, 404)
    if reason not in REASONS or (reason == "other" and not words) or len(words) > LONGEST or not words.isprintable():
        trouble = "why.words" if reason == "other" else "why.choose"
        return Page("why.html", {"reasons": REASONS, "trouble": trouble, "asking": told}, 422)
    why = f"{reason}: {words}" if words else reason
    if not await employees.look_first(conn, asked.employee.id, int(account), reason=why, at=asked.at):
        return Page("problem.html", {"problem": "404"}, 404)
    return Go(told["back"])


ROUTES: tuple[Route, ...] = (Get("/why", EVERYBODY, ask), Post("/why", EVERYBODY, say))
