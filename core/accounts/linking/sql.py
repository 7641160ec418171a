"""What the database is asked about phones that are tied to accounts and taken off them."""

import json
from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from core.accounts.linking.model import DAY, Due, EndedLink, Named, Newcomer, NewLink, OtherPhone, Tries, Waiting
from core.accounts.model import Link, Question
from core.accounts.sql import link_of

QUESTION = """
select kind, terms, asked_at, expires_at from questions where phone_hash = $1
"""

TRIES = """
select began, neutral, asked, wrong from attempts where phone_hash = $1
"""

KEEP_TRIES = """
insert into attempts (phone_hash, began, neutral, asked, wrong) values ($1, $2, $3, $4, $5)
on conflict (phone_hash) do update
   set began = excluded.began, neutral = excluded.neutral, asked = excluded.asked, wrong = excluded.wrong
"""

ACCOUNT = """
select id from accounts where number = $1
"""

NAMED = """
select a.customer_id, c.data_key,
       (select b.amount from claims b where b.account_id = a.id and b.kind in ('bill', 'opening') and b.amount > 0
         order by b.month desc, b.no desc limit 1),
       (select count(distinct r.no) from readings r
         where r.account_id = $1 and r.source = 0 and r.recorded_at > $2)
  from accounts a join customers c on c.id = a.customer_id
 where a.id = $1
"""

OWNERS = """
select p.hash, p.customer_id, c.data_key, p.sealed, p.language,
       not exists (select from questions q where q.phone_hash = p.hash and q.expires_at > $3)
  from links l join phones p on p.hash = l.phone_hash join customers c on c.id = p.customer_id
 where l.account_id = $1 and l.valid_to is null and l.valid_from <= $3
   and (l.role = any($4::text[]) or 'manage' = any(l.extra)) and l.phone_hash <> $2
 order by l.id
"""

NEWCOMERS = """
select l.account_id, l.phone_hash, l.role <> 'unverified', p.customer_id, c.data_key, p.sealed, p.language
  from links l join phones p on p.hash = l.phone_hash join customers c on c.id = p.customer_id
 where l.account_id = any($1::bigint[]) and l.valid_to is null and l.phone_hash <> $2 and l.valid_from > $3
   and l.evidence ~ '^(reg|contract|invited|moved) '
 order by l.id
"""

DEPARTED = """
select distinct l.account_id
  from links l join link_ends e on e.link_id = l.id
 where l.account_id = any($1::bigint[]) and l.phone_hash <> $2 and l.valid_from > $3
   and l.evidence ~ '^(reg|contract|invited|moved) ' and e.evidence in ('owner denied', 'not me')
"""

KNOWN = """
select l.phone_hash, l.account_id, l.role, l.extra
  from links l
 where l.account_id = $1 and l.valid_from <= $2 and l.recorded_at <= $3
   and not exists (select from link_ends e where e.link_id = l.id and e.at <= $2 and e.recorded_at <= $3)
 order by l.id
"""

ADD_PHONE = """
insert into phones (hash, customer_id, sealed, language, created_at, proven_at) values ($1, $2, $3, $4, $5, $5)
on conflict (hash) do update
   set customer_id = excluded.customer_id, sealed = excluded.sealed, language = excluded.language,
       opted_out = false, bounced = 0, proven_at = excluded.proven_at
 where exists (select from customers c where c.id = phones.customer_id and c.data_key is null)
"""

END_LINKS = """
with ended as (
    update links l set valid_to = $4
      from unnest($1::bigint[], $2::bytea[], $3::text[]) as gone (account_id, phone_hash, evidence)
     where l.account_id = gone.account_id and l.phone_hash = gone.phone_hash and l.valid_to is null
    returning l.id, gone.evidence
)
insert into link_ends (link_id, at, evidence, recorded_at) select id, $4, evidence, $4 from ended
"""

ADD_LINKS = """
insert into links (phone_hash, account_id, role, extra, name, valid_from, evidence, recorded_at)
select phone_hash, account_id, role, string_to_array(extra, ','), name, $7, evidence, $7
  from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[])
       as new (account_id, phone_hash, role, evidence, extra, name)
on conflict (phone_hash, account_id) where valid_to is null do nothing
"""


SPEND = """
insert into budgets (name, began, used) values ($1, $2, 1)
on conflict (name) do update
   set began = case when $2 >= budgets.began + interval '1 hour' then $2 else budgets.began end,
       used = case when $2 >= budgets.began + interval '1 hour' then 1 else budgets.used + 1 end
returning used
"""

WAIT = """
insert into waiting_grants (owner_hash, account_id, phone_hash, until)
select * from unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::timestamptz[])
on conflict do nothing
"""

DUE = """
select distinct on (w.owner_hash)
       w.owner_hash, w.account_id, w.phone_hash, w.until, a.number, n.sealed as phone, k.data_key as phone_key,
       p.customer_id, c.data_key, p.sealed, p.language
  from waiting_grants w
  join accounts a on a.id = w.account_id
  join (phones n join customers k on k.id = n.customer_id) on n.hash = w.phone_hash
  join (phones p join customers c on c.id = p.customer_id) on p.hash = w.owner_hash
 where w.owner_hash = any($1::bytea[]) and w.until > $2
   and exists (select from links l where l.phone_hash = w.phone_hash and l.account_id = w.account_id
                                     and l.valid_to is null and l.valid_from <= $2 and l.role = 'unverified')
   and exists (select from links l where l.phone_hash = w.owner_hash and l.account_id = w.account_id
                                     and l.valid_to is null and l.valid_from <= $2)
 order by w.owner_hash, w.until
"""

