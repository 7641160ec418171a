"""What the database is asked about phones, links and accounts."""

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.accounts.model import SCOPES, Account, CompanyProfile, Link, Question, Role, Scope, Sender
from core.basics.payee import Payee

SENDERS = """
select p.hash, p.language, p.opted_out, p.customer_id, c.data_key, l.account_id, l.role, l.extra, l.name
  from unnest($1::bytea[]) as wanted (hash)
  join phones p on p.hash = wanted.hash
  join customers c on c.id = p.customer_id and c.data_key is not null
  left join links l on l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= $2
 order by p.hash, l.id
"""

LINKED = """
select p.hash, p.language, p.opted_out, p.customer_id, c.data_key, p.proven_at, p.bounced,
       l.account_id, l.role, l.extra, l.name
  from phones p
  join customers c on c.id = p.customer_id
  join links l on l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= $2
 where p.hash in (
     select phone_hash from links
      where account_id = any($1::bigint[]) and valid_to is null and valid_from <= $2)
 order by p.hash, l.id
"""

HOURS = """
select hash, told_from, told_till from phones where hash = any($1::bytea[]) and told_from is not null
"""

LOCK = """
select id, number, timezone, currency, persons
  from accounts where id = any($1::bigint[]) order by id for no key update
"""

LOCK_FREE = """
select id, number, timezone, currency, persons
  from accounts where id = any($1::bigint[]) order by id for no key update skip locked
"""

LOCK_STRANGERS = """
select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as strangers (key)
"""

SET_LANGUAGES = """
update phones set language = new.language
  from unnest($1::bytea[], $2::text[]) as new (hash, language) where phones.hash = new.hash
"""

SET_OPT_OUTS = """
with told as (
    update phones set opted_out = new.opted_out
      from unnest($1::bytea[], $2::boolean[], $3::timestamptz[]) as new (hash, opted_out, at)
     where phones.hash = new.hash
    returning new.hash, new.opted_out, new.at
)
insert into consents (phone_hash, topic, given, how, by, since, recorded_at)
select hash, 'news', not opted_out, 'text', '', at, at from told
"""

PROVE = """
update phones set proven_at = $2, bounced = 0
 where hash in (select hash from phones where hash = any($1::bytea[]) order by hash for no key update)
"""

SET_NAMES = """
update links set name = new.name
  from unnest($1::bytea[], $2::bigint[], $3::text[]) as new (hash, account_id, name)
 where links.phone_hash = new.hash and links.account_id = new.account_id and links.valid_to is null
"""

ASK = """
insert into questions (phone_hash, kind, terms, asked_at, expires_at)
select phone_hash, kind, terms::jsonb, asked_at, expires_at
  from unnest($1::bytea[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
       as new (phone_hash, kind, terms, asked_at, expires_at)
on conflict (phone_hash) do update
   set kind = excluded.kind, terms = excluded.terms, asked_at = excluded.asked_at, expires_at = excluded.expires_at
"""

DROP = """
delete from questions where phone_hash = any($1::bytea[])
"""

COMPANY = """
select name, phone, timezone, currency, profile, window_from, window_to, pay from company
"""

SET_COMPANY = """
insert into company (name, phone, timezone, currency, profile, window_from, window_to, pay)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do update set name = excluded.name, phone = excluded.phone, timezone = excluded.timezone,
                               currency = excluded.currency, profile = excluded.profile,
                               window_from = excluded.window_from, window_to = excluded.window_to, pay = excluded.pay
"""

PAYEE = """
select payee_name, payee_inn, payee_kpp, payee_account, payee_bank, payee_bic, payee_correspondent from company
 where payee_name is not null
"""

SET_PAYEE = """
update company set payee_name = $1, payee_inn = $2, payee_kpp = $3, payee_account = $4, payee_bank = $5,
                   payee_bic = $6, payee_correspondent = $7
"""


async def senders(conn: Connection, hashes: Sequence[bytes], *, at: datetime) -> dict[bytes, Sender]:
    """Who the addresses with these hashes are at that time; those that are linked to nothing, or not yet, stand with no
    links."""
    rows = await conn.fetch(SENDERS, hashes, at)
    found: dict[bytes, Sender] = {digest: Sender(hash=digest) for digest in hashes}
    links: dict[bytes, list[Link]] = {}
    for digest, language, opted_out, customer, key, account, role, extra, name in rows:
        known = links.setdefault(digest, [])
        if account is not None:
            known.append(link_of(account, role, extra, name))
        found[digest] = Sender(digest, language, tuple(known), customer, key, opted_out)
    return found


