"""What the database is asked about the people of notices and their messages."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record

from core.contracts.standing.sql import bond, contract_of, word, word_of
from core.notices.model import Notice, Person
from core.notices.owing.sql import overdue_of
from core.notices.reminding.sql import apt
from core.notices.sql import LONG

_holds = """
   (cardinality($4::text[]) = 0 or b.code = any($4)) and ($5 = '' or starts_with(b.code, $5))
   and (cardinality($6::text[]) = 0 or a.number = any($6))
   and (cardinality($7::text[]) = 0 or exists (select from points t where t.account_id = a.id and t.tariff = any($7)))
   and d.debt >= $8 and ($9 = 0 or d.debt <= $9) and ($10 = 0 or d.oldest <= $3::date - $10::int)
   and ($12 = '' or k.kind = $12)
   and case $13 when '' then true
        when 'missed' then exists (select from visits v
                                    where v.account_id = a.id and v.state = 'missed' and v.day > $3::date - 90)
        else ($13 = 'coming') = exists (select from visits v where v.account_id = a.id and v.day >= $3
                                                               and v.state in ('booked', 'arrived', 'called')) end
"""

_no_phone = """
select count(*)::int
  from accounts a
  join customers k on k.id = a.customer_id
  join account_states s on s.account_id = a.id
  left join buildings b on b.id = a.building_id
"""

NO_PHONE = f"""
{_no_phone}
  {overdue_of.format(day="$3", years="$16::int")}
 where {_holds} and {apt.format(kind="$14", day="$3", since="$15")} and $11 = '' and $1::bigint is not null
   and not exists (select from links l
                    where l.account_id = a.id and l.valid_to is null and (not $2 or l.role = 'owner'))
"""

UNPLAN = """
with told as materialized (select from notice_chunks where notice_id = $1 and worded_at is not null limit 1),
     cut as (delete from notice_chunks where notice_id = $1 and not exists (select from told))
delete from notice_recipients where notice_id = $1 and not exists (select from told)
"""

_had = """
  left join lateral (
       select (count(*) filter (where b.at > {at} - interval '1 day'))::int as day,
              (count(*) filter (where b.at > {at} - interval '7 days'))::int as week, count(*)::int as month
         from (select coalesce(o.worded_at, together.worded_at) as at
                 from notice_recipients o
                 left join lateral (
                      select c.worded_at from notice_chunks c where c.notice_id = o.notice_id and c.first <= o.id
                       order by c.first desc limit 1) as together on o.worded_at is null and o.look_after is null
                where o.notice_id = any({others}) and o.phone_hash = r.phone_hash and o.bar is null) as b
        where b.at > {at} - interval '30 days'
  ) as had on cardinality({others}) > 0
"""
"""Who was not told with his chunk has a time of his own, or none yet."""

facts_of = _had + word_of.replace("{phone}", "r.phone_hash").replace("{account}", "r.account_id")
"""What must be known of a person `r`, beside his link and contract, to say whether he may be told: `{others}` are the
notices that count among what he had of late, `{topic}` is empty where he need not be asked."""

_found = """
r.bounced, r.opted_out, r.erased, r.customer, r.language, {debt} as debt,
case when {official} then
    coalesce((select true from account_states s,
                     jsonb_array_elements(case jsonb_typeof(s.claims) when 'array' then '[]' else s.claims->'plans' end)
                     plan
               where s.account_id = r.account_id and (plan->>2 is null or (plan->>2)::date > {day}) limit 1), false)
    else false end as planned,
{warned} as warned, coalesce(had.day, 0) as day, coalesce(had.week, 0) as week, coalesce(had.month, 0) as month
"""

facts = f"""
{_found}, r.role, r.extra, r.contract, {word}
"""
"""The columns of `core.notices.people.judging.Facts`, in their order."""

_names = """
bounced, opted_out, erased, customer, language, debt, planned, warned, day, week, month, role, extra, contract, given,
news
"""

_frozen = """
case when $2 then r.debt else 0 end
"""

_warned = """
case when $2 then
    exists (select from notice_recipients o join notices n on n.id = o.notice_id
             where o.account_id = r.account_id and o.subject > 0 and o.outbound_id is not null
               and o.ended_at is null and o.notice_id <> $1 and n.kind = $17)
    else false end
