"""What must be zero, counted from the tables themselves (reliability.md section 7, Q4)."""

from asyncpg import Connection

from core.audit.model import Setup, Stand

COUNT = """
select
    (select count(*) from inbox) as inbox_total,
    (select count(*) from inbox i where i.fate = 'answered'
        and not exists (select from outbox o where o.id = i.outbound_id)) as inbox_new,
    (select count(*) from inbox where fate = 'quarantined') as inbox_quarantined,
    (select count(*) from inbox where fate = 'muted') as inbox_muted,
    (select coalesce(sum(fetched), 0)::bigint from inbox_polls) as inbox_fetched,
    (select coalesce(max(failed), 0) from inbox_polls) as polls_failed,
    (select count(*) from outbox) as outbox_total,
    (select count(*) from outbox where state = 'ready' or state in ('sending', 'unknown')) as outbox_open,
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
    (select count(*) from slots s full join (
        select slot, count(*) as number from visits v, unnest(v.slots) as slot
         where v.state not in ('cancelled', 'revoked', 'lapsed') group by slot) as t on t.slot = s.id
      where coalesce(s.taken, -1) <> coalesce(t.number, 0)) as overbooked,
    (select count(*) from notice_recipients r join notices n on n.id = r.notice_id
      where n.state in ('running', 'paused') and r.bar is null and r.worded_at is null
        and (r.look_after is not null
             or exists (select from notice_chunks c
                         where c.notice_id = r.notice_id and r.id between c.first and c.last and c.worded_at is null))
    ) as bcast_open,
    (select count(*) from notice_recipients r where r.subject > 0 and r.outbound_id is not null and r.length < 5)
    + (select count(*) from outbox o where o.class = 'official'
          and not exists (select from notice_recipients r where r.outbound_id = o.id)
          and not exists (select from notice_recipients r where r.chat_outbound_id = o.id)) as no_evidence,
    (select count(*) from notice_recipients r cross join lateral (
        select count(*) as rows, (array_agg(e.hash order by e.no desc))[1] as head, bool_and(e.sound) as sound from (
            select e.no, e.hash, e.no = row_number() over chain
                   and e.previous = coalesce(lag(e.hash) over chain, '')
                   and e.hash = sha256(convert_to(concat(
                       '["', encode(e.previous, 'hex'), '",', e.no, ',"', e.what, '","',
                       to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '+00:00","',
                       encode(e.digest, 'hex'), '"]'), 'UTF8')) as sound
              from notice_evidence e where e.recipient_id = r.id window chain as (order by e.no)) as e) as c
      where r.length > 0 and (c.rows = r.length and c.head = r.head and c.sound) is not true) as chain_broken,
    (select count(*) from request_states where state in ('open', 'taken')) as requests_open,
    (select count(*) from alarms) as alarms
"""

OPEN = """
select state, count(*)::int as messages,
       greatest(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
  from outbox where state = 'ready' or state in ('sending', 'unknown') group by state
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

POLLS = """
select provider, extract(epoch from clock_timestamp() - begun_at)::float8 as since, failed, fetched from inbox_polls
"""

HOLDS = """
select channel from outbox_holds
"""

SIZE = """
select pg_database_size(current_database()) as bytes, current_setting('server_version') as version,
       (select count(*)::int from pg_stat_activity where datname = current_database()) as connections
"""


async def count(conn: Connection) -> dict[str, int]:
    """The counters by name; all but the totals, `readings`, `requests_open` and `alarms` are zero in a sound
    installation at rest."""
    row = await conn.fetchrow(COUNT)
    assert row is not None
    return {name: int(number) for name, number in row.items()}


async def stand(conn: Connection) -> Stand:
    """How it stands now; asked often, so it reads small tables and the open ends of large ones."""
    row = await conn.fetchrow(SIZE)
    assert row is not None
    return Stand(
        open={one["state"]: (one["messages"], one["oldest"]) for one in await conn.fetch(OPEN)},
        lost={one["state"]: one["messages"] for one in await conn.fetch(LOST)},
        alarms={one["kind"]: (one["alarms"], one["recent"]) for one in await conn.fetch(ALARMS)},
        failed_jobs={one["name"]: one["failed"] for one in await conn.fetch(FAILED_JOBS)},
        polls={one["provider"]: (one["since"], one["failed"], one["fetched"]) for one in await conn.fetch(POLLS)},
        held=tuple(one["channel"] for one in await conn.fetch(HOLDS)),
        size=row["bytes"],
        connections=row["connections"],
        version=row["version"],
    )


TABLES = """
select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'store')
 order by 1
"""

SUMS = """
select coalesce(sum(amount), 0)::bigint as ledger,
       coalesce(sum(amount) filter (where ledger = 'receivable'), 0)::bigint as owed
  from entries
"""

SNAPSHOT = """
select pg_export_snapshot()
"""

SEALED = """
select p.hash, p.sealed, c.data_key from phones p join customers c on c.id = p.customer_id
 where c.data_key is not null limit 1
"""


async def contents(conn: Connection) -> dict[str, tuple[int, str]]:
    """Every table with the number of its rows and a sum over what they hold, the same in any order."""
    summed = "coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text"
    found: dict[str, tuple[int, str]] = {}
    for (name,) in await conn.fetch(TABLES):  # quoted names from the catalog
        row = await conn.fetchrow(f"select count(*)::bigint, {summed} from {name} as t")  # noqa: S608
        assert row is not None
        found[name] = (row[0], row[1])
    return found


async def sums(conn: Connection) -> tuple[int, int]:
    """The sum of the whole ledger, which is zero, and of what customers owe, in kopecks."""
    row = await conn.fetchrow(SUMS)
    assert row is not None
    return row["ledger"], row["owed"]


async def snapshot(conn: Connection) -> str:
    """The name under which others may see what this transaction sees."""
    return str(await conn.fetchval(SNAPSHOT))


async def sealed_phone(conn: Connection) -> tuple[bytes, bytes, bytes] | None:
    """Some phone's hash, the sealed phone, and the sealed key that opens it; None where there is none."""
    row = await conn.fetchrow(SEALED)
    return None if row is None else (row["hash"], row["sealed"], row["data_key"])


SETUP = """
select current_setting('server_version_num')::int / 10000 as version,
       current_setting('synchronous_commit') as synchronous_commit, current_setting('fsync') as fsync,
       current_setting('full_page_writes') as full_page_writes, current_setting('data_checksums') as data_checksums,
       extract(epoch from clock_timestamp())::float8 - $1::float8 as ahead,
       has_table_privilege('meterline_app', 'entries', 'update, delete')
       or has_table_privilege('meterline_app', 'readings', 'update, delete') as may_change_facts,
       (select count(*)::int from alarms where stored_at > clock_timestamp() - interval '1 day') as alarms
"""


async def setup(conn: Connection, *, at: float) -> Setup:
    """How the migrated database is set up; `at` is our clock, in seconds since 1970."""
    row = await conn.fetchrow(SETUP, at)
    assert row is not None
    names = ("synchronous_commit", "fsync", "full_page_writes", "data_checksums")
    return Setup(
        version=row["version"],
        settings={name: row[name] for name in names},
        ahead=row["ahead"],
        may_change_facts=row["may_change_facts"],
        alarms=row["alarms"],
    )
