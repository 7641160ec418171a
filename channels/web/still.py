"""A phone that was not proven for long: whoever logs in with it is asked first whether he is still the one (T5)."""

from aiohttp import web

from channels.web import asking
from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.commands import Balance, No, Yes


async def still(asked: Asked) -> Page:
    """The question; who need not be asked goes on."""
    if not asked.person.sender.stale(asked.at) or not asked.person.holdings:
        raise web.HTTPSeeOther("/my")
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
    return Page("still.html", {"asks": asking.open_question(asked, facts), "answers": "/still/answer"})


async def _begin(_: Asked, __: Form) -> Said:
    """Any wish brings the question about."""
    return Said(Balance())


async def _answer(_: Asked, form: Form) -> Said:
    return Said(Yes() if form.get("answer") == "yes" else No())


ROUTES: tuple[Route, ...] = (
    Get("/still", still, doubted=True),
    Say("/still", _begin, "still", doubted=True),
    Say("/still/answer", _answer, "still", doubted=True),
)
