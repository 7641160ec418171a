"""What the database is asked to find what waits for a person, and what waits no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from asyncpg import Connection, Record

from core.basics.facts import dataclass

TURN = """
select pg_try_advisory_xact_lock(hashtextextended('meterline tasks', 0))
"""

MARKS = """
select source, mark, seen, clock_timestamp() - seen_at > make_interval(secs => $1) as settled from task_marks
"""

SET_MARK = """
insert into task_marks (source, mark, seen) values ($1, $2, $3)
on conflict (source) do update set mark = $2, seen = $3, seen_at = clock_timestamp()
"""

LAST = """
select (select coalesce(max(id), 0) from requests) as requests, (select coalesce(max(id), 0) from alarms) as alarms,
       (select coalesce(max(id), 0) from payments where account_id is null and kind = 'received') as payments
"""

REQUESTS = """
select r.id, r.subject, r.account_id, r.customer_id, r.phone_hash, r.inbox_id, r.opened_at, s.state, s.since,
       (select e.by from request_events e where e.request_id = r.id and e.state is not null order by e.id desc limit 1
       ) as by
  from requests r join request_states s on s.id = r.id
 where r.id > $1 and not exists (select from tasks t where t.request_id = r.id)
 order by r.id limit $2
"""

REQUEST = """
select id from requests where number = $1
"""

ALARMS = """
select al.id, al.kind, al.about, al.at, al.inbox_id, i.customer_id, i.sender_hash,
       coalesce(a.id, i.account_id) as account_id,
       case when al.kind = 'reading left'
            then (select min(r.no) from readings r
                   where r.account_id = a.id and r.inbox_id = al.inbox_id and r.source = 0) end as reading_no,
       denied.id as denied, denied.phone_hash as denied_phone
  from alarms al
  left join inbox i on i.id = al.inbox_id
  left join accounts a on a.number = split_part(al.about, ', ', 1)
  left join lateral (select l.id, l.phone_hash from links l
                      where al.kind = 'phone denied' and l.account_id = a.id and l.valid_to = al.at
                      order by l.id desc limit 1) as denied on true
 where al.id > $1 and al.kind = any($3::text[])
   and not exists (select from tasks t where t.alarm_id = al.id)
   and not exists (select from task_events e where e.alarm_id = al.id)
 order by al.id limit $2
"""

SUSPENSE = """
select p.id, p.agent, p.external_id, p.recorded_at
  from payments_in_suspense p
 where p.id > $1 and not exists (select from tasks t where t.payment_id = p.id)
 order by p.id limit $2
"""

LINKS = """
select l.id, l.account_id, l.phone_hash, l.valid_from, p.customer_id,
       exists (select from links o where o.account_id = l.account_id and o.valid_to is null and o.id <> l.id
                  and (o.role = any($4::text[]) or 'manage' = any(o.extra))) as asked
  from links l join phones p on p.hash = l.phone_hash
 where l.role = 'unverified' and l.valid_to is null and l.evidence like 'reg %' and l.id > $1 and l.valid_from <= $3
   and not exists (select from tasks t where t.link_id = l.id)
 order by l.id limit $2
"""

ASIDE = """
select r.inbox_id, r.account_id, min(r.no) as no, min(r.recorded_at) as recorded_at, i.customer_id, i.sender_hash
  from readings r join inbox i on i.id = r.inbox_id
 where r.source = 0 and r.inbox_id > $1 and r.recorded_at <= $3
   and not exists (select from tasks t where t.account_id = r.account_id and t.reading_no = r.no)
 group by r.inbox_id, r.account_id, i.customer_id, i.sender_hash
 order by r.inbox_id limit $2
"""

SAME = """
select kind, account_id, min(id) as id from tasks
 where state in ('open', 'taken') and account_id = any($1::bigint[]) and kind = any($2::text[])
 group by kind, account_id
"""

ADD = """
insert into tasks (kind, request_id, alarm_id, payment_id, link_id, account_id, reading_no, hole, customer_id, inbox_id,
                   phone_hash, about, opened_at, due_at, state, since, owner, done_at)
select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                     $8::text[], $9::bigint[], $10::bigint[], $11::bytea[], $12::text[], $13::timestamptz[],
                     $14::timestamptz[], $15::text[], $16::timestamptz[], $17::text[], $18::timestamptz[])
on conflict do nothing
returning id
"""

AGAIN = """
insert into task_events (task_id, what, at, by, alarm_id)
select task_id, 'again', at, $4, alarm_id
  from unnest($1::bigint[], $2::timestamptz[], $3::bigint[]) as told (task_id, at, alarm_id)
on conflict do nothing
"""

PAID = """
select t.id, f.by || case f.kind when 'matched' then ': account found' else ': taken back' end as why
  from tasks t join payments f on f.original_id = t.payment_id
 where t.kind = 'suspense' and t.state in ('open', 'taken')
"""

LINKED = """
select t.id, case when l.valid_to is null then 'verified' else 'ended' end as why
  from tasks t join links l on l.id = t.link_id
 where t.kind = 'link' and t.state in ('open', 'taken') and t.alarm_id is null
   and (l.valid_to is not null or l.role <> 'unverified')
