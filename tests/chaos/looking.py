"""Looks at a system from outside: its tables, its staff port, and the carrier's book."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
from asyncpg import Connection

from core.billing import actions as billing
from demo.carrier_book import Book
from demo.messenger import Messenger
from tests import make
from tests.chaos import chatting
from tests.chaos.observing import Account, Filed, Got, Reading, Sent
from tests.flows.conftest import AUDIT

FILED = "select reference, fate, outbound_id from inbox"
SENT = """
select id, channel, encode(address_hash, 'hex'), state, reference,
       extract(epoch from lease_until - clock_timestamp())::float8,
       exists (select from reports where outbound_id = o.id and reports.state = 'delivered')
  from outbox o
"""
READINGS = """
select r.account_id, r.no, i.reference, r.value::bigint from readings r join inbox i on i.id = r.inbox_id
"""
DOUBTS = "select coalesce(sum(doubts), 0)::int from outbox where channel = 'telegram'"
ALARMS = "select kind from alarms order by id"
LEDGER = "select coalesce(sum(amount), 0)::bigint from entries"
UNBALANCED = "select count(*) from (select from entries group by account_id, no having sum(amount) <> 0) as facts"
SYNCED = "select current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on'"


@dataclass(frozen=True, slots=True)
class Tables:
    """What is on record; the fields are those of Observed."""

    filed: tuple[Filed, ...]
    sent: tuple[Sent, ...]
    readings: tuple[Reading, ...]
    rebuilt: int
    ledger_sum: int
    unbalanced: int
    alarms: tuple[str, ...]
    doubts: int


async def tables(conn: Connection, accounts: Sequence[Account]) -> Tables:
    phones = {make.keyring().phone_hash(one.phone).hex(): one.phone for one in accounts}
    return Tables(
        filed=tuple(Filed(*row) for row in await conn.fetch(FILED)),
        sent=tuple(_sent(phones, *row) for row in await conn.fetch(SENT)),
        readings=tuple(Reading(*row) for row in await conn.fetch(READINGS)),
        ledger_sum=await conn.fetchval(LEDGER),
        unbalanced=await conn.fetchval(UNBALANCED),
        doubts=await conn.fetchval(DOUBTS),
        alarms=tuple(row[0] for row in await conn.fetch(ALARMS)),
        rebuilt=await billing.rebuild(conn, [one.id for one in accounts]),
    )


def _sent(
    phones: Mapping[str, str], id: UUID, channel: str, to: str, state: str, reference: str | None, *rest: Any
) -> Sent:
    if channel == "telegram" and reference is not None:
        reference = chatting.named(phones[to], reference)
    return Sent(id, state, reference, *rest)


async def audit(session: aiohttp.ClientSession, url: str) -> dict[str, int]:
    """What the staff port counts; nothing where it does not answer."""
    try:
        async with session.get(f"{url}/audit", headers={"Authorization": f"Bearer {AUDIT}"}) as response:
            return dict(json.loads(await response.read())) if response.status == 200 else {}
    except (aiohttp.ClientError, TimeoutError, OSError):
        return {}


def got(book: Book, messenger: Messenger, accounts: Sequence[Account]) -> tuple[Got, ...]:
    """What phones, and chats of these accounts, got by our hand."""
    messages = book.from_number(0, limit=len(book))
    sms = (Got(one.sid, one.to, one.body) for one in messages if one.direction == "outbound-api")
    return (*sms, *chatting.got(messenger, accounts))
