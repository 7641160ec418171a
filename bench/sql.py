"""What the bench asks of the database: a town made set-wise, its state before each round, and what rounds wrote."""

from asyncpg import Connection

ACCOUNTS = """
insert into accounts (id, customer_id, number, timezone, opened_on) overriding system value
select n, n, (100000000 + n)::text, 'Europe/Moscow', date '2023-11-01' from generate_series($1::bigint, $2::bigint) as n
"""

POINTS = """
insert into points (id, account_id, service, tariff) overriding system value
select n, n, 'electricity', 'RU-FLAT' from generate_series($1::bigint, $2::bigint) as n
"""

METERS = """
insert into meters (id, account_id, point_id, serial, digits, capacity_kw, zones, installed_on) overriding system value
select n, n, n, lpad(n::text, 8, '0'), 5, 15, array['total'], date '2023-11-01'
  from generate_series($1::bigint, $2::bigint) as n
"""

LINKS = """
insert into links (phone_hash, account_id, role, valid_from, evidence)
select hash, customer_id, 'owner', '2023-11-01', 'bench' from phones where customer_id between $1 and $2
"""

STATES = """
insert into account_states (account_id, fact_no, balance, billed_through, claims, issued, registers)
select n, m.fact_no, m.balance, m.billed_through, m.claims,
       (select jsonb_agg(jsonb_set(line, '{1}', to_jsonb(n))) from jsonb_array_elements(m.issued) as line),
       jsonb_build_object(n || '.1', m.registers -> '1.1')
  from account_states as m, generate_series(2::bigint, $1::bigint) as n
 where m.account_id = 1
"""

KEEP = """
create unlogged table bench_states as select account_id, registers from account_states
"""

DATA_KEYS = """
select id, data_key from customers where id between $1 and $2
"""

CHATS = """
insert into chats (hash, phone_hash, customer_id, sealed, evidence, bound_at)
select new.hash, p.hash, p.customer_id, new.sealed, 'bench', '2023-11-01'
  from unnest($1::bigint[], $2::bytea[], $3::bytea[]) as new (number, hash, sealed)
  join phones p on p.customer_id = new.number
"""
"""A private chat for the phone of each of these accounts."""

RESTORE = """
update account_states as s set registers = kept.registers
  from bench_states as kept
 where kept.account_id = s.account_id and kept.registers is distinct from s.registers
"""

AGE = """
update inbox set received_at = received_at - interval '1 hour'
"""

STATE = """
select balance, claims::text, issued::text, registers::text from account_states where account_id = 1
"""

COUNTS = """
select (select count(*) from inbox), (select count(*) from inbox where fate = 'answered'),
       (select count(*) from outbox), (select count(*) from readings where inbox_id is not null),
       (select coalesce(sum(fact_no), 0)::bigint from account_states where account_id <= $1)
"""

KINDS = """
select kind, count(*) from outbox group by kind order by kind
"""

DELIVERED = """
select count(*) from outbox where state = 'delivered'
"""

GIVEN_UP = """
update outbox set state = 'expired' where state = 'ready'
"""
"""Answers that nobody was to send stand in the way of later ones to the same phones."""

PASSED_OVER = """
insert into jobs (name, period, state, started_at, counts)
values ('close_month', $1, 'running', $3, json_build_object('after', $2::bigint)::jsonb)
"""
"""Makes the closing of a month go on behind an account."""

PAYLOAD = """
select max(octet_length(payload)) from inbox
"""


OPEN = """
select exists (select from outbox where state = 'ready')
    or exists (select from outbox where state in ('sending', 'unknown'))
"""

BEGUN = """
select count(*) from outbox where state <> 'ready'
"""

SENT = """
select count(*) from outbox where state = 'sent' and reference is not null
"""

PHONES = """
select p.hash, p.customer_id, c.data_key from phones p join customers c on c.id = p.customer_id order by c.id limit $1
"""

READY = """
insert into outbox (id, channel, class, customer_id, address_hash, body, body_hash, segments, locale, kind, state)
select gen_random_uuid(), 'sms', 'works', asked.customer, asked.hash, asked.body, sha256(asked.body), 1, 'ru',
       'Notice works', 'ready'
  from unnest($1::bytea[], $2::bigint[], $3::bytea[]) as asked (hash, customer, body)
"""

GREETINGS = """
update outbox set class = 'greeting', kind = 'Notice greeting'
"""

REPLY = """
insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale, kind,
                    state)
select gen_random_uuid(), 'sms', 'reply', o.customer_id, sha256('somebody else'), $2, o.body, o.body_hash, 1, 'ru',
       'Accepted', 'ready'
  from outbox o where o.customer_id = $1
returning id
"""

ENDED = """
select o.state = 'sent' as sent,
       (select count(*)::int from outbox g where g.class = 'greeting' and g.state = 'sent') as greetings
  from outbox o where o.id = $1
"""

ONE_CUSTOMER = """
select id, data_key from customers order by id limit 1
"""

NOTHING_SENT = """
truncate outbox, outbox_steps, notice_evidence
"""

NOTHING_SAID = """
truncate outbox, outbox_steps, notice_recipients, notice_chunks, notice_evidence, notice_events, notice_approvals,
         notice_versions, notices
"""

CONSENT = """
insert into consents (phone_hash, topic, given, how, by, since, recorded_at)
select hash, 'greeting', true, 'page', 'bench', $1::timestamptz - interval '1 day', $1 from phones
"""

ONE_INSERT = """
insert into outbox (id, channel, class, customer_id, address_hash, body, body_hash, segments, locale, kind, state,
                    owner, closes_at)
select gen_random_uuid(), 'sms', 'greeting', customer_id, hash, decode(repeat('ab', 107), 'hex'), sha256('said'), 1,
       'ru', 'Notice greeting', 'ready', 'notices', now() + interval '8 hours'
  from phones order by customer_id limit $1
"""

WORDED = """
select count(*)::int, count(distinct o.address_hash)::int
  from notice_recipients r join outbox o on o.id = r.outbound_id and o.state = 'ready' where r.notice_id = $1
"""


async def settle(conn: Connection, last: int, *, first: int) -> None:
    """Accounts, points, meters and links for the customers and phones with these numbers."""
    for statement in (ACCOUNTS, POINTS, METERS, LINKS):
        await conn.execute(statement, first, last)


async def copy_states(conn: Connection, last: int) -> None:
    """The state of account 1 for all the others, each with its own meter; kept, to be restored before each round."""
    await conn.execute(STATES, last)
    await conn.execute(KEEP)
    await conn.execute("create unique index on bench_states (account_id)")


async def restore(conn: Connection) -> None:
    """The registers as they stood before any round, an hour gone by, so that nobody seems to repeat himself like a
    machine, and tables as tidy as a night leaves them."""
    await conn.execute(RESTORE)
    await conn.execute(AGE)
    for table in ("account_states", "inbox", "outbox", "readings"):
        await conn.execute(f"vacuum (analyze) {table}")
    await conn.execute("checkpoint")
