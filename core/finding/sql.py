"""What the database is asked when an account is looked for; each list goes by (customer, account) and is cut."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.finding.model import Place
from core.finding.words import LOOKALIKES

BY_TAIL = """
select 0::bigint, id from accounts
 where reverse(number) collate "C" >= reverse($1::text) collate "C"
   and reverse(number) collate "C" < reverse($1::text) || chr(1114111) collate "C"
   and id > $2 order by id limit $3
"""

BY_POINT = """
select 0::bigint, a.id, p.id as point
  from unnest($1::bigint[], $2::text[]) as asked (point, number)
  join points p on p.id = asked.point
  join accounts a on a.id = p.account_id and a.number = asked.number
 where a.id > $3 order by a.id limit $4
"""

BY_METER = """
select 0::bigint, m.account_id, m.serial, m.brand, m.removed_on is not null and m.removed_on <= $3 as gone
  from meters m
 where m.serial = $1 and m.removed_on is distinct from m.installed_on
   and ($2 = '' or translate(regexp_replace(upper(m.brand), '[^0-9A-ZА-ЯЁ]', '', 'g'), $4, $5) = $2)
   and m.account_id > $6 order by m.account_id limit $7
"""

BY_BUILDING = """
select 0::bigint, a.id
  from buildings b join accounts a on a.building_id = b.id
 where b.code = $1 and a.id > $2 order by a.id limit $3
"""

BY_PHONE = """
select 0::bigint, l.account_id, bool_and(l.valid_to is not null) as before
  from links l where l.phone_hash = $1 and l.account_id > $2
 group by l.account_id order by l.account_id limit $3
"""

RAREST = """
select asked.digest, (select count(*) from (select from search_keys k where k.digest = asked.digest limit 1000) as few)
  from unnest($1::bigint[]) as asked (digest)
"""

BY_KEYS = """
select k.customer_id, a.id
  from search_keys k
 cross join lateral (
    select k.account_id as id where k.account_id > 0
    union
    select id from accounts where customer_id = k.customer_id and k.account_id = 0
    union
    select account_id from conditions_in_force
     where kind = 'holder' and value = to_jsonb(k.customer_id) and k.account_id = 0
 ) as a
 where k.digest = $1 and k.customer_id >= $3 and (k.customer_id, a.id) > ($3, $4)
   and not exists (
        select from unnest($2::bigint[]) as more (digest)
         where not exists (select from search_keys o where o.digest = more.digest
                              and o.customer_id = k.customer_id and o.account_id = k.account_id))
 order by k.customer_id, a.id limit $5
"""

CARDS = """
select a.id, a.number, a.customer_id, opener.data_key, a.address_sealed, c.id as holder_id, c.kind,
       c.data_key as holder_key, c.name_sealed, coalesce(b.code, '') as building
  from accounts a
  join customers opener on opener.id = a.customer_id
  left join lateral (
        select (value #>> '{}')::bigint as customer_id from conditions_in_force
         where account_id = a.id and kind = 'holder' and valid_from <= $2 and (valid_to is null or valid_to > $2)
         order by no desc limit 1) as held on true
  join customers c on c.id = coalesce(held.customer_id, a.customer_id)
  left join buildings b on b.id = a.building_id
 where a.id = any($1::bigint[])
"""

KNOWN_KEYS = """
select k.digest, k.customer_id, k.account_id
  from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as asked (digest, customer_id, account_id)
  join search_keys k using (digest, customer_id, account_id)
"""

ADD_KEYS = """
insert into search_keys (digest, customer_id, account_id)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) on conflict do nothing
"""

ADD_DOCUMENTS = """
insert into identity_documents (customer_id, kind, sealed, recorded_at)
select customer_id, kind, sealed, $4 from unnest($1::bigint[], $2::text[], $3::bytea[])
       as new (customer_id, kind, sealed)
"""

ADD_BANKS = """
insert into bank_accounts (account_id, sealed, recorded_at)
select account_id, sealed, $3 from unnest($1::bigint[], $2::bytea[]) as new (account_id, sealed)
"""

TO_KEY = """
select c.id, c.data_key, c.name_sealed,
       (select json_object_agg(a.id, encode(a.address_sealed, 'hex'))
          from accounts a where a.customer_id = c.id and a.address_sealed is not null)::text as addresses
  from customers c where c.id > $1 order by c.id limit $2
