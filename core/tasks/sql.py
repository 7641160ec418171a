"""What the database is asked about tasks: lists and counters by their indexes, one task with its sources and events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.requests.model import State
from core.tasking import TaskKind
from core.tasks import rules
from core.tasks.model import PAGE, Count, Filter, Mark, Task, Turn, What

_columns = """
select t.id, t.kind, r.number, t.account_id, a.number, t.about, t.opened_at, t.due_at, t.state, t.since, t.owner,
       t.done_at
"""

_named = """
  left join requests r on r.id = t.request_id
  left join accounts a on a.id = t.account_id
"""

_waiting = """
select * from tasks
 where state in ('open', 'taken') and (due_at, id) > ($1, $2) and due_at < $3 and state = any($4::text[])
"""

_ended = """
select * from tasks where state in ('answered', 'closed') and state = $1 and (since, id) < ($2, $3)
"""

PENDING = f"""
{_columns}
  from ({_waiting} order by due_at, id limit $5) as t
{_named}
 order by t.due_at, t.id
"""

PENDING_OF_KIND = f"""
{_columns}
  from ({_waiting} and kind = $6 order by due_at, id limit $5) as t
{_named}
 order by t.due_at, t.id
"""

PENDING_OF_OWNER = f"""
{_columns}
  from ({_waiting} and owner = $6 and kind = any($7::text[]) order by due_at, id limit $5) as t
{_named}
 order by t.due_at, t.id
"""

DONE = f"""
{_columns}
  from ({_ended} order by since desc, id desc limit $4) as t
{_named}
 order by t.since desc, t.id desc
"""

DONE_OF_KIND = f"""
{_columns}
  from ({_ended} and kind = $5 order by since desc, id desc limit $4) as t
{_named}
 order by t.since desc, t.id desc
"""

DONE_OF_OWNER = f"""
{_columns}
  from ({_ended} and owner = $5 and kind = any($6::text[]) order by since desc, id desc limit $4) as t
{_named}
 order by t.since desc, t.id desc
"""

OF_ACCOUNT = f"""
{_columns}
  from tasks t
{_named}
 where t.account_id = $1 order by t.id desc limit $2
"""

TASK = f"""
{_columns}
  from tasks t
{_named}
 where t.id = $1
"""

OF_REQUEST = """
select id from tasks where request_id = $1
"""

LOCK = """
select state from tasks where id = $1 for update
"""

MOVE = """
update tasks set state = $2, since = $3, owner = coalesce($4, case when $2 <> 'open' then owner end),
                 done_at = case when $2 in ('answered', 'closed') then coalesce(done_at, $3) end
 where id = $1
"""

ADD_EVENT = """
insert into task_events (task_id, what, at, by, owner, note, request_event_id, why)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

ADD_REQUEST_EVENT = """
insert into request_events (request_id, state, at, by, note) values ($1, $2, $3, $4, $5) returning id
"""

COUNTS = """
select kind, count(*) filter (where state = 'open'), count(*) filter (where state = 'taken'),
       count(*) filter (where due_at < $1), count(*) filter (where owner = $2)
  from tasks where state in ('open', 'taken') group by kind
"""

NEWER = """
select count(*), coalesce(max(id), 0) from tasks where id > $1 and state in ('open', 'taken') and kind = any($2::text[])
"""

LAST = """
select coalesce(max(id), 0) from tasks
"""

TURNS = """
select kind, sum(came)::int, sum(done)::int, sum(late)::int
  from (select kind, 1 as came, 0 as done, 0 as late from tasks where opened_at >= $1 and opened_at < $2
        union all
        select kind, 0, 1, (done_at > due_at)::int from tasks where done_at >= $1 and done_at < $2) as turned
 group by kind
"""

SOURCE = """
select t.request_id, t.alarm_id, t.payment_id, t.link_id, t.reading_no, t.hole, t.customer_id, t.inbox_id, t.phone_hash,
       keeper.data_key, q.words, i.payload, coalesce(i.channel, 'sms') as channel,
       coalesce(p.language, o.locale, 'ru') as language, p.customer_id as phone_customer, pc.data_key as phone_key,
       pc.name_sealed as name, p.sealed as phone, o.address,
       case when t.account_id is null and t.customer_id is null then true
            else exists (select from links l where l.phone_hash = t.phone_hash and l.valid_to is null
                            and l.account_id = coalesce(t.account_id, l.account_id)) end as linked
  from tasks t
  left join customers keeper on keeper.id = t.customer_id
  left join requests q on q.id = t.request_id
  left join inbox i on i.id = t.inbox_id
  left join outbox o on o.id = i.outbound_id
  left join phones p on p.hash = t.phone_hash
  left join customers pc on pc.id = p.customer_id
 where t.id = $1
"""

HISTORY = """
select e.what, e.at, e.by, e.owner, coalesce(e.note, r.note) as note, e.note is null as requests, e.why,
       e.recorded_at, e.id
  from task_events e left join request_events r on r.id = e.request_event_id
 where e.task_id = $1
 union all
select case r.state when 'open' then 'reopened' else r.state end, r.at, r.by, null, r.note, true, '', r.recorded_at,
       r.id
  from tasks t
  join request_events r on r.request_id = t.request_id
 where t.id = $1 and not exists (select from task_events e where e.request_event_id = r.id)
 order by 8, 9
"""

ASIDE = """
select r.day, m.serial, r.register, (r.value * 1000)::bigint as value, m.zones, m.digits
  from readings r join meters m on m.id = r.meter_id
 where r.account_id = $1 and r.no = $2 order by m.id, r.register
"""

