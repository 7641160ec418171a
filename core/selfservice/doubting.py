"""A phone that was not proven for long may have gone to somebody else: he who writes is asked first.

A code for a login, or a contact in a chat, proves that the phone is held, not that its accounts are still those of its
holder (T5)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.accounts.model import Question
from core.commands import (
    Balance,
    Code,
    Command,
    Help,
    No,
    NotMe,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    SubmitReading,
    Why,
    Yes,
)
from core.introductions import StillTold, StillYours
from core.selfservice import parting, submitting, telling
from core.selfservice.choosing import keep_reading, kept_reading, open_question
from core.selfservice.model import QUESTION_LIVES, Decision, Facts, Pending

_TELLS_NOTHING = (NotMe, OptOut, OptIn, Help, SetLanguage, Register, Code)
"""Commands that tell nothing of an account, or that end the doubt themselves."""


def doubt(command: Command, facts: Facts) -> Decision | None:
    """The question whether he is still the one, where that is in doubt; after a yes, the answer to what he wanted;
    after a no he is taken off, as by НЕ Я. None where nothing is doubtful."""
    if not facts.accounts or not facts.doubted:
        return None
    if isinstance(command, _TELLS_NOTHING):
        return None
    asked = open_question(facts, Pending.STILL)
    if asked is not None and isinstance(command, No):
        return parting.leave(facts)
    if asked is not None and isinstance(command, Yes):
        return _proven(asked, facts)
    wish = _kept(command) or (asked["wish"] if asked else None)
    question = Question(Pending.STILL, {"wish": wish}, facts.at, facts.at + QUESTION_LIVES)
    return Decision(StillYours(facts.accounts[0].account.tail, len(facts.accounts)), ask=question)


def _proven(asked: Mapping[str, Any], facts: Facts) -> Decision:
    """What he had wanted, now that he is known; the question is closed whatever comes of it."""
    sender = replace(facts.sender, proven_at=facts.at, bounced=0)
    known = replace(facts, sender=sender, question=None)
    done = _done(asked["wish"], known)
    return replace(done, proven=True, answered=True)


def _done(wish: Mapping[str, Any] | None, facts: Facts) -> Decision:
    if wish is None:
        return Decision(StillTold())
    account: str | None = wish["account"]
    if wish["what"] == "reading":
        reading = kept_reading(wish, account or "")
        return submitting.submit(replace(reading, account=account, meter=wish["meter"], doubt=wish["doubt"]), facts)
    return telling.tell(Why(account) if wish["what"] == "why" else Balance(account), facts)


def _kept(command: Command) -> dict[str, Any] | None:
    """What he wants, to wait in the question; a command of another kind he may send again."""
    match command:
        case SubmitReading(values=values, account=account, meter=meter, doubt=doubt) if values:
            return {"what": "reading", "account": account, "meter": meter, "doubt": doubt, **keep_reading(command)}
        case Balance(account=account):
            return {"what": "balance", "account": account}
        case Why(account=account):
            return {"what": "why", "account": account}
        case _:
            return None
