"""What is asked of the database for a whole batch at once: who speaks, what is known of their accounts, and what they
ask of the record."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from asyncpg import Connection, Record

from core.accounts.model import Link, Question, Sender
from core.accounts.sql import link_of
from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import sql as billing
from core.billing import stored
from core.billing.conditions import stored as conditions_stored
from core.billing.model import AccountState, Claim, ClaimKind, Payment
from core.inbox.model import Fate, Inbound, Noted
from core.metering import sql as metering
from core.metering.model import Meter, ReadingFact, Source
from core.metering.sql import ReadingRow, meter_of
from core.outbox import sql as outbox

ARRIVED = """
select asked.no, seen.fate, seen.content_hash, newest.id as newest_tariff,
       p.language, p.opted_out, p.customer_id, c.data_key, p.proven_at, p.bounced, l.account_id, l.role, l.extra, l.name
  from unnest($1::bytea[], $2::text[], $3::text[], $4::timestamptz[])
       with ordinality as asked (hash, provider, reference, at, no)
 cross join (select coalesce(max(id), 0) as id from tariffs) as newest
  left join inbox seen on seen.provider = asked.provider and seen.reference = asked.reference
  left join (phones p join customers c on c.id = p.customer_id and c.data_key is not null) on p.hash = asked.hash
  left join links l on l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= asked.at
 order by asked.no, l.id
"""

KNOWN = """
select asked.account_id, s.fact_no, s.balance, s.billed_through, s.claims::text, s.issued::text, s.registers::text,
       s.conditions::text, q.kind, q.terms::text, q.asked_at, q.expires_at, l.role, l.extra, l.name,
       asked.account_id, m.*
  from unnest($1::bigint[], $2::bytea[], $3::timestamptz[]) as asked (account_id, hash, at)
  left join account_states s on s.account_id = asked.account_id
  left join questions q on q.phone_hash = asked.hash
  left join links l on l.phone_hash = asked.hash and l.account_id = asked.account_id and l.valid_to is null
                   and l.valid_from <= asked.at
  left join lateral (
      select m.id, m.point_id, m.serial, m.brand, p.service, p.tariff, m.digits, m.fraction,
             (m.multiplier * 1000)::bigint, (m.capacity_kw * 1000)::bigint, m.zones, m.installed_on, m.removed_on,
             m.verified_until
        from meters m join points p on p.id = m.point_id
       where m.account_id = asked.account_id
  ) as m on true
 order by asked.account_id, m.point_id, m.id
"""

READINGS_SINCE = """
select r.account_id, r.no, r.meter_id, r.register, r.day, (r.value * 1000)::bigint, r.source
  from unnest($1::bigint[], $2::date[]) as asked (account_id, since)
 cross join lateral (
     select * from readings as one where account_id = asked.account_id and day >= asked.since and not exists (
         select from withdrawals where account_id = asked.account_id and reading_no = one.no)
 ) as r
 order by r.account_id, r.no, r.meter_id, r.register
"""

LAST_PAYMENTS = """
select p.account_id, p.no, p.paid_on, p.amount, p.month
  from unnest($1::bigint[], $2::date[]) as asked (account_id, through)
 cross join lateral (
     select * from payments where account_id = asked.account_id and paid_on <= asked.through
      order by paid_on desc, no desc limit $3
 ) as p
 order by p.account_id, p.paid_on desc, p.no desc
"""

LAST_BILLS = """
select c.account_id, c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on
  from unnest($1::bigint[], $2::date[]) as asked (account_id, through)
 cross join lateral (
     select *, max(month) filter (where kind in ('bill', 'opening') and month <= asked.through) over () as newest
       from claims where account_id = asked.account_id
 ) as c
 where c.month = c.newest
 order by c.account_id, c.no