MONEY = """
select p.agent, p.external_id, p.paid_on, p.amount, p.account_text,
       not exists (select from payments f where f.original_id = p.id) as waits
  from payments p where p.id = $1
"""

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Written:
    """What becomes of a task: its event, and how it stands after it. `note` is sealed already."""

    task_id: int
    what: What
    at: datetime
    by: str
    owner: str | None = None
    to: str | None = None
    note: bytes | None = None
    request_event_id: int | None = None
    why: str = ""


async def listed(
    conn: Connection, wanted: Filter, *, at: datetime, after: Mark | None = None, limit: int = PAGE
) -> list[Task]:
    """The tasks that are wanted: those that wait by their due dates, so that late ones come first; those that are done,
    the last first. Behind the mark, so many at most."""
    if wanted.state in (State.ANSWERED, State.CLOSED):
        mark = after or Mark(_NEVER, 0)
        return await _done(conn, wanted, (wanted.state, mark.at, mark.id, limit))
    mark = after or Mark(_ALWAYS, 0)
    states = [wanted.state] if wanted.state else [State.OPEN, State.TAKEN]
    told = (mark.at, mark.id, at if wanted.late else _NEVER, states, limit)
    if wanted.owner is not None:
        rows = await conn.fetch(PENDING_OF_OWNER, *told, wanted.owner, _kinds(wanted))
    elif wanted.kind is not None:
        rows = await conn.fetch(PENDING_OF_KIND, *told, wanted.kind)
    else:
        rows = await conn.fetch(PENDING, *told)
    return [_task(row) for row in rows]


async def _done(conn: Connection, wanted: Filter, told: tuple[State, datetime, int, int]) -> list[Task]:
    if wanted.owner is not None:
        rows = await conn.fetch(DONE_OF_OWNER, *told, wanted.owner, _kinds(wanted))
    elif wanted.kind is not None:
        rows = await conn.fetch(DONE_OF_KIND, *told, wanted.kind)
    else:
        rows = await conn.fetch(DONE, *told)
    return [_task(row) for row in rows]


def _kinds(wanted: Filter) -> list[TaskKind]:
    return [wanted.kind] if wanted.kind else list(TaskKind)


async def of_account(conn: Connection, account_id: int, *, limit: int = PAGE) -> list[Task]:
    """The last tasks about an account, whatever became of them, the latest first."""
    return [_task(row) for row in await conn.fetch(OF_ACCOUNT, account_id, limit)]


async def task(conn: Connection, id: int) -> Task | None:
    row = await conn.fetchrow(TASK, id)
    return None if row is None else _task(row)


async def of_request(conn: Connection, request_id: int) -> int | None:
    """The task that a request is."""
    found: int | None = await conn.fetchval(OF_REQUEST, request_id)
    return found


def _task(row: Iterable[Any]) -> Task:
    id, kind, number, account_id, account, about, opened_at, due_at, state, since, owner, done_at = row
    return Task(
        id, TaskKind(kind), number, account_id, account, about, opened_at, due_at, State(state), since, owner, done_at
    )


async def locked_state(conn: Connection, id: int) -> State | None:
    """How the task stands, which nobody else changes until the transaction ends; None where there is none."""
    found = await conn.fetchval(LOCK, id)
    return None if found is None else State(found)


async def write(conn: Connection, one: Written) -> None:
    """Writes what became of a task, which the caller has locked."""
    if one.what in rules.TO:
        await conn.execute(MOVE, one.task_id, rules.TO[one.what], one.at, one.owner)
    await conn.execute(
        ADD_EVENT, one.task_id, one.what, one.at, one.by, one.to, one.note, one.request_event_id, one.why
    )


async def add_request_event(
    conn: Connection, request_id: int, state: State | None, *, at: datetime, by: str, note: bytes | None
) -> int:
    """Writes what became of a request, which the customer is told when he asks; its id."""
    found: int = await conn.fetchval(ADD_REQUEST_EVENT, request_id, state, at, by, note)
    return found


async def counts(conn: Connection, *, at: datetime, owner: str) -> list[Count]:
    """What waits at that time, by kind, and how much of it is this employee's."""
    found = {row[0]: Count(TaskKind(row[0]), *list(row)[1:]) for row in await conn.fetch(COUNTS, at, owner)}
    return [found[kind] for kind in TaskKind if kind in found]


async def newer(conn: Connection, id: int, kinds: Sequence[TaskKind]) -> tuple[int, int]:
    """How many tasks of these kinds wait that came behind that one, and the last of them."""
    row = await conn.fetchrow(NEWER, id, list(kinds))
    assert row is not None
    return row[0], row[1]


async def last(conn: Connection) -> int:
    """The id of the last task."""
    found: int = await conn.fetchval(LAST)
    return found


async def turns(conn: Connection, since: datetime, until: datetime) -> list[Turn]:
    """What came and what was done from then until then, by kind."""
    found = {row[0]: Turn(TaskKind(row[0]), *list(row)[1:]) for row in await conn.fetch(TURNS, since, until)}
    return [found[kind] for kind in TaskKind if kind in found]


async def source(conn: Connection, id: int) -> Record | None:
    """What the task was made from, its words and its phone sealed."""
    return await conn.fetchrow(SOURCE, id)


async def history(conn: Connection, id: int) -> list[Record]:
    """What became of the task, notes sealed: those of its request, with what the customer added, and its own."""
    return await conn.fetch(HISTORY, id)


async def aside(conn: Connection, account_id: int, no: int) -> list[Record]:
    """The counts of a reading, with what their meters are like."""
    return await conn.fetch(ASIDE, account_id, no)


async def money(conn: Connection, payment_id: int) -> Record | None:
    """A payment that waited for an account, and whether it still does."""
    return await conn.fetchrow(MONEY, payment_id)
