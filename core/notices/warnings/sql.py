"""What the database is asked about official warnings and their evidence."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection, Record

from core.notices.owing.sql import overdue_of
from core.notices.sql import LONG

FACTS = """
select r.id, a.number as account, p.sealed, p.proven_at, p.bounced, s.fact_no,
       s.claims::text as claims,
       c.number, c.dated, c.document, c.text_version, c.language, c.text_hash, g.at as signed_at, g.by as signed_by,
       array(select encode(x.sha256, 'hex') from contract_scans x where x.contract_id = c.id order by x.id) as scans,
       v.editors, v.approver, v.at as approved_at, v.digest as approved, v.version, n.id as notice_id, n.kind, w.basis
  from notice_recipients r
  join accounts a on a.id = r.account_id
  join phones p on p.hash = r.phone_hash
  join account_states s on s.account_id = r.account_id
  join links l on l.phone_hash = r.phone_hash and l.account_id = r.account_id and l.valid_to is null
  join contracts c on l.evidence = 'contract ' || c.number and c.account_id = r.account_id
  join contract_signings g on g.contract_id = c.id
  join notices n on n.id = r.notice_id
  join notice_versions w on w.notice_id = n.id and w.version = n.version
  join notice_approvals v on v.notice_id = n.id and v.version = n.version
 where r.id = any($1::bigint[])
"""

HEADS = """
select r.id, r.length, r.head, c.data_key
  from notice_recipients r join customers c on c.id = r.customer_id
 where r.id = any($1::bigint[])
 order by r.id for update of r
"""

APPEND = """
insert into notice_evidence (recipient_id, no, what, at, body, digest, previous, hash, report_id, step_id)
select * from unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[], $5::bytea[], $6::bytea[], $7::bytea[],
                     $8::bytea[], $9::bigint[], $10::bigint[])
"""

ADVANCE = """
update notice_recipients set length = new.length, head = new.head
  from unnest($1::bigint[], $2::int[], $3::bytea[]) as new (id, length, head) where notice_recipients.id = new.id
"""

ROWS = """
select no, what, at, body, digest, previous, hash from notice_evidence where recipient_id = $1 order by no
"""

CASE = """
select r.id, r.notice_id, n.kind, r.account_id, a.number, k.kind as customer, a.timezone, r.head, r.length, c.data_key,
       r.customer_id, r.phone_hash, r.language
  from notice_recipients r
  join notices n on n.id = r.notice_id
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
  join customers c on c.id = r.customer_id
 where r.id = $1 and r.subject > 0 and r.outbound_id is not null
"""

LOCK = """
select id from notice_recipients where id = $1 for update
"""

NUMBERS = """
select id from notice_recipients where subject > 0 and outbound_id is not null and id > $1 order by id limit $2
"""

_stands = """
select s.claims::text as claims,
       coalesce((select true from jsonb_array_elements(case jsonb_typeof(s.claims) when 'array' then '[]'
                    else s.claims->'plans' end) plan where plan->>2 is null or (plan->>2)::date > $2 limit 1), false)
       as planned,
       (select case when bool_or(q.state in ('open', 'taken')) then min(greatest(q.opened_at, $3)) end
          from request_states q
         where q.subject = 'dispute' and (q.state in ('open', 'taken') or q.since >= $3)
           and (q.account_id = $1 or q.account_id is null and q.phone_hash = any(array(
                    select l.phone_hash from links l where l.account_id = $1 and l.valid_to is null)))) as disputed
  from account_states s
"""

STANDS = f"""
{_stands} where s.account_id = $1
"""

PROTECTIONS = """
select no, name, valid_from, valid_to, value::text, document, author, recorded_at, coalesce(withdraws, 0) as withdraws
  from conditions where account_id = $1 and kind = 'protected' order by no
"""

PROTECTED = """
select account_id, no, name, valid_from, valid_to, value::text, coalesce(withdraws, 0) as withdraws
  from conditions where account_id = any($1::bigint[]) and kind = 'protected' order by account_id, no
"""

PERHAPS_PROTECTED = """
select r.id, r.account_id, k.kind as customer
  from notice_recipients r
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
 where r.notice_id = $1
   and exists (select from conditions c where c.account_id = r.account_id and c.kind = 'protected')
