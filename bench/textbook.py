"""The textbook's way, to be compared with: a pooled connection and seven statements for each message, one by one.

Who it is, lock and state, meters; then the message, its reading, the new state, the reply. What decides and words is
the program's own code.
"""

import hashlib
import os
from dataclasses import replace
from zoneinfo import ZoneInfo

from asyncpg import Connection, Pool

from core.accounts import sql as accounts
from core.accounts.model import Account, Sender
from core.answer import storing
from core.answer.case import Case
from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.billing import stored
from core.billing.model import AccountState, Tariffs
from core.grammar import understanding
from core.inbox.model import Inbound
from core.metering import sql as metering
from core.selfservice import deciding, knowing
from core.selfservice.model import AccountFacts, Company, Facts
from core.store.pool import acquire
from core.wording import segments
from core.wording.words import Words

LOCKED = """
select a.id, a.number, a.timezone, a.currency, a.persons,
       s.fact_no, s.balance, s.billed_through, s.claims::text, s.issued::text, s.registers::text
  from accounts a join account_states s on s.account_id = a.id
 where a.id = $1 for no key update
"""


class Textbook:
    """Answers phones of one account, which is all that the bench's town has."""

    def __init__(self, pool: Pool, keyring: Keyring, words: Words, company: Company, tariffs: Tariffs) -> None:
        self._pool = pool
        self._keyring = keyring
        self._words = words
        self._company = company
        self._tariffs = tariffs

    async def answer(self, inbound: Inbound) -> None:
        """Returns when the message and its answer are committed."""
        async with acquire(self._pool) as conn, conn.transaction():
            digest = self._keyring.phone_hash(inbound.address)
            sender = (await accounts.senders(conn, [digest], at=inbound.at))[digest]
            case = self._decided(inbound, await self._facts(conn, inbound, sender))
            await storing.store(conn, [case], keyring=self._keyring, owner="bench", lease=60.0)

    async def _facts(self, conn: Connection, inbound: Inbound, sender: Sender) -> Facts:
        account, state = await _locked(conn, sender.account_ids[0])
        meters = await metering.meters(conn, [account.id])
        today = inbound.at.astimezone(account.zone).date()
        mine = AccountFacts(account, sender.links[0], meters[account.id], state, today)
        return Facts(inbound.at, sender, sender.language or "ru", (mine,), self._tariffs, self._company)

    def _decided(self, inbound: Inbound, facts: Facts) -> Case:
        said = str(inbound.said)
        command = understanding.understand(said, knowing.world_of(facts))
        decision = deciding.decide(command, facts)
        text = self._words.say(decision.reply, facts.language)
        said_hash = hashlib.blake2b(said.encode(), key=facts.sender.hash, digest_size=8).digest()
        key = uuid7(inbound.at, os.urandom(10))
        case = Case(inbound, facts, command, said_hash, decision=decision, text=text, outbound=key)
        return replace(case, segments=segments.count(text).segments)


async def _locked(conn: Connection, account_id: int) -> tuple[Account, AccountState]:
    row = await conn.fetchrow(LOCKED, account_id)
    assert row is not None
    id, number, timezone, currency, persons, no, balance, through, claims, issued, registers = row
    state = AccountState(
        id, no, balance, through, stored.claims(claims)[0], stored.issued(issued), stored.registers(registers)
    )
    return Account(id, number, ZoneInfo(timezone), currency, persons), state
