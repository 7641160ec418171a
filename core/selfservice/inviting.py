"""A phone answers whether it accepts an account that its owner wants to share with it (ruling 22)."""

from core.accounts import rights
from core.accounts.household.model import Ended
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.model import Link
from core.accounts.rights import Deed, Proof
from core.commands import Command, No, Yes
from core.households import InvitationDeclined, InvitationOver, InvitationTaken, Invited
from core.introductions import PhoneLinked
from core.messages import Reply
from core.selfservice.choosing import open_question
from core.selfservice.model import Decision, Facts, Introduced, Notice, Pending


def wanted(facts: Facts) -> Reply | None:
    """The invitation that waits for an answer, told again; None where none does."""
    terms = open_question(facts, Pending.INVITED)
    return None if terms is None else Invited(_tail(terms["account"]), terms["phone"], bool(terms["reads"]))


def answered(command: Command, facts: Facts) -> Decision | None:
    """What a yes or a no to an invitation comes to; None where it is no answer to one."""
    question = facts.question
    if not isinstance(command, Yes | No) or question is None or question.kind != Pending.INVITED:
        return None
    if not rights.somewhere(Deed.ACCEPT_INVITATION, facts.sender.links, facts.proof):
        return None
    alone = facts.alone
    assert alone is not None, "answered in a batch"
    tail, found, named = _tail(question.terms["account"]), alone.invitation, alone.named
    if question.expires_at <= facts.at or found is None or named is None or named.sealed_key is None:
        return Decision(InvitationOver(tail), answered=True)
    if isinstance(command, No):
        ended = Introduced(invitation=(found.id, Ended.DECLINED))
        return Decision(InvitationDeclined(tail), answered=True, introduced=ended)
    reads = rights.allowed(Deed.SHOW_SUMS, Link(found.account_id, found.role, found.scopes), Proof.NUMBER)
    link = NewLink(found.account_id, facts.sender.hash, found.role, f"invited {found.id}", found.extra)
    told = PhoneLinked(tail, alone.phone, asks=False, reads=reads)
    made = Introduced(
        new=(link,),
        ended=(EndedLink(found.account_id, facts.sender.hash, "linked anew"),),
        notices=tuple(Notice(one, told) for one in named.owners),
        invitation=(found.id, Ended.ACCEPTED),
    )
    return Decision(InvitationTaken(tail, reads), found.account_id, answered=True, introduced=made)


def _tail(number: str) -> str:
    return ".." + number[-4:]
