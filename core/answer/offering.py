"""What stands under an answer in a chat: buttons that say what a text would say, and the menu.

A button carries what it says, what it belongs to, and a keyed hash of both for this chat alone: one of another chat,
or that nobody made, is none. What it belongs to is the question that was open when it was made, or the moment of the
answer.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.accounts.model import Question
from core.accounts.rights import Proof
from core.answer import charting, placing
from core.answer.case import Case
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.commands import (
    LATEST_REQUEST,
    Balance,
    Choose,
    Command,
    Help,
    No,
    SetLanguage,
    Subject,
    SubmitReading,
    Undo,
    Wanted,
    Why,
    Yes,
)
from core.conversing import LanguagesTold
from core.grammar.world import Asked
from core.introductions import WhichToLeave
from core.messages import About, Accepted, AskedAgain, BalanceTold, Explained, HelpTold, Reply, WhichAccount, WhichMeter
from core.outbox import keys
from core.outbox.keys import Buttons
from core.selfservice import visiting
from core.selfservice.model import Decision, Facts, Pending
from core.wording.words import Words

MOST = 20
"""So many choices get a button."""

MENU: tuple[tuple[str, ...], ...] = (
    ("reading", "balance", "why"),
    ("history", "forecast", "payments"),
    ("book", "visits"),
    ("notices", "requests", "accounts"),
    ("language", "help"),
)

BARE_MENU: tuple[tuple[str, ...], ...] = (("reading", "accounts"), ("language", "help"))

SAYS: dict[str, Command] = {
    "reading": SubmitReading(),
    "balance": Balance(),
    "why": Why(),
    "history": Wanted(Subject.HISTORY),
    "forecast": Wanted(Subject.FORECAST),
    "payments": Wanted(Subject.PAYMENTS),
    "pay": Wanted(Subject.PAY),
    "accounts": Wanted(Subject.ACCOUNTS),
    "requests": Wanted(Subject.DISPUTE, argument=LATEST_REQUEST),
    "book": Wanted(Subject.BOOK),
    "visits": Wanted(Subject.VISITS),
    "notices": Wanted(Subject.NOTICES),
    "undo": Undo(),
    "language": SetLanguage(),
    "help": Help(),
}
"""What each entry of the menus says."""

_YES_NO = frozenset({Asked.CONFIRM, Pending.GRANT, Pending.INVITED, Pending.GUEST, Pending.STILL, Pending.GONE})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button says, and what it belongs to (the `about` of the message)."""

    command: Command
    about: str


def extras(case: Case, decision: Decision, words: Words, keyring: Keyring) -> str:
    """What stands under the answer to a message of a chat, as JSON: `buttons`, rows of (label, data), or the `menu`,
    rows of labels that say themselves, with the bars of a `chart` where there is something to draw."""
    tongue = decision.language or case.facts.language
    asked = _buttons(decision, case.facts, words, tongue)
    bars = charting.bars(decision, case.facts)
    if bars:
        return json.dumps({**json.loads(menu(words, tongue)), "chart": bars}, ensure_ascii=False)
    if not asked:
        return menu(words, tongue, full=case.facts.proof is not Proof.READINGS)
    chat = case.inbound.answer_to
    return keys.buttons([[(label, keys.signed(keyring, chat, data)) for label, data in row] for row in asked])


def menu(words: Words, language: str, *, full: bool = True) -> str:
    """The menu in a language; where it is not `full`, without what a chat for readings only may not tell."""
    menu = MENU if full else BARE_MENU
    rows = [[words.label(f"button.{name}", language) for name in row] for row in menu]
    return json.dumps({"menu": rows}, ensure_ascii=False)


def languages(words: Words) -> list[tuple[str, str]]:
    """A button for each language, named in itself."""
    return [
        (words.label("button.own_language", one), f"l.{one}")
        for one in sorted(words.languages, key=lambda one: one != words.default)
    ]