"""

TURN = """
select pg_try_advisory_xact_lock(hashtextextended('meterline warnings', 0))
"""

CALLBACKS = """
select t.*, r.id as recipient_id
  from notice_recipients r
 cross join lateral (
      select t.id, t.outbound_id, t.reference, t.state, t.code, t.raw, t.received_at
        from reports t
       where t.outbound_id = r.outbound_id and not exists (select from notice_evidence e where e.report_id = t.id)
       order by t.id limit $1
  ) as t
 where r.subject > 0 and r.outbound_id is not null and r.ended_at is null
 order by t.id limit $1
"""
"""The receipts are found by the warnings that stand, however many there are of other messages."""

STEPS = """
select t.*, r.id as recipient_id
  from notice_recipients r
 cross join lateral unnest(array[r.outbound_id, r.chat_outbound_id]) as own (id)
 cross join lateral (
      select t.id, t.outbound_id, o.channel, t.attempt, t.state, t.reference, t.code, t.at
        from outbox_steps t join outbox o on o.id = t.outbound_id
       where t.outbound_id = own.id
         and not exists (select from notice_evidence e where e.step_id = t.id)
       order by t.id limit $1
  ) as t
 where r.subject > 0 and r.outbound_id is not null and r.ended_at is null
 order by t.id limit $1
"""

_look = """
select r.id, r.account_id, a.number as account, a.timezone, n.kind, k.kind as customer, r.customer_id, r.phone_hash,
       c.data_key, r.language, r.worded_at, r.sent_at, r.delivered_at, r.letter_at, r.acknowledged_at, r.chat_at,
       r.chat_outbound_id, r.code as own_code, o.state, o.reference, o.attempt, o.code, d.debt, p.bounced, p.proven_at,
       p.told_from, p.told_till, r.outbound_id, o.body_hash, h.sealed as chat, h.customer_id as chat_customer,
       h.evidence as chat_evidence,
       h.bound_at, t.state as chat_state, t.reference as chat_reference,
       exists (select from notice_evidence e where e.recipient_id = r.id and e.what = 'chat_sent'
                  and r.chat_outbound_id is not null) as chat_sent,
       (select min(t.received_at) from reports t where t.outbound_id = r.outbound_id) as first_report,
       (select min(t.received_at) from reports t where t.outbound_id = r.outbound_id and t.state = 'delivered')
       as delivered_report,
       exists (select from links l join link_ends z on z.link_id = l.id
                where l.phone_hash = r.phone_hash and l.account_id = r.account_id and z.evidence = 'not me'
                  and z.at >= r.worded_at) as disowned,
       (select count(*) from notice_evidence e where e.recipient_id = r.id and e.what = 'disputed') > 0 as disputed,
       (select count(*) from conditions q where q.account_id = r.account_id and q.kind = 'protected') as protections,
       (select count(*) from notice_evidence e where e.recipient_id = r.id and e.what = 'protected') as protected,
       (select e.what from notice_evidence e where e.recipient_id = r.id and e.what in ('order', 'cancelled')
         order by e.no desc limit 1) = 'order' as ordered
  from notice_recipients r
  join notices n on n.id = r.notice_id
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
  join customers c on c.id = r.customer_id
  join phones p on p.hash = r.phone_hash
  join outbox o on o.id = r.outbound_id
  join account_states s on s.account_id = r.account_id
  left join chats h on h.phone_hash = r.phone_hash and h.ended_at is null and h.dead_at is null
  left join outbox t on t.id = r.chat_outbound_id
"""

_warned_on = """
(r.worded_at at time zone a.timezone)::date
"""

LOOK = f"""
{_look} {overdue_of.format(day=_warned_on.strip(), years="$3::int")}
 where r.subject > 0 and r.outbound_id is not null and r.ended_at is null and r.id > $1
 order by r.id limit $2 for update of r
"""
"""`debt` is what is left of all that was overdue on the day of the warning."""

SET = """
update notice_recipients r
   set sent_at = coalesce(r.sent_at, new.sent_at), delivered_at = coalesce(r.delivered_at, new.delivered_at),
       letter_at = coalesce(r.letter_at, new.letter_at), ended_at = coalesce(r.ended_at, new.ended_at)
  from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
       as new (id, sent_at, delivered_at, letter_at, ended_at)
 where r.id = new.id
