"""Official warnings: what they say, that one was read, and a promise to pay (row MS3)."""

from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.commands import Subject, Wanted
from core.notices.warnings import looking
from pages import forms

LONGEST = 20


async def show(asked: Asked) -> Page:
    """The warnings of the account, the text of those that went to this phone, and the forms that the link allows; the
    answers are those of a text."""
    asked.need(Subject.NOTICES)
    return await _page(asked)


async def _page(asked: Asked, trouble: str | None = None) -> Page:
    house, account = asked.house, asked.holding.account
    async with asked.connection() as conn:
        warnings = await looking.own(conn, account.id, asked.person.sender.hash, keyring=house.keyring)
    values = {
        "warnings": warnings,
        "acknowledges": asked.may(Subject.ACKNOWLEDGE),
        "promises": asked.may(Subject.PROMISE),
        "today": asked.today,
        "trouble": trouble,
    }
    return Page("notices.html", values, 422 if trouble else 200)


async def _listed(asked: Asked, _: Form) -> Said:
    return Said(Wanted(Subject.NOTICES, asked.holding.account.number), asked.words("notices.list"))


async def _read(asked: Asked, form: Form) -> Said | Page:
    """By the code that the notice names, or by the button below its text."""
    code = form.get("code", "").strip()[:LONGEST]
    if not code:
        return await _page(asked, "notices.no_code")
    return Said(Wanted(Subject.ACKNOWLEDGE, argument=code), code)


async def _promise(asked: Asked, form: Form) -> Said | Page:
    day = forms.day(form.get("day", ""))
    if day is None:
        return await _page(asked, "notices.no_day")
    return Said(Wanted(Subject.PROMISE, asked.holding.account.number, day.isoformat()), asked.words.day(day))


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/notices", show),
    Say("/my/{account}/notices", _listed, "notices"),
    Say("/my/{account}/notices/read", _read, "notices"),
    Say("/my/{account}/notices/promise", _promise, "notices"),
)
