"""The question that is open to a person, whatever channel it came by, and the forms that answer it."""

from dataclasses import dataclass

from channels.web.model import Asked, Form, Page, Route, Said, Say
from core.commands import Choose, Command, No, Yes
from core.grammar.world import Asked as Kind
from core.introductions import WhichToLeave
from core.messages import About, WhichAccount, WhichMeter
from core.selfservice import repeating
from core.selfservice.model import Facts
from core.selfservice.visiting import MARKS
from core.visiting import MarkWanted


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the words of a message; `choices` where a number answers it, else a yes or a no does."""

    text: str
    choices: tuple[str, ...] = ()


def open_question(asked: Asked, facts: Facts) -> Question | None:
    """The question that is open; None where none is, or where only a number of a meter answers it."""
    reply = repeating.again(facts)
    if reply is None or (facts.question is not None and facts.question.kind == Kind.CODE):
        return None
    text = asked.house.speech.say(reply, asked.language, page=True)
    bare = reply.reply if isinstance(reply, About) else reply
    match bare:
        case WhichAccount(choices=choices):
            return Question(text, choices)
        case WhichMeter(choices=meters):
            called = asked.words
            return Question(text, tuple(f"{called.get('service', kind)} {serial}" for kind, serial in meters))
        case WhichToLeave(choices=choices):
            return Question(text, (asked.words("ask.all"), *choices))
        case MarkWanted():
            return Question(text, tuple(str(mark) for mark in range(1, MARKS + 1)))
        case _:
            return Question(text)


async def _answer(asked: Asked, form: Form) -> Said | Page:
    """A yes, a no, or the number of a choice."""
    told = form.get("answer", "")
    known: dict[str, Command] = {"yes": Yes(), "no": No()}
    if told.isascii() and told.isdigit() and len(told) <= 2:
        known[told] = Choose(int(told))
    if told not in known:
        return Page("problem.html", {"problem": "form"}, 422)
    return Said(known[told], asked.words(f"ask.{told}") if told in ("yes", "no") else told)


ROUTES: tuple[Route, ...] = (
    Say("/my/{account}/answer", _answer, ""),
    Say("/my/{account}/readings/answer", _answer, "readings"),
    Say("/my/answer", _answer, "my"),
)
