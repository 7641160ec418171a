"""What must be zero, counted from the tables themselves (reliability.md section 7, Q4)."""

from asyncpg import Connection

from core.audit.model import Stand

COUNT = """
select
    (select count(*) from inbox) as inbox_total,
    (select count(*) from inbox i where i.fate = 'answered'
        and not exists (select from outbox o where o.id = i.outbound_id)) as inbox_new,
    (select count(*) from inbox where fate = 'quarantined') as inbox_quarantined,
    (select count(*) from inbox where fate = 'muted') as inbox_muted,
    (select count(*) from outbox) as outbox_total,
    (select count(*) from outbox where state in ('ready', 'sending', 'unknown')) as outbox_open,
    (select count(*) from outbox where state = 'unknown') as unknown_outcome,
    (select count(*) from outbox o where o.state not in ('delivered', 'undelivered', 'failed')
        and exists (select from reports r where r.outbound_id = o.id
                       and r.state in ('delivered', 'failed', 'undelivered'))) as regressed,
    (select coalesce(sum(amount), 0)::bigint from entries) as ledger_sum,
    (select count(*) from (select 1 from entries group by account_id, no having sum(amount) <> 0) as facts
    ) as ledger_unbalanced,
    (select count(*) from account_states s left join lateral (
        select coalesce(sum(amount), 0) as owed from entries e
         where e.account_id = s.account_id and e.ledger = 'receivable') as l on true
      where s.balance <> l.owed) as balance_differs,
    (select count(*) from (select distinct account_id, no from readings where inbox_id is not null) as sent
    ) as readings,
    (select count(*) from readings r where r.inbox_id is not null
        and not exists (select from inbox i where i.id = r.inbox_id and i.fate = 'answered')) as readings_unexplained,
    (select count(*) from request_states where state in ('open', 'taken')) as requests_open,
    (select count(*) from alarms) as alarms
"""

OPEN = """
select state, count(*)::int as messages,
       greatest(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
  from outbox where state in ('ready', 'sending', 'unknown') group by state
"""

LOST = """
select state, count(*)::int as messages from outbox
 where state in ('failed', 'undelivered', 'expired') and changed_at > clock_timestamp() - interval '1 day'
 group by state
"""

ALARMS = """
select kind, count(*)::int as alarms,
       (count(*) filter (where stored_at > clock_timestamp() - interval '1 hour'))::int as recent
  from alarms group by kind
"""

FAILED_JOBS = """
select name, count(*)::int as failed from jobs where state = 'failed' group by name
"""

SIZE = """
select pg_database_size(current_database()) as bytes, current_setting('server_version') as version,
       (select count(*)::int from pg_stat_activity where datname = current_database()) as connections
"""

UNBUILT = ("bcast_open", "overbooked", "no_evidence", "chain_broken")
"""Counted from the day on which there is something to count: no table of theirs exists, so none can be wrong."""


async def count(conn: Connection) -> dict[str, int]:
    """The counters by name; all but the totals, `readings`, `requests_open` and `alarms` are zero in a sound
    installation at rest."""
    row = await conn.fetchrow(COUNT)
    assert row is not None
    return {name: int(number) for name, number in row.items()} | dict.fromkeys(UNBUILT, 0)


async def stand(conn: Connection) -> Stand:
    """How it stands now; asked often, so it reads small tables and the open ends of large ones."""
    row = await conn.fetchrow(SIZE)
    assert row is not None
    return Stand(
        open={one["state"]: (one["messages"], one["oldest"]) for one in await conn.fetch(OPEN)},
        lost={one["state"]: one["messages"] for one in await conn.fetch(LOST)},
        alarms={one["kind"]: (one["alarms"], one["recent"]) for one in await conn.fetch(ALARMS)},
        failed_jobs={one["name"]: one["failed"] for one in await conn.fetch(FAILED_JOBS)},
        size=row["bytes"],
        connections=row["connections"],
        version=row["version"],
    )
