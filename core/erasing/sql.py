"""What the database is asked about customers who are erased."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from asyncpg import Connection, Record

from core.erasing.model import Erasure, State, Warned

FIND = """
select id, number, customer_id from accounts where number = $1
"""

OPENED_FOR = """
select id, number from accounts where customer_id = $1 order by id
"""

LOCK_CUSTOMER = """
select data_key from customers where id = $1 for update
"""

CONTRACTS = """
select n.number from contracts_now n where n.account_id = any($1::bigint[]) and n.state = 'in_force' order by n.id
"""

WARNINGS = """
select a.number, (r.worded_at at time zone a.timezone)::date, (r.ended_at at time zone a.timezone)::date
  from notice_recipients r join accounts a on a.id = r.account_id
 where r.account_id = any($1::bigint[]) and r.subject > 0 and r.outbound_id is not null
 order by r.id
"""

VISITS = """
select distinct day from visits
 where account_id = any($1::bigint[]) and state in ('held', 'booked', 'arrived', 'called') order by day
"""

SUPPLIED = """
select distinct a.number from meters m join accounts a on a.id = m.account_id
 where m.account_id = any($1::bigint[]) and (m.removed_on is null or m.removed_on > $2) order by a.number
"""

ASK = """
insert into erasures (customer_id, account_id, request, supply, asked_by, asked_at)
select $1, $2, $3, $4, $5, $6
 where not exists (select from erasures e where e.customer_id = $1
                      and not exists (select from erasure_ends f where f.erasure_id = e.id and not f.done))
returning id
"""

_one = """
select e.id, e.customer_id, e.account_id, a.number, e.request, e.supply, e.asked_by, e.asked_at, f.done, f.by, f.at,
       f.act::text
  from erasures e join accounts a on a.id = e.account_id left join erasure_ends f on f.erasure_id = e.id
"""

ONE = f"""
{_one} where e.id = $1
"""

LISTED = f"""
{_one} where e.id < $1 order by e.id desc limit $2
"""

END = """
insert into erasure_ends (erasure_id, asked_by, by, done, at, act)
select id, asked_by, $2, $3, $4, $5::jsonb from erasures where id = $1
on conflict do nothing returning erasure_id
"""

KEPT_FOR_OTHERS = """
select distinct on (p.hash) p.hash, p.sealed, k.id, k.data_key
  from phones p
  join links l on l.phone_hash = p.hash and l.valid_to is null and l.account_id <> all($2::bigint[])
  join accounts a on a.id = l.account_id
  join customers k on k.id = a.customer_id and k.data_key is not null and k.id <> $1
 where p.customer_id = $1
 order by p.hash, l.id
"""

KEEP_ELSEWHERE = """
update phones p set customer_id = new.customer_id, sealed = new.sealed
  from unnest($1::bytea[], $2::bigint[], $3::bytea[]) as new (hash, customer_id, sealed) where p.hash = new.hash
"""

HIS_PHONES = """
select hash from phones where customer_id = $1 order by hash for no key update
"""

HELD = """
select (select count(*) from phones where customer_id = $1) as phones,
       (select count(*) from customers where id = $1 and name_sealed is not null) as names,
       (select count(*) from accounts where id = any($2) and address_sealed is not null) as addresses,
       (select count(*) from links where valid_to is null and (account_id = any($2) or phone_hash = any($3))) as links,
       (select count(*) from identity_documents where customer_id = $1)
       + (select count(*) from bank_accounts where account_id = any($2)) as documents,
       (select count(*) from chats where phone_hash = any($3) and sealed is not null) as chats,
       (select count(*) from web_sessions where phone_hash = any($3)) as sessions,
       (select count(*) from inbox where sender_hash = any($3) and payload is not null) as texts,
       (select count(*) from outbox where address_hash = any($3) and body is not null) as answers,
       (select count(*) from requests where phone_hash = any($3)) as requests,
       (select count(*) from contracts where customer_id = $1) as contracts,
       (select count(*) from printed_bills where account_id = any($2)) as bills
"""

STAYS = """
select (select count(*) from entries where account_id = any($1)) as entries,
       (select count(*) from claims where account_id = any($1)) as claims,
       (select count(*) from payments where account_id = any($1)) as payments,
       (select count(*) from readings where account_id = any($1)) as readings
"""

END_LINKS = """
with ended as (
    update links set valid_to = $3
     where valid_to is null and (account_id = any($1::bigint[]) or phone_hash = any($2::bytea[]))
    returning id
)
insert into link_ends (link_id, at, evidence, recorded_at) select id, $3, 'erased', $3 from ended
"""

END_CHATS = """
with ended as (
    update chats set ended_at = $3
     where ended_at is null and (customer_id = $1 or phone_hash = any($2::bytea[]))
    returning id
)
insert into chat_ends (chat_id, at, why) select id, $3, 'erased' from ended
"""

END_SESSIONS = """
with programs as (
    update api_tokens set ended_at = $2 where phone_hash = any($1::bytea[]) and ended_at is null
), sheets as (
    delete from web_sheets where phone_hash = any($1::bytea[])
), codes as (
    delete from web_codes where phone_hash = any($1::bytea[])
), grants as (
    delete from waiting_grants where owner_hash = any($1::bytea[]) or phone_hash = any($1::bytea[])
), open as (
    delete from questions where phone_hash = any($1::bytea[])
)
update web_sessions set ended_at = $2 where phone_hash = any($1::bytea[]) and ended_at is null
"""

DESTROY = """
update customers set data_key = null, name_sealed = null where id = $1 and data_key is not null returning id
"""

EMPTY_WORDS = """
select looked, cleared from empty_words($1, $2, $3)
"""


async def empty_words(conn: Connection, class_: str, *, before: datetime, most: int) -> tuple[int, int]:
    """Empties the next messages of the class that are older; how many were looked at, and how many had words."""
    row = await conn.fetchrow(EMPTY_WORDS, class_, before, most)
    return (0, 0) if row is None else (row["looked"], row["cleared"])


async def find(conn: Connection, number: str) -> tuple[int, str, int] | None:
    """The account of the number: its id, number, and the customer for whom it was opened."""
    row = await conn.fetchrow(FIND, number)
    return None if row is None else tuple(row)


async def opened_for(conn: Connection, customer_id: int) -> dict[int, str]:
    """The accounts that were opened for the customer, by id with their numbers, whoever holds them now."""
    return {row["id"]: row["number"] for row in await conn.fetch(OPENED_FOR, customer_id)}


async def lock_customer(conn: Connection, customer_id: int) -> bytes | None:
    """The customer's stored key, None where he was erased; nobody else erases him until the transaction ends."""
    key: bytes | None = await conn.fetchval(LOCK_CUSTOMER, customer_id)
    return key