"""

_told_of_no_debt = """
 cross join (values (0::bigint, null::date)) as d (debt, oldest)
"""

_audience = """
select distinct on (case when $2 then a.id else 0 end, case when $2 then ''::bytea else l.phone_hash end)
       l.phone_hash, case when $2 then a.id else 0 end as subject, a.id as account_id, p.customer_id, p.language,
       d.debt, p.bounced, p.opted_out, k.kind as customer,
       case when p.customer_id = k.id then k.data_key is null
            else (select c.data_key is null from customers c where c.id = p.customer_id) end as erased,

"""

_bond = bond.replace("l.role", "case when l.valid_from <= $14::timestamptz then l.role end as role")

_tables = """
  from accounts a
  join customers k on k.id = a.customer_id
  join account_states s on s.account_id = a.id
  left join buildings b on b.id = a.building_id
"""

_number = """
select nextval('notice_recipients_id_seq') as id, r.* from
"""

_put = """
insert into notice_recipients (id, notice_id, phone_hash, subject, account_id, customer_id, language, debt, outbound_id)
overriding system value
select id, $1, phone_hash, subject, account_id, customer_id, language, debt,
       case when not $2 then ((select stem from marked) || lpad(to_hex(id), 12, '0'))::uuid end
  from found
"""

_marked = """
select lpad(to_hex((extract(epoch from $14::timestamptz) * 1000)::bigint), 12, '0')
       || '7' || substr(gen_random_uuid()::text, 16, 8) as stem
"""
"""How the UUIDs of version 7 of a notice's messages begin, in hexadecimal digits; the twelve that follow are those of
the person's id, so that they ascend with it."""

_each = """
select r.id, case when $2 then r.phone_hash end as phone, case when $2 then r.id end as apart,
"""

_together = """
select phone, array_agg(id) as ids,
"""

_plan = f"""
with found as materialized ({_number} ({_audience} {_bond} {_tables}
  {{owed}}
  join links l on l.account_id = a.id and l.valid_to is null and (not $2 or l.role = 'owner')
  join phones p on p.hash = l.phone_hash
  {contract_of}
 where ($11 = '' or p.language = $11) and {_holds} and {apt.format(kind="$17", day="$3", since="$18")}
 order by case when $2 then a.id else 0 end, case when $2 then ''::bytea else l.phone_hash end,
          (l.evidence like 'contract %') desc, a.id, l.id) as r
), marked as materialized ({_marked}), put as ({_put})
{_together} {_names} from
  ({_each} {facts.format(official="$2", day="$3", debt=_frozen, warned=_warned)}
     from found r
   {facts_of.format(at="$14::timestamptz", topic="$15::text", others="$16::bigint[]")}) as told
 group by {_names}, phone, apart
 order by min(id)
"""

PLAN = _plan.format(owed=overdue_of.format(day="$3", years="$19::int"))
"""Writes the audience down; those who stand alike come together. Of official warnings each stands for himself, for one
may be told of some of his accounts only."""

PLAN_WITHOUT_DEBTS = _plan.format(owed=_told_of_no_debt)
"""The same, where neither the conditions nor the words speak of a debt: none is looked up, and 0 is written down."""

AS_ASKED = """
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true)
"""
"""For the rest of a transaction in which an audience is found: a plan for whatever conditions takes a town for one
house, and may read it from end to end for every account; and a million people are sorted in memory."""

BAR = """
update notice_recipients set bar = new.bar
  from unnest($1::bigint[], $2::text[]) as new (id, bar) where notice_recipients.id = new.id
"""

COUNTS = """
select r.language, r.bar, count(*)::int as people, max(r.debt) as debt, max(r.id) as number,
       max(length(a.number))::int as account
  from notice_recipients r join accounts a on a.id = r.account_id
 where r.notice_id = $1 group by r.language, r.bar
"""

OTHERS = """
select array_agg(n.id) from notices n
 where n.kind = any($1::text[]) and (n.id <> $2 or $4::bool)
   and (n.state = 'running'
        or (n.state in ('paused', 'stopped', 'done') and n.since > $3::timestamptz - interval '30 days'))
"""
"""Nothing was worded for a notice after it came to where it stands, unless it runs."""

