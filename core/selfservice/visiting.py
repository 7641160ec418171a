"""What a message comes to about visits: by its words, or by the question about them that is open."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from core.accounts.model import Question
from core.basics.facts import dataclass
from core.bookings import rules
from core.bookings.model import Ask, Asked, Outcome, Request
from core.commands import (
    Balance,
    Choose,
    Command,
    No,
    NotUnderstood,
    OptIn,
    OptOut,
    Subject,
    SubmitReading,
    Unclear,
    Wanted,
    Why,
    Yes,
)
from core.grammar import visiting as grammar
from core.messages import Reply
from core.selfservice import looking
from core.selfservice.choosing import allowed, ask_account, by_number, pick
from core.selfservice.model import AccountFacts, Decision, Facts
from core.visiting import NothingFree

SUBJECTS = (Subject.BOOK, Subject.VISITS, Subject.CANCEL_VISIT, Subject.MOVE_VISIT)
REASON = "reason"
"""The first word of the argument of an answer to what he comes for."""

PICK = "pick"
"""The argument of a wish for other places than those that are offered: by office, day and time."""

CARRIERS_WORD = "cancel"
"""What ends all messages at a carrier, though he who sends it means a visit (product.md section 1)."""

CLEAR = ("ясно", "все ясно", "всё ясно", "понятно", "все понятно", "clear", "all clear", "its clear")
"""The sums told before a visit spare it."""

MARKS = 5
MARK_WORDS = 4
"""So many words may stand beside a mark."""

REMEMBERED = 4
"""So many questions that led to one are known."""

_FOLLOWING = (Asked.REASON, Asked.TAKEN)
"""Questions behind a place that was chosen from an offer."""


_ABOUT_VISITS = (Wanted, Choose, Yes, No, OptOut, OptIn)
"""Commands that may be about a visit."""


class Deed(StrEnum):
    BOOK = "book"
    PICK = "pick"
    CHOOSE = "choose"
    TWICE = "twice"
    REASON = "reason"
    LIST = "list"
    CANCEL = "cancel"
    CLEAR = "clear"
    MOVE = "move"
    COME = "come"
    STAY = "stay"
    MARK = "mark"
    CARRIER = "carrier"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Wished:
    """`accounts` are those of which visits are looked at, one alone where one is booked; `terms` those of the question
    that is answered, `number` the choice, `words` what he comes for."""

    deed: Deed
    accounts: tuple[AccountFacts, ...]
    request: Request = Request()
    number: int = 0
    terms: Mapping[str, Any] | None = None
    words: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether a place may be taken at once."""
        return self.request.day is not None and self.request.at is not None


def wish(command: Command, facts: Facts, said: object) -> Wished | Decision | None:
    """What the message comes to; a decision where its account has to be asked first or may not be; None for a message
    about something else."""
    if not isinstance(command, _ABOUT_VISITS):
        return None
    mine = allowed(facts, Subject.VISITS)
    if not mine:
        return None
    if isinstance(command, OptOut) and isinstance(said, str) and said.strip().casefold() == CARRIERS_WORD:
        return Wished(Deed.CARRIER, mine)
    if isinstance(command, OptIn) and facts.sender.opted_out:
        return Wished(Deed.BACK, mine)
    answered = _answer(command, facts)
    if answered is not None:
        return answered
    wanted = looking.wish(command, facts)
    if wanted is None or wanted.subject not in SUBJECTS:
        return None
    return _wanted(wanted, facts, mine)


def _wanted(wanted: Wanted, facts: Facts, mine: tuple[AccountFacts, ...]) -> Wished | Decision:
    request = rules.read(wanted.argument)
    match wanted.subject:
        case Subject.VISITS:
            return Wished(Deed.LIST, mine)
        case Subject.CANCEL_VISIT:
            return Wished(Deed.CANCEL, mine, request)
        case Subject.MOVE_VISIT:
            return Wished(Deed.MOVE, mine, request)
        case _:
            found = pick(facts, Subject.BOOK, wanted.account)
            if found is None:
                return ask_account(facts, mine, Subject.BOOK, None, argument=wanted.argument)
            return Wished(Deed.BOOK, (found,), request) if isinstance(found, AccountFacts) else Decision(found)