"""


def _behind(statement: str, parameters: int) -> str:
    """The statement with its parameters behind so many others."""
    return re.sub(r"\$([0-9]+)", lambda found: f"${int(found[1]) + parameters}", statement)


STORE = f"""
with read as ({metering.ADD_READINGS}),
     counted as ({_behind(billing.WRITE_COUNTS, 1)})
{_behind(outbox.PUT, 4)}
"""
"""What nearly every batch writes once its messages are filed, at once: a trip to the database costs a batch some tenth
of a millisecond of this process."""

_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who sent a message, and how it ended where it is on record already."""

    sender: Sender
    seen: Noted | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account: its state, its meters (removed ones too, by supply point), the question that is open
    to the one who speaks of it, and his link to it, None where it has ended."""

    state: AccountState
    meters: tuple[Meter, ...]
    question: Question | None
    link: Link | None = None


async def arrived(conn: Connection, batch: Sequence[Inbound], hashes: Sequence[bytes]) -> tuple[list[Arrival], int]:
    """The arrivals in the order of the messages, whose addresses have these hashes; and the newest tariff's id, 0 where
    there is none. A sender who is linked to nothing, or not yet, stands with no links."""
    asked = [(digest, one.provider, one.reference, one.at) for digest, one in zip(hashes, batch, strict=True)]
    rows = await conn.fetch(ARRIVED, *zip(*asked, strict=True))
    links: list[list[Link]] = [[] for _ in batch]
    last: list[Record] = []
    for row in rows:
        if row[0] > len(last):
            last.append(row)
        if row[10] is not None:
            links[row[0] - 1].append(link_of(*row[10:]))
    found = [_arrival(*given) for given in zip(batch, hashes, last, links, strict=True)]
    return found, rows[0][3]


def _arrival(inbound: Inbound, digest: bytes, row: Record, links: Sequence[Link]) -> Arrival:
    _, fate, content, _, language, opted_out, customer, key, proven_at, bounced = row[:10]
    seen = None if fate is None else Noted(inbound.reference, Fate(fate), content)
    if customer is None:
        return Arrival(Sender(digest), seen)
    return Arrival(Sender(digest, language, tuple(links), customer, key, opted_out, proven_at, bounced), seen)


async def known(conn: Connection, asked: Sequence[tuple[int, bytes, datetime]]) -> dict[int, Known]:
    """What is known of each (account, hash of the address that speaks of it, when); the accounts are locked by the
    caller. A link that begins later is none."""
    found: dict[int, Known] = {}
    meters: dict[int, list[Meter]] = {account: [] for account, _, _ in asked}
    rows = await conn.fetch(KNOWN, *zip(*asked, strict=True))
    for row in rows:
        if row[16] is not None:
            meters[row[0]].append(meter_of(row[15:]))
    for row in rows:
        account = row[0]
        if account not in found:
            link = link_of(account, *row[12:15]) if row[12] is not None else None
            found[account] = Known(_state(row), tuple(meters[account]), _question(row), link)
    return found


async def readings_since(conn: Connection, asked: Sequence[tuple[int, date]]) -> dict[int, tuple[ReadingFact, ...]]:
    """The readings of each account since a day that were not taken back, in the order of their numbers."""
    return _by_account(
        (account, ReadingFact(no, meter_id, register, day, value, Source(source)))
        for account, no, meter_id, register, day, value, source in await conn.fetch(
            READINGS_SINCE, *zip(*asked, strict=True)
        )
    )


async def last_payments(
    conn: Connection, asked: Sequence[tuple[int, date]], *, most: int
) -> dict[int, tuple[Payment, ...]]:
    """The last payments of each account up to a day, the latest first, so many at most."""
    return _by_account(
        (account, Payment(no, paid_on, amount, None if month is None else Month.of(month)))
        for account, no, paid_on, amount, month in await conn.fetch(LAST_PAYMENTS, *zip(*asked, strict=True), most)
    )


async def last_bills(conn: Connection, asked: Sequence[tuple[int, date]]) -> dict[int, tuple[Claim, ...]]:
    """The claims of the last month up to a day for which each account was billed."""
    return _by_account(
        (account, Claim(no, Month.of(month), ClaimKind(kind), amount, due_on, issued_on))
        for account, no, month, kind, amount, due_on, issued_on in await conn.fetch(
            LAST_BILLS, *zip(*asked, strict=True)
        )
    )


async def store(
    conn: Connection,
    readings: Sequence[ReadingRow],
    states: Sequence[AccountState],
    said: Sequence[outbox.Row],
    *,
    owner: str,
    lease: float,
) -> None:
    """Writes readings, the counts of the accounts that they changed, which the caller has locked, and what is answered,
    leased by `owner` for `lease` seconds."""
    await conn.execute(STORE, metering.written(readings), *billing.counts(states), said, owner, lease)


def _by_account(rows: Iterable[tuple[int, _Fact]]) -> dict[int, tuple[_Fact, ...]]:
    found: dict[int, list[_Fact]] = {}
    for account, fact in rows:
        found.setdefault(account, []).append(fact)
    return {account: tuple(facts) for account, facts in found.items()}


def _state(row: Record) -> AccountState:
    account, no, balance, through, claims, issued, registers, conditions = row[:8]
    if no is None:
        return stored.blank(account)
    unsettled, late, plans, behind = stored.claims(claims)
    return AccountState(
        account, no, balance, through, unsettled, stored.issued(issued), stored.registers(registers),
        conditions_stored.conditions(conditions), late, plans, behind,
    )  # fmt: skip


def _question(row: Record) -> Question | None:
    kind, terms, asked_at, expires_at = row[8:12]
    return None if kind is None else Question(kind, json.loads(terms), asked_at, expires_at)
