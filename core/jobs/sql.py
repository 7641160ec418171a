"""What the database is asked about the work of the clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from asyncpg import Connection, Record

from core.jobs import stored
from core.jobs.model import Run, Said, State

TRY = """
select pg_try_advisory_lock(hashtextextended('meterline job ' || $1, 0))
"""

LEAVE = """
select pg_advisory_unlock(hashtextextended('meterline job ' || $1, 0))
"""

RUN = """
select name, period, state, started_at, finished_at, report, error, counts::text from jobs
 where name = $1 and period = $2
"""

LAST_DONE = """
select name, max(period) from jobs where name = any($1::text[]) and state = 'done' group by name
"""

RUNS = """
select name, period, state, started_at, finished_at, report, error, counts::text from jobs
 where name = any($1::text[]) order by started_at desc, name limit $2
"""

BEGIN = """
insert into jobs (name, period, state, started_at, finished_at, report, counts)
select name, period, 'done', $3, $3, 'before the clock was looked at: left to people', '{"said": [{"name": "left"}]}'
  from unnest($1::text[], $2::text[]) as first (name, period)
 where not exists (select from jobs j where j.name = first.name)
on conflict do nothing
"""

START = """
insert into jobs (name, period, state, started_at) values ($1, $2, 'running', $3)
on conflict (name, period) do update set state = 'running', finished_at = null, error = null
"""

FINISH = """
update jobs set state = $3, finished_at = $4, report = $5, error = $6, counts = $7::text::jsonb
 where name = $1 and period = $2
"""


async def take(conn: Connection, name: str) -> bool:
    """Whether this connection may run the job now; no other can until it leaves it or dies."""
    return bool(await conn.fetchval(TRY, name))


async def leave(conn: Connection, name: str) -> None:
    await conn.execute(LEAVE, name)


async def run_of(conn: Connection, name: str, period: str) -> Run | None:
    """How the job stands for a period, None where it was never begun."""
    row = await conn.fetchrow(RUN, name, period)
    return None if row is None else _run(row)


async def last_done(conn: Connection, names: Sequence[str]) -> dict[str, str]:
    """The last period done of each job."""
    return {row[0]: row[1] for row in await conn.fetch(LAST_DONE, names)}


async def runs(conn: Connection, names: Sequence[str], *, limit: int) -> tuple[Run, ...]:
    """The last runs of these jobs, the latest first."""
    return tuple(_run(row) for row in await conn.fetch(RUNS, names, limit))


def _run(row: Record) -> Run:
    return Run(
        row["name"],
        row["period"],
        State(row["state"]),
        row["started_at"],
        row["finished_at"],
        row["report"],
        row["error"],
        stored.said(row["counts"]),
    )


async def begin(conn: Connection, periods: Mapping[str, str], *, at: datetime) -> None:
    """Notes for jobs that were never looked at which period is the last that is left to people."""
    await conn.execute(BEGIN, list(periods), list(periods.values()), at)


async def start(conn: Connection, name: str, period: str, *, at: datetime) -> None:
    """Notes that the job runs; one that a dead process began keeps the time at which it began."""
    await conn.execute(START, name, period, at)


async def finish(
    conn: Connection,
    name: str,
    period: str,
    state: State,
    *,
    report: str,
    error: str | None,
    at: datetime,
    said: Sequence[Said] = (),
) -> None:
    await conn.execute(FINISH, name, period, state, at, report, error, stored.text(said))
