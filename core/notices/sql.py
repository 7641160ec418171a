"""What the database is asked about notices, their versions and approvals, and what became of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from asyncpg import Connection, Record

from core.notices import rules
from core.notices.model import Audience, Draft, Event, Kind, Notice, State

LONG = 600.0
"""Seconds that a statement may take which finds a million people, or reads them."""

PHONES_OF_STAFF = """
select e.phone_sealed, coalesce(s.language, 'ru') as language
  from employees e
  join lateral (select roles from employee_posts where employee_id = e.id order by id desc limit 1) as p on true
  left join employee_secrets s on s.employee_id = e.id
 where e.phone_sealed is not null and cardinality(p.roles) > 0
 order by e.id
"""

CREATE = """
insert into notices (kind, corrects, created_at, created_by, since) values ($1, $2, $3, $4, $3) returning id
"""

WRITE = """
insert into notice_versions (notice_id, version, audience, texts, basis, digest, at, by)
values ($1, $2, $3::jsonb, $4::jsonb, $5, $6, $7, $8)
"""

MOVE = """
update notices set state = $2, since = $3, starts_at = $4, version = coalesce($5, version) where id = $1
"""

LOCK = """
select id from notices where id = $1 for update
"""

APPROVE = """
insert into notice_approvals (notice_id, version, editors, approver, after, digest, people, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

NOTE = """
insert into notice_events (notice_id, what, at, by, told) values ($1, $2, $3, $4, $5::jsonb)
"""

EVENTS = """
select what, at, by from notice_events where notice_id = $1 order by id
"""

_notice = """
select n.id, n.kind, n.corrects, n.created_at, n.version, n.state, n.since, n.starts_at, v.audience::text,
       v.texts::text, v.basis, v.digest, p.approver, p.people, p.after, p.digest as frozen,
       array(select distinct w.by from notice_versions w where w.notice_id = n.id order by w.by) as editors
  from notices n
  join notice_versions v on v.notice_id = n.id and v.version = n.version
  left join notice_approvals p on p.notice_id = n.id and p.version = n.version
"""

ONE = f"""
{_notice} where n.id = $1
"""

LATEST = f"""
{_notice} where n.id < $1 order by n.id desc limit $2
"""

RUNNING = f"""
{_notice} where n.state = 'running' order by n.id for share of n skip locked
"""

COUNTED_DOWN = """
select id from notices where state = 'countdown' and starts_at <= $1 order by id for update skip locked
"""

FINISHED = """
select n.id from notices n
 where n.state = 'running'
   and not exists (select from notice_chunks c where c.notice_id = n.id and c.worded_at is null)
   and not exists (select from notice_recipients r
                    where r.notice_id = n.id and r.look_after is not null and r.worded_at is null and r.bar is null)
   and not exists (select from outbox o
                    where (o.state = 'ready' or o.state in ('sending', 'unknown'))
                      and exists (select from notice_recipients r
                                   where o.id in (r.outbound_id, r.chat_outbound_id) and r.notice_id = n.id))
 order by n.id for update of n skip locked
"""


UNCHECKED = """
select n.id from notices n
 where n.kind = any($2::text[]) and n.state in ('running', 'paused', 'done', 'stopped')
   and exists (select from notice_events e where e.notice_id = n.id and e.what = 'sent' and e.at <= $1)
   and not exists (select from notice_events e where e.notice_id = n.id and e.what in ('checked', 'unchecked'))
 order by n.id for update of n skip locked
"""

EVERYBODY = """
select count(*)::int as people,
       sha256(convert_to(coalesce(string_agg(encode(phone_hash, 'hex') || ' ' || subject || ' ' || debt, chr(10)
                                             order by phone_hash, subject), ''), 'UTF8')) as digest,
       min(id) as first, max(id) as last
  from notice_recipients where notice_id = $1 and bar is null
"""

CUT = """
insert into notice_chunks (notice_id, first, last)
select $1, first, least(first + $4 - 1, $3) from generate_series($2::bigint, $3::bigint, $4::bigint) as first
"""

PROGRESS = """
select r.bar, o.state, o.code, count(*)::int as people,
       (count(*) filter (where o.state not in ('ready', 'sending', 'unknown')
                           and o.changed_at > clock_timestamp() - interval '1 minute'))::int as recent
  from notice_recipients r left join outbox o on o.id = coalesce(r.chat_outbound_id, r.outbound_id)
 where r.notice_id = $1 group by r.bar, o.state, o.code
"""


async def create(conn: Connection, draft: Draft, *, by: str, at: datetime) -> int:
    id: int = await conn.fetchval(CREATE, draft.kind, draft.corrects, at, by)
    return id


async def write(conn: Connection, id: int, version: int, draft: Draft, *, by: str, at: datetime) -> None:
    audience, texts = (
        json.dumps(one, ensure_ascii=False) for one in (rules.packed_audience(draft.audience), dict(draft.texts))
    )
    await conn.execute(WRITE, id, version, audience, texts, draft.basis, rules.digest(draft), at, by)


async def move(
    conn: Connection, id: int, state: State, *, at: datetime, starts: datetime | None = None, version: int | None = None
) -> None:
    await conn.execute(MOVE, id, state, at, starts, version)


async def lock(conn: Connection, id: int) -> None:
    await conn.execute(LOCK, id)


async def approve(
    conn: Connection, notice: Notice, *, by: str, after: bool, digest: bytes, people: int, at: datetime
) -> None:
    await conn.execute(APPROVE, notice.id, notice.version, notice.editors, by, after, digest, people, at)


async def note(conn: Connection, id: int, what: str, *, at: datetime, by: str, **told: object) -> None:
    await conn.execute(NOTE, id, what, at, by, json.dumps(told))


async def phones_of_staff(conn: Connection) -> list[tuple[bytes, str]]:
    """The sealed phones of employees, each with its language."""
    return [(row[0], row[1]) for row in await conn.fetch(PHONES_OF_STAFF)]


async def events(conn: Connection, id: int) -> tuple[Event, ...]:
    return tuple(Event(*row) for row in await conn.fetch(EVENTS, id))


async def one(conn: Connection, id: int) -> Notice | None:
    row = await conn.fetchrow(ONE, id)
    return None if row is None else _notice_of(row)


async def latest(conn: Connection, *, before: int, limit: int) -> tuple[Notice, ...]:
    return tuple(_notice_of(row) for row in await conn.fetch(LATEST, before, limit))


async def running(conn: Connection) -> tuple[Notice, ...]:
    """The notices that run; none of them can be stopped or paused before the transaction ends."""
    return tuple(_notice_of(row) for row in await conn.fetch(RUNNING))


async def counted_down(conn: Connection, *, at: datetime) -> list[int]:
    return [row[0] for row in await conn.fetch(COUNTED_DOWN, at)]


async def unchecked(conn: Connection, kinds: Sequence[str], *, before: datetime) -> list[int]:
    """The notices of these kinds that went out before then, and that nobody has looked at, nor was told of that."""
    return [row[0] for row in await conn.fetch(UNCHECKED, before, kinds)]


async def finished(conn: Connection) -> list[int]:
    return [row[0] for row in await conn.fetch(FINISHED)]


class Everybody(NamedTuple):
    """How many are to be told, the hash of who and of what debt, and the first and the last of their ids, None where
    there is nobody."""

    people: int
    digest: bytes
    first: int | None
    last: int | None


async def everybody(conn: Connection, notice_id: int) -> Everybody:
    row = await conn.fetchrow(EVERYBODY, notice_id, timeout=LONG)
    assert row is not None
    return Everybody(*row)


async def cut(conn: Connection, notice_id: int, first: int, last: int, size: int) -> None:
    """The people of a notice with these ids are to be worded in chunks, so many ids in each."""
    await conn.execute(CUT, notice_id, first, last, size)


async def progress(conn: Connection, id: int) -> list[Record]:
    return list(await conn.fetch(PROGRESS, id, timeout=LONG))


def _notice_of(row: Record) -> Notice:
    texts: Mapping[str, str] = json.loads(row["texts"])
    audience: Audience = rules.audience_of(json.loads(row["audience"]))
    draft = Draft(Kind(row["kind"]), audience, texts, row["basis"], row["corrects"])
    after = bool(row["after"])
    return Notice(
        id=row["id"], draft=draft, version=row["version"], state=State(row["state"]), since=row["since"],
        starts_at=row["starts_at"], editors=tuple(row["editors"]), digest=row["digest"], created_at=row["created_at"],
        approver=row["approver"], people=row["people"], checked=after,
        frozen=row["frozen"],
    )  # fmt: skip
