"""A customer turns to the staff: a dispute, an outage, a person wanted; and asks what became of it."""

from core.accounts import rights
from core.accounts.rights import Deed
from core.commands import LATEST_REQUEST, Command, Subject, Wanted
from core.requests.model import (
    DAY,
    MOST,
    MoreWords,
    NewRequest,
    Request,
    RequestOpened,
    RequestRepeated,
    RequestsFull,
    RequestStands,
    RequestUnknown,
)
from core.selfservice.choosing import by_number
from core.selfservice.model import AccountFacts, Decision, Facts

SUBJECTS = (Subject.DISPUTE, Subject.OUTAGE, Subject.HUMAN)


def number_asked(command: Command) -> str | None:
    """The number of the request of which a message asks how it stands; None for any other message."""
    if not isinstance(command, Wanted) or command.subject is not Subject.HUMAN or command.argument is None:
        return None
    return command.argument if command.argument.isdigit() else None


def request(command: Wanted, facts: Facts) -> Decision:
    """Tells of a request, adds the words to one that stands open, or opens one; so many new ones a day and no more."""
    number = number_asked(command)
    if number is not None:
        return _told(number, facts)
    own = facts.requests.own
    if command.argument == LATEST_REQUEST and own:
        return _stands(own[0], facts)
    account = _account(command, facts)
    account_id = account.account.id if account else None
    same = [one for one in own if one.pending and (one.subject, one.account_id) == (command.subject, account_id)]
    phone = facts.company.phone
    if same:
        return Decision(RequestRepeated(same[0].number, phone), account_id, request=MoreWords(same[0].id))
    if sum(one.opened_at > facts.at - DAY for one in own) >= MOST:
        return Decision(RequestsFull(phone), account_id)
    new = NewRequest(facts.requests.number, command.subject)
    reply = RequestOpened(command.subject, new.number, phone)
    return Decision(reply, account_id, request=new, alarm=("request", new.number))


def _account(command: Wanted, facts: Facts) -> AccountFacts | None:
    """The account that is named, or the only one. No other number refuses a request: a person reads the words."""
    named = by_number(facts.accounts, command.account) if command.account else None
    return named or (facts.accounts[0] if len(facts.accounts) == 1 else None)


def _told(number: str, facts: Facts) -> Decision:
    found = facts.requests.named
    if found is None or not _may_ask(found, facts):
        return Decision(RequestUnknown(number))
    return _stands(found, facts)


def _may_ask(found: Request, facts: Facts) -> bool:
    """A request is its phone's, and the business of the owner of the account that it is about."""
    if found.phone_hash == facts.sender.hash:
        return True
    about = [one for one in facts.accounts if one.account.id == found.account_id]
    return any(rights.allowed(Deed.SEE_REQUEST, one.link, facts.proof) for one in about)


def _stands(found: Request, facts: Facts) -> Decision:
    day = found.since.astimezone(facts.accounts[0].account.zone).date()
    return Decision(RequestStands(found.number, found.state, day, facts.today), found.account_id)
