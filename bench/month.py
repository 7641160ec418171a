"""Closing and billing a month, end to end, at several sizes, against a peer's bare bills."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asyncpg import Connection

from bench import processor, town
from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing import posting, profiles, tariffs
from core.billing import sql as billing_sql
from core.billing.engine import closing, deriving
from core.billing.model import ClaimKind
from core.metering import sql as metering
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres

FIRST = Month(2024, 10)
"""The first month with readings."""
HISTORY = 13
"""Months of readings before the first one that is closed."""

SAMPLE = 500
"""So many accounts, or a few more, are billed once more from all their facts."""

MODELS = 10_000
"""So many accounts are derived by the program; the facts of the others, and so their states, are copies of theirs."""

_CHUNK = 100_000

PEOPLE = """
with made as (
    insert into customers (id, kind) overriding system value
    select n, 'household' from generate_series($1::bigint, $2::bigint) as n
)
insert into accounts (id, customer_id, number, timezone, opened_on) overriding system value
select n, n, (100000000 + n)::text, 'Europe/Moscow', date '2023-11-01' from generate_series($1::bigint, $2::bigint) as n
"""

POINTS = """
insert into points (id, account_id, service, tariff) overriding system value
select n, n, 'electricity', case when n % 10 < 6 then 'RU-FLAT' when n % 10 < 8 then 'RU-DN' else 'CRIMEA-CITY' end
  from generate_series($1::bigint, $2::bigint) as n
"""

METERS = """
insert into meters (id, account_id, point_id, serial, digits, capacity_kw, zones, installed_on) overriding system value
select n, n, n, lpad(n::text, 8, '0'), 5, 15,
       case when n % 10 in (6, 7) then array['day', 'night'] else array['total'] end, date '2023-11-01'
  from generate_series($1::bigint, $2::bigint) as n
"""

READINGS = """
insert into readings (account_id, no, meter_id, register, day, value, source, recorded_at)
select n, $5::bigint + coalesce(s.fact_no, 0), n, register, $3::date + (m % 7)::int,
       (m * 7919 % 60000 + $4::int * (60 + m % 240) / register) % 100000, 2, $3::date + interval '8 days'
  from generate_series($1::bigint, $2::bigint) as n
 cross join lateral (select $6::bigint + (n - $6::bigint) % $7::bigint as m) as model
 cross join generate_series(1, 2) as register
  left join account_states as s on s.account_id = n
 where (register = 1 or n % 10 in (6, 7)) and m % 20 <> $4::int % 20
"""

NUMBERED = """
update account_states set fact_no = fact_no + 1 where account_id between $1 and $2
"""

OPENING = """
with numbered as (
    insert into account_states (account_id, fact_no)
    select n, $4::bigint from generate_series($1::bigint, $2::bigint) as n
    returning account_id, fact_no
)
insert into claims (account_id, no, month, kind, amount, due_on, issued_on, recorded_at)
select account_id, fact_no, $3::date, 'opening', 0, $3::date + 45, $3::date + 30, $3::date + interval '30 days'
  from numbered
"""

COPIED_STATES = """
update account_states as s
   set fact_no = m.fact_no, balance = m.balance, billed_through = m.billed_through, claims = m.claims,
       issued = (select coalesce(jsonb_agg(jsonb_set(line, '{1}', to_jsonb(s.account_id))), '[]')
                   from jsonb_array_elements(m.issued) as line),
       registers = (select jsonb_object_agg(s.account_id || '.' || split_part(key, '.', 2), value)
                      from jsonb_each(m.registers))
  from account_states as m
 where s.account_id between $1 and $2 and m.account_id = $3::bigint + (s.account_id - $3::bigint) % $4::bigint
"""

COPIED_COUNTS = """
insert into kept_counts as k (account_id, no, bill, issued_on, tariffs, plan, counts)
select n, m.no, m.bill, m.issued_on, m.tariffs, m.plan, m.counts
  from generate_series($1::bigint, $2::bigint) as n
  join kept_counts as m on m.account_id = $3::bigint + (n - $3::bigint) % $4::bigint
on conflict (account_id) do update
   set no = excluded.no, bill = excluded.bill, issued_on = excluded.issued_on, tariffs = excluded.tariffs,
       plan = excluded.plan, counts = excluded.counts
"""

STORED = """
select (select count(*) from claims where kind = 'bill' and month = $1),
       (select count(*) from charges where month = $1),
       (select coalesce(sum(amount), 0)::bigint from entries)
