"""Turning to the staff: a dispute, an outage, a question; how each stands, and what was answered."""

from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.accounts.rights import Deed
from core.cabinet import looking
from core.commands import Subject, Wanted

SUBJECTS = (Subject.DISPUTE, Subject.OUTAGE, Subject.HUMAN)
LONGEST = 1000
"""Characters of what one may write."""


async def show(asked: Asked, *, trouble: str | None = None, status: int = 200) -> Page:
    """The requests about the account: his own, and where he manages the account those of its other phones."""
    all_ = asked.may(Deed.SEE_REQUEST)
    async with asked.connection() as conn:
        found = await looking.requests(
            conn, asked.person, asked.holding.account.id, all_=all_, keyring=asked.house.keyring
        )
    values = {"requests": found, "subjects": SUBJECTS, "longest": LONGEST, "trouble": trouble}
    return Page("requests.html", values, status)


async def _opened(asked: Asked, form: Form) -> Said | Page:
    subject, words = form.get("subject", ""), form.get("words", "").strip()
    if subject not in SUBJECTS:
        return await show(asked, trouble="requests.no_subject", status=422)
    if not words:
        return await show(asked, trouble="requests.no_words", status=422)
    if len(words) > LONGEST:
        return await show(asked, trouble="requests.too_long", status=422)
    return Said(Wanted(Subject(subject), asked.holding.account.number), words)


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/requests", show),
    Say("/my/{account}/requests", _opened, "requests"),
)
