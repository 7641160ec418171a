"""What the database is asked about who is told of tasks."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.employees.model import Role
from core.tasking import Counted, TaskKind

WATCHERS = """
select e.id, e.phone_sealed, coalesce(s.language, 'ru') as language, p.roles,
       array(select w.kind from task_watches w where w.employee_id = e.id order by w.kind) as kinds,
       coalesce(n.told, 0) as told, n.told_at
  from employees e
  join lateral (select roles from employee_posts where employee_id = e.id order by id desc limit 1) as p on true
  left join employee_secrets s on s.employee_id = e.id
  left join task_notices n on n.employee_id = e.id
 where e.phone_sealed is not null and cardinality(p.roles) > 0
 order by e.id
"""

CAME = """
select kind, count(*)::int as number, max(id) as last from tasks
 where id > $1 and state = 'open' and kind = any($2::text[]) group by kind
"""

WAITING = """
select count(*)::int, count(*) filter (where due_at < $1)::int from tasks where state in ('open', 'taken')
"""

LATE = """
select id, kind from tasks where state in ('open', 'taken') and urged_at is null and due_at < $1
 order by due_at limit $2 for update skip locked
"""

URGE = """
with late as (update tasks set urged_at = $2 where id = any($1::bigint[]) returning id)
insert into task_events (task_id, what, at, by) select id, 'urged', $2, $3 from late
"""

TOLD = """
insert into task_notices (employee_id, told, told_at) values ($1, $2, $3)
on conflict (employee_id) do update set told = greatest(task_notices.told, $2), told_at = $3
"""

WATCHED = """
select kind from task_watches where employee_id = $1 order by kind
"""

BEGIN = """
insert into task_notices (employee_id, told, told_at)
select $1, coalesce(max(id), 0), 'epoch' from tasks on conflict do nothing
"""

WATCH = """
insert into task_watches (employee_id, kind) select $1, kind from unnest($2::text[]) as wanted (kind)
on conflict do nothing
"""

UNWATCH = """
delete from task_watches where employee_id = $1 and not kind = any($2::text[])
"""


@dataclass(frozen=True, slots=True)
class Watcher:
    """An employee with a phone: the kinds of which he is told, up to which task he was, and when."""

    employee_id: int
    phone_sealed: bytes
    language: str
    roles: frozenset[Role]
    kinds: tuple[TaskKind, ...]
    told: int
    told_at: datetime | None


async def watchers(conn: Connection) -> list[Watcher]:
    """All employees who have a phone and have not left."""
    return [
        Watcher(
            row["id"], row["phone_sealed"], row["language"], frozenset(Role(one) for one in row["roles"]),
            tuple(TaskKind(one) for one in row["kinds"]), row["told"], row["told_at"],
        )
        for row in await conn.fetch(WATCHERS)
    ]  # fmt: skip


async def came(conn: Connection, after: int, kinds: Sequence[TaskKind]) -> tuple[Counted, int]:
    """How many tasks of these kinds came behind that one and wait for somebody to take them, and the last of them."""
    found = {TaskKind(row["kind"]): row for row in await conn.fetch(CAME, after, list(kinds))}
    counted = tuple((kind, found[kind]["number"]) for kind in TaskKind if kind in found)
    return counted, max((row["last"] for row in found.values()), default=after)


async def waiting(conn: Connection, *, at: datetime) -> tuple[int, int]:
    """How many tasks wait, and how many of them are late."""
    row = await conn.fetchrow(WAITING, at)
    assert row is not None
    return row[0], row[1]


async def late(conn: Connection, limit: int, *, at: datetime) -> list[tuple[int, TaskKind]]:
    """Tasks whose term has run out and that nobody was told of, the longest first; locked until the transaction
    ends."""
    return [(row[0], TaskKind(row[1])) for row in await conn.fetch(LATE, at, limit)]


async def urge(conn: Connection, ids: Sequence[int], *, at: datetime, by: str) -> None:
    await conn.execute(URGE, list(ids), at, by)


async def told(conn: Connection, employee_id: int, last: int, *, at: datetime) -> None:
    """Notes up to which task an employee was told."""
    await conn.execute(TOLD, employee_id, last, at)


async def watched(conn: Connection, employee_id: int) -> tuple[TaskKind, ...]:
    """The kinds of which an employee is told."""
    found = {row[0] for row in await conn.fetch(WATCHED, employee_id)}
    return tuple(kind for kind in TaskKind if kind in found)


async def watch(conn: Connection, employee_id: int, kinds: Sequence[TaskKind]) -> None:
    """From now on the employee is told of new tasks of these kinds and no others."""
    await conn.execute(BEGIN, employee_id)
    await conn.execute(UNWATCH, employee_id, list(kinds))
    await conn.execute(WATCH, employee_id, list(kinds))