async def linked(conn: Connection, account_ids: Sequence[int], *, at: datetime) -> tuple[Sender, ...]:
    """The phones that are linked to any of the accounts at that time, each with all of its links."""
    found: dict[bytes, list[Record]] = {}
    for row in await conn.fetch(LINKED, account_ids, at):
        found.setdefault(row["hash"], []).append(row)
    return tuple(
        Sender(
            digest,
            rows[0]["language"],
            tuple(link_of(one["account_id"], one["role"], one["extra"], one["name"]) for one in rows),
            rows[0]["customer_id"],
            rows[0]["data_key"],
            rows[0]["opted_out"],
            rows[0]["proven_at"],
            rows[0]["bounced"],
        )
        for digest, rows in found.items()
    )


async def hours(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
    """From when and till when these phones want to be told what nobody asked for, where they have said so."""
    return {digest: (first, last) for digest, first, last in await conn.fetch(HOURS, hashes)}


def link_of(account_id: int, role: str, extra: Sequence[str], name: str | None) -> Link:
    """The link of a row: what its role allows, and what the owner has allowed beyond."""
    played = _ROLES[role]
    scopes = SCOPES[played]
    return Link(account_id, played, scopes | {Scope(more) for more in extra} if extra else scopes, name)


_ROLES = {str(role): role for role in Role}


async def lock(conn: Connection, account_ids: Sequence[int]) -> dict[int, Account]:
    """The accounts, locked until the transaction ends, in the order of their ids: no two lockers wait in a ring."""
    return _locked(await conn.fetch(LOCK, account_ids))


async def lock_free(conn: Connection, account_ids: Sequence[int]) -> dict[int, Account]:
    """Those of the accounts that nobody else holds, locked until the transaction ends; it waits for none."""
    return _locked(await conn.fetch(LOCK_FREE, account_ids))


def _locked(rows: Sequence[Record]) -> dict[int, Account]:
    return {
        id: Account(id, number, ZoneInfo(timezone), currency, persons)
        for id, number, timezone, currency, persons in rows
    }


async def lock_strangers(conn: Connection, hashes: Sequence[bytes]) -> None:
    """Lets no other process answer these unknown addresses until the transaction ends, so that their caps hold."""
    keys = sorted(int.from_bytes(digest[:8], "big", signed=True) for digest in hashes)
    await conn.execute(LOCK_STRANGERS, keys)


async def set_languages(conn: Connection, wanted: Sequence[tuple[bytes, str]]) -> None:
    await conn.execute(SET_LANGUAGES, *zip(*wanted, strict=True))


async def set_opt_outs(conn: Connection, wanted: Sequence[tuple[bytes, bool, datetime]]) -> None:
    """Keeps STOP and START: with the phone how it stands, and as facts of consent when it was said."""
    await conn.execute(SET_OPT_OUTS, *zip(*wanted, strict=True))


async def prove(conn: Connection, hashes: Sequence[bytes], *, at: datetime) -> None:
    """The phones are their persons' at that time."""
    await conn.execute(PROVE, hashes, at)


async def set_names(conn: Connection, given: Sequence[tuple[bytes, int, str]]) -> None:
    """Each phone's own name for an account."""
    await conn.execute(SET_NAMES, *zip(*given, strict=True))


async def ask(conn: Connection, asked: Sequence[tuple[bytes, Question]]) -> None:
    """Opens a question to each address, in place of the one that was open."""
    columns = zip(
        *((digest, one.kind, json.dumps(one.terms), one.asked_at, one.expires_at) for digest, one in asked), strict=True
    )
    await conn.execute(ASK, *columns)


async def drop_questions(conn: Connection, hashes: Sequence[bytes]) -> None:
    await conn.execute(DROP, hashes)


async def company(conn: Connection) -> CompanyProfile | None:
    """What is set of the company, None in a database where nothing is set yet."""
    row = await conn.fetchrow(COMPANY)
    if row is None:
        return None
    window = (row["window_from"], row["window_to"]) if row["window_from"] else None
    return CompanyProfile(
        row["name"], row["phone"], row["timezone"], row["currency"], row["profile"], window, row["pay"]
    )


async def set_company(conn: Connection, profile: CompanyProfile) -> None:
    first, last = profile.window or (None, None)
    await conn.execute(
        SET_COMPANY,
        profile.name,
        profile.phone,
        profile.timezone,
        profile.currency,
        profile.pack,
        first,
        last,
        profile.pay,
    )


async def payee(conn: Connection) -> Payee | None:
    """Whom bills are paid to, None where nothing is said of it."""
    row = await conn.fetchrow(PAYEE)
    return None if row is None else Payee(*row)


async def set_payee(conn: Connection, payee: Payee | None) -> None:
    """Keeps whom bills are paid to; None: bills name nobody. There is a company."""
    told = ("name", "inn", "kpp", "account", "bank", "bic", "correspondent")
    await conn.execute(SET_PAYEE, *(None if payee is None else getattr(payee, name) for name in told))
