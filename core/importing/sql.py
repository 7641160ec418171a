"""What the database is asked when a file is imported: what is known of a chunk, and the storing of its plan."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection, Record

from core.accounts.model import Role
from core.basics.periods import Month
from core.finding import sql as finding
from core.importing import pricing
from core.importing.known import (
    KnownAccount,
    KnownClaim,
    KnownCustomer,
    KnownLink,
    KnownPayment,
    KnownReading,
)
from core.importing.plan import Ids, LinkRecord, PhoneRecord, Plan
from core.metering.model import RegisterKey, Source

TAKE_TURN = """
select pg_advisory_xact_lock(hashtextextended('meterline import', 0))
"""

CURRENCY = """
select currency from company
"""

LOCK = """
select id from accounts where number = any($1::text[]) order by id for no key update
"""

ACCOUNTS = """
select a.number, a.id, a.customer_id, c.kind, c.data_key, c.name_sealed, a.address_sealed,
       coalesce(b.code, '') as building, a.timezone, a.persons, coalesce(s.fact_no, 0) as fact_no
  from accounts a
  join customers c on c.id = a.customer_id
  left join buildings b on b.id = a.building_id
  left join account_states s on s.account_id = a.id
 where a.number = any($1::text[])
"""

ACCOUNT_IDS = """
select number, id from accounts where number = any($1::text[])
"""

KNOWN_NUMBERS = """
select number from accounts where number = any($1::text[])
"""

PAID_BY = """
select l.phone_hash, min(a.number) as number
  from links l join accounts a on a.id = l.account_id
 where l.phone_hash = any($1::bytea[]) and l.valid_to is null and l.valid_from <= $2 and l.role in ('owner', 'payer')
 group by l.phone_hash having count(*) = 1
"""

LINKS = """
select account_id, phone_hash, role, contract_on from links where account_id = any($1::bigint[]) and valid_to is null
"""

ENDED_LINKS = """
select distinct l.account_id, l.phone_hash, l.role, l.contract_on
  from unnest($1::bigint[], $2::bytea[]) as asked (account_id, phone_hash)
  join links l on l.account_id = asked.account_id and l.phone_hash = asked.phone_hash
 where l.valid_to is not null
"""

PHONES = """
select p.hash from phones p join customers c on c.id = p.customer_id
 where p.hash = any($1::bytea[]) and c.data_key is not null
"""

OWNERS = """
select distinct on (l.phone_hash, c.id) l.phone_hash, c.id, c.kind, c.data_key, c.name_sealed
  from unnest($1::bytea[]) as asked (hash)
  join links l on l.phone_hash = asked.hash and l.valid_to is null and l.role = 'owner'
  join accounts a on a.id = l.account_id
  join customers c on c.id = a.customer_id
 order by l.phone_hash, c.id
"""

NEIGHBOURS = """
select asked.meter_id, asked.register, near.day, (near.value * 1000)::bigint as value, near.source
  from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::date[]) as asked (account_id, meter_id, register, day)
 cross join lateral (
    (select r.day, r.value, r.source from readings_in_force r
      where r.account_id = asked.account_id and r.meter_id = asked.meter_id and r.register = asked.register
        and r.day < asked.day
      order by r.day desc limit 1)
    union all
    (select r.day, r.value, r.source from readings_in_force r
      where r.account_id = asked.account_id and r.meter_id = asked.meter_id and r.register = asked.register
        and r.day > asked.day
      order by r.day limit 1)
    union all
    select r.day, r.value, r.source from readings r
     where r.account_id = asked.account_id and r.meter_id = asked.meter_id and r.register = asked.register
       and r.day = asked.day and r.source >= 4
 ) as near
"""

ADD_BUILDINGS = """
insert into buildings (code)
select code from unnest($1::text[]) as given (code)
 where not exists (select from buildings b where b.code = given.code)
 order by code
on conflict (code) do nothing
"""

BUILDINGS = """
select code, id from buildings where code = any($1::text[])
"""

NEXT_IDS = """
select nextval(named.sequence)
  from (select pg_get_serial_sequence($1, 'id')::regclass as sequence) as named, generate_series(1, $2::int)