"""

OF_ACCOUNTS = """
select asked.no, r.id, r.account_id, r.code, r.worded_at, a.timezone, r.phone_hash = asked.hash as mine, n.kind,
       k.kind as customer, r.acknowledged_at, r.promised_until, r.ended_at,
       exists (select from links l where l.phone_hash = asked.hash and l.account_id = r.account_id
                  and l.valid_to is null and l.evidence like 'contract %') as contract
  from unnest($1::bigint[], $2::bytea[]) with ordinality as asked (account_id, hash, no)
  join notice_recipients r on r.account_id = asked.account_id and r.subject > 0 and r.outbound_id is not null
                          and (r.ended_at is null or r.phone_hash = asked.hash)
  join notices n on n.id = r.notice_id
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
 order by asked.no, r.id desc
"""

CHATTED = """
update notice_recipients set chat_at = $2, chat_outbound_id = $3 where id = $1 and chat_at is null
"""

ACKNOWLEDGED = """
update notice_recipients set acknowledged_at = $2 where id = any($1::bigint[]) and acknowledged_at is null
returning id
"""

PROMISED = """
update notice_recipients set promised_until = new.until
  from unnest($1::bigint[], $2::date[]) as new (id, until)
 where notice_recipients.id = new.id and notice_recipients.promised_until is null
returning notice_recipients.id
"""

BY_LETTER = """
select id from notice_recipients
 where account_id = $1 and subject > 0 and outbound_id is not null and letter_at is not null and ended_at is null
 order by id
"""

OWN = """
select r.id, n.kind, k.kind as customer, a.timezone, r.worded_at, r.sent_at, r.delivered_at, r.acknowledged_at,
       r.promised_until, r.ended_at, r.code, r.phone_hash = $2 as mine, c.data_key,
       case when r.phone_hash = $2
            then (select e.body from notice_evidence e where e.recipient_id = r.id and e.no = 5) end as text
  from notice_recipients r
  join notices n on n.id = r.notice_id
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
  join customers c on c.id = r.customer_id
 where r.account_id = $1 and r.subject > 0 and r.outbound_id is not null
 order by r.id desc limit $3
"""

OF_NOTICE = """
select r.id, a.number as account, r.debt, o.state, r.worded_at, r.sent_at, r.delivered_at,
       r.acknowledged_at, r.promised_until, r.letter_at, r.ended_at
  from notice_recipients r
  join accounts a on a.id = r.account_id
  left join outbox o on o.id = r.outbound_id
 where r.notice_id = $1 and r.id > $2 and r.bar is null
 order by r.id limit $3
"""


class New(NamedTuple):
    """A row as it is stored, in the order of APPEND."""

    recipient_id: int
    no: int
    what: str
    at: datetime
    body: bytes
    digest: bytes
    previous: bytes
    hash: bytes
    report_id: int | None
    step_id: int | None


async def facts(conn: Connection, ids: Sequence[int]) -> dict[int, Record]:
    """What the chains of warnings begin with, by their numbers."""
    return {row["id"]: row for row in await conn.fetch(FACTS, ids)}


async def heads(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[int, bytes, bytes | None]]:
    """The length and the head of each chain, locked, and the customer's sealed key."""
    return {row[0]: (row[1], row[2], row[3]) for row in await conn.fetch(HEADS, ids)}


async def append(conn: Connection, rows: Sequence[New], ends: dict[int, tuple[int, bytes]]) -> None:
    if rows:
        await conn.execute(APPEND, *zip(*rows, strict=True))
        await conn.execute(ADVANCE, list(ends), [one[0] for one in ends.values()], [one[1] for one in ends.values()])


async def rows(conn: Connection, id: int) -> list[Record]:
    return list(await conn.fetch(ROWS, id))


async def case(conn: Connection, id: int) -> Record | None:
    found: Record | None = await conn.fetchrow(CASE, id)
    return found


async def lock(conn: Connection, id: int) -> None:
    await conn.execute(LOCK, id)