async def contracts(conn: Connection, account_ids: Sequence[int]) -> list[str]:
    """The numbers of SMS contracts that are in force."""
    return [row[0] for row in await conn.fetch(CONTRACTS, account_ids)]


async def warnings(conn: Connection, account_ids: Sequence[int]) -> list[Warned]:
    """The official warnings that went out about the accounts."""
    return [Warned(*row) for row in await conn.fetch(WARNINGS, account_ids)]


async def visits(conn: Connection, account_ids: Sequence[int]) -> list[date]:
    """The days of visits that are to come or under way."""
    return [row[0] for row in await conn.fetch(VISITS, account_ids)]


async def supplied(conn: Connection, account_ids: Sequence[int], *, today: date) -> list[str]:
    """The numbers of those accounts that have a meter in use."""
    return [row[0] for row in await conn.fetch(SUPPLIED, account_ids, today)]


async def ask(
    conn: Connection, customer_id: int, account_id: int, *, request: str, supply: str, by: str, at: datetime
) -> int | None:
    """The id of what was asked for; None where it is asked for already, or was done."""
    id: int | None = await conn.fetchval(ASK, customer_id, account_id, request, supply, by, at)
    return id


async def one(conn: Connection, id: int) -> Erasure | None:
    row = await conn.fetchrow(ONE, id)
    return None if row is None else _erasure(row)


async def listed(conn: Connection, *, before: int, most: int) -> list[Erasure]:
    """Erasures with smaller ids, the latest first, so many at most."""
    return [_erasure(row) for row in await conn.fetch(LISTED, before, most)]


async def end(conn: Connection, id: int, *, by: str, done: bool, at: datetime, act: dict[str, Any]) -> bool:
    """Writes down what became of it; False: that is written already."""
    return await conn.fetchval(END, id, by, done, at, json.dumps(act, ensure_ascii=False)) is not None


async def kept_for_others(
    conn: Connection, customer_id: int, account_ids: Sequence[int]
) -> list[tuple[bytes, bytes, int, bytes]]:
    """The phones in his keeping that speak for accounts of others: hash, sealed, and the customer of the first of these
    links with his stored key."""
    return [tuple(row) for row in await conn.fetch(KEPT_FOR_OTHERS, customer_id, account_ids)]


async def keep_elsewhere(conn: Connection, phones: Sequence[tuple[bytes, int, bytes]]) -> None:
    """Each phone (hash, customer, sealed for him) is in another's keeping from now on."""
    await conn.execute(KEEP_ELSEWHERE, *zip(*phones, strict=True))


async def his_phones(conn: Connection, customer_id: int) -> list[bytes]:
    """The hashes of the phones in his keeping, locked."""
    return [row[0] for row in await conn.fetch(HIS_PHONES, customer_id)]


async def held(
    conn: Connection, customer_id: int, account_ids: Sequence[int], phones: Sequence[bytes]
) -> dict[str, int]:
    """How much there is of him that will be destroyed, by kind."""
    row = await conn.fetchrow(HELD, customer_id, account_ids, phones)
    return dict(row) if row else {}


async def stays(conn: Connection, account_ids: Sequence[int]) -> dict[str, int]:
    """How much of his accounts stays, without him, by kind."""
    row = await conn.fetchrow(STAYS, account_ids)
    return dict(row) if row else {}


async def close(
    conn: Connection, customer_id: int, account_ids: Sequence[int], phones: Sequence[bytes], *, at: datetime
) -> None:
    """Ends what speaks for him: links, chats, logins, programs, open questions."""
    await conn.execute(END_LINKS, account_ids, phones, at)
    await conn.execute(END_CHATS, customer_id, phones, at)
    await conn.execute(END_SESSIONS, phones, at)


async def destroy(conn: Connection, customer_id: int) -> None:
    """The customer's key is gone, and all that was sealed with it; what was not is taken away by the database itself
    (forget_customer)."""
    await conn.execute(DESTROY, customer_id)


def _erasure(row: Record) -> Erasure:
    id, customer_id, account_id, account, request, supply, asked_by, asked_at, done, by, at, act = row
    state = State.ASKED if done is None else State.DONE if done else State.TURNED_DOWN
    text = json.loads(act).get("text", {}) if act else {}
    return Erasure(id, customer_id, account_id, account, request, supply, asked_by, asked_at, state, by, at, text)