"""

ADD_PHONES = """
insert into phones (hash, customer_id, sealed, language, created_at, proven_at)
select hash, customer_id, sealed, language, $5, $5
  from unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::text[]) as new (hash, customer_id, sealed, language)
on conflict (hash) do update
   set customer_id = excluded.customer_id, sealed = excluded.sealed, language = excluded.language,
       opted_out = false, bounced = 0, proven_at = excluded.proven_at
 where exists (select from customers c where c.id = phones.customer_id and c.data_key is null)
"""

ADD_LINKS = """
insert into links (phone_hash, account_id, role, valid_from, contract_on, evidence, recorded_at)
select phone_hash, account_id, role, $5, contract_on, 'import', $5
  from unnest($1::bytea[], $2::bigint[], $3::text[], $4::date[]) as new (phone_hash, account_id, role, contract_on)
on conflict (phone_hash, account_id) where valid_to is null do nothing
"""

SET_CONTRACTS = """
update links l set contract_on = new.contract_on
  from unnest($1::bigint[], $2::bytea[], $3::date[]) as new (account_id, phone_hash, contract_on)
 where l.account_id = new.account_id and l.phone_hash = new.phone_hash and l.valid_to is null and l.contract_on is null
"""

ANTEDATE_METERS = """
update meters m set installed_on = new.day
  from unnest($1::bigint[], $2::bigint[], $3::date[]) as new (account_id, meter_id, day)
 where m.id = new.meter_id and m.account_id = new.account_id and m.installed_on > new.day
"""

ANTEDATE_ACCOUNTS = """
update accounts a set opened_on = new.day
  from (select account_id, min(day) as day
          from unnest($1::bigint[], $2::bigint[], $3::date[]) as given (account_id, meter_id, day)
         group by account_id) as new
 where a.id = new.account_id and a.opened_on > new.day
"""

KNOWN_CLAIMS = """
select n.external_id, n.account_id, c.month, coalesce(l.service, '') as service, c.amount, c.due_on
  from unnest($1::text[]) as asked (external_id)
  join claim_names n on n.agent = '' and n.external_id = asked.external_id
 cross join lateral (select * from claims where account_id = n.account_id and no = n.no) as c
  left join lateral (
    select service from charges where account_id = c.account_id and no = c.no order by line limit 1) as l on true
"""

KNOWN_PAYMENTS = """
select p.agent, p.external_id, coalesce(p.account_id, found.account_id), p.account_text, p.paid_on, p.amount, p.month
  from unnest($1::text[], $2::text[]) as asked (agent, external_id)
  join payments p on p.agent = asked.agent and p.external_id = asked.external_id and p.kind = 'received'
  left join payments found on found.original_id = p.id and found.kind = 'matched'
"""

ADD_OPENING_LINES = """
insert into charges (account_id, no, line, month, service, kind, amount)
select c.account_id, c.no, 1, c.month, new.service, 'opening', c.amount
  from unnest($1::text[], $2::text[]) as new (external_id, service)
  join claim_names n on n.agent = '' and n.external_id = new.external_id
 cross join lateral (select * from claims where account_id = n.account_id and no = n.no) as c
"""

GAPS = """
select asked.account_id
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (
    select date_trunc('month', min(day) + 1) as first from readings where account_id = asked.account_id and source > 0
 ) as read
 cross join lateral (
    select max(month) as last, array_agg(month) as months
      from claims where account_id = asked.account_id and kind in ('bill', 'opening')) as billed
 where exists (
    select from generate_series(read.first, billed.last, interval '1 month') as m (month)
     where m.month::date <> all (billed.months))
"""

KNOWN_TARIFFS = """
select plan, valid_from, valid_to, currency, terms::text, source from tariffs order by plan, valid_from
"""

ADD_TARIFF = """
insert into tariffs (plan, valid_from, valid_to, currency, terms, source, recorded_at)
values ($1, $2, $3, $4, $5::jsonb, $6, $7)
"""

_CUSTOMERS = ("id", "kind", "data_key", "name_sealed")
_ACCOUNTS = (
    "id", "customer_id", "number", "building_id", "address_sealed", "timezone", "currency", "persons", "opened_on",
)  # fmt: skip
_POINTS = ("id", "account_id", "service", "tariff")
_METERS = (
    "id", "account_id", "point_id", "serial", "brand", "digits", "fraction", "multiplier", "capacity_kw", "zones",
    "installed_on",
)  # fmt: skip
_READINGS = ("account_id", "no", "meter_id", "register", "day", "value", "source", "recorded_at")


async def take_turn(conn: Connection) -> None:
    """Waits until no other import is storing a chunk; the turn ends with the transaction."""
    await conn.execute(TAKE_TURN)


async def currency(conn: Connection) -> str:
    """The company's currency."""
    return await conn.fetchval(CURRENCY) or "RUB"


