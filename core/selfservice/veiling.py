"""Takes out of a reply what the sender's link to the account may not show (ruling 22)."""

from dataclasses import replace

from core.accounts import rights
from core.accounts.rights import Deed
from core.grammar.world import Asked
from core.messages import (
    About,
    Accepted,
    BeforeControl,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    NoTariff,
    ReadingWanted,
    Reply,
    RolledOver,
    Taken,
    TooManyDigits,
    Unusual,
    Withdrawn,
    ZonesWanted,
)
from core.selfservice.choosing import question
from core.selfservice.model import AccountFacts, Decision, Facts
from core.withheld import Doubted, Fault, NotTaken


def veiled(decision: Decision, facts: Facts) -> Decision:
    """The decision as it may be told: to a link that may not read, an acceptance says only that the number is taken, a
    refusal what is wrong with it and nothing of the last count, a question nothing of the usual use."""
    about = next((one for one in facts.accounts if one.account.id == decision.account_id), None)
    if about is None or may_see(about, facts):
        return decision
    told = replace(decision, reply=veil(decision.reply))
    asked = decision.ask
    refused = decision.reply.reply if isinstance(decision.reply, About) else decision.reply
    if isinstance(refused, Impossible) and asked is not None and asked.kind == Asked.CONFIRM:
        # A yes to a number that is not named would be a yes to anything.
        return replace(told, ask=question(facts, Asked.READING, account=about.account.number, tries=0))
    return told


def may_see(account: AccountFacts, facts: Facts) -> bool:
    """Whether sums and counts of the account may be told to the sender."""
    return rights.allowed(Deed.SHOW_SUMS, account.link, facts.proof)


def veil(reply: Reply) -> Reply:
    """The reply without counts, uses and sums of the account: nothing but the sender's own numbers."""
    match reply:
        case About(account=account, reply=told):
            return About(account, veil(told))
        case Accepted(taken=taken):
            bare = _bare(taken)
            return replace(
                reply, taken=bare, money=None, instead=(), repeated=False, unverified_since=None, replaced=None
            )
        case NoTariff(taken=taken):
            return NoTariff(_bare(taken))
        case Withdrawn():
            return replace(reply, standing=(), since=None)
        case ReadingWanted() | ZonesWanted():
            return replace(reply, example=tuple(map(_plain, reply.example)))
        case TooManyDigits():
            return replace(reply, example=_plain(reply.example))
        case _:
            return _objection(reply)


def _objection(reply: Reply) -> Reply:
    match reply:
        case LowerThanLast(digits=digits, handed_over=handed_over):
            return NotTaken(digits, Fault.HANDED_OVER if handed_over else Fault.LOWER)
        case HigherThanLater(digits=digits):
            return NotTaken(digits, Fault.HIGHER)
        case BeforeControl():
            return NotTaken("", Fault.CONTROL)
        case Impossible(digits=digits):
            return NotTaken(digits, Fault.IMPOSSIBLE)
        case Unusual(digits=digits) | RolledOver(digits=digits):
            return Doubted(digits)
        case _:
            return reply


def _bare(taken: tuple[Taken, ...]) -> tuple[Taken, ...]:
    return tuple(replace(one, used=None) for one in taken)


def _plain(example: str) -> str:
    """A number of as many digits that tells nothing of the meter."""
    return "123456789"[: len(example.partition(".")[0])]
