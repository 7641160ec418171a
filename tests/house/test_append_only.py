"""Facts are only ever added: the role that the program runs as can neither change nor delete one."""

import asyncpg
import pytest

FACTS = (
    "readings",
    "withdrawals",
    "claims",
    "claim_names",
    "charges",
    "payments",
    "entries",
    "tariffs",
    "reports",
    "alarms",
    "link_ends",
    "requests",
    "request_events",
    "task_events",
    "conditions",
    "building_conditions",
    "movements",
    "day_cuts",
    "day_accounts",
    "day_rows",
    "day_heads",
    "registries",
    "statements",
    "organisations",
    "building_managers",
    "printed_reports",
    "write_offs",
    "bill_seals",
    "employee_posts",
    "looks",
    "contracts",
    "contract_signings",
    "contract_ends",
    "contract_scans",
    "consents",
    "identity_documents",
    "bank_accounts",
    "printed_bills",
    "chat_ends",
    "notice_versions",
    "notice_approvals",
    "notice_events",
    "notice_evidence",
    "outbox_steps",
    "office_days",
    "office_changes",
    "visit_events",
    "visit_papers",
    "stores",
    "device_movements",
    "invitations",
    "invitation_ends",
    "phone_moves",
    "phone_move_ends",
    "erasures",
    "erasure_ends",
)
PARTITIONED = ("readings", "withdrawals", "claims", "charges", "entries")
WHOLE = {
    "company", "phones", "account_states", "kept_counts", "questions", "jobs", "attempts", "budgets", "inbox_polls",
    "quality_counts",
    "task_marks", "task_notices", "chat_talks",
}  # fmt: skip
PARTS = {
    "api_tokens": {"seen_at", "ended_at"},
    "outbox_buckets": {"tokens", "filled_at"},
    "customers": {"data_key", "name_sealed"},
    "accounts": {"opened_on"},
    "links": {"name", "valid_to", "contract_on"},
    "meters": {"installed_on", "removed_on", "verified_until"},
    "employees": {"name", "phone_sealed"},
    "employee_secrets": {
        "password",
        "totp_sealed",
        "totp_step",
        "invitation",
        "invited_till",
        "failed",
        "locked_till",
        "language",
    },
    "staff_sessions": {"seen_at", "ended_at"},
    "web_sessions": {"seen_at", "ended_at"},
    "web_codes": {"tries", "used_at"},
    "chats": {"ended_at", "dead_at"},
    "chat_photos": {"not_before", "tries", "kept_at", "digest", "kept_digest", "content"},
    "devices": {"place", "store_id", "goal_id", "verified_until"},
    "tasks": {"state", "since", "owner", "done_at", "urged_at"},
    "outbox": {
        "state",
        "attempt",
        "owner",
        "lease_until",
        "not_before",
        "reference",
        "code",
        "changed_at",
        "closes_at",
        "doubts",
    },
    "notices": {"version", "state", "since", "starts_at"},
    "notice_chunks": {"look_after", "worded_at"},
    "notice_recipients": {
        "bar",
        "code",
        "look_after",
        "outbound_id",
        "worded_at",
        "sent_at",
        "delivered_at",
        "letter_at",
        "ended_at",
        "acknowledged_at",
        "promised_until",
        "chat_at",
        "chat_outbound_id",
        "length",
        "head",
    },
    "offices": {
        "name",
        "name_latin",
        "short",
        "short_latin",
        "address",
        "place",
        "place_latin",
        "phone",
        "timezone",
        "windows",
        "step",
        "calendar",
        "services",
        "receives",
    },
    "services": {"name", "name_latin", "word", "word_latin", "minutes", "explains", "stems", "rank"},
    "slots": {"capacity", "taken"},
    "visits": {
        "office_id",
        "slots",
        "day",
        "starts",
        "starts_at",
        "ticket",
        "service",
        "reason",
        "state",
        "since",
        "held_until",
        "reminded",
        "confirmed",
        "place",
        "mark",
    },
}
"""Tables of which only these columns may change: what was said, and what decides a bill, may not."""