_person = """
select r.id, r.notice_id, r.phone_hash, r.subject, r.account_id, a.number, a.timezone, k.kind, r.customer_id,
       c.data_key, r.language, r.debt, coalesce(r.code, ''), r.outbound_id, p.told_from, p.told_till
  from notice_recipients r
  left join phones p on p.hash = r.phone_hash
  join accounts a on a.id = r.account_id
  join customers k on k.id = a.customer_id
  join customers c on c.id = r.customer_id
"""

SOME = f"""
{_person} where r.notice_id = $1 and r.bar is null order by r.debt desc, r.id limit $2
"""

ONE_PERSON = f"""
{_person} where r.id = $1
"""

CLOSE = """
update outbox set closes_at = new.closes_at
  from unnest($1::uuid[], $2::timestamptz[]) as new (id, closes_at) where outbox.id = new.id
"""

CLOSED = """
select o.id, a.timezone, n.kind, p.told_from, p.told_till
  from outbox o
  join notice_recipients r on r.outbound_id = o.id or r.chat_outbound_id = o.id
  join notices n on n.id = r.notice_id
  join accounts a on a.id = r.account_id
  left join phones p on p.hash = r.phone_hash
 where o.state = 'ready' and o.closes_at <= $1 and n.state in ('running', 'done')
 order by o.id limit $2 for update of o skip locked
"""

SHUT = """
update outbox set closes_at = '-infinity'
 where id in (select o.id from notice_recipients r join outbox o on o.id = any(array[r.outbound_id, r.chat_outbound_id])
               where r.notice_id = $1 and (o.state = 'ready' or o.state in ('sending', 'unknown'))
               order by o.id for update of o)
returning id
"""

DROP = """
update outbox set state = 'expired', code = 'stopped', changed_at = clock_timestamp(), lease_until = null
 where id in (select o.id from notice_recipients r join outbox o on o.id = any(array[r.outbound_id, r.chat_outbound_id])
               where r.notice_id = $1 and o.state = 'ready' order by o.id for update of o)
returning id
"""

DROP_LEFT = """
update outbox set state = 'expired', code = 'stopped', changed_at = clock_timestamp(), lease_until = null
 where id in (select o.id from outbox o
                join notice_recipients r on r.outbound_id = o.id or r.chat_outbound_id = o.id
                join notices n on n.id = r.notice_id
               where o.state = 'ready' and o.closes_at = '-infinity' and n.state = 'stopped'
                 for update of o skip locked)
returning id
"""

DROP_FOR = """
update outbox set state = 'expired', code = 'opted out', changed_at = clock_timestamp(), lease_until = null
 where state = 'ready' and address_hash = any($1::bytea[]) and class = any($2::text[])
"""

LOST = """
select r.id, r.phone_hash, r.account_id, c.data_key, a.timezone, n.kind, r.language, p.opted_out, r.outbound_id,
       p.told_from, p.told_till, h.sealed as chat, h.customer_id as chat_customer
  from outbox o
  join notice_recipients r on r.outbound_id = o.id and r.subject = 0 and r.chat_at is null
  join notices n on n.id = r.notice_id and n.state in ('running', 'done')
  join chats h on h.phone_hash = r.phone_hash and h.ended_at is null and h.dead_at is null
  join accounts a on a.id = r.account_id
  join customers c on c.id = r.customer_id
  join phones p on p.hash = r.phone_hash
 where o.state in ('failed', 'undelivered') and o.changed_at > clock_timestamp() - interval '1 day'
   and o.channel = 'sms' and coalesce(o.code, '') <> all($1::text[])
 order by o.changed_at limit $2 for update of r skip locked
"""

CHATTED = """
update notice_recipients set chat_at = $3, chat_outbound_id = new.outbound_id
  from unnest($1::bigint[], $2::uuid[]) as new (id, outbound_id) where notice_recipients.id = new.id
"""


