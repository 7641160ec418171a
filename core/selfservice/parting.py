"""НЕ Я: the phone is taken off the accounts that are not its person's (ruling 24, decision 0013)."""

from collections.abc import Sequence

from core.accounts.linking.model import EndedLink
from core.accounts.model import Question
from core.commands import Choose, Command, Help, No, NotMe, OptOut, SetLanguage
from core.introductions import Unlinked, UnlinkedFrom, WhichToLeave
from core.selfservice.choosing import open_question
from core.selfservice.model import QUESTION_LIVES, AccountFacts, Decision, Facts, Introduced, Pending

ALL = "all"

_NOT_HELD_BACK = (NotMe, No, OptOut, Help, SetLanguage)


def leave(facts: Facts) -> Decision:
    """Takes the phone off its only account, or asks which of several; the second time it is off all of them."""
    if len(facts.accounts) == 1 or open_question(facts, Pending.LEAVE) is not None:
        return _left(facts.accounts, facts)
    return _asked(facts, alarm=("not me", _numbers(facts.accounts)))


def held_back(command: Command, facts: Facts) -> Decision | None:
    """The answer to the question which accounts to leave; any other message gets the question again, for after НЕ Я
    nothing is told. None where that question is not open."""
    terms = open_question(facts, Pending.LEAVE)
    if terms is None or isinstance(command, _NOT_HELD_BACK):
        return None
    choices: list[str] = terms["choices"]
    if not isinstance(command, Choose) or not 1 <= command.number <= len(choices):
        return _asked(facts)
    chosen = choices[command.number - 1]
    meant = facts.accounts if chosen == ALL else [one for one in facts.accounts if one.account.number == chosen]
    return _left(meant, facts) if meant else _asked(facts)


def _asked(facts: Facts, alarm: tuple[str, str] | None = None) -> Decision:
    choices = [ALL, *(one.account.number for one in facts.accounts)]
    asked = Question(Pending.LEAVE, {"choices": choices}, facts.at, facts.at + QUESTION_LIVES)
    return Decision(WhichToLeave(tuple(one.called for one in facts.accounts)), ask=asked, alarm=alarm)


def _left(left: Sequence[AccountFacts], facts: Facts) -> Decision:
    ended = tuple(EndedLink(one.account.id, facts.sender.hash, "not me") for one in left)
    reply = Unlinked() if len(left) == len(facts.accounts) else UnlinkedFrom(left[0].account.tail)
    gone = Introduced(ended=ended)
    return Decision(reply, answered=True, alarm=("phone unlinked", _numbers(left)), introduced=gone)


def _numbers(accounts: Sequence[AccountFacts]) -> str:
    return ", ".join(one.account.number for one in accounts)
