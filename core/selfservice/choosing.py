"""Which of the sender's accounts is meant, and the questions that are kept open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.accounts import rights
from core.accounts.model import Question
from core.accounts.rights import Operation
from core.commands import Named, SubmitReading
from core.grammar.world import Asked
from core.messages import About, NotAllowed, NotYours, Reply, WhichAccount
from core.metering.model import Given
from core.records import Total
from core.selfservice.model import QUESTION_LIVES, AccountFacts, Decision, Facts, Pending


def allowed(facts: Facts, what: Operation) -> tuple[AccountFacts, ...]:
    """The sender's accounts to which he may do it."""
    return tuple([one for one in facts.accounts if rights.allowed(what, one.link, facts.proof)])


def by_number(accounts: Sequence[AccountFacts], number: str) -> AccountFacts | None:
    """The account with that number, however its letters were written."""
    wanted = number.upper()
    return next((one for one in accounts if one.account.number == wanted), None)


def pick(facts: Facts, what: Operation, number: str | None) -> AccountFacts | Reply | None:
    """The one account that is meant; a reply where it may not be; None where it must be asked."""
    if number is not None and by_number(facts.accounts, number) is None:
        return NotYours(number)
    mine = allowed(facts, what)
    if number is not None:
        return by_number(mine, number) or NotAllowed()
    if not mine:
        return NotAllowed()
    return mine[0] if len(mine) == 1 else None


def about(reply: Reply, account: AccountFacts, facts: Facts) -> Reply:
    """The reply, with the account that it is about where the sender has several."""
    return About(account.called, reply) if len(facts.accounts) > 1 else reply


def open_question(facts: Facts, asked: Asked | Pending) -> Mapping[str, Any] | None:
    """The terms of the question of that kind, while it is open."""
    question = facts.question
    if question is None or question.kind != asked or question.expires_at <= facts.at:
        return None
    return question.terms


def settled(facts: Facts) -> bool:
    """Whether a reading that is taken settles the open question; not what was asked about another phone."""
    return facts.question is None or facts.question.kind != Pending.GRANT


def question(facts: Facts, asked: Asked, **terms: Any) -> Question:
    """A question that stays open for its time (billing.md section 6: a day)."""
    return Question(asked, terms, facts.at, facts.at + QUESTION_LIVES)


def ask_account(
    facts: Facts,
    among: Sequence[AccountFacts],
    wish: str,
    command: SubmitReading | None,
    *,
    argument: str | None = None,
    total: Total | None = None,
) -> Decision:
    """Asks which account is meant, told with what all of them come to, and keeps the wish, with what it named, until
    the answer."""
    values = command.values if command else ()
    digits = tuple(value.digits for value in values)
    terms = {
        "wish": wish,
        "choices": [one.account.number for one in among],
        "argument": argument,
        **keep_reading(command or SubmitReading()),
    }
    reply = WhichAccount(digits, tuple(one.called for one in among), total)
    return Decision(reply, ask=question(facts, Asked.ACCOUNT, **terms))


def keep_reading(command: SubmitReading) -> dict[str, Any]:
    """The numbers of a text and their day, to wait in a question."""
    values = [[value.register, value.digits, value.meter] for value in command.values]
    return {"values": values, "on": command.on.isoformat() if command.on else None}


def kept_reading(terms: Mapping[str, Any], account: str) -> SubmitReading:
    """The reading that waited for its account."""
    values = tuple(Named(register, digits, meter) for register, digits, meter in terms["values"])
    return SubmitReading(values, account=account, on=_day(terms["on"]))


def keep_given(given: Sequence[Given]) -> list[list[Any]]:
    return [[one.meter.id, one.register, one.digits, one.value] for one in given]


def kept_given(rows: Sequence[Sequence[Any]], account: AccountFacts) -> tuple[Given, ...] | None:
    """The numbers that waited for a yes; None where a meter of theirs is no longer there."""
    meters = {meter.id: meter for meter in account.working}
    if any(row[0] not in meters for row in rows):
        return None
    return tuple(Given(meters[meter], register, digits, value) for meter, register, digits, value in rows)


def kept_day(terms: Mapping[str, Any]) -> date | None:
    return _day(terms["on"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