def pressed(data: str, chat: str, keyring: Keyring) -> Pressed | None:
    """What the button of this chat says; None for one that was not put before it."""
    said, _, given = data.rpartition(".")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), keyring.button_digest(chat, said).encode()):
        return None
    verb, _, mark = said.partition(".")
    if verb.startswith("c") and verb[1:].isascii() and verb[1:].isdigit():
        return Pressed(Choose(int(verb[1:])), mark)
    match verb:
        case "y":
            return Pressed(Yes(), mark)
        case "n":
            return Pressed(No(), mark)
        case "l":
            return Pressed(SetLanguage(mark), "")
        case keys.READ:
            return Pressed(Wanted(Subject.ACKNOWLEDGE, argument=mark), "")
        case _:
            of_visits = placing.pressed(verb, mark)
            if of_visits is not None:
                return Pressed(*of_visits)
            found = SAYS.get(verb)
            return Pressed(found, mark) if found is not None else None


def of_menu(text: str, words: Words) -> Command | None:
    """What an entry of the menu says, in whatever language it is written; None for any other text."""
    labels = {words.label(f"button.{name}", one): name for row in MENU for name in row for one in words.languages}
    name = labels.get(text.strip())
    return SAYS[name] if name is not None else None


def is_old(about: str, command: Command, facts: Facts) -> bool:
    """Whether the button belongs to a question that is no longer the open one; to take back, whether something was sent
    after the answer under which it stands."""
    if not about:
        return False
    if isinstance(command, Undo):
        mine = [one.at for some in facts.readings.values() for one in some if one.phone_hash == facts.sender.hash]
        return bool(mine) and mark(max(mine)) != about
    if isinstance(command, Yes | No | Choose) or visiting.answers(command):
        return facts.question is None or about not in _marks(facts.question)
    return False


def _marks(question: Question) -> set[str]:
    """Of the question, and of those that led to it."""
    led = (datetime.fromisoformat(one) for one in question.terms.get("after", ()))
    return {mark(one) for one in (question.asked_at, *led)}


def mark(at: datetime) -> str:
    """A moment in few characters."""
    number, digits = (at - _EPOCH) // timedelta(microseconds=1), ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _buttons(decision: Decision, facts: Facts, words: Words, tongue: str) -> Buttons:
    reply = decision.reply.reply if isinstance(decision.reply, About) else decision.reply
    stands = decision.ask or (None if decision.answered else facts.question)
    of_visits = placing.rows(reply, mark(stands.asked_at if stands else facts.at), words, tongue)
    if of_visits:
        return of_visits
    question = decision.ask or (facts.question if _repeats(reply) and not decision.answered else None)
    if question is not None and question.expires_at > facts.at:
        at = mark(question.asked_at)
        if question.kind in _YES_NO:
            return [[(words.label(f"button.{name}", tongue), f"{name[0]}.{at}") for name in ("yes", "no")]]
        return _chosen(_choices(reply), at)
    if isinstance(reply, LanguagesTold):
        return [languages(words)]
    names = _follows(reply, facts)
    marked = {"undo": mark(facts.at)}
    return (
        [[(words.label(f"button.{name}", tongue), f"{name}.{marked.get(name, '')}") for name in names]] if names else []
    )


def _chosen(choices: Sequence[str], at: str) -> Buttons:
    return [[(f"{no} {choice}", f"c{no}.{at}")] for no, choice in enumerate(choices[:MOST], 1)]


def _repeats(reply: Reply) -> bool:
    return isinstance(reply, AskedAgain) or (isinstance(reply, HelpTold) and reply.question is not None)


def _choices(reply: Reply) -> Sequence[str]:
    match reply:
        case AskedAgain(question=question):
            return _choices(question)
        case HelpTold(question=question) if question is not None:
            return _choices(question)
        case About(reply=told):
            return _choices(told)
        case WhichAccount(choices=choices) | WhichToLeave(choices=choices):
            return choices
        case WhichMeter(choices=meters):
            return [serial for _, serial in meters]
        case _:
            return ()


def _follows(reply: Reply, facts: Facts) -> Sequence[str]:
    """What one may want to ask next; of several accounts it would have to be said which."""
    alone = len(facts.accounts) == 1
    match reply:
        case Accepted(money=money, repeated=repeated):
            return [*(["why"] if alone and money is not None else []), *([] if repeated else ["undo"])]
        case BalanceTold():
            return ["why", "pay"] if alone else []
        case Explained():
            return ["pay"] if alone else []
        case _:
            return ()


def share(words: Words, language: str) -> str:
    """The button by which the person shares his number, as JSON."""
    return json.dumps({"share": words.label("button.share", language)}, ensure_ascii=False)