async def numbers(conn: Connection, *, after: int, limit: int) -> list[int]:
    """The numbers of the warnings behind one, in order."""
    return [row[0] for row in await conn.fetch(NUMBERS, after, limit)]


async def stands(conn: Connection, account_id: int, *, day: date, since: datetime) -> tuple[str, bool, datetime | None]:
    """The claims as `core.billing.stored` writes them; whether a plan holds on the day; where a dispute is open, since
    when the first of those was that have been open at any time `since` then. Of a phone with several accounts a dispute
    that names none is of each of them."""
    row = await conn.fetchrow(STANDS, account_id, day, since)
    return ("[]", False, None) if row is None else (row["claims"], row["planned"], row["disputed"])


async def protected(conn: Connection, account_ids: Sequence[int]) -> list[Record]:
    """The facts that protect supplies, or do no more, of these accounts, each account's in the order of its facts."""
    return list(await conn.fetch(PROTECTED, account_ids))


async def perhaps_protected(conn: Connection, notice_id: int) -> list[Record]:
    """People of a notice of whose account there is such a fact, with its id and the kind of its customer."""
    return list(await conn.fetch(PERHAPS_PROTECTED, notice_id, timeout=LONG))


async def protections(conn: Connection, account_id: int) -> list[Record]:
    """The facts by which the supply of an account may not be cut, or may be again, in the order of their numbers."""
    return list(await conn.fetch(PROTECTIONS, account_id))


async def turn(conn: Connection) -> bool:
    """Whether this process may follow warnings now; no other does until the transaction ends."""
    found: bool = await conn.fetchval(TURN)
    return found


async def callbacks(conn: Connection, limit: int) -> list[Record]:
    """Receipts that stand in no chain yet."""
    return list(await conn.fetch(CALLBACKS, limit))


async def steps(conn: Connection, limit: int) -> list[Record]:
    """Steps of messages that stand in no chain yet."""
    return list(await conn.fetch(STEPS, limit))


async def look(conn: Connection, *, after: int, limit: int, years: int) -> list[Record]:
    """Warnings that stand, with all by which they may move on; of a debt what a limitation of so many years left to be
    warned of."""
    return list(await conn.fetch(LOOK, after, limit, years))


Times = tuple[int, datetime | None, datetime | None, datetime | None, datetime | None]


async def set_times(conn: Connection, times: Sequence[Times]) -> None:
    """When each was sent, received, given to a letter, ended; what is set stays."""
    if times:
        await conn.execute(SET, *zip(*times, strict=True))


async def chatted(conn: Connection, id: int, *, at: datetime, outbound: UUID) -> None:
    """The words of a warning are put before the person's chat, by this message."""
    await conn.execute(CHATTED, id, at, outbound)


async def of_accounts(conn: Connection, asked: Sequence[tuple[int, bytes]]) -> list[Record]:
    """The warnings that stand for each (account, phone hash), by the place of the asked one, the latest first, and
    those of the phone itself that were withdrawn."""
    return list(await conn.fetch(OF_ACCOUNTS, *zip(*asked, strict=True)))


async def acknowledge(conn: Connection, ids: Sequence[int], *, at: datetime) -> frozenset[int]:
    """Those that were not acknowledged before."""
    return frozenset(row[0] for row in await conn.fetch(ACKNOWLEDGED, ids, at))


async def promise(conn: Connection, promised: Sequence[tuple[int, date]]) -> frozenset[int]:
    """Those for which nothing had been promised."""
    return frozenset(row[0] for row in await conn.fetch(PROMISED, *zip(*promised, strict=True)))


async def by_letter(conn: Connection, account_id: int) -> list[int]:
    """The warnings of an account that stand and have to go by letter."""
    return [row[0] for row in await conn.fetch(BY_LETTER, account_id)]


async def own(conn: Connection, account_id: int, phone_hash: bytes, *, limit: int) -> list[Record]:
    """The warnings of an account, the latest first; of those that went to this phone the evidence with the text."""
    return list(await conn.fetch(OWN, account_id, phone_hash, limit))


async def of_notice(conn: Connection, notice_id: int, *, after: int, limit: int) -> list[Record]:
    """The people of a notice who are told, behind one."""
    return list(await conn.fetch(OF_NOTICE, notice_id, after, limit))
