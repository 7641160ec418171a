"""A phone is tied to an account (J1), its owner is asked and told, and either may be rid of it (rulings 22 to 24)."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.accounts import rights
from core.accounts.linking.model import WRONG, EndedLink, Named, Newcomer, NewLink, OtherPhone, Waiting
from core.accounts.model import Question, Role
from core.accounts.rights import Deed
from core.commands import Code, Command, Register, SubmitReading
from core.conversing import CodeWanted, NothingAsked
from core.grammar.world import Asked
from core.households import MoveStopped
from core.introductions import (
    AlreadyLinked,
    CodeExpired,
    CodeSent,
    CodeWrong,
    PhoneGone,
    PhoneLinked,
    PhoneRemoved,
    PhoneTrusted,
    ReadingLeft,
    Registered,
    RegisterHow,
    RegisterRefused,
    RemovedYou,
    TooManyTries,
    TrustedYou,
)
from core.messages import Reply, UnknownPhone
from core.metering import placing, verdicts
from core.metering.placing import Placed
from core.selfservice import inviting, leaving, parting
from core.selfservice.choosing import by_number, keep_given, keep_reading, kept_reading, open_question, question
from core.selfservice.model import QUESTION_LIVES, AccountFacts, Alone, Decision, Facts, Introduced, Notice, Pending

CODE_LIVES = timedelta(minutes=10)
GRANT_LIVES = timedelta(hours=72)
"""So long may an owner answer that he trusts a phone, or does not know it (ruling 24)."""


def greet(command: Command, facts: Facts) -> Decision:
    """The neutral answer to a phone that is linked to nothing; a reading that it sends waits until it is (J1), or for
    the owner of the account that it names."""
    if isinstance(command, SubmitReading) and command.values and command.account and command.meter:
        return _left(command, facts)
    invited = inviting.wanted(facts)
    if invited is not None:
        return Decision(invited)
    reading = command if isinstance(command, SubmitReading) and command.values and command.account is None else None
    if open_question(facts, Asked.CODE) is not None:
        return _code_awaited(reading, facts)
    if reading is None or _code_terms(facts) is not None:
        return Decision(UnknownPhone())
    asked = question(facts, Asked.ACCOUNT, wish="reading", choices=[], tongue=facts.language, **keep_reading(reading))
    return Decision(UnknownPhone(), ask=asked)


def _code_awaited(reading: SubmitReading | None, facts: Facts) -> Decision:
    """The code is still waited for; a reading that comes first waits with it."""
    if reading is None or facts.question is None:
        return Decision(CodeWanted())
    terms = {**facts.question.terms, "kept": keep_reading(reading)}
    return Decision(CodeWanted(), ask=replace(facts.question, terms=terms))


def _left(command: SubmitReading, facts: Facts) -> Decision:
    """Puts a reading of a guest aside: it is never billed and supersedes nothing until the owner takes it."""
    alone, told = _alone(facts), ReadingLeft()
    account, named = alone.account, alone.named
    if account is None or named is None or not rights.allowed(Deed.LEAVE_READING, None, facts.proof):
        return Decision(told)
    day = verdicts.reading_day(command.on, today=account.today)
    if day is None or not _right(Register(command.account, command.meter), account, named):
        return Decision(told)
    placed = placing.place(command, account.meters, account.state.registers, day=day)
    if not isinstance(placed, Placed):
        return Decision(told)
    return leaving.leave(placed.given, account, facts, day=day, named=named, told=told)


def register(command: Register, facts: Facts) -> Decision:
    """A code for who names an account and a meter of it; the same refusal whatever of them is wrong (T8)."""
    mine = by_number(facts.accounts, command.account) if command.account else None
    if mine is not None and (mine.link.role is not Role.UNVERIFIED or command.amount is None):
        return Decision(AlreadyLinked(mine.account.tail), mine.account.id)
    if command.account is None or command.meter is None:
        return Decision(RegisterHow())
    alone = _alone(facts)
    if alone.account is None or not _right(command, alone.account, alone.named):
        return _wrong(facts, RegisterRefused())
    terms = {
        "account": alone.account.account.number,
        "digest": alone.digest,
        "reads": command.amount is not None,
        "kept": _kept(facts),
        "tongue": facts.language,
    }
    asked = Question(Asked.CODE, terms, facts.at, facts.at + CODE_LIVES)
    return Decision(CodeSent(alone.account.account.tail, alone.code), ask=asked)


def prove(command: Code, facts: Facts) -> Decision:
    """The link, where the code is the one that went to this phone."""
    terms, alone = _code_terms(facts), _alone(facts)
    if terms is None or facts.question is None:
        return Decision(NothingAsked() if facts.sender.links else UnknownPhone())
    if facts.question.expires_at <= facts.at or alone.account is None or alone.named is None:
        return Decision(CodeExpired(), answered=True)
    if not hmac.compare_digest(terms["digest"], alone.given):
        return _wrong(facts, CodeWrong())
    return _linked(terms, alone.account, alone.named, facts)


def deny(facts: Facts) -> Decision:
    """Takes off a phone that was linked of late to an account of the sender's; else the sender himself (ruling 24), and
    him alone where he answers that the accounts are not his. Of a phone that another owner was quicker to take off he
    is told so first: his words were about that one."""
    if open_question(facts, Pending.STILL) is not None:
        return parting.leave(facts)
    move = _alone(facts).move
    if move is not None:  # of that he was told last: his words are about it, and no phone is taken off
        alarm = ("phone denied", facts.accounts[0].account.number if facts.accounts else "")
        return Decision(MoveStopped(), answered=True, alarm=alarm, introduced=Introduced(stopped=move.id))
    managed = [one for one in facts.accounts if rights.allowed(Deed.OPEN_ACCOUNT, one.link, facts.proof)]
    ids = {one.account.id for one in managed}
    late = [one for one in _alone(facts).newcomers if one.account_id in ids]
    gone = [one for one in late if not one.trusted] or late
    if gone:
        return _removed(gone, managed)
    off = [one for one in managed if one.account.id in _alone(facts).departed]
    if off and open_question(facts, Pending.GONE) is None:
        asked = Question(Pending.GONE, {}, facts.at, facts.at + QUESTION_LIVES)
        return Decision(PhoneGone(off[0].account.tail), off[0].account.id, ask=asked)
    return parting.leave(facts)


def trust(terms: Mapping[str, Any], facts: Facts) -> Decision:
    """The owner's yes: the phone that he was asked about may see the sums (ruling 22)."""
    account = by_number(facts.accounts, terms["account"])
    if account is None or not rights.allowed(Deed.OPEN_ACCOUNT, account.link, facts.proof):
        return Decision(NothingAsked(), answered=True)
    phone = bytes.fromhex(terms["phone"])
    known = {(one.account_id, one.phone_hash): one for one in _alone(facts).newcomers}
    newcomer = known.get((account.account.id, phone))
    if newcomer is None:
        return Decision(NothingAsked(), answered=True)
    if newcomer.trusted:  # by another owner, the sum of the bill or a contract, whose role stays
        return Decision(PhoneTrusted(account.account.tail), account.account.id, answered=True)
    made = _instead(account.account.id, phone, Role.TENANT, "owner agreed", _alone(facts))
    made = replace(made, notices=(Notice(newcomer.to, TrustedYou(account.account.tail)),))
    return Decision(PhoneTrusted(account.account.tail), account.account.id, answered=True, introduced=made)


