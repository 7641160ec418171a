"""The question that is open, asked again, and what an answer comes to that none is waiting for."""

from collections.abc import Mapping
from typing import Any

from core.accounts.model import Question
from core.bookings.model import Asked as AskedOfVisit
from core.commands import NotUnderstood, Unclear
from core.conversing import (
    AcceptWanted,
    AccessWanted,
    CodeWanted,
    Declined,
    NothingAsked,
    QuestionLapsed,
)
from core.grammar.world import Asked
from core.introductions import StillYours, WhichToLeave
from core.messages import About, AskedAgain, HelpTold, NotUnderstoodTold, ReadingWanted, Reply, WhichAccount, WhichMeter
from core.metering.expecting import examples, zone_names
from core.selfservice import inviting, noticing, veiling
from core.selfservice.choosing import about, by_number
from core.selfservice.model import AccountFacts, Decision, Facts, Pending
from core.visiting import MarkWanted

_NO_WORDS_OF_HIS = frozenset((Unclear.EMPTY, Unclear.GREETING, Unclear.THANKS))
_NO_ANSWER = _NO_WORDS_OF_HIS | {Unclear.WORDS}
"""Such a text is no try at a number: what is wrong with a number is said in its own words."""


def again(facts: Facts) -> Reply | None:
    """The question that is open, in short; None where none is, or where only a number is waited for."""
    question = _open(facts)
    if question is None:
        return None
    terms, account = question.terms, by_number(facts.accounts, question.terms.get("account") or "")
    match question.kind:
        case Asked.ACCOUNT:
            return _which_account(terms, facts)
        case Asked.CODE:
            return CodeWanted()
        case Asked.CONFIRM if account is not None:
            return about(AcceptWanted(terms["pending"]), account, facts)
        case Asked.MENU if account is not None:
            return _which_meter(terms, account, facts)
        case Pending.GRANT if account is not None:
            return AccessWanted(account.account.tail)
        case Pending.INVITED:
            return inviting.wanted(facts)
        case AskedOfVisit.MARK:
            return MarkWanted(terms["ticket"]) if "ticket" in terms else None
        case Pending.STILL:
            return StillYours(facts.accounts[0].account.tail, len(facts.accounts))
        case Pending.LEAVE:
            return WhichToLeave(tuple(one.called for one in facts.accounts))
        case Pending.GUEST if account is not None:
            return About(account.account.tail, AcceptWanted(" ".join(row[2] for row in terms["given"])))
        case _:
            return None


def not_understood(command: NotUnderstood, facts: Facts) -> Decision:
    """What could not be used and why, with a number that would fit; or the question that is open once more."""
    question = again(facts)
    if question is not None and command.reason in _NO_ANSWER:
        fragment = "" if command.reason in _NO_WORDS_OF_HIS else command.fragment
        return Decision(AskedAgain(question, fragment))
    said = noticing.unread(facts) if command.reason is Unclear.THANKS else None
    return said or Decision(NotUnderstoodTold(command.reason, command.fragment, example(facts)))


def unasked(facts: Facts) -> Decision:
    """The answer to a yes, a no or a choice that does not fit the open question, or comes after it or without one."""
    question = again(facts)
    if question is not None:
        return Decision(AskedAgain(question))
    if _open(facts) is not None:
        account = _subject(facts)
        if account is not None:
            return Decision(about(_wanted(account), account, facts), account.account.id)
        return Decision(NothingAsked())
    if facts.question is None:
        return noticing.unread(facts) or Decision(NothingAsked())
    terms, kind = facts.question.terms, facts.question.kind
    rows = terms.get("given") or terms.get("values") or []
    digits = " ".join(row[2 if "given" in terms else 1] for row in rows)
    return Decision(QuestionLapsed(digits, access=kind == Pending.GRANT), answered=True)


def declined(facts: Facts) -> Decision:
    """The answer to a no: nothing is done, and the question is settled."""
    question = _open(facts)
    if question is None:
        return unasked(facts)
    if question.kind == Pending.GRANT:
        return Decision(Declined("access"), answered=True)
    waits = question.kind == Asked.ACCOUNT and question.terms["wish"] != "reading"
    waits = waits or question.kind in (Pending.LEAVE, Pending.GONE) or question.kind in set(AskedOfVisit)
    return Decision(Declined("account" if waits else "reading"), answered=True)


def help_told(facts: Facts) -> Decision:
    """What can be sent, and the question that stays open."""
    return Decision(HelpTold(example(facts), again(facts)))


def example(facts: Facts) -> str | None:
    """What the sender's own meter could show today, with every zone; of the account that was last asked about. Where he
    may not see what it shows, any number of its length."""
    account = _subject(facts)
    for one in (account,) if account else facts.accounts:
        known = one.state.registers if veiling.may_see(one, facts) else {}
        for meter in one.working:
            return " ".join(examples(meter, known, day=one.today))
    return None


def _open(facts: Facts) -> Question | None:
    question = facts.question
    return None if question is None or question.expires_at <= facts.at else question


def _subject(facts: Facts) -> AccountFacts | None:
    question = _open(facts)
    number = question.terms.get("account") if question else None
    found = by_number(facts.accounts, number) if number else None
    return found if found is not None and found.working else None


def _wanted(account: AccountFacts) -> ReadingWanted:
    meter = account.working[0]
    return ReadingWanted(examples(meter, account.state.registers, day=account.today), zone_names(meter))


def _which_account(terms: Mapping[str, Any], facts: Facts) -> WhichAccount | None:
    found = [by_number(facts.accounts, number) for number in terms["choices"]]
    choices = tuple(one.called for one in found if one is not None)
    if not choices or len(choices) < len(found):
        return None
    return WhichAccount(tuple(value[1] for value in terms["values"]), choices)


def _which_meter(terms: Mapping[str, Any], account: AccountFacts, facts: Facts) -> Reply | None:
    meters = {meter.id: meter for meter in account.working}
    rows = [choice[0] for choice in terms["choices"]]
    if any(row[0] not in meters for row in rows):
        return None
    choices = tuple((meters[row[0]].service, meters[row[0]].serial[-4:]) for row in rows)
    return about(WhichMeter(rows[0][2], choices), account, facts)
