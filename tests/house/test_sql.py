"""Every SQL constant fits the schema, may be run by the program's role, and finds its rows by an index."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.house import tree

PARTITIONED = ("readings", "withdrawals", "claims", "charges", "entries")
BIG = (
    *PARTITIONED, "customers", "accounts", "phones", "links", "points", "meters", "account_states", "questions",
    "payments", "inbox", "outbox", "reports", "claim_names", "requests", "request_events", "tasks", "task_events",
    "day_accounts", "day_rows", "conditions", "kept_counts",
    "notice_recipients", "notice_evidence", "outbox_steps",
    "search_keys", "identity_documents", "bank_accounts", "printed_bills",
)  # fmt: skip
"""Tables that grow with the customers or with time."""

WHOLE = {
    "core.audit.sql.COUNT": "counts everything, on purpose and on request",
    "core.audit.sql.SUMS": "the sum of the whole ledger, when a restored database is compared with its dump",
    "core.audit.sql.SEALED": "the first phone that comes, when an installation is examined",
    "core.billing.sql.METERED_COUNT": "once at the beginning of a month's close",
    "core.billing.sql.METERED": "goes through all accounts in the order of their ids, in chunks",
    "core.books.sql.GATHER": "once at the beginning of a day's close",
    "core.books.sql.STRAYS": "what a day booked, over all accounts, when its seal is proven",
    "core.requests.sql.PENDING_ONES": "the list of an employee, on request",
    "core.tasks.gathering.sql.ASIDE": "readings that were put aside, by an index of such readings alone",
    "core.billing.debts.sql.OWING": "goes through all accounts that owe, in chunks, for a report",
    "core.books.morning.sql.BOOKED": "what a day booked, over all accounts",
    "core.books.morning.sql.CHAINS": "the heads of all evidence, once a day",
    "core.books.reports.sql.TURNOVER": "goes through all accounts in the order of their ids, in chunks",
    "core.books.reports.sql.OWING": "goes through all accounts in the order of their ids, in chunks",
    "core.books.reports.sql.BOOKED": "what some days booked, over all accounts",
    "core.doors.looking.sql.UNPROVEN": "the list of an employee, on request, by indexes of such facts alone",
    "core.quality.sql.NO_PHONE": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.SHARED_PHONE": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.NO_TARIFF": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.NO_POWER": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.NO_METER": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.SILENT": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.EXPIRED": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.NO_SEAL": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.ODD_DATES": "goes through all accounts once a night, in the order of their ids",
    "core.quality.sql.DUE": "counts all meters that have to be verified, on request",
    "core.quality.sql.DUE_METERS": "the list of an employee, on request",
    "core.tasks.sql.DONE": "the list of an employee, on request; a page where its size is known",
    "core.tasks.sql.DONE_OF_KIND": "the list of an employee, on request; a page where its size is known",
    "core.tasks.gathering.sql.REQUESTS": "beside the messages; the last few where it is known behind which",
    "core.notices.people.sql.PLAN": "finds the audience of a notice among all accounts, when looked at or approved",
    "core.notices.people.sql.PLAN_WITHOUT_DEBTS": "the same, where nothing speaks of a debt",
    "core.notices.people.sql.COUNTS": "all people of one notice, when it is looked at",
    "core.notices.people.sql.SOME": "the largest debts among all people of one notice, when it is looked at",
    "core.notices.warnings.sql.PERHAPS_PROTECTED": "all people of one warning, when it is looked at or approved",
    "core.notices.people.sql.NO_PHONE": "counts whom of the audience nothing can be told, when it is looked at",
    "core.cabinet.sql.SERVICES": "which plan is for which service, of a public page, at most once in ten minutes",
    "core.importing.sql.ENDED_LINKS": "only where a file names a new phone for an account known before",
}
"""Statements that may read a table from end to end, and why."""

FILL = """
insert into customers (kind) select 'household' from generate_series(1, 20000);
insert into accounts (customer_id, number, timezone, opened_on)
select id, '1' || lpad(id::text, 8, '0'), 'Europe/Moscow', '2023-11-01' from customers;
insert into phones (hash, customer_id, sealed)
select sha256(id::text::bytea), id, sha256('sealed'::bytea) from customers;
insert into links (phone_hash, account_id, role, evidence)
select sha256(a.customer_id::text::bytea), a.id, 'owner', 'test' from accounts a;
insert into points (account_id, service, tariff) select id, 'electricity', 'RU-FLAT' from accounts;
insert into meters (account_id, point_id, serial, digits, zones, installed_on)
select account_id, id, '0' || id, 5, '{total}', '2023-11-01' from points;
insert into account_states (account_id, fact_no) select id, 4 from accounts;
insert into kept_counts (account_id, no, bill, issued_on, tariffs, plan, counts)
select id, 4, 0, '2025-10-01', 1, 'RU-FLAT', '[]' from accounts;
insert into readings (account_id, no, meter_id, register, day, value, source, recorded_at)
select m.account_id, i, m.id, 1, date '2025-10-01' + i * 10, 1000 + i, 2, now()
  from meters m, generate_series(1, 3) as i;
