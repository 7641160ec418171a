"""What the database is asked about phones, links and accounts."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts.model import SCOPES, Account, Link, Role, Scope, Sender

SENDERS = """
select p.hash, p.language, p.opted_out, p.customer_id, c.data_key, l.account_id, l.role, l.extra, l.name
  from unnest($1::bytea[]) as wanted (hash)
  join phones p on p.hash = wanted.hash
  join customers c on c.id = p.customer_id
  left join links l on l.phone_hash = p.hash and l.valid_to is null
 order by p.hash, l.id
"""

LOCK = """
select id, number, timezone, currency, persons
  from accounts where id = any($1::bigint[]) order by id for no key update
"""

SET_LANGUAGES = """
update phones set language = new.language
  from unnest($1::bytea[], $2::text[]) as new (hash, language) where phones.hash = new.hash
"""

SET_OPT_OUTS = """
update phones set opted_out = new.opted_out
  from unnest($1::bytea[], $2::boolean[]) as new (hash, opted_out) where phones.hash = new.hash
"""


async def senders(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, Sender]:
    """Who the addresses with these hashes are; those that are linked to nothing stand with no links."""
    rows = await conn.fetch(SENDERS, hashes)
    found: dict[bytes, Sender] = {digest: Sender(hash=digest) for digest in hashes}
    links: dict[bytes, list[Link]] = {}
    for digest, language, opted_out, customer, key, account, role, extra, name in rows:
        known = links.setdefault(digest, [])
        if account is not None:
            known.append(_link(account, role, extra, name))
        found[digest] = Sender(digest, language, tuple(known), customer, key, opted_out)
    return found


def _link(account_id: int, role: str, extra: Sequence[str], name: str | None) -> Link:
    scopes = SCOPES[Role(role)]
    return Link(account_id, Role(role), scopes | {Scope(more) for more in extra} if extra else scopes, name)


async def lock(conn: Connection, account_ids: Sequence[int]) -> dict[int, Account]:
    """The accounts, locked until the transaction ends, in the order of their ids: no two lockers wait in a ring."""
    rows = await conn.fetch(LOCK, account_ids)
    return {
        row["id"]: Account(row["id"], row["number"], ZoneInfo(row["timezone"]), row["currency"], row["persons"])
        for row in rows
    }


async def set_languages(conn: Connection, wanted: Sequence[tuple[bytes, str]]) -> None:
    await conn.execute(SET_LANGUAGES, *zip(*wanted, strict=True))


async def set_opt_outs(conn: Connection, wanted: Sequence[tuple[bytes, bool]]) -> None:
    await conn.execute(SET_OPT_OUTS, *zip(*wanted, strict=True))