def _alone(facts: Facts) -> Alone:
    assert facts.alone is not None, "answered in a batch"
    return facts.alone


def _code_terms(facts: Facts) -> Mapping[str, Any] | None:
    return facts.question.terms if facts.question and facts.question.kind == Asked.CODE else None


def _kept(facts: Facts) -> Mapping[str, Any] | None:
    """The reading that the phone had sent before anything else, still waiting."""
    code = _code_terms(facts)
    if code is not None:
        kept: Mapping[str, Any] | None = code["kept"]
        return kept
    return None if facts.sender.links else open_question(facts, Asked.ACCOUNT)


def _right(command: Register, account: AccountFacts, named: Named | None) -> bool:
    serials = {meter.serial.lstrip("0") for meter in account.working}
    fits = (command.meter or "").upper().lstrip("0") in serials
    if not fits or named is None or named.sealed_key is None:  # of one who was erased nothing is told
        return False
    return command.amount is None or command.amount == named.last_bill


def _wrong(facts: Facts, reply: Reply) -> Decision:
    """A wrong guess; the last one of the day is said to be the last, and drops the code."""
    if _alone(facts).tries.wrong + 1 < WRONG:
        return Decision(reply, introduced=Introduced(wrong=True))
    terms = _code_terms(facts)
    alarm = ("registration locked", terms["account"] if terms else "")
    told = TooManyTries(facts.company.phone)
    return Decision(told, answered=True, alarm=alarm, introduced=Introduced(wrong=True))