"""


@dataclass(frozen=True, slots=True)
class Round:
    """Accounts closed in a second, with the processor time of one account here and in the database, microseconds."""

    accounts: int
    rate: float
    program: float
    database: float
    bills: int
    peak: int


class Wrong(Exception):
    """Not every account got its bill, or the ledger does not sum to zero."""


async def measure(size: int, rounds: int, folder: Path) -> list[Round]:
    """So many rounds with a town of this size, a month of its own each.

    :raises Wrong: what was stored is not what should be.
    """
    with EmbeddedPostgres(folder) as server:
        owner = await store.connect(server.url, role=None)
        await migrate.migrate(owner)
        await _company(owner)
        month = await build(owner, 1, size)
        conn, beside = await store.connect(server.url), await store.connect(server.url)
        found = []
        for number in range(rounds + 1):
            month = month.next
            await read(owner, 1, size, month, HISTORY + number)
            await derive(owner, 1, size)
            one = await _close(conn, beside, month, size, server.pid)
            if number:  # the first one warms up
                found.append(one)
        for each in (conn, beside, owner):
            await each.close()
    return found


async def _company(conn: Connection) -> None:
    await accounts.set_company(conn, CompanyProfile("Bench", "8-800-000-00-00", "Europe/Moscow", "RUB", town.PACK))
    rows = [
        (one.plan, one.valid.start, one.valid.end, json.dumps(tariffs.encode(one)), one.source)
        for one in tariffs.shipped()
    ]
    columns = ["plan", "valid_from", "valid_to", "terms", "source"]
    await conn.copy_records_to_table("tariffs", records=rows, columns=columns)


async def build(conn: Connection, one: int, size: int) -> Month:
    """The accounts from `one` to `size` with their history; the last month before the first one to be closed."""
    for first, last in _spans(one, size):
        for statement in (PEOPLE, POINTS, METERS):
            await conn.execute(statement, first, last)
    month = FIRST
    for number in range(HISTORY):
        await _read(conn, one, size, month, number, number + 1)
        month = month.next
    before = month.previous
    await conn.execute(OPENING, one, size, before.first, HISTORY + 1, timeout=600)
    await conn.execute("vacuum (analyze)", timeout=600)
    return before


async def read(conn: Connection, one: int, size: int, month: Month, number: int) -> None:
    """The readings of a month, the one with this number, of the accounts from `one` to `size`."""
    await _read(conn, one, size, month, number, 1)
    for first, last in _spans(one, size):
        await conn.execute(NUMBERED, first, last, timeout=600)


async def _read(conn: Connection, one: int, size: int, month: Month, number: int, no: int) -> None:
    """Without a state, the facts get the number `no`; else `no` is added to the last."""
    day = month.first + timedelta(days=18)
    for first, last in _spans(one, size):
        await conn.execute(READINGS, first, last, day, number, no, one, MODELS, timeout=600)


async def derive(conn: Connection, one: int, size: int) -> None:
    """The states of the accounts from `one` to `size` by all their facts, and tables as tidy as a night leaves them."""
    models = min(size, one + MODELS - 1)
    await billing.rebuild(conn, range(one, models + 1))
    for first, last in _spans(models + 1, size):
        await conn.execute(COPIED_STATES, first, last, one, MODELS, timeout=600)
        await conn.execute(COPIED_COUNTS, first, last, one, MODELS, timeout=600)
    await conn.execute("vacuum (analyze) account_states, kept_counts, readings, claims, charges, entries", timeout=600)
    await conn.execute("checkpoint", timeout=600)


def _spans(one: int, size: int) -> Iterator[tuple[int, int]]:
    return ((first, min(size, first + _CHUNK - 1)) for first in range(one, size + 1, _CHUNK))


async def _close(conn: Connection, beside: Connection, month: Month, size: int, database: int) -> Round:
    due = profiles.due_on(town.PACK, month)
    at = datetime(month.next.year, month.next.month, 1, 2, tzinfo=UTC)
    before = await conn.fetchval("select coalesce(sum(amount), 0)::bigint from entries")
    since, own, theirs = time.perf_counter(), time.process_time(), processor.seconds(database, family=True)
    closed = await billing.close_month(conn, month, issued_on=month.next.first, due_on=due, at=at, beside=beside)
    took = time.perf_counter() - since
    own = time.process_time() - own
    theirs = processor.seconds(database, family=True) - theirs
    stored = await conn.fetchrow(STORED, month.first)
    assert stored is not None
    bills, lines, after = stored
    if bills != size or lines < size or before or after or closed.failed:
        raise Wrong(f"{bills} bills and {lines} lines for {size} accounts; the ledger sums to {after}")
    await _compare(conn, month, range(1, size + 1, max(1, size // SAMPLE)))
    return Round(size, size / took, own / size * 1e6, theirs / size * 1e6, bills, processor.peak(os.getpid()))


async def _compare(conn: Connection, month: Month, sample: Sequence[int]) -> None:
    """Bills the accounts of the sample once more, from all their facts, and derives their states.

    :raises Wrong: a bill, a correction or a state comes out otherwise.
    """
    tariffs, rules = await billing_sql.tariffs(conn), await posting.estimation(conn)
    meters, points = await metering.meters(conn, sample), await metering.points(conn, sample)
    for account, facts in (await posting.history(conn, sample)).items():
        of_month = next(one for one in facts.claims if one.kind is ClaimKind.BILL and one.month == month)
        stored = [one for one in facts.claims if one.issued_on == of_month.issued_on]
        before = deriving.known(facts, stored[0].no - 1)
        issues = closing.close(
            deriving.derive(before, meters[account], fresh=True, tariffs=tariffs, points=points[account]),
            meters[account],
            tariffs,
            persons=1,
            month=month,
            issued_on=of_month.issued_on,
            due_on=of_month.due_on,
            at_bills=deriving.at_bills(before, meters[account]),
            rules=rules,
            points=points[account],
        )
        lines = [line for line in facts.charges if line.no >= stored[0].no]
        if [one.claim for one in issues] != stored or [line for one in issues for line in one.lines] != lines:
            raise Wrong(f"account {account} is billed otherwise from all its facts")
    if changed := await billing.rebuild(conn, sample):
        raise Wrong(f"{changed} states come out otherwise from all facts")


def peer(rounds: int) -> list[float] | None:
    """Bills a second of the peer, a process of its own; None where it is not installed."""
    command = [sys.executable, "-m", "bench.bills", str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [float(one) for one in json.loads(done.stdout)] if done.returncode == 0 else None
