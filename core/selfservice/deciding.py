"""One function a command: facts in, a reply and its effects out. Nothing here touches the database."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import assert_never

from core.accounts import rights
from core.accounts.rights import Proof
from core.chatting import OnlyReadings
from core.commands import (
    Balance,
    Choose,
    Code,
    Command,
    Help,
    No,
    NotMe,
    NotUnderstood,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    Subject,
    SubmitReading,
    Undo,
    Wanted,
    Why,
    Yes,
)
from core.conversing import LanguageSet, LanguagesTold, NoRoom, OptedIn, OptedOut
from core.grammar.world import Asked
from core.messages import NotAllowed, NotYet
from core.selfservice import (
    doubting,
    inviting,
    looking,
    naming,
    noticing,
    parting,
    registering,
    repeating,
    requesting,
    submitting,
    telling,
    undoing,
    veiling,
    visiting,
)
from core.selfservice.choosing import by_number, kept_day, kept_given, kept_reading, open_question
from core.selfservice.model import Decision, Facts, Pending


def decide(command: Command, facts: Facts) -> Decision:
    """What is answered, and what it brings about, told as far as the sender's link may show it."""
    decision = veiling.veiled(_decided(command, facts), facts)
    return Decision(NoRoom(facts.company.phone)) if facts.full and _adds(command, decision) else decision


def _adds(command: Command, decision: Decision) -> bool:
    """Whether it would add a fact that has to be kept for ever. To leave, to refuse news or to be taken off an account
    is always possible."""
    reads = isinstance(command, SubmitReading) and bool(command.values)
    facts = (decision.reading, decision.withdrawal, decision.request, decision.noticed, decision.introduced.new)
    return reads or any(facts)


def _decided(command: Command, facts: Facts) -> Decision:
    barred_ = barred(command, facts)
    if barred_ is not None:
        return barred_
    return _done(command, facts)


def barred(command: Command, facts: Facts) -> Decision | None:
    """What is said in place of doing it: an operation that the sender may do nowhere goes no further (R32), nor does
    one of a phone that is in doubt."""
    invited = inviting.answered(command, facts)
    if invited is not None and not facts.sender.links:
        return invited
    if not rights.somewhere(rights.operation(command), facts.sender.links, facts.proof):
        if facts.proof is Proof.READINGS and facts.sender.links:
            return Decision(OnlyReadings())
        return Decision(NotAllowed()) if facts.sender.links else registering.greet(command, facts)
    return parting.held_back(command, facts) or doubting.doubt(command, facts) or invited


def _done(command: Command, facts: Facts) -> Decision:
    match command:
        case SubmitReading():
            return submitting.submit(command, facts)
        case Balance() | Why():
            return telling.tell(command, facts)
        case Undo():
            return undoing.undo(facts)
        case Yes() | No() | Choose():
            return _answered(command, facts)
        case Help():
            return repeating.help_told(facts)
        case SetLanguage(language=language):
            return _language(language, facts)
        case OptOut():
            return Decision(OptedOut(question=repeating.again(facts) is not None), opted_out=True)
        case OptIn():
            return Decision(OptedIn(), opted_out=False)
        case Register():
            return registering.register(command, facts)
        case Code():
            return registering.prove(command, facts)
        case NotMe():
            return registering.deny(facts)
        case Wanted():
            return _wanted(command, facts)
        case NotUnderstood():
            return repeating.not_understood(command, facts)
        case _:
            assert_never(command)


PERFORMED: Mapping[Subject, Callable[[Wanted, Facts], Decision]] = {
    Subject.ACCOUNTS: naming.accounts,
    Subject.NAME: naming.name,
    Subject.HISTORY: looking.look,
    Subject.FORECAST: looking.look,
    Subject.PAYMENTS: looking.look,
    Subject.BILL: looking.look,
    Subject.PAY: looking.look,
    Subject.DISPUTE: requesting.request,
    Subject.OUTAGE: requesting.request,
    Subject.HUMAN: requesting.request,
    Subject.NOTICES: noticing.notices,
    Subject.ACKNOWLEDGE: noticing.acknowledge,
    Subject.PROMISE: noticing.promise,
    **dict.fromkeys(visiting.SUBJECTS, visiting.nothing),
}
"""Subjects that are built; the others are answered honestly."""


def _wanted(command: Wanted, facts: Facts) -> Decision:
    perform = PERFORMED.get(command.subject)
    if perform is None:
        return Decision(NotYet(command.subject, facts.company.phone))
    return perform(command, facts)


def _language(wanted: str | None, facts: Facts) -> Decision:
    """Replies in another language from now on, where there are any; the grammar knows more languages than the words."""
    if wanted is None or wanted not in facts.languages:
        return Decision(LanguagesTold(missing=wanted is not None))
    return Decision(LanguageSet(wanted), language=wanted)


def _answered(command: Yes | No | Choose, facts: Facts) -> Decision:
    """An answer to the question that is open to the person; one that fits none is told so."""
    match command:
        case Yes():
            return _confirmed(facts)
        case No():
            return repeating.declined(facts)
        case Choose(number=number):
            return _chosen(number, facts)


def _confirmed(facts: Facts) -> Decision:
    granted = open_question(facts, Pending.GRANT)
    if granted is not None:
        return registering.trust(granted, facts)
    left = open_question(facts, Pending.GUEST)
    terms = left or open_question(facts, Asked.CONFIRM)
    if terms is None:
        return repeating.unasked(facts)
    account = by_number(facts.accounts, terms["account"])
    given = kept_given(terms["given"], account) if account else None
    if account is None or given is None:
        return replace(repeating.unasked(replace(facts, question=None)), answered=True)
    checked = not (left or terms.get("unchecked"))
    return submitting.judge(given, account, facts, day=kept_day(terms) or account.today, confirmed=checked)


def _chosen(number: int, facts: Facts) -> Decision:
    waiting = looking.wish(Choose(number), facts)
    if waiting is not None:
        return replace(_wanted(waiting, facts), answered=True)
    terms = open_question(facts, Asked.ACCOUNT)
    if terms is not None and 1 <= number <= len(terms["choices"]):
        return _for_account(terms["choices"][number - 1], terms["wish"], facts)
    terms = open_question(facts, Asked.MENU)
    if terms is not None and 1 <= number <= len(terms["choices"]):
        account = by_number(facts.accounts, terms["account"])
        given = kept_given(terms["choices"][number - 1], account) if account else None
        if account and given:
            return submitting.judge(given, account, facts, day=kept_day(terms) or account.today)
    return repeating.unasked(facts)


def _for_account(number: str, wish: str, facts: Facts) -> Decision:
    terms = open_question(facts, Asked.ACCOUNT)
    assert terms is not None
    if wish == "reading":
        return submitting.submit(kept_reading(terms, number), facts)
    told = telling.tell(Why(number) if wish == "why" else Balance(number), facts)
    return Decision(told.reply, told.account_id, answered=True, alarm=told.alarm)
