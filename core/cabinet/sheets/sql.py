"""What the database is asked for the cabinet of many accounts, and about files with readings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from asyncpg import Connection, Record

KEPT = timedelta(days=7)
"""So long the result of a file is kept."""

PLACES_OF = """
select a.id, a.opened_on, a.address_sealed, c.data_key,
       (select json_agg(json_build_array(p.id, p.service, p.tariff) order by p.id)
          from points p where p.account_id = a.id)::text as points
  from accounts a
  join customers c on c.id = a.customer_id
 where a.id = any($1::bigint[])
"""

KEEP_SHEET = """
insert into web_sheets (phone_hash, key, body, at) values ($1, $2, $3, $4) on conflict do nothing
"""

SHEET = """
select body from web_sheets where phone_hash = $1 and key = $2
"""

FORGET_SHEETS = """
delete from web_sheets where at < $1
"""


async def places(conn: Connection, account_ids: Sequence[int]) -> list[Record]:
    """What each of the accounts is: since when, where, of whom, and its supply points."""
    rows: list[Record] = await conn.fetch(PLACES_OF, account_ids)
    return rows


async def keep(conn: Connection, phone_hash: bytes, key: str, body: bytes, *, at: datetime) -> None:
    """Keeps the result of a file; those of long ago go."""
    await conn.execute(KEEP_SHEET, phone_hash, key, body, at)
    await conn.execute(FORGET_SHEETS, at - KEPT)


async def sheet(conn: Connection, phone_hash: bytes, key: str) -> bytes | None:
    """The sealed result of a file of this phone; None where there is none."""
    body: bytes | None = await conn.fetchval(SHEET, phone_hash, key)
    return body
