"""A customer answers an official warning: lists it, says that he has read it, promises to pay."""

from datetime import date, timedelta

from core.commands import Command, NotUnderstood, Subject, Unclear, Wanted, Yes
from core.messages import NotYours
from core.noticed import (
    CodeStrange,
    NoNotices,
    NothingToPromise,
    NoticeRead,
    NoticesTold,
    NoticeWithdrawn,
    PromiseBarred,
    Promised,
    PromiseStands,
    PromiseTooLate,
    PromiseWhen,
)
from core.notices import rules
from core.notices.warnings.model import Acknowledge, Promise, Warned
from core.selfservice.choosing import allowed, by_number
from core.selfservice.model import Decision, Facts

SUBJECTS = (Subject.NOTICES, Subject.ACKNOWLEDGE, Subject.PROMISE)


def asks(command: Command, facts: Facts) -> bool:
    """Whether the answer rests on the warnings of the sender's accounts: an "OK" that answers no question may be to
    one."""
    if isinstance(command, Wanted):
        return command.subject in SUBJECTS
    return facts.question is None and command in (Yes(), NotUnderstood(Unclear.THANKS))


def unread(facts: Facts) -> Decision | None:
    """What to send for a warning that the sender has not said to have read, by one who said "OK" and no code; None
    where there is none."""
    waits = any(one.mine and one.acknowledged is None and one.ended is None for one in facts.warned)
    return notices(Wanted(Subject.NOTICES), facts) if waits else None


def notices(command: Wanted, facts: Facts) -> Decision:
    """The warnings that stand, by number and day only (reliability.md section 3)."""
    if command.account is not None and by_number(facts.accounts, command.account) is None:
        return Decision(NotYours(command.account))
    open_now = _of(command, facts)
    if not open_now:
        return Decision(NoNotices())
    latest = open_now[0]
    code = latest.code if latest.mine and latest.acknowledged is None else ""
    told = tuple((one.number, one.day) for one in open_now)
    return Decision(NoticesTold(told, code), latest.account_id)


def acknowledge(command: Wanted, facts: Facts) -> Decision:
    """The code of this recipient and this warning is the evidence that he has read it; of one that was withdrawn he is
    told that."""
    told = (command.argument or "").strip()
    known = (*_of(command, facts), *_of(command, facts, ended=True))
    meant = next((one for one in known if one.mine and rules.same_code(told, one.code)), None)
    if meant is None:
        return Decision(CodeStrange(told))
    if meant.ended is not None:
        return Decision(NoticeWithdrawn(meant.number, meant.ended, court=meant.court), meant.account_id)
    if meant.acknowledged is not None:
        return Decision(NoticeRead(meant.number, meant.acknowledged), meant.account_id)
    return Decision(NoticeRead(meant.number, meant.today), meant.account_id, noticed=Acknowledge(meant.number))


def promise(command: Wanted, facts: Facts) -> Decision:
    """A day until which nothing is done: once a case, within the days of the rule pack, from a phone under contract; of
    the account that he names, of all his where he names none."""
    if command.account is not None and by_number(facts.accounts, command.account) is None:
        return Decision(NotYours(command.account))
    open_now, phone = _of(command, facts), facts.company.phone
    if not open_now:
        return Decision(NothingToPromise())
    may = [one for one in open_now if one.contract and one.promise_days > 0]
    if not may:
        return Decision(PromiseBarred(phone), open_now[0].account_id)
    account, free = may[0].account_id, [one for one in may if one.promised is None]
    if not free:
        first = may[0]
        assert first.promised is not None, "promised already"
        return Decision(PromiseStands(first.number, first.promised, phone), account)
    latest = min(one.today + timedelta(one.promise_days) for one in free)
    day = _day(command.argument)
    if day is None:
        return Decision(PromiseWhen(latest), account)
    if not free[0].today <= day <= latest:
        return Decision(PromiseTooLate(day, latest, past=day < free[0].today), account)
    return Decision(Promised(day), account, noticed=Promise(tuple(one.number for one in free), day))


def _of(command: Wanted, facts: Facts, *, ended: bool = False) -> tuple[Warned, ...]:
    """The warnings that stand, or were withdrawn (`ended`), of the account that is named, or of all for which the
    sender may do this; the latest first."""
    named = None if command.account is None else by_number(facts.accounts, command.account)
    may = {one.account.id for one in allowed(facts, command.subject) if named in (None, one)}
    found = (one for one in facts.warned if one.account_id in may and (one.ended is not None) == ended)
    return tuple(sorted(found, key=lambda one: -one.number))


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told or "")
    except ValueError:
        return None
