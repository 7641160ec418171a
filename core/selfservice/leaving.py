"""A reading is put aside until the account's owner takes it: never billed, and in nobody's way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.accounts.linking.model import Named
from core.accounts.model import Question
from core.introductions import ReadingAside, ReadingCame
from core.messages import Reply
from core.metering.model import Given, Source
from core.metering.verdicts import Accept
from core.selfservice.choosing import keep_given, settled
from core.selfservice.model import AccountFacts, Alone, Decision, Facts, Introduced, NewReading, Notice, Pending

TOLD = 3
"""Of so many readings that others left are the owners told within a day; forged senders cost them no more (T4)."""

LIVES = timedelta(hours=72)
"""So long may an owner take it by a yes."""


def aside(verdict: Accept, account: AccountFacts, facts: Facts) -> Decision:
    """Puts aside what would correct another phone's reading of the day."""
    alone = _alone(facts)
    given = tuple(usage.given for usage in verdict.usages)
    told = ReadingAside(tuple(one.digits for one in given))
    named = next((one for one in alone.own if one.account_id == account.account.id), None)
    left = leave(given, account, facts, day=verdict.day, named=named, told=told)
    return replace(left, answered=settled(facts))


def leave(
    given: Sequence[Given],
    account: AccountFacts,
    facts: Facts,
    *,
    day: date,
    named: Named | None,
    told: Reply,
) -> Decision:
    """Keeps the reading and tells each owner of it, who is asked where no other question of ours would be lost by it;
    without an owner, and when the owners were told often enough, the staff is told."""
    no, number = account.state.fact_no + 1, account.account.number
    rows = tuple((one.meter.id, one.register, one.value) for one in given)
    terms = {"account": number, "given": keep_given(given), "on": day.isoformat()}
    asked = Question(Pending.GUEST, terms, facts.at, facts.at + LIVES)
    came = ReadingCame(account.account.tail, _alone(facts).phone, tuple(one.digits for one in given))
    owners = named.owners if named and named.left < TOLD else ()
    notices = tuple(Notice(one, replace(came, asks=one.free), asked if one.free else None) for one in owners)
    return Decision(
        told,
        account.account.id,
        NewReading(no, rows, day, Source.GUEST),
        state=replace(account.state, fact_no=no),
        alarm=None if notices else ("reading left", number),
        introduced=Introduced(notices=notices),
    )


def _alone(facts: Facts) -> Alone:
    assert facts.alone is not None, "answered in a batch"
    return facts.alone
