"""Each counter of the audit is zero in sound books and sees the damage that it is there to see (Q4)."""

import aiohttp
import asyncpg
import pytest

from core.audit import sql as audit
from tests import make
from tests.flows import conftest as flows
from tests.make import A, M

OUTBOUND = """
insert into outbox (id, channel, class, address_hash, body_hash, segments, locale, kind, state)
values ('00000000-0000-7000-8000-00000000000{no}', 'sms', 'reply', '\\x00', '\\x00', 1, 'ru', 'Accepted', '{state}')
"""
INBOUND = """
insert into inbox (channel, provider, reference, sender_hash, received_at, content_hash, fate, outbound_id)
values ('sms', 'twilio', 'SM{no}', '\\x00', now(), '\\x00', '{fate}', {outbound})
"""
REPORT = """
insert into reports (channel, outbound_id, reference, state, raw, received_at)
values ('sms', '00000000-0000-7000-8000-000000000001', 'SM1', 'delivered', '\\x00', now())
"""
READING = """
insert into readings (account_id, no, meter_id, register, day, value, source, inbox_id, recorded_at)
select account_id, 900, id, 1, '2025-11-21', 5000, 2, {inbox}, now() from meters limit 1
"""
ENTRY = """
insert into entries (account_id, no, line, ledger, amount, on_day, booked_on, recorded_at)
select id, 901, 1, 'bank', 1, '2025-11-21', '2025-11-21', now() from accounts limit 1
"""
POLL = """
insert into inbox_polls (provider, confirmed, due_at, begun_at, owner, fetched, failed)
values ('twilio', now(), now(), now(), 'test', {fetched}, {failed})
"""
REQUEST = """
insert into requests (number, subject, phone_hash, inbox_id, words, opened_at)
values ('101', 'human', '\\x00', 1, '\\x00', now())
"""
OFFICE = """
insert into offices (code, name, name_latin, short, short_latin, address, place, place_latin, timezone, windows, step)
values ('x1', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'Europe/Moscow', 1, 20)
"""
SLOT = """
insert into slots (office_id, day, no, starts, starts_at, capacity, taken)
select id, '2025-11-24', 27, '09:00', '2025-11-24 06:00+00', 1, 1 from offices limit 1
"""

NOTICE = """
insert into notices (kind, state, created_at, created_by, since) values ('disconnection', 'running', now(), 'a', now())
"""
PERSON = """
insert into notice_recipients (notice_id, phone_hash, subject, account_id, customer_id, language, debt{columns})
select n.id, p.hash, a.id, a.id, a.customer_id, 'ru', 1{values} from notices n, accounts a, phones p
"""
CHUNK = """
insert into notice_chunks (notice_id, first, last) select notice_id, id, id from notice_recipients
"""
EVIDENCE = """
insert into notice_evidence (recipient_id, no, what, at, body, digest, previous, hash)
select id, 1, 'approval', now(), '', sha256(''), '', sha256('1') from notice_recipients
"""

DAMAGE = {
    "inbox_total": (INBOUND.format(no=1, fate="muted", outbound="null"),),
    "inbox_new": (INBOUND.format(no=1, fate="answered", outbound="gen_random_uuid()"),),
    "inbox_quarantined": (INBOUND.format(no=1, fate="quarantined", outbound="null"),),
    "inbox_muted": (INBOUND.format(no=1, fate="muted", outbound="null"),),
    "inbox_fetched": (POLL.format(fetched=1, failed=0),),
    "polls_failed": (POLL.format(fetched=0, failed=1),),
    "outbox_total": (OUTBOUND.format(no=1, state="sent"),),
    "outbox_open": (OUTBOUND.format(no=1, state="ready"),),
    "unknown_outcome": (OUTBOUND.format(no=1, state="unknown"),),
    "regressed": (OUTBOUND.format(no=1, state="sent"), REPORT),
    "ledger_sum": (ENTRY,),
    "ledger_unbalanced": ("update entries set amount = amount + 1 where ledger = 'receivable'",),
    "balance_differs": ("update account_states set balance = balance + 1",),
    "readings": (READING.format(inbox=1),),
    "readings_unexplained": (READING.format(inbox=-1),),
    "overbooked": (OFFICE, SLOT),
    "bcast_open": (NOTICE, PERSON.format(columns="", values=""), CHUNK),
    "no_evidence": (NOTICE, PERSON.format(columns=", outbound_id", values=", gen_random_uuid()")),
    "chain_broken": (NOTICE, PERSON.format(columns=", length, head", values=", 1, sha256('1')"), EVIDENCE),
    "requests_open": (REQUEST,),
    "alarms": ("insert into alarms (kind, about, at) values ('test', 'nothing', now())",),
}
"""By counter: statements after which it is not zero."""


@pytest.fixture
async def sound(owner_conn: asyncpg.Connection) -> asyncpg.Connection:
    """Sound books of one account, open to damage."""
    await make.company(owner_conn)
    claims = (("2025-10", "431.60", make.BEGUN.date()),)
    await make.account(owner_conn, A("100004321", (M("0098765"),), (("+79780001705", "owner"),), claims=claims))
    return owner_conn


async def test_sound_books_count_to_zero(sound: asyncpg.Connection) -> None:  # Q4
    assert await sound.fetchval("select count(*) from entries") > 0
    counted = await audit.count(sound)
    assert counted == dict.fromkeys(counted, 0)


async def test_every_counter_has_its_damage(sound: asyncpg.Connection) -> None:  # Q4
    assert set(await audit.count(sound)) == set(DAMAGE)


@pytest.mark.parametrize("counter", DAMAGE)
async def test_damage_is_seen(sound: asyncpg.Connection, counter: str) -> None:  # Q4
    for statement in DAMAGE[counter]:
        await sound.execute(statement)
    assert (await audit.count(sound))[counter] != 0


async def test_the_program_may_count(conn: asyncpg.Connection) -> None:  # Q4
    assert await conn.fetchval("select current_user") == "meterline_app"
    assert await audit.count(conn)


@pytest.mark.parametrize("bearer", [None, "Bearer ", "Bearer another token for tests", "Basic " + flows.AUDIT])
async def test_only_the_bearer_of_the_token_is_told(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, bearer: str | None
) -> None:  # Q4
    async with flows.street(database, pool) as town, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{town.parts.settings.staff_port}/audit"
        async with session.get(address, headers={"Authorization": bearer} if bearer else {}) as refused:
            assert refused.status == 401
            assert "Bearer" in refused.headers["WWW-Authenticate"]
            assert b"ledger" not in await refused.read()
        async with session.get(f"{town.url}/audit") as elsewhere:
            assert elsewhere.status == 404
        assert (await town.audit())["ledger_sum"] == 0


@pytest.fixture
async def company(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    return owner
