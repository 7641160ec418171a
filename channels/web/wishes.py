"""Of what the company may write to the person unasked, topic by topic (126-ФЗ ст. 44.1, 38-ФЗ ст. 18)."""

from dataclasses import dataclass

from channels.web.model import Asked, Form, Get, Go, Page, Post, Route, Said, Say
from core.commands import OptIn, OptOut
from core.contracts import actions as contracts
from core.contracts.model import TERMS, TOPICS, Refused, Topic
from core.store.pool import Connection


@dataclass(frozen=True, slots=True)
class Wish:
    """How a topic stands: whether it is given, and whether it may be given here or only in a contract."""

    topic: Topic
    given: bool
    here: bool


async def wishes(asked: Asked) -> Page:
    """Each topic with the person's last word on it."""
    async with asked.connection() as conn:
        said = await contracts.own_words(conn, asked.person.sender.hash, asked.holding.account.id)
    given = {one.topic: one.given for one in said}
    rows = [Wish(one, given.get(one, False), not TERMS[one].contract) for one in TOPICS]
    return Page("wishes.html", {"wishes": rows, "stopped": asked.person.sender.opted_out})


async def _say(asked: Asked, conn: Connection, form: Form) -> Go | Page:
    topic, word = form.get("topic", ""), form.get("word", "")
    if topic not in TOPICS or word not in ("yes", "no"):
        return Page("problem.html", {"problem": "form"}, 422)
    digest, account = asked.person.sender.hash, asked.holding.account.id
    try:
        await contracts.say(conn, digest, account, Topic(topic), given=word == "yes", at=asked.at)
    except Refused:
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("wishes"), "wish_kept")


async def _news(asked: Asked, form: Form) -> Said:
    stops = form.get("news") == "no"
    return Said(OptOut() if stops else OptIn(), asked.words("wishes.stop" if stops else "wishes.start"))


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/wishes", wishes),
    Post("/my/{account}/wishes", _say),
    Say("/my/{account}/wishes/news", _news, "wishes"),
)