def _answer(command: Command, facts: Facts) -> Wished | None:
    """The answer to a question about visits that is open."""
    question = open_(facts)
    if question is None:
        return None
    terms, account = question.terms, by_number(facts.accounts, question.terms.get("account") or "")
    if account is None:
        return None
    choices = len(terms.get("choices", ()))
    match command, question.kind:
        case Choose(number=number), Asked.MARK:
            return Wished(Deed.MARK, (account,), number=number, terms=terms)
        case Choose(number=number), Asked.PICK if number <= choices:
            return Wished(Deed.PICK, (account,), number=number, terms=terms)
        case Wanted(subject=Subject.BOOK, argument="pick"), Asked.OFFER:
            return Wished(Deed.PICK, (account,), terms=terms)
        case Choose(number=number), Asked.TWICE if number <= choices:
            return Wished(Deed.TWICE, (account,), number=number, terms=terms)
        case Choose(number=number), (Asked.OFFER | Asked.REASON | Asked.TAKEN) if number <= choices:
            return Wished(Deed.CHOOSE, (account,), number=number, terms=terms)
        case Wanted(subject=Subject.BOOK, argument=str() as said), Asked.REASON | Asked.TAKEN if said.split()[:1] == [
            REASON
        ]:
            known = {"visit": terms["moving"], **terms}
            return Wished(Deed.REASON, (account,), terms=known, words=tuple(said.split()[1:]))
        case Wanted(subject=Subject.CANCEL_VISIT, argument="clear"), Asked.TAKEN:
            return Wished(Deed.CLEAR, (account,), Request(ticket=str(terms["ticket"])), terms=terms)
        case Yes(), Asked.COMING:
            return Wished(Deed.COME, (account,), terms=terms)
        case No(), Asked.COMING:
            return Wished(Deed.STAY, (account,), terms=terms)
        case No(), Asked.REASON:
            return Wished(Deed.STAY, (account,), terms=terms)
        case _:
            return None


def answers(command: Command) -> bool:
    """Whether it is what a button says that answers a question about a visit in words of its own."""
    said = command.argument if isinstance(command, Wanted) and command.subject is Subject.BOOK else None
    return (said or "").partition(" ")[0] in (REASON, PICK)


def open_(facts: Facts) -> Question | None:
    """The question about visits that is open."""
    question = facts.question
    if question is None or question.expires_at <= facts.at or question.kind not in set(Asked):
        return None
    return question


def as_answer(command: Command, said: str, facts: Facts) -> Command:
    """The command of a text, which may be what he comes for where that is asked, say that the sums are clear where they
    were told before a visit, and be a mark among other words where one is asked for."""
    question = open_(facts)
    if question is None:
        return command
    words = grammar.words(said)
    if question.kind == Asked.MARK and isinstance(command, NotUnderstood) and len(words) <= MARK_WORDS:
        return _marked(said) or command
    if question.kind == Asked.TAKEN and question.terms.get("explained") and " ".join(words) in CLEAR:
        return Wanted(Subject.CANCEL_VISIT, argument="clear")
    if question.kind != Asked.REASON or not words or len(words) > 8 or any(sign.isdigit() for sign in said):
        return command
    return Wanted(Subject.BOOK, argument=" ".join((REASON, *words))) if _may_be_reason(command) else command


def _marked(said: str) -> Command | None:
    """«оценка 4»: the one digit of a short text, where it is a mark."""
    digits = [sign for sign in said if sign.isdigit()]
    return Choose(int(digits[0])) if len(digits) == 1 and digits[0] in "12345" else None


def _may_be_reason(command: Command) -> bool:
    match command:
        case NotUnderstood(reason=reason):
            return reason in (Unclear.WORDS, Unclear.DATE, Unclear.NOT_DIGITS)
        case SubmitReading(values=()) | Balance() | Why():
            return True
        case Wanted(subject=Subject.BOOK, argument=argument):
            return _names_only(argument)
        case Wanted(subject=subject):
            return subject not in (*SUBJECTS, Subject.NOTICES, Subject.NEWS, Subject.ACCOUNTS)
        case _:
            return False


def _names_only(argument: str | None) -> bool:
    """«на сверку»: nothing of a day or an hour."""
    return bool(argument) and all(word.startswith("?") for word in (argument or "").split())


def decision(outcome: Outcome, account: AccountFacts | None, facts: Facts, reply: Reply | None = None) -> Decision:
    """What an outcome is as a decision, with the question that it opens; `account` None: of a guest."""
    asked = None if outcome.ask is None else _question(outcome.ask, account, facts)
    open_one = open_(facts)
    answered = outcome.settled and open_one is not None
    account_id = account.account.id if account else None
    return Decision(reply or outcome.reply, account_id, ask=asked, answered=answered)


def _question(ask: Ask, account: AccountFacts | None, facts: Facts) -> Question:
    """The question, which knows its account, of which a guest's has none, and the questions that led to it: their
    buttons pressed twice find what they did."""
    before = open_(facts)
    after: list[str] = []
    if before is not None and ask.kind in _FOLLOWING and before.kind in (Asked.OFFER, *_FOLLOWING):
        after = [*before.terms.get("after", ()), before.asked_at.isoformat()][-REMEMBERED:]
    terms = {**ask.terms, "account": account.account.number if account else "", "after": after}
    return Question(ask.kind, terms, facts.at, ask.until)


def nothing(command: Wanted, facts: Facts) -> Decision:
    """What is said where no places are known."""
    return Decision(NothingFree(facts.company.phone))