"""

READ = """
select t.id, 'another reading of the day' as why
  from tasks t
 where t.kind = 'reading' and t.state in ('open', 'taken')
   and exists (select from readings g join readings r
                       on r.account_id = t.account_id and r.meter_id = g.meter_id and r.register = g.register
                      and r.day = g.day and r.source > 0 and r.no > g.no
                where g.account_id = t.account_id and g.no = t.reading_no
                  and not exists (select from withdrawals w where w.account_id = t.account_id and w.reading_no = r.no))
"""

FOUND = """
select id, account_id, hole from tasks where kind = $1 and state in ('open', 'taken')
"""


ACCOUNTS = """
select number, id from accounts where number = any($1::text[])
"""


class New(NamedTuple):
    """A task as it is written, in the order of ADD."""

    kind: str
    request_id: int | None
    alarm_id: int | None
    payment_id: int | None
    link_id: int | None
    account_id: int | None
    reading_no: int | None
    hole: str | None
    customer_id: int | None
    inbox_id: int | None
    phone_hash: bytes | None
    about: str
    opened_at: datetime
    due_at: datetime
    state: str
    since: datetime
    owner: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marked:
    """How far a source was gone through: up to `mark` for good, up to `seen` some time ago; `settled`: so long ago that
    nothing below can still appear."""

    mark: int = 0
    seen: int = 0
    settled: bool = True


async def turn(conn: Connection) -> bool:
    """Whether nobody else gathers until the transaction ends."""
    return bool(await conn.fetchval(TURN))


async def marks(conn: Connection, *, settling: float) -> dict[str, Marked]:
    """How far each source was gone through; what was seen more than `settling` seconds ago is settled."""
    return {row[0]: Marked(row[1], row[2], row[3]) for row in await conn.fetch(MARKS, settling)}


async def set_mark(conn: Connection, source: str, mark: int, seen: int) -> None:
    await conn.execute(SET_MARK, source, mark, seen)


async def last(conn: Connection) -> dict[str, int]:
    """The last id of each source that may have rows which are no tasks."""
    row = await conn.fetchrow(LAST)
    assert row is not None
    return dict(row)


async def requests(conn: Connection, after: int, limit: int) -> list[Record]:
    """Requests behind that id that are no task yet, by their ids."""
    return await conn.fetch(REQUESTS, after, limit)


async def request(conn: Connection, number: str) -> int | None:
    """The id of the request with that number."""
    found: int | None = await conn.fetchval(REQUEST, number)
    return found


async def alarms(conn: Connection, after: int, limit: int, kinds: Sequence[str]) -> list[Record]:
    """Alarms of these kinds behind that id that no task tells of yet, by their ids."""
    return await conn.fetch(ALARMS, after, limit, list(kinds))


async def suspense(conn: Connection, after: int, limit: int) -> list[Record]:
    """Payments in suspense behind that id that are no task yet, by their ids."""
    return await conn.fetch(SUSPENSE, after, limit)


async def links(conn: Connection, after: int, limit: int, until: datetime, managing: Sequence[str]) -> list[Record]:
    """Unverified links behind that id, made until then, that are no task yet; `asked`: somebody with one of these roles
    was asked about it."""
    return await conn.fetch(LINKS, after, limit, until, list(managing))


async def aside(conn: Connection, after: int, limit: int, until: datetime) -> list[Record]:
    """Readings that were put aside until then, by messages behind that id, that are no task yet."""
    return await conn.fetch(ASIDE, after, limit, until)


async def same(conn: Connection, accounts: Sequence[int], kinds: Sequence[str]) -> dict[tuple[str, int], int]:
    """The first task of each of these kinds that waits about each of these accounts."""
    return {(row[0], row[1]): row[2] for row in await conn.fetch(SAME, list(accounts), list(kinds))}


async def add(conn: Connection, new: Sequence[New]) -> int:
    """Writes tasks, those that are there already left out; how many."""
    return len(await conn.fetch(ADD, *zip(*new, strict=True))) if new else 0


async def again(conn: Connection, told: Sequence[tuple[int, datetime, int]], *, by: str) -> None:
    """Writes at tasks that the same was told once more: (task, at, alarm)."""
    if told:
        await conn.execute(AGAIN, *zip(*told, strict=True), by)


async def settled(conn: Connection) -> list[tuple[int, str]]:
    """The tasks that wait though their source needs nobody any more, and why."""
    found: list[Any] = []
    for asked in (PAID, LINKED, READ):
        found += await conn.fetch(asked)
    return [(row[0], row[1]) for row in found]


async def found(conn: Connection, kind: str) -> dict[tuple[int, str], int]:
    """The tasks of a kind that wait of what a job has found in accounts, by account and name."""
    return {(row[1], row[2]): row[0] for row in await conn.fetch(FOUND, kind)}


async def accounts(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """The ids of the accounts with these numbers."""
    return {row[0]: row[1] for row in await conn.fetch(ACCOUNTS, list(numbers))}
