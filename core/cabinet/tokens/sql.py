"""What the database is asked about the tokens of programs."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection, Record

from core.cabinet.model import SEEN_TO

BEARER = """
with found as (
    select id, phone_hash, begun_at, scopes, seen_at from api_tokens
     where digest = $1 and ended_at is null and expires_at > $2
), seen as (
    update api_tokens t set seen_at = $2 from found where t.id = found.id and coalesce(found.seen_at < $3, true)
)
select found.id as session, found.begun_at, found.scopes, p.hash, p.sealed, p.language, p.opted_out, p.customer_id,
       c.data_key, p.proven_at, p.bounced, l.account_id, l.role, l.extra, l.name, a.number, a.timezone, a.currency,
       a.persons, (select coalesce(max(id), 0) from tariffs) as tariff
  from found
  join phones p on p.hash = found.phone_hash
  join customers c on c.id = p.customer_id
  left join (links l join accounts a on a.id = l.account_id)
         on l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= $4
 order by l.id
"""

ADD_ONE = """
insert into api_tokens (digest, phone_hash, name, scopes, begun_at, expires_at)
select $1, hash, $3, $4, $5, $6 from phones
 where hash = $2
   and (select count(*) from api_tokens where phone_hash = $2 and ended_at is null and expires_at > $5) < $7
returning id
"""

LOCK_PHONE = """
select hash from phones where hash = $1 for no key update
"""

CLOSE = """
update api_tokens set ended_at = $3 where phone_hash = $1 and id = $2 and ended_at is null
"""

CLOSE_ALL = """
update api_tokens set ended_at = $2 where phone_hash = $1 and ended_at is null
"""

HELD = """
select id, name, scopes, begun_at, expires_at, seen_at from api_tokens
 where phone_hash = $1 and ended_at is null and expires_at > $2 order by id desc
"""


async def bearer(conn: Connection, digest: bytes, *, wall: datetime, at: datetime) -> list[Record]:
    """The token that holds with its phone and the links that the phone has at the time `at`, a row each; none where
    none is. That it was used is noted in the same statement."""
    rows: list[Record] = await conn.fetch(BEARER, digest, wall, wall - SEEN_TO, at)
    return rows


async def begin(
    conn: Connection,
    digest: bytes,
    phone_hash: bytes,
    *,
    name: str,
    scopes: Sequence[str],
    at: datetime,
    till: datetime,
    most: int,
) -> bool:
    """Keeps a token; False where the phone has so many already. In a transaction, which locks the phone."""
    await conn.fetchval(LOCK_PHONE, phone_hash)
    return await conn.fetchval(ADD_ONE, digest, phone_hash, name, scopes, at, till, most) is not None


async def end(conn: Connection, phone_hash: bytes, token: int, *, at: datetime) -> None:
    """Ends a token of this phone; one of another stays."""
    await conn.execute(CLOSE, phone_hash, token, at)


async def end_all(conn: Connection, phone_hash: bytes, *, at: datetime) -> None:
    await conn.execute(CLOSE_ALL, phone_hash, at)


async def held(conn: Connection, phone_hash: bytes, *, at: datetime) -> list[Record]:
    """The tokens of the phone that hold, the latest first."""
    rows: list[Record] = await conn.fetch(HELD, phone_hash, at)
    return rows