async def lock(conn: Connection, numbers: Sequence[str]) -> None:
    """Locks the accounts with these numbers until the transaction ends, in the order of their ids."""
    await conn.execute(LOCK, numbers)


async def accounts(conn: Connection, numbers: Sequence[str]) -> dict[str, KnownAccount]:
    """What is stored of the accounts with these numbers, without their meters and links."""
    return {row["number"]: KnownAccount(*row[1:]) for row in await conn.fetch(ACCOUNTS, numbers)}


async def locked(conn: Connection, numbers: Collection[str]) -> dict[str, int]:
    """The ids of the accounts with these numbers, locked until the transaction ends."""
    wanted = sorted(numbers)
    await lock(conn, wanted)
    return {row["number"]: row["id"] for row in await conn.fetch(ACCOUNT_IDS, wanted)}


async def known_numbers(conn: Connection, numbers: Sequence[str]) -> set[str]:
    """Which of these are numbers of accounts."""
    return {row[0] for row in await conn.fetch(KNOWN_NUMBERS, numbers)}


async def paid_by(conn: Connection, hashes: Sequence[bytes], *, at: datetime) -> dict[bytes, str]:
    """The number of the account that a phone owns or pays for at that time, by the phone's hash, where there is only
    one."""
    return {row[0]: row[1] for row in await conn.fetch(PAID_BY, hashes, at)}


async def links(conn: Connection, account_ids: Sequence[int]) -> dict[int, dict[bytes, KnownLink]]:
    """The phones that are linked to each of the accounts now."""
    return _by_account(await conn.fetch(LINKS, account_ids), ended=False)


async def ended_links(conn: Connection, asked: Sequence[tuple[int, bytes]]) -> dict[int, dict[bytes, KnownLink]]:
    """Of the asked (account id, phone hash) pairs those that were linked once."""
    return _by_account(await conn.fetch(ENDED_LINKS, *zip(*asked, strict=True)), ended=True) if asked else {}


def _by_account(rows: Iterable[Record], *, ended: bool) -> dict[int, dict[bytes, KnownLink]]:
    found: dict[int, dict[bytes, KnownLink]] = {}
    for account_id, digest, role, contract_on in rows:
        found.setdefault(account_id, {})[digest] = KnownLink(Role(role), contract_on, ended)
    return found


async def phones(conn: Connection, hashes: Sequence[bytes]) -> set[bytes]:
    """Which of the addresses with these hashes are on record."""
    return {row[0] for row in await conn.fetch(PHONES, hashes)}


async def owners(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, list[KnownCustomer]]:
    """The customers whose accounts the phones with these hashes own."""
    found: dict[bytes, list[KnownCustomer]] = {}
    for digest, *customer in await conn.fetch(OWNERS, hashes):
        found.setdefault(digest, []).append(KnownCustomer(*customer))
    return found


async def neighbours(
    conn: Connection, asked: Sequence[tuple[int, int, int, date]]
) -> dict[RegisterKey, list[KnownReading]]:
    """For (account id, meter id, register, day): the counts in force just before and just after the day, and the firm
    ones of the day itself."""
    found: dict[RegisterKey, list[KnownReading]] = {}
    if asked:
        for meter_id, register, day, value, source in await conn.fetch(NEIGHBOURS, *zip(*asked, strict=True)):
            found.setdefault((meter_id, register), []).append(KnownReading(day, value, Source(source)))
    return found