insert into withdrawals (account_id, no, reading_no, recorded_at) select id, 4 + i, i, now()
  from accounts, generate_series(1, 3) as i;
insert into claims (account_id, no, month, kind, amount, due_on, issued_on, external_id, recorded_at)
select id, 5, '2025-10-01', 'bill', 43160, '2025-11-10', '2025-11-01', 'c' || id, now() from accounts;
insert into claim_names (external_id, account_id, no) select external_id, account_id, no from claims;
insert into charges (account_id, no, line, month, service, kind, amount)
select id, 5, 1, '2025-10-01', 'electricity', 'energy', 43160 from accounts;
insert into entries (account_id, no, line, ledger, amount, on_day, booked_on, recorded_at)
select a.id, 5, l.line, l.ledger, l.amount, '2025-11-01', '2025-11-01', now()
  from accounts a, (values (1, 'receivable', 43160), (2, 'revenue', -43160)) as l (line, ledger, amount);
insert into payments (account_id, no, account_text, external_id, paid_on, amount)
select id, 6, number, 'p' || id, date '2025-11-10' - (id % 500)::int, 43160 from accounts;
insert into questions (phone_hash, kind, terms, asked_at, expires_at) select hash, 'confirm', '{}', now(), now()
  from phones;
insert into inbox (channel, provider, reference, sender_hash, received_at, content_hash, fate, outbound_id)
select 'sms', 'twilio', 'SM' || customer_id, hash, now(), hash, 'answered', gen_random_uuid() from phones;
insert into outbox (id, channel, class, address_hash, body_hash, segments, locale, kind, state, reference)
select outbound_id, channel, 'reply', sender_hash, content_hash, 1, 'ru', 'Accepted', 'delivered', reference from inbox;
insert into reports (channel, outbound_id, reference, state, raw, received_at)
select channel, id, reference, state, body_hash, now() from outbox;
insert into outbox_steps (outbound_id, attempt, state, at)
select id, k, 'sent', now() from outbox, generate_series(1, 2) as k;
insert into requests (number, subject, account_id, customer_id, phone_hash, inbox_id, words, opened_at)
select 100 + id, 'human', id, customer_id, sha256(customer_id::text::bytea), id, '', now() from accounts;
insert into day_accounts (day, account_id, taken)
select date '2025-11-01' + d, id, 5 from accounts, generate_series(0, 2) as d;
insert into day_rows (day, account_id, watermark, balance, lines, hash)
select day, account_id, 5, 43160, 2, sha256('row') from day_accounts;
insert into request_events (request_id, state, at, by) select id, 'taken', now(), 'test' from requests;
insert into alarms (kind, about, at, inbox_id)
select case when id % 200 = 0 then 'not me' else 'no tariff' end, number, now(), id from accounts;
insert into tasks (kind, request_id, account_id, customer_id, inbox_id, phone_hash, opened_at, due_at, state, since,
                   owner, done_at)
select 'human', r.id, r.account_id, r.customer_id, r.inbox_id, r.phone_hash, now() - make_interval(mins => r.id::int),
       now() - make_interval(mins => r.id::int), case when r.id % 50 = 0 then 'taken' else 'closed' end, now(),
       'clerk' || r.id % 30, case when r.id % 50 = 0 then null else now() end
  from requests r;
insert into task_events (task_id, what, at, by) select id, 'taken', now(), 'test' from tasks;
insert into conditions (account_id, no, kind, subject, valid_from, value, source, author, recorded_at)
select id, 7, 'persons', id, '2025-11-01', '3', 'test', 'test', now() from accounts;
insert into search_keys (digest, customer_id, account_id)
select c.id * 10 + k, c.id, case k when 1 then 0 else a.id end
  from customers c join accounts a on a.customer_id = c.id, generate_series(1, 2) as k
 union all select 7, id, 0 from customers where id % 40 = 0;
