"""Official warnings: which stand, that one was read, and a promise to pay (row MS3)."""

from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.commands import Subject, Wanted
from pages import forms

LONGEST = 20


async def show(asked: Asked) -> Page:
    """The forms that the link allows; the answers are those of a text."""
    asked.need(Subject.NOTICES)
    return _page(asked)


def _page(asked: Asked, trouble: str | None = None) -> Page:
    values = {
        "acknowledges": asked.may(Subject.ACKNOWLEDGE),
        "promises": asked.may(Subject.PROMISE),
        "today": asked.today,
        "trouble": trouble,
    }
    return Page("notices.html", values, 422 if trouble else 200)


async def _listed(asked: Asked, _: Form) -> Said:
    return Said(Wanted(Subject.NOTICES, asked.holding.account.number), asked.words("notices.list"))


async def _read(asked: Asked, form: Form) -> Said | Page:
    code = form.get("code", "").strip()[:LONGEST]
    if not code:
        return _page(asked, "notices.no_code")
    return Said(Wanted(Subject.ACKNOWLEDGE, argument=code), code)


async def _promise(asked: Asked, form: Form) -> Said | Page:
    day = forms.day(form.get("day", ""))
    if day is None:
        return _page(asked, "notices.no_day")
    return Said(Wanted(Subject.PROMISE, asked.holding.account.number, day.isoformat()), asked.words.day(day))


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/notices", show),
    Say("/my/{account}/notices", _listed, "notices"),
    Say("/my/{account}/notices/read", _read, "notices"),
    Say("/my/{account}/notices/promise", _promise, "notices"),
)
