"""Answers a batch of messages in one transaction: facts in few statements, pure decisions, effects in few."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

import structlog
from asyncpg import Connection

from core.accounts import rights
from core.accounts import sql as accounts
from core.accounts.linking import sql as linking
from core.accounts.model import Account, Sender
from core.answer import (
    flooding,
    introducing,
    muting,
    offering,
    recalling,
    reminding,
    senders,
    sql,
    storing,
    visiting,
    welcoming,
)
from core.answer.case import Case
from core.answer.flooding import Floods
from core.answer.model import Answer, Chance
from core.answer.sql import Known
from core.basics import phone
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.billing import sql as billing
from core.billing.engine import believing
from core.billing.model import Tariffs
from core.billing.terms import Messenger
from core.chatting import ButtonOld
from core.commands import Code, NotUnderstood, OptOut, Unclear, Undo
from core.grammar import understanding
from core.inbox import sql as inbox
from core.inbox.model import Fate, Inbound, Noted
from core.introductions import TooManyMessages
from core.messages import Apology
from core.metering import sql as metering
from core.outbox.model import Outbound
from core.selfservice import deciding, knowing
from core.selfservice.model import AccountFacts, Company, Decision, Facts
from core.wording import segments
from core.wording.words import Words

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a batch: answers by position, the replies to carry after the commit, the positions that must wait
    because an earlier message of the batch holds one of their accounts, those whose accounts somebody else holds, and
    those that must be answered alone."""

    answers: Mapping[int, Answer]
    outbounds: Sequence[Outbound]
    waiting: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()


@dataclass(slots=True)
class _Shelf:
    """The tariffs as last read, good while no version has been added."""

    newest: int = -1
    tariffs: Tariffs = field(default_factory=dict)