async def buildings(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    """The ids of the buildings with these codes, added where they are new."""
    if not codes:
        return {}
    await conn.execute(ADD_BUILDINGS, codes)
    return {row["code"]: row["id"] for row in await conn.fetch(BUILDINGS, codes)}


async def ids(conn: Connection, *, accounts: int, meters: int) -> Ids:
    """Numbers for so many new accounts and as many customers, meters and points."""
    return Ids(
        customers=await _next(conn, "customers", accounts),
        accounts=await _next(conn, "accounts", accounts),
        points=await _next(conn, "points", meters),
        meters=await _next(conn, "meters", meters),
    )


async def _next(conn: Connection, table: str, count: int) -> Iterator[int]:
    return iter([row[0] for row in await conn.fetch(NEXT_IDS, table, count)] if count else ())


async def store(conn: Connection, plan: Plan, *, at: datetime) -> None:
    """Stores a plan, all but the states of its accounts."""
    copied: tuple[tuple[str, Sequence[Sequence[object]], Sequence[str]], ...] = (
        ("customers", plan.customers, _CUSTOMERS),
        ("accounts", plan.accounts, _ACCOUNTS),
        ("points", plan.points, _POINTS),
        ("meters", plan.meters, _METERS),
        ("readings", plan.readings, _READINGS),
    )
    for table, records, columns in copied:
        if records:
            await conn.copy_records_to_table(table, records=records, columns=columns)
    await _add_phones(conn, plan.phones, at)
    await _add_links(conn, plan.links, at)
    await finding.add_keys(conn, plan.keys)
    await finding.add_documents(conn, plan.documents, at=at)
    await finding.add_banks(conn, plan.banks, at=at)
    if plan.contracts:
        await conn.execute(SET_CONTRACTS, *zip(*plan.contracts, strict=True))
    if plan.antedated:
        await conn.execute(ANTEDATE_METERS, *zip(*plan.antedated, strict=True))
        await conn.execute(ANTEDATE_ACCOUNTS, *zip(*plan.antedated, strict=True))


async def _add_phones(conn: Connection, records: Sequence[PhoneRecord], at: datetime) -> None:
    if records:
        await conn.execute(ADD_PHONES, *zip(*records, strict=True), at)


async def _add_links(conn: Connection, records: Sequence[LinkRecord], at: datetime) -> None:
    if records:
        await conn.execute(ADD_LINKS, *zip(*records, strict=True), at)


async def known_claims(conn: Connection, asked: Sequence[str]) -> dict[str, KnownClaim]:
    """What is stored of the claims with these external ids."""
    return {
        external_id: KnownClaim(account_id, Month.of(month), service, amount, due_on)
        for external_id, account_id, month, service, amount, due_on in await conn.fetch(KNOWN_CLAIMS, asked)
    }


async def gaps(conn: Connection, account_ids: Sequence[int]) -> set[int]:
    """Those of the accounts with a month, behind their first reading and up to their last claim, that has no claim: it
    counts as billed, and its use is charged by nobody."""
    return {row[0] for row in await conn.fetch(GAPS, account_ids)}


async def known_payments(conn: Connection, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], KnownPayment]:
    """What is stored of the payments with these (agent, external id)."""
    return {
        (agent, external_id): KnownPayment(account_id, text, paid_on, amount, month and Month.of(month))
        for agent, external_id, account_id, text, paid_on, amount, month in await conn.fetch(
            KNOWN_PAYMENTS, *zip(*asked, strict=True)
        )
    }


async def tariffs(conn: Connection) -> dict[pricing.Key, pricing.Version]:
    """Every stored version by plan and first day."""
    return {
        (plan, valid_from): pricing.Version(valid_to, currency, json.loads(terms), source)
        for plan, valid_from, valid_to, currency, terms, source in await conn.fetch(KNOWN_TARIFFS)
    }


async def add_tariffs(conn: Connection, new: Mapping[pricing.Key, pricing.Version], *, at: datetime) -> None:
    """Adds versions."""
    rows = [
        (plan, start, one.valid_to, one.currency, json.dumps(one.terms), one.source, at)
        for (plan, start), one in new.items()
    ]
    await conn.executemany(ADD_TARIFF, rows)


async def add_opening_lines(conn: Connection, lines: Sequence[tuple[str, str]]) -> None:
    """The one line of each claim of an older system: (external id, service)."""
    if lines:
        await conn.execute(ADD_OPENING_LINES, *zip(*lines, strict=True))