CHANGING = {
    *WHOLE,
    *PARTS,
    "points",
    "inbox",
    "waiting_grants",
    "outbox_holds",
    "staff_forms",
    "search_keys",
    "task_watches",
    "web_forms",
    "web_sheets",
    "office_hours",
    "emptied",
}
"""What is no fact: how things stand now, what can be derived again, and how far a message has come."""

TABLES = """
select c.relname from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
"""
PARTITIONS = "select c.oid::regclass::text from pg_class c where c.relispartition and c.relkind = 'r'"


async def refused(conn: asyncpg.Connection, statement: str) -> bool:
    try:
        async with conn.transaction():
            await conn.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    return False


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {}"])
async def test_a_fact_cannot_be_changed(conn: asyncpg.Connection, table: str, statement: str) -> None:  # R16
    column = await conn.fetchval("select attname from pg_attribute where attrelid = $1::regclass and attnum = 2", table)
    assert await refused(conn, statement.format(table, column, column))


async def test_every_table_is_a_fact_or_may_change(conn: asyncpg.Connection) -> None:  # R16
    """A new table must take its place in one of the lists."""
    assert {row[0] for row in await conn.fetch(TABLES)} == {*FACTS, *CHANGING, "buildings"}


async def test_only_what_changes_may_be_changed(conn: asyncpg.Connection) -> None:  # R16
    tables = [row[0] for row in await conn.fetch(TABLES)]
    may = {
        right: {name for name in tables if await conn.fetchval("select has_table_privilege($1, $2)", name, right)}
        for right in ("update", "delete", "truncate", "trigger")
    }
    assert may == {
        "update": WHOLE,
        "delete": {
            "questions",
            "waiting_grants",
            "outbox_holds",
            "staff_forms",
            "task_watches",
            "notice_recipients",
            "notice_chunks",
            "web_codes",
            "web_forms",
            "web_sheets",
            "office_hours",
            "slots",
        },
        "truncate": set(),
        "trigger": set(),
    }


async def test_of_the_others_only_some_columns_may_be_changed(conn: asyncpg.Connection) -> None:  # R16
    columns = "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped"
    allowed = "select has_column_privilege($1, $2, 'update')"
    for table in CHANGING - WHOLE:
        names = [row[0] for row in await conn.fetch(columns, table)]
        may = {name for name in names if await conn.fetchval(allowed, table, name)}
        assert may == PARTS.get(table, set()), table


async def test_a_column_gives_no_way_in(conn: asyncpg.Connection) -> None:  # R16
    for table in FACTS:
        assert not await conn.fetchval("select has_any_column_privilege($1, 'update')", table)


async def test_partitions_are_reached_through_their_parents_only(conn: asyncpg.Connection) -> None:  # R16
    leaves = [row[0] for row in await conn.fetch(PARTITIONS)]
    assert len(leaves) == 8 * len(PARTITIONED)
    for leaf in leaves:
        assert await refused(conn, f"select from {leaf}"), leaf
        assert await refused(conn, f"delete from {leaf}"), leaf


@pytest.mark.parametrize(
    "statement",
    [
        "alter table entries add column more text",
        "drop table entries",
        "create table more (id int)",
        "alter table entries disable trigger all",
        "alter table entries owner to meterline_app",
        "create function public.more() returns int language sql as 'select 1'",
    ],
)
async def test_the_role_owns_nothing(conn: asyncpg.Connection, statement: str) -> None:  # R16
    assert await refused(conn, statement)


async def test_no_statement_changes_facts_on_its_own(conn: asyncpg.Connection) -> None:  # R16
    """No trigger stands on a table of facts: what is stored is what was written. That of the outbox changes nothing, it
    writes the steps of official messages down beside it."""
    found = await conn.fetch("select tgrelid::regclass::text as at, tgname from pg_trigger where not tgisinternal")
    assert {(row["at"], row["tgname"]) for row in found} == {
        ("customers", "customers_erased"), ("outbox", "outbox_official"),
    }  # fmt: skip
    assert "customers" not in FACTS