class Desk:
    """Answers batches on the connection that it is given; holds what does not change from message to message. `full`
    tells whether the disk is, so that nothing is added that can wait."""

    def __init__(
        self,
        *,
        keyring: Keyring,
        words: Words,
        company: Company,
        countries: frozenset[str],
        owner: str,
        lease: float,
        chance: Chance,
        codes_per_hour: int = introducing.CODES_PER_HOUR,
        answers_per_day: int = flooding.MOST,
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._keyring = keyring
        self._words = words
        self._company = company
        self._countries = countries
        self._owner = owner
        self._lease = lease
        self._chance = chance
        self._full = full
        self._codes = codes_per_hour
        self._shelf = _Shelf()
        self._floods = Floods(answers_per_day)

    def hash(self, inbound: Inbound) -> bytes:
        """Who sent it, as far as batches go: no two messages of one sender stand in one batch."""
        return self._keyring.phone_hash(inbound.address)

    async def answer(self, conn: Connection, batch: Sequence[Inbound], hashes: Sequence[bytes] | None = None) -> Result:
        """Answers the messages, whose senders all differ, in one transaction that is committed on return. `hashes` are
        the senders' as `hash` gives them, where they are known.

        :raises asyncpg.PostgresError: nothing of the batch was stored (or, if the connection broke, perhaps all of it).
        """
        hashes = hashes or [self.hash(inbound) for inbound in batch]
        arrivals, newest = await sql.arrived(conn, batch, hashes)
        tariffs = await self._tariffs(conn, newest)
        chosen, waiting = senders.disjoint([arrival.sender for arrival in arrivals])
        repeats = {no: seen for no in chosen if (seen := arrivals[no].seen)}
        fresh = {no: (batch[no], arrivals[no].sender) for no in chosen if no not in repeats}
        async with conn.transaction():
            await storing.alarm_changed(conn, [(batch[no], seen) for no, seen in repeats.items()])
            known = await self._cases(conn, fresh, tariffs)
            later = visiting.standing_back(known)
            alone = await visiting.going_alone(conn, {no: case for no, case in known.items() if no not in later})
            cases = await self._with_more(conn, {no: case for no, case in known.items() if no not in {*alone, *later}})
            cases = await visiting.performed(conn, cases, self._keyring)
            decided = {no: self._decided(case) for no, case in cases.items()}
            outbounds = await storing.store(
                conn, list(decided.values()), keyring=self._keyring, owner=self._owner, lease=self._lease
            )
            await self._remind(conn, list(decided.values()))
        answers = {no: _seen(batch[no], seen) for no, seen in repeats.items()}
        answers |= {no: _answer(case) for no, case in decided.items()}
        held = tuple(no for no in fresh if no not in known)
        return Result(answers, outbounds, tuple(sorted({*waiting, *later})), held, alone)

    async def answer_alone(self, conn: Connection, inbound: Inbound) -> Result:
        """Answers a message that is about more than its sender's own accounts, in a transaction of its own; one of a
        phone at a time, in whatever process (ruling 12).

        :raises asyncpg.PostgresError: as for `answer`.
        """
        digest = self.hash(inbound)
        async with conn.transaction():
            await accounts.lock_strangers(conn, [digest])
            [arrival], newest = await sql.arrived(conn, [inbound], [digest])
            if arrival.seen:
                await storing.alarm_changed(conn, [(inbound, arrival.seen)])
                return Result({0: _seen(inbound, arrival.seen)}, ())
            read = await self._alone(conn, inbound, arrival.sender, await self._tariffs(conn, newest))
            if read is None:
                return Result({}, (), held=(0,))
            case = self._decided((await visiting.performed(conn, {0: read}, self._keyring))[0])
            outbounds = await storing.store(conn, [case], keyring=self._keyring, owner=self._owner, lease=self._lease)
            await introducing.store(
                conn, case, keyring=self._keyring, words=self._words, chance=self._chance, owner=self._owner
            )
            await self._remind(conn, [case])
        return Result({0: _answer(case)}, outbounds)

    async def _remind(self, conn: Connection, cases: Sequence[Case]) -> None:
        await reminding.remind(
            conn, cases, keyring=self._keyring, words=self._words, chance=self._chance, owner=self._owner
        )

    async def _alone(self, conn: Connection, inbound: Inbound, sender: Sender, tariffs: Tariffs) -> Case | None:
        """The message with its facts, the account that it names locked too; None where somebody else holds one."""
        locked = await accounts.lock_free(conn, sender.account_ids)
        if len(locked) < len(sender.account_ids):
            return None
        question = await linking.question(conn, sender.hash)
        known = await _known(conn, sender, inbound.at)
        sender = senders.still_linked(sender, known)
        facts = self._facts(inbound, sender, locked, known, tariffs)
        facts = replace(facts, question=question, language=introducing.tongue(facts, inbound.said, question))
        case = self._read(inbound, facts)
        tries = await linking.tries(conn, sender.hash, at=inbound.at)
        invited = introducing.answers_invitation(case.command, question)
        why = introducing.why_silent(case.command, tries, known=bool(sender.links), invited=invited)
        if why == introducing.STRANGER and await welcoming.is_heard(conn, case, tries):
            why = None
        if not sender.links and not self._welcome(inbound):
            why = "country"
        if why:
            return self._silenced(case, why, first=False)
        number = introducing.account_named(case.command, question)
        account, other = None, await linking.account(conn, number) if number else introducing.NONE
        if number:
            # Of an account that does not exist as much is asked as of one that does (T8).
            theirs = locked if other in locked else await accounts.lock_free(conn, [other])
            if not theirs and other != introducing.NONE:
                return None
            prospective = replace(sender, links=(introducing.prospect(facts, other),))
            there = await _known(conn, prospective, inbound.at)
            if theirs:
                [account] = self._facts(inbound, prospective, theirs, there, tariffs).accounts
        spent = await introducing.spend(conn, case, codes=self._codes)
        if spent:
            silenced = self._silenced(case, spent.reason, first=False)
            return replace(silenced, alarm=("budget spent", spent.reason) if spent.first else None)
        alone = await introducing.know(
            conn, inbound, case.command, facts, account, other, tries=tries, keyring=self._keyring, chance=self._chance
        )
        case = replace(case, facts=replace(facts, alone=alone))
        return (await self._with_more(conn, {0: case}))[0] if sender.links else case

    async def put_aside(self, conn: Connection, inbound: Inbound) -> Result:
        """Files a message that could not be handled, with an apology to its sender and an alarm (R13)."""
        sender = (await accounts.senders(conn, [self.hash(inbound)], at=inbound.at))[self.hash(inbound)]
        said = inbound.said if isinstance(inbound.said, str) else ""
        facts = Facts(inbound.at, sender, sender.language or senders.tongue(said), (), {}, self._company)
        broken = self._broken(inbound, facts, RuntimeError("refused by the database"))
        async with conn.transaction():
            case = self._decided((await self._with_more(conn, {0: broken}))[0])
            outbounds = await storing.store(conn, [case], keyring=self._keyring, owner=self._owner, lease=self._lease)
        return Result({0: _answer(case)}, outbounds)

    async def _cases(
        self, conn: Connection, batch: Mapping[int, tuple[Inbound, Sender]], tariffs: Tariffs
    ) -> dict[int, Case]:
        """The messages with their facts, their accounts locked from here on; those with an account that somebody else
        holds are left out.

        The facts are read by a statement after the lock, for one that waits for a lock sees what was before it.
        """
        asked = [account for _, sender in batch.values() for account in sender.account_ids]
        locked = await accounts.lock_free(conn, asked) if asked else {}
        free = {no: pair for no, pair in batch.items() if all(account in locked for account in pair[1].account_ids)}
        mine = [(account, sender.hash, one.at) for one, sender in free.values() for account in sender.account_ids]
        known = await sql.known(conn, mine) if mine else {}
        return {
            no: self._read(one, self._facts(one, senders.still_linked(sender, known), locked, known, tariffs))
            for no, (one, sender) in free.items()
        }

    async def _tariffs(self, conn: Connection, newest: int) -> Tariffs:
        if newest != self._shelf.newest:
            self._shelf = _Shelf(newest, await billing.tariffs(conn))
        return self._shelf.tariffs

    def _facts(
        self,
        inbound: Inbound,
        sender: Sender,
        locked: Mapping[int, Account],
        known: Mapping[int, Known],
        tariffs: Tariffs,
    ) -> Facts:
        mine: list[AccountFacts] = []
        question = None
        for link in sender.links:
            account, of_account = locked[link.account_id], known[link.account_id]
            today = inbound.at.astimezone(account.zone).date()
            meters = believing.as_told(of_account.meters, of_account.state.conditions)
            mine.append(AccountFacts(account, link, meters, of_account.state, today))
            question = of_account.question
        said = inbound.said if isinstance(inbound.said, str) else ""
        tongue = sender.language or senders.tongue(said)
        proof = rights.proof_of(inbound.channel, bare=self._company.telegram is Messenger.READINGS)
        return Facts(
            inbound.at, sender, tongue, tuple(mine), tariffs, self._company, question, proof=proof,
            languages=self._words.languages, full=self._full(), since=inbound.since,
        )  # fmt: skip

    def _read(self, inbound: Inbound, facts: Facts) -> Case:
        if not isinstance(inbound.said, str):
            return Case(inbound, facts, inbound.said, b"")
        said_hash, shape_hash = muting.prints(inbound.said, key=facts.sender.hash)
        try:
            command = knowing.understood(inbound.said, facts)
        except Exception as error:  # a text that breaks the grammar must not break its batch (R3)
            return replace(self._broken(inbound, facts, error), said_hash=said_hash, shape_hash=shape_hash)
        if isinstance(command, Code) and len(command.digits) != introducing.DIGITS:
            command = understanding.understand(inbound.said, knowing.world_of(replace(facts, question=None)))
        return Case(inbound, facts, command, said_hash, shape_hash=shape_hash)

    async def _with_more(self, conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
        """The cases with the facts that only their commands need, and those that stay unanswered found out."""
        wondering = {no: case for no, case in cases.items() if muting.wonders(case.command, _said(case.inbound))}
        hashes = [case.sender.hash for case in wondering.values()]
        earlier = await inbox.recent(conn, hashes) if hashes else {}
        sent = await self._floods.sent(conn, list(cases.values()))
        over = await self._strangers_over(conn, [case for case in cases.values() if not case.sender.links])
        looking = {no: case.facts.accounts for no, case in cases.items() if _looks_at_day(case)}
        days = [(one.account.id, one.day_began) for mine in looking.values() for one in mine]
        readings = await metering.of_the_day(conn, days) if days else {}
        ready: dict[int, Case] = {}
        for no, case in cases.items():
            digest = case.sender.hash
            before = earlier.get(digest, ())
            why = over.get(digest)
            if no in wondering and not why:
                why = muting.why_silent(
                    case.command, _said(case.inbound), (case.said_hash, case.shape_hash), before, at=case.inbound.at
                )
            if digest in sent and self._floods.over(sent[digest]) > 0 and not _stops(case):
                case = self._flooded(case, sent[digest])
            elif why:
                case = self._silenced(case, why, first=bool(before) and before[0].fate is not Fate.MUTED)
            elif no in looking:
                mine = {one.account.id: readings.get(one.account.id, ()) for one in looking[no]}
                case = replace(case, facts=replace(case.facts, readings=mine))
            ready[no] = case
        return await recalling.with_more(conn, ready)

    async def _strangers_over(self, conn: Connection, strangers: Sequence[Case]) -> dict[bytes, str]:
        """The unknown addresses that are not answered (any more), and why (ruling 23)."""
        if not strangers:
            return {}
        await accounts.lock_strangers(conn, [case.sender.hash for case in strangers])
        since = [(case.sender.hash, case.inbound.at - muting.DAY) for case in strangers]
        answered = await inbox.answered(conn, since, limit=muting.LIMIT)
        over = {digest: "unknown sender" for digest, number in answered.items() if number >= muting.LIMIT}
        return over | {one.sender.hash: "country" for one in strangers if not self._welcome(one.inbound)}

    def _silenced(self, case: Case, why: str, *, first: bool) -> Case:
        """The case without an answer. What broke stays with the broken; a loop of a customer's is shown to the staff
        when it is first cut."""
        if case.fate is Fate.QUARANTINED:
            alarm = case.decision.alarm if case.decision else None
            return replace(case, decision=None, reason=f"{case.reason}; {why}", alarm=alarm)
        alarm = ("muted", case.inbound.reference) if first and case.sender.links else None
        return replace(case, fate=Fate.MUTED, reason=why, alarm=alarm)

    def _flooded(self, case: Case, sent: int) -> Case:
        """The first message over the day's number is told so and shown to the staff; then there is silence."""
        if self._floods.over(sent) > 1 or case.fate is Fate.QUARANTINED:
            return self._silenced(case, "too many messages", first=False)
        told = Decision(TooManyMessages(self._company.phone), alarm=("too many messages", case.inbound.reference))
        return replace(case, fate=Fate.MUTED, reason="too many messages", decision=told)

    def _decided(self, case: Case) -> Case:
        if case.fate is not Fate.ANSWERED or case.decision is not None:
            return case if case.decision is None else self._worded(case, case.decision)
        try:
            if case.inbound.about and offering.is_old(case.inbound.about, case.command, case.facts):
                return self._worded(case, Decision(ButtonOld()))
            return self._worded(case, deciding.decide(case.command, case.facts))
        except Exception as error:  # one poisonous message must not take its batch with it (R13, ruling 15)
            broken = self._broken(case.inbound, case.facts, error)
            broken = replace(broken, said_hash=case.said_hash, shape_hash=case.shape_hash)
            return self._worded(broken, broken.decision or Decision(Apology()))

    def _broken(self, inbound: Inbound, facts: Facts, error: Exception) -> Case:
        log.error("message.decide-error", error=type(error).__name__, exc_info=error)
        reason = type(error).__name__
        decision = Decision(Apology(), alarm=("quarantined", inbound.reference))
        unread = NotUnderstood(Unclear.WORDS)
        return Case(inbound, facts, unread, b"", Fate.QUARANTINED, reason, decision)

    def _worded(self, case: Case, decision: Decision) -> Case:
        tongue = decision.language or case.facts.language
        text = self._words.say(decision.reply, tongue, page=_on_page(case.inbound))
        key = uuid7(case.inbound.at, self._chance(10))
        more = ""
        if case.inbound.channel is Channel.TELEGRAM:
            more = offering.extras(case, decision, self._words, self._keyring)
        return case.worded(decision, text, segments=segments.count(text).segments, outbound=key, extras=more)

    def _welcome(self, inbound: Inbound) -> bool:
        """Whether an unknown phone of this country is answered at all (ruling 23); a page costs nothing to answer."""
        return inbound.channel is Channel.WEB or phone.country(inbound.address) in self._countries


def _seen(inbound: Inbound, seen: Noted) -> Answer:
    return Answer(seen.fate, repeated=True, changed=seen.content != inbound.content)


def _answer(case: Case) -> Answer:
    reply = case.decision.reply if case.decision else None
    return Answer(case.fate, case.text, reply, case.outbound, case.segments)


async def _known(conn: Connection, sender: Sender, at: datetime) -> dict[int, Known]:
    asked = [(account, sender.hash, at) for account in sender.account_ids]
    return await sql.known(conn, asked) if asked else {}


def _looks_at_day(case: Case) -> bool:
    """Whether the answer depends on who sent which reading today."""
    return isinstance(case.command, Undo) or introducing.corrects_only_his_own(case.command, case.facts)


def _stops(case: Case) -> bool:
    """Whether the message itself ends the messages."""
    return isinstance(case.command, OptOut) and not case.sender.opted_out


def _on_page(inbound: Inbound) -> bool:
    """Whether the answer is shown on a page: a program that says a text there can answer by another."""
    return inbound.channel is Channel.WEB and not isinstance(inbound.said, str)


def _said(inbound: Inbound) -> str:
    return inbound.said if isinstance(inbound.said, str) else ""