def _linked(terms: Mapping[str, Any], account: AccountFacts, named: Named, facts: Facts) -> Decision:
    alone = _alone(facts)
    role = Role.TENANT if terms["reads"] else Role.UNVERIFIED
    made = _instead(account.account.id, facts.sender.hash, role, "linked anew", alone)
    notices = tuple(_notice(one, account, reads=terms["reads"], facts=facts) for one in named.owners)
    offered, asked = _offered(terms["kept"], account, facts)
    return Decision(
        Registered(account.account.tail, offered),
        account.account.id,
        ask=asked,
        answered=asked is None,
        introduced=replace(made, notices=notices, waiting=_waiting(notices, account, facts, reads=terms["reads"])),
        # Of a doubtful phone a code proves that it is held, not that its accounts are still those of its holder (T5).
        proven=not (facts.sender.links and facts.sender.stale(facts.at)),
    )


def _instead(account_id: int, phone: bytes, role: Role, why: str, alone: Alone) -> Introduced:
    """The one link of the phone to the account from now on."""
    new = NewLink(account_id, phone, role, alone.evidence)
    return Introduced(new=(new,), ended=(EndedLink(account_id, phone, why),))


def _offered(
    kept: Mapping[str, Any] | None, account: AccountFacts, facts: Facts
) -> tuple[tuple[str, ...], Question | None]:
    """The waiting reading as a question; nothing where it does not belong to the account's meters."""
    if not kept:
        return (), None
    placed = placing.place(
        kept_reading(kept, account.account.number), account.meters, account.state.registers, day=account.today
    )
    if not isinstance(placed, Placed):
        return (), None
    digits = tuple(one.digits for one in placed.given)
    asked = question(
        facts,
        Asked.CONFIRM,
        account=account.account.number,
        given=keep_given(placed.given),
        on=account.today.isoformat(),
        pending=" ".join(digits),
        unchecked=True,
    )
    return digits, asked


def _notice(owner: OtherPhone, account: AccountFacts, *, reads: bool, facts: Facts) -> Notice:
    """What an owner is told of the new phone. He is asked only where no other question of ours would be lost by it."""
    asks = owner.free and not reads
    terms = {"account": account.account.number, "phone": facts.sender.hash.hex()}
    asked = Question(Pending.GRANT, terms, facts.at, facts.at + GRANT_LIVES) if asks else None
    return Notice(owner, PhoneLinked(account.account.tail, _alone(facts).phone, asks, reads), asked)


def _waiting(notices: Sequence[Notice], account: AccountFacts, facts: Facts, *, reads: bool) -> tuple[Waiting, ...]:
    """The owners who were told and could not be asked."""
    if reads:
        return ()
    until = facts.at + GRANT_LIVES
    busy = [one.to.hash for one in notices if one.ask is None]
    return tuple(Waiting(owner, account.account.id, facts.sender.hash, until) for owner in busy)


def _removed(gone: list[Newcomer], managed: list[AccountFacts]) -> Decision:
    ended = tuple(EndedLink(one.account_id, one.phone_hash, "owner denied") for one in gone)
    account = next(one.account for one in managed if one.account.id == gone[-1].account_id)
    tails = {one.account.id: one.account.tail for one in managed}
    notices = tuple(Notice(one.to, RemovedYou(tails[one.account_id])) for one in gone)
    alarm = ("phone denied", account.number)
    removed = Introduced(ended=ended, notices=notices)
    return Decision(PhoneRemoved(account.tail), account.id, answered=True, alarm=alarm, introduced=removed)