"""


@dataclass(frozen=True, slots=True)
class Card:
    """An account in short, its names sealed: by its holder's key the name, by that of the customer for whom it was
    opened the address."""

    account_id: int
    number: str
    customer_id: int
    sealed_key: bytes | None
    address_sealed: bytes | None
    holder_id: int
    kind: str
    holder_key: bytes | None
    name_sealed: bytes | None
    building: str


Key = tuple[int, int, int]
"""(digest, customer id, account id or 0)"""


async def by_tail(conn: Connection, tail: str, after: Place, limit: int) -> list[Record]:
    """The accounts whose numbers end so."""
    return list(await conn.fetch(BY_TAIL, tail, after[1], limit))


async def by_point(conn: Connection, pairs: Sequence[tuple[int, str]], after: Place, limit: int) -> list[Record]:
    """The accounts of the (point, account number) pairs."""
    points, numbers = zip(*pairs, strict=True)
    return list(await conn.fetch(BY_POINT, points, numbers, after[1], limit))


async def by_meter(conn: Connection, serial: str, brand: str, today: date, after: Place, limit: int) -> list[Record]:
    """The accounts with a meter of the serial and the brand, whichever where that is "", those that are removed too."""
    return list(await conn.fetch(BY_METER, serial, brand, today, *LOOKALIKES, after[1], limit))


async def by_building(conn: Connection, code: str, after: Place, limit: int) -> list[Record]:
    """The accounts in the building of the code."""
    return list(await conn.fetch(BY_BUILDING, code, after[1], limit))


async def by_phone(conn: Connection, digest: bytes, after: Place, limit: int) -> list[Record]:
    """The accounts to which the phone is tied, or was."""
    return list(await conn.fetch(BY_PHONE, digest, after[1], limit))


async def by_keys(conn: Connection, digests: Sequence[int], after: Place, limit: int) -> list[Record]:
    """The accounts, or those of the customers, that have all of the keys."""
    first = digests[0]
    if len(digests) > 1:
        counted = {row[0]: row[1] for row in await conn.fetch(RAREST, digests)}
        first = min(digests, key=lambda one: counted[one])
    others = [one for one in digests if one != first]
    return list(await conn.fetch(BY_KEYS, first, others, *after, limit))


async def cards(conn: Connection, account_ids: Sequence[int], today: date) -> dict[int, Card]:
    """The accounts in short, as they are held on the day."""
    return {row["id"]: Card(*row) for row in await conn.fetch(CARDS, account_ids, today)}


async def known_keys(conn: Connection, keys: Sequence[Key]) -> set[Key]:
    """Those of the keys that are on record."""
    if not keys:
        return set()
    return {(row[0], row[1], row[2]) for row in await conn.fetch(KNOWN_KEYS, *zip(*keys, strict=True))}


async def add_keys(conn: Connection, keys: Iterable[Key]) -> None:
    """Adds keys, of customers who are not erased; those on record stay."""
    rows = sorted(set(keys))
    if rows:
        await conn.execute(ADD_KEYS, *zip(*rows, strict=True))


async def add_documents(conn: Connection, rows: Sequence[tuple[int, str, bytes]], *, at: datetime) -> None:
    """Adds sealed numbers of identity documents, by (customer, kind)."""
    if rows:
        await conn.execute(ADD_DOCUMENTS, *zip(*rows, strict=True), at)


async def add_banks(conn: Connection, rows: Sequence[tuple[int, bytes]], *, at: datetime) -> None:
    """Adds sealed numbers of bank accounts, by account."""
    if rows:
        await conn.execute(ADD_BANKS, *zip(*rows, strict=True), at)


async def to_key(conn: Connection, *, after: int, limit: int) -> list[Record]:
    """The next customers with their sealed names and the sealed addresses of their accounts."""
    return list(await conn.fetch(TO_KEY, after, limit))