insert into identity_documents (customer_id, kind, sealed, recorded_at)
select id, 'passport', 'x', now() from customers;
insert into bank_accounts (account_id, sealed, recorded_at) select id, 'x', now() from accounts;
insert into printed_bills (account_id, no, form, body, digest, printed_at)
select id, 5, 'text', 'x', sha256('x'), now() from accounts;
insert into notices (kind, created_at, created_by, since, state, version)
select 'disconnection', now(), 'test', now(), 'done', 1 from generate_series(1, 200);
insert into notice_recipients (notice_id, phone_hash, subject, account_id, customer_id, language, debt, outbound_id,
                               worded_at, ended_at)
select n.first + a.id % 200, p.hash, a.id, a.id, a.customer_id, 'ru', 43160, o.id, now(),
       case when a.id % 20 > 0 then now() end
  from accounts a join phones p on p.customer_id = a.customer_id join outbox o on o.address_hash = p.hash,
       (select min(id) as first from notices) n;
insert into notice_chunks (notice_id, first, last, worded_at)
select notice_id, min(id), max(id), now() from notice_recipients group by notice_id;
insert into notice_evidence (recipient_id, no, what, at, body, digest, previous, hash)
select r.id, k, 'text', now(), '', sha256(''), '', sha256('') from notice_recipients r, generate_series(1, 5) as k;
analyze;
"""


def constants() -> Iterator[tuple[str, str]]:
    """Every SQL text by the name it is known by: module and constant."""
    for path in tree.python("core/", "demo/"):
        if path.name == "sql.py":
            module = importlib.import_module(".".join(path.with_suffix("").parts))
            for name, value in vars(module).items():
                if name.isupper() and isinstance(value, str):
                    yield f"{module.__name__}.{name}", value


CONSTANTS = dict(constants())
ON_THE_WAY = {name: text for name, text in CONSTANTS.items() if name.startswith("core.") and name not in WHOLE}


@pytest.mark.parametrize("name", CONSTANTS)
async def test_statement_fits_the_schema(conn: asyncpg.Connection, name: str) -> None:
    if name.startswith("core."):
        assert await conn.fetchval("select current_user") == "meterline_app"
    await conn.prepare(CONSTANTS[name])


@pytest.mark.parametrize("name", CONSTANTS)
def test_statement_is_used(name: str) -> None:
    """A text that nothing sends is not kept: it would go out of date unseen."""
    module, _, constant = name.rpartition(".")
    assert tree.text(Path(*module.split(".")).with_suffix(".py")).count(constant) > 1


async def test_rows_are_found_by_an_index(owner_conn: asyncpg.Connection) -> None:
    """No statement on the way of a message or an import reads a big table from end to end, and of a partitioned one
    each goes to the partition of its account."""
    await make.company(owner_conn)
    await owner_conn.execute(FILL)
    await owner_conn.execute("set local role meterline_app")
    wrong = [
        f"{name}: {found}" for name, text in ON_THE_WAY.items() for found in _faults(await _plan(owner_conn, text))
    ]
    assert not wrong, "\n".join(wrong)


async def test_a_missing_index_is_seen(owner_conn: asyncpg.Connection) -> None:
    await owner_conn.execute(FILL)
    for without in ("select from accounts where persons = $1::int", "select from readings where no = $1::bigint"):
        assert list(_faults(await _plan(owner_conn, without)))


async def _plan(conn: asyncpg.Connection, text: str) -> dict[str, Any]:
    """The plan that is made once for all values."""
    prepared = await conn.prepare(text)
    values = ", ".join("null" for _ in prepared.get_parameters())
    await conn.execute("set local plan_cache_mode = force_generic_plan")
    await conn.execute(f"prepare looked_at as {text}")
    explained = await conn.fetchval(f"explain (format json) execute looked_at{values and f'({values})'}")
    await conn.execute("deallocate looked_at")
    plan: dict[str, Any] = json.loads(explained)[0]["Plan"]
    return plan


def _faults(plan: dict[str, Any]) -> Iterator[str]:
    for node in _nodes(plan):
        table = node.get("Relation Name", "")
        parent = table.rpartition("_")[0]
        partitioned = parent in PARTITIONED
        if node["Node Type"].endswith("Seq Scan") and (partitioned or table in BIG):
            yield f"reads all of {table}"
        elif partitioned and "account_id" not in node.get("Index Cond", "") + node.get("Recheck Cond", ""):
            yield f"asks {table} without the account"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