async def plan(
    conn: Connection,
    notice: Notice,
    *,
    day: date,
    at: datetime,
    topic: str,
    others: Sequence[int],
    debts: bool,
    since: date,
    years: int,
) -> list[Record]:
    """Writes down the audience as it is now: the phone of those who stand alike, where several of them may have the
    same, their ids, and the columns of `Facts`. `debts`: what each owes is looked up, without what is older than so
    many `years` (0: all of it). A reminder goes to those of whom it is true; readings are wanted `since`."""
    more = at, topic, others, str(notice.kind), since
    await conn.execute(AS_ASKED)
    if debts:
        return list(await conn.fetch(PLAN, *_asked(notice, day), *more, years, timeout=LONG))
    return list(await conn.fetch(PLAN_WITHOUT_DEBTS, *_asked(notice, day), *more, timeout=LONG))


async def without_phone(conn: Connection, notice: Notice, *, day: date, since: date, years: int) -> int:
    """Accounts of the audience that have no phone to be told on."""
    found: int = await conn.fetchval(NO_PHONE, *_asked(notice, day), str(notice.kind), since, years, timeout=LONG)
    return found


def _asked(notice: Notice, day: date) -> tuple[Any, ...]:
    of = notice.draft.audience
    return (
        notice.id, notice.cls == "official", day, list(of.houses), of.street, list(of.accounts), list(of.tariffs),
        of.debt, of.most_debt, of.age, of.language, of.customer, of.visits,
    )  # fmt: skip


async def unplan(conn: Connection, notice_id: int) -> None:
    await conn.execute(UNPLAN, notice_id, timeout=LONG)


async def others(conn: Connection, notice: Notice, kinds: Sequence[str], *, at: datetime) -> list[int]:
    """The notices of these kinds of which somebody may have had a message within thirty days; of an official one, whose
    phone may be warned of several accounts, it is one of them itself."""
    found: list[int] | None = await conn.fetchval(OTHERS, kinds, notice.id, at, notice.cls == "official")
    return found or []


async def bar(conn: Connection, barred: Sequence[tuple[int, str]]) -> None:
    if barred:
        await conn.execute(BAR, *zip(*barred, strict=True))


async def counts(conn: Connection, notice_id: int) -> list[Record]:
    return list(await conn.fetch(COUNTS, notice_id, timeout=LONG))


async def some(conn: Connection, notice_id: int, limit: int) -> tuple[Person, ...]:
    """Some of those who are to be told, the largest debts first."""
    return tuple(Person(*row) for row in await conn.fetch(SOME, notice_id, limit, timeout=LONG))


async def person(conn: Connection, id: int) -> Person | None:
    row = await conn.fetchrow(ONE_PERSON, id)
    return None if row is None else Person(*row)


async def close_at(conn: Connection, ends: Iterable[tuple[UUID, datetime | None]]) -> None:
    """Until when messages may be begun to be sent."""
    told = list(ends)
    if told:
        await conn.execute(CLOSE, *zip(*told, strict=True))


async def closed(conn: Connection, *, at: datetime, limit: int) -> list[Record]:
    """Messages of running notices that may not be begun any more as they are."""
    return list(await conn.fetch(CLOSED, at, limit))


async def shut(conn: Connection, notice_id: int) -> int:
    """No message of the notice is begun from now on, nor again where an attempt is under way; how many there are."""
    return len(await conn.fetch(SHUT, notice_id))


async def drop(conn: Connection, notice_id: int) -> int:
    """Messages of the notice that were not begun are never sent; how many."""
    return len(await conn.fetch(DROP, notice_id))


async def drop_left(conn: Connection) -> int:
    """Messages of stopped notices whose last attempt failed since are never sent; how many."""
    return len(await conn.fetch(DROP_LEFT))


async def drop_for(conn: Connection, hashes: Sequence[bytes], classes: Sequence[str]) -> None:
    """Messages of these classes to these phones that were not begun are never sent."""
    await conn.execute(DROP_FOR, hashes, classes)


async def lost(conn: Connection, stopped: Sequence[str], limit: int) -> list[Record]:
    """People whose SMS of late did not reach their phone, but for who is `stopped`, and who have a chat; locked."""
    return list(await conn.fetch(LOST, stopped, limit))


async def chatted(conn: Connection, looked: Sequence[tuple[int, UUID | None]], *, at: datetime) -> None:
    """That these were looked at, each with the message into his chat, where there is one."""
    if looked:
        await conn.execute(CHATTED, *zip(*looked, strict=True), at)