ASKED = """
delete from waiting_grants w
 using unnest($1::bytea[], $2::bigint[], $3::bytea[]) as gone (owner_hash, account_id, phone_hash)
 where w.owner_hash = gone.owner_hash and w.account_id = gone.account_id and w.phone_hash = gone.phone_hash
"""


async def question(conn: Connection, phone_hash: bytes) -> Question | None:
    """The question that is open to the phone; an expired one is still there and tells so by its time."""
    row = await conn.fetchrow(QUESTION, phone_hash)
    return Question(row["kind"], json.loads(row["terms"]), row["asked_at"], row["expires_at"]) if row else None


async def tries(conn: Connection, phone_hash: bytes, *, at: datetime) -> Tries:
    """What the phone has tried within a day."""
    row = await conn.fetchrow(TRIES, phone_hash)
    return Tries(*row).of(at) if row else Tries(at)


async def keep_tries(conn: Connection, phone_hash: bytes, tried: Tries) -> None:
    await conn.execute(KEEP_TRIES, phone_hash, tried.began, tried.neutral, tried.asked, tried.wrong)


async def account(conn: Connection, number: str) -> int:
    """The id of the account with that number, 0 where there is none."""
    found: int = await conn.fetchval(ACCOUNT, number) or 0
    return found


async def spend(conn: Connection, budget: str, *, at: datetime) -> int:
    """Counts one more of the hour's budget; the number so far. Nobody else counts until the transaction ends."""
    used: int = await conn.fetchval(SPEND, budget, at)
    return used


async def named(
    conn: Connection, account_id: int, phone_hash: bytes, *, managing: Sequence[str], at: datetime
) -> Named | None:
    """What stands of an account, which the caller has locked; `phone_hash` is the phone that names it, `managing` are
    the roles of those who are to be told."""
    row = await conn.fetchrow(NAMED, account_id, at - DAY)
    owners = [OtherPhone(*one) for one in await conn.fetch(OWNERS, account_id, phone_hash, at, managing)]
    if row is None:
        return None
    customer, key, bill, left = row
    return Named(account_id, customer, key, bill, tuple(owners), left)


async def newcomers(
    conn: Connection, account_ids: Sequence[int], phone_hash: bytes, *, since: datetime
) -> tuple[Newcomer, ...]:
    """The other phones that were linked to these accounts since then, by more than a file; oldest first."""
    return tuple(
        Newcomer(account, digest, trusted, OtherPhone(digest, customer, key, sealed, language, free=False))
        for account, digest, trusted, customer, key, sealed, language in await conn.fetch(
            NEWCOMERS, account_ids, phone_hash, since
        )
    )


async def departed(
    conn: Connection, account_ids: Sequence[int], phone_hash: bytes, *, since: datetime
) -> frozenset[int]:
    """Those of the accounts to which another phone was linked so since then, and taken off again."""
    return frozenset(row[0] for row in await conn.fetch(DEPARTED, account_ids, phone_hash, since))


async def links_known(
    conn: Connection, account_id: int, *, on: datetime, known_at: datetime
) -> tuple[tuple[bytes, Link], ...]:
    """The phones that were linked to the account at the time `on`, as far as it was on record at `known_at`: what the
    gateway acted upon can be shown later, whatever was learned since."""
    rows = await conn.fetch(KNOWN, account_id, on, known_at)
    return tuple((digest, link_of(account, role, extra, None)) for digest, account, role, extra in rows)


async def add_phone(
    conn: Connection, phone_hash: bytes, *, customer_id: int, sealed: bytes, language: str, at: datetime
) -> None:
    """Keeps a phone with the customer; one that is in somebody's keeping already stays there."""
    await conn.execute(ADD_PHONE, phone_hash, customer_id, sealed, language, at)


async def end_links(conn: Connection, ended: Sequence[EndedLink], *, at: datetime) -> None:
    """Ends links, and keeps since when that is known."""
    if ended:
        columns = zip(*((one.account_id, one.phone_hash, one.evidence) for one in ended), strict=True)
        await conn.execute(END_LINKS, *columns, at)


async def add_links(conn: Connection, new: Sequence[NewLink], *, at: datetime) -> None:
    """Makes links; a phone has one to an account at a time."""
    if new:
        rows = ((*_tie(one), ",".join(sorted(one.extra)), one.name) for one in new)
        await conn.execute(ADD_LINKS, *zip(*rows, strict=True), at)


def _tie(link: NewLink) -> tuple[int, bytes, str, str]:
    return link.account_id, link.phone_hash, link.role, link.evidence


async def wait(conn: Connection, waiting: Sequence[Waiting]) -> None:
    """Keeps what owners are to be asked once nothing else is open to them."""
    columns = zip(*((one.owner_hash, one.account_id, one.phone_hash, one.until) for one in waiting), strict=True)
    await conn.execute(WAIT, *columns)


async def due(conn: Connection, owners: Sequence[bytes], *, at: datetime) -> tuple[Due, ...]:
    """What these owners may be asked now, one question each, the one that has waited longest; nothing of phones that
    were trusted or taken off in the meantime."""
    return tuple(
        Due(
            Waiting(row["owner_hash"], row["account_id"], row["phone_hash"], row["until"]),
            row["number"],
            row["phone_key"],
            row["phone"],
            OtherPhone(
                row["owner_hash"], row["customer_id"], row["data_key"], row["sealed"], row["language"], free=True
            ),
        )
        for row in await conn.fetch(DUE, owners, at)
    )


async def asked(conn: Connection, done: Sequence[Waiting]) -> None:
    """They wait no more."""
    await conn.execute(ASKED, *zip(*((one.owner_hash, one.account_id, one.phone_hash) for one in done), strict=True))
