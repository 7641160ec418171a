"""Answers a batch of messages in one transaction: facts in few statements, pure decisions, effects in few."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog
from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import Account, Question, Sender
from core.answer import muting, storing
from core.answer.case import Case
from core.answer.model import Answer, Chance
from core.basics import phone
from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.billing import sql as billing
from core.billing.model import AccountState, Tariffs
from core.commands import NotUnderstood, Unclear, Undo
from core.grammar import understanding
from core.inbox import sql as inbox
from core.inbox.model import Fate, Inbound
from core.messages import Apology, UnknownPhone
from core.metering import sql as metering
from core.metering.model import Meter
from core.outbox.model import Outbound
from core.selfservice import deciding, knowing
from core.selfservice.model import AccountFacts, Company, Decision, Facts
from core.wording import segments
from core.wording.words import Words

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a batch: answers by position, the replies to carry after the commit, and the positions that must
    wait because an earlier message of the batch holds one of their accounts."""

    answers: Mapping[int, Answer]
    outbounds: Sequence[Outbound]
    waiting: tuple[int, ...]


@dataclass(slots=True)
class _Shelf:
    """The tariffs as last read, good while no version has been added."""

    newest: int = -1
    tariffs: Tariffs = field(default_factory=dict)


class Desk:
    """Answers batches on the connection that it is given; holds what does not change from message to message."""

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
    ) -> None:
        self._keyring = keyring
        self._words = words
        self._company = company
        self._countries = countries
        self._owner = owner
        self._lease = lease
        self._chance = chance
        self._shelf = _Shelf()

    def hash(self, inbound: Inbound) -> bytes:
        """Who sent it, as far as batches go: no two messages of one sender stand in one batch."""
        return self._keyring.phone_hash(inbound.address)

    async def answer(self, conn: Connection, batch: Sequence[Inbound]) -> Result:
        """Answers the messages, whose senders all differ, in one transaction that is committed on return.

        :raises asyncpg.PostgresError: nothing of the batch was stored (or, if the connection broke, perhaps all of it).
        """
        hashes = [self.hash(inbound) for inbound in batch]
        senders = await accounts.senders(conn, hashes)
        chosen, waiting = _disjoint([senders[digest] for digest in hashes])
        async with conn.transaction():
            repeats, cases = await self._cases(conn, {no: batch[no] for no in chosen}, hashes, senders)
            decided = {no: self._decided(case) for no, case in (await self._with_more(conn, cases)).items()}
            outbounds = await storing.store(
                conn, list(decided.values()), keyring=self._keyring, owner=self._owner, lease=self._lease
            )
        answers = repeats | {no: _answer(case) for no, case in decided.items()}
        return Result(answers, outbounds, waiting)

    async def put_aside(self, conn: Connection, inbound: Inbound) -> Result:
        """Files a message that could not be handled, with an apology to its sender and an alarm (R13)."""
        sender = (await accounts.senders(conn, [self.hash(inbound)]))[self.hash(inbound)]
        said = inbound.said if isinstance(inbound.said, str) else ""
        facts = Facts(inbound.at, sender, sender.language or _tongue(said), (), {}, self._company)
        case = self._decided(self._broken(inbound, facts, RuntimeError("refused by the database")))
        async with conn.transaction():
            outbounds = await storing.store(conn, [case], keyring=self._keyring, owner=self._owner, lease=self._lease)
        return Result({0: _answer(case)}, outbounds, ())

    async def _cases(
        self, conn: Connection, batch: Mapping[int, Inbound], hashes: Sequence[bytes], senders: Mapping[bytes, Sender]
    ) -> tuple[dict[int, Answer], dict[int, Case]]:
        """The repeats answered, and the fresh messages with their facts, their accounts locked from here on."""
        ids = [account for no in batch for account in senders[hashes[no]].account_ids]
        locked = await accounts.lock(conn, ids) if ids else {}
        seen = await inbox.seen(conn, [(one.provider, one.reference) for one in batch.values()])
        repeats = {no: one for no, one in batch.items() if (one.provider, one.reference) in seen}
        await storing.alarm_changed(conn, repeats.values(), seen)
        states = await billing.read_states(conn, ids) if ids else {}
        meters = await metering.meters(conn, ids) if ids else {}
        questions = await accounts.questions(conn, hashes)
        tariffs = await self._tariffs(conn)
        cases: dict[int, Case] = {}
        for no, inbound in batch.items():
            if no not in repeats:
                sender = senders[hashes[no]]
                facts = self._facts(inbound, sender, locked, states, meters, questions.get(sender.hash), tariffs)
                cases[no] = self._read(inbound, facts)
        answers = {no: Answer(seen[one.provider, one.reference].fate, repeated=True) for no, one in repeats.items()}
        return answers, cases

    async def _tariffs(self, conn: Connection) -> Tariffs:
        newest = await billing.newest_tariff(conn)
        if newest != self._shelf.newest:
            self._shelf = _Shelf(newest, await billing.tariffs(conn))
        return self._shelf.tariffs

    def _facts(
        self,
        inbound: Inbound,
        sender: Sender,
        locked: Mapping[int, Account],
        states: Mapping[int, AccountState],
        meters: Mapping[int, tuple[Meter, ...]],
        question: Question | None,
        tariffs: Tariffs,
    ) -> Facts:
        mine = tuple(
            AccountFacts(account, link, meters.get(account.id, ()), states[account.id],
                         inbound.at.astimezone(account.zone).date())
            for link in sender.links
            if (account := locked[link.account_id])
        )  # fmt: skip
        said = inbound.said if isinstance(inbound.said, str) else ""
        tongue = sender.language or _tongue(said)
        return Facts(inbound.at, sender, tongue, mine, tariffs, self._company, question)

    def _read(self, inbound: Inbound, facts: Facts) -> Case:
        if not isinstance(inbound.said, str):
            return Case(inbound, facts, inbound.said, b"")
        said_hash = hashlib.blake2b(inbound.said.encode(), key=facts.sender.hash, digest_size=8).digest()
        try:
            command = understanding.understand(inbound.said, knowing.world_of(facts))
        except Exception as error:  # a text that breaks the grammar must not break its batch (R3)
            return replace(self._broken(inbound, facts, error), said_hash=said_hash)
        return Case(inbound, facts, command, said_hash)

    async def _with_more(self, conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
        """The cases with the facts that only their commands need, and those that stay unanswered found out."""
        wondering = [c for c in cases.values() if isinstance(c.command, NotUnderstood) or not c.sender.links]
        earlier = await inbox.recent(conn, [case.sender.hash for case in wondering]) if wondering else {}
        days = [
            (one.account.id, one.day_began)
            for case in cases.values()
            if isinstance(case.command, Undo)
            for one in case.facts.accounts
        ]
        readings = await metering.of_the_day(conn, days) if days else {}
        ready: dict[int, Case] = {}
        for no, case in cases.items():
            known = bool(case.sender.links)
            before = earlier.get(case.sender.hash, ())
            why = muting.why_silent(case.command, case.said_hash, before, at=case.inbound.at, known=known)
            if not known and not self._welcome(case.inbound.address):
                why = "country"
            if why and case.decision is None:
                first = known and before[0].fate is not Fate.MUTED
                alarm = ("muted", case.inbound.reference) if first else None
                case = replace(case, fate=Fate.MUTED, reason=why, alarm=alarm)
            elif isinstance(case.command, Undo):
                mine = {one.account.id: readings.get(one.account.id, ()) for one in case.facts.accounts}
                case = replace(case, facts=replace(case.facts, readings=mine))
            ready[no] = case
        return ready

    def _decided(self, case: Case) -> Case:
        if case.fate is not Fate.ANSWERED:
            return case if case.decision is None else self._worded(case, case.decision)
        try:
            if not case.sender.links:
                return self._worded(case, Decision(UnknownPhone()))
            return self._worded(case, deciding.decide(case.command, case.facts))
        except Exception as error:  # one poisonous message must not take its batch with it (R13, ruling 15)
            broken = self._broken(case.inbound, case.facts, error)
            return self._worded(replace(broken, said_hash=case.said_hash), broken.decision or Decision(Apology()))

    def _broken(self, inbound: Inbound, facts: Facts, error: Exception) -> Case:
        log.error("message.decide-error", error=type(error).__name__, exc_info=error)
        reason = type(error).__name__
        decision = Decision(Apology(), alarm=("quarantined", inbound.reference))
        unread = NotUnderstood(Unclear.WORDS)
        return Case(inbound, facts, unread, b"", Fate.QUARANTINED, reason, decision)

    def _worded(self, case: Case, decision: Decision) -> Case:
        tongue = decision.language or case.facts.language
        text = self._words.say(decision.reply, tongue)
        key = uuid7(case.inbound.at, self._chance(10))
        return replace(case, decision=decision, text=text, segments=segments.count(text).segments, outbound=key)

    def _welcome(self, address: str) -> bool:
        """Whether an unknown phone of this country is answered at all (ruling 23)."""
        return phone.country(address) in self._countries


def _answer(case: Case) -> Answer:
    reply = case.decision.reply if case.decision else None
    return Answer(case.fate, case.text, reply, case.outbound, case.segments)


def _disjoint(senders: Sequence[Sender]) -> tuple[list[int], tuple[int, ...]]:
    """The positions whose accounts no earlier position holds, and the rest (ruling 12)."""
    held: set[int] = set()
    chosen, waiting = [], []
    for no, sender in enumerate(senders):
        ids = sender.account_ids
        if held.isdisjoint(ids):
            held.update(ids)
            chosen.append(no)
        else:
            waiting.append(no)
    return chosen, tuple(waiting)


def _tongue(said: str) -> str:
    """The language to answer an unknown phone in: English to who wrote Latin letters only, else the country's own."""
    letters = [letter for letter in said.lower() if letter.isalpha()]
    return "en" if letters and all(letter.isascii() for letter in letters) else "ru"
