"""What the database is asked for the page of an account: six statements, however long its history is."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.basics.periods import Period
from core.billing import sql as billing
from core.billing import stored
from core.billing.conditions import stored as conditions_stored
from core.billing.conditions.model import Condition, Kind
from core.billing.model import AccountState
from core.metering.model import Meter, Point
from core.metering.sql import meter_of

CARD = """
select a.id, a.number, a.customer_id, c.data_key, a.address_sealed, a.timezone, a.currency, a.persons, a.opened_on,
       c.kind as opener_kind, c.name_sealed as opener_name, h.id as holder_id, h.kind, h.data_key as holder_key,
       h.name_sealed as holder_name,
       coalesce(b.code, '') as building, coalesce(o.name, '') as manager, firm.profile, firm.timezone as business_zone,
       (select json_agg(json_build_array(l.role, l.extra, l.name, l.valid_from, l.valid_to, l.contract_on,
                                         encode(p.sealed, 'hex'), p.language, p.opted_out, encode(k.data_key, 'hex'),
                                         p.bounced) order by l.valid_to is not null, l.valid_from, l.id)
          from links l join phones p on p.hash = l.phone_hash join customers k on k.id = p.customer_id
         where l.account_id = a.id)::text as links,
       (select json_agg(json_build_array(d.kind, encode(d.sealed, 'hex')) order by d.id desc)
          from identity_documents d where d.customer_id = h.id)::text as documents,
       (select json_agg(json_build_array('bank', encode(s.sealed, 'hex')) order by s.id desc)
          from bank_accounts s where s.account_id = a.id)::text as banks,
       (select json_agg(json_build_array(r.number, r.subject, r.state, r.since, r.opened_at) order by r.id desc)
          from request_states r where r.account_id = a.id)::text as requests,
       (select json_agg(json_build_array(f.no, f.kind, f.subject, f.name, f.valid_from, f.valid_to, f.value, f.source,
                                         f.document, f.author, k.id, encode(k.data_key, 'hex'),
                                         encode(k.name_sealed, 'hex'), f.withdraws, f.reason, f.place)
                        order by f.no, f.recorded_at, f.place)
          from (select no, kind, subject, name, valid_from, valid_to, value, source, document, author, recorded_at,
                       coalesce(withdraws, 0) as withdraws, reason, 0 as place
                  from conditions where account_id = a.id and not (kind = 'movement' and value < '0')
                union all
                select 0, event, meter_id, '', day, null, 'null', '', document, author, recorded_at,
                       coalesce((select w.no from conditions w where w.account_id = v.account_id
                                    and w.kind = 'movement' and w.value = to_jsonb(v.id)), 0), '',
                       row_number() over (order by id)
                  from movements v where account_id = a.id) as f
          left join customers k
            on k.id = case when f.kind = 'holder' then (f.value #>> '{}')::bigint end)::text as facts
  from accounts a
 cross join lateral (select ($2::timestamptz at time zone a.timezone)::date as day) as now_there
  join customers c on c.id = a.customer_id
  left join lateral (select (value #>> '{}')::bigint as customer_id from conditions_in_force
                      where account_id = a.id and kind = 'holder' and valid_from <= now_there.day
                        and (valid_to is null or valid_to > now_there.day) order by no desc limit 1) as held on true
  join customers h on h.id = coalesce(held.customer_id, a.customer_id)
  left join buildings b on b.id = a.building_id
  left join lateral (select organisation_id from building_managers
                      where building_id = b.id and valid_from <= now_there.day order by valid_from desc, id desc limit 1
                    ) as managed on true
  left join organisations o on o.id = managed.organisation_id
  left join company firm on true
 where a.id = $1
"""

FAMILY = """
select a.id, a.number, a.customer_id, a.persons, s.fact_no, s.balance, s.billed_through, s.claims::text,
       s.issued::text, s.registers::text, s.conditions::text
  from (
    select id from accounts where customer_id = any($1::bigint[])
     union
    select c.account_id
      from unnest($1::bigint[]) as asked (customer_id)
      join conditions_in_force c on c.kind = 'holder' and c.value = to_jsonb(asked.customer_id)
     union
    select $2::bigint
  ) as own
  join accounts a on a.id = own.id
  left join account_states s on s.account_id = a.id
 order by a.id limit $3
"""

PLACES = """
select p.id as point, p.service as point_service, p.tariff as point_tariff, p.account_id as owner,
       m.account_id, m.id, m.point_id, m.serial, m.brand, p.service, p.tariff, m.digits, m.fraction,
       (m.multiplier * 1000)::bigint as multiplier, (m.capacity_kw * 1000)::bigint as capacity_kw, m.zones,
       m.installed_on, m.removed_on, m.verified_until
  from points p
  left join meters m on m.account_id = p.account_id and m.point_id = p.id
 where p.account_id = any($1::bigint[])
 order by p.account_id, p.id, m.id
"""

READINGS = """
select r.no, r.meter_id, r.register, r.day, (r.value * 1000)::bigint as value, r.source, r.flags, r.document, r.author,
       r.recorded_at, w.no is not null as withdrawn, p.id as photo
  from readings r
  left join withdrawals w on w.account_id = r.account_id and w.reading_no = r.no
  left join inbox i on i.id = r.inbox_id
  left join chat_photos p on p.reference = i.reference and p.kept_at is not null
 where r.account_id = $1
 order by r.day desc, r.no desc, r.meter_id, r.register
"""

MONEY = """
select 'claim' as what, c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on as day, c.agent, c.about,
       (select json_object_agg(l.service, l.volume)
          from (select service, sum(volume * 1000)::bigint as volume from charges
                 where account_id = c.account_id and no = c.no and volume is not null group by service) as l
       )::text as volumes
  from claims c where c.account_id = $1
union all
select 'payment', p.no, p.month, p.kind, p.amount, null, p.paid_on, p.agent, null, null
  from payments p where p.account_id = $1
 order by 7, 2
"""

PHOTO = """
select p.content, k.data_key, p.kept_digest
  from chat_photos p
  left join customers k on k.id = p.customer_id
 where p.id = $2 and p.kept_at is not null
   and exists (select from inbox i join readings r on r.inbox_id = i.id
                where i.reference = p.reference and i.channel = 'telegram' and r.account_id = $1)
"""

BILL = """
select c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on, a.number, a.timezone, a.currency, k.data_key,
       a.address_sealed, firm.name as company, firm.phone, firm.pay, b.hash as seal, b.day as sealed_on,
       p.body, p.digest,
       (select json_agg(json_build_array(l.service, l.kind, (l.volume * 1000)::bigint, l.amount) order by l.line)
          from charges l where l.account_id = c.account_id and l.no = c.no)::text as lines
  from accounts a
  join customers k on k.id = a.customer_id
  join claims c on c.account_id = a.id
  left join bill_seals b on b.account_id = c.account_id and b.month = c.month and b.no = c.no
  left join printed_bills p on p.account_id = c.account_id and p.no = c.no and p.form = 'text'
  left join company firm on true
 where a.id = $1 and c.account_id = $1 and c.no = $2
"""

KEEP_BILL = """
insert into printed_bills (account_id, no, form, body, digest, printed_at) values ($1, $2, $6, $3, $4, $5)
on conflict (account_id, no, form) do nothing
"""

KEPT_BILLS = """
select k.data_key, b.hash as seal, b.day as sealed_on,
       (select json_object_agg(p.form, json_build_array(encode(p.body, 'hex'), encode(p.digest, 'hex')))
          from printed_bills p
         where p.account_id = c.account_id and p.no = c.no and p.form = any($3::text[]))::text as forms
  from accounts a
  join customers k on k.id = a.customer_id
  join claims c on c.account_id = a.id
  left join bill_seals b on b.account_id = c.account_id and b.month = c.month and b.no = c.no
 where a.id = $1 and c.account_id = $1 and c.no = $2
"""

FACE = """
select c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on, a.number, a.currency, k.data_key, a.address_sealed,
       firm.name as company, firm.phone, firm.pay, firm.payee_name, firm.payee_inn, firm.payee_kpp, firm.payee_account,
       firm.payee_bank, firm.payee_bic, firm.payee_correspondent,
       (select json_agg(json_build_array(l.service, l.kind, (l.volume * 1000)::bigint, l.amount) order by l.line)
          from charges l where l.account_id = $1 and l.no = c.no)::text as lines,
       (select json_agg(json_build_array(o.no, o.kind, o.amount) order by o.no)
          from claims o where o.account_id = $1 and o.no < c.no)::text as claimed,
       (select json_agg(json_build_array(p.no, p.amount) order by p.no)
          from payments p where p.account_id = $1 and p.no < c.no)::text as paid
  from accounts a
  join customers k on k.id = a.customer_id
  join claims c on c.account_id = a.id
  left join company firm on true
 where a.id = $1 and c.account_id = $1 and c.no = $2
"""

NUMBER = """
select id from accounts where number = $1
"""


@dataclass(frozen=True, slots=True)
class Relative:
    """An account that the customer holds, or held: whose it was first, who lives there, and its state."""

    number: str
    customer_id: int
    persons: int
    state: AccountState


@dataclass(frozen=True, slots=True)
class FactRow:
    """A dated fact with who says it; of a holder his name, sealed with his key. `fact` None: a meter came or went, as
    `event` says, on the first of the days: `place` among such of the account, from 1, and `back` the number of the fact
    that takes it back, 0 where none does. `reason` says why a fact takes another back."""

    fact: Condition | None
    event: str
    subject: int
    days: Period
    source: str
    document: str
    author: str
    holder_id: int | None
    holder_key: bytes | None
    name_sealed: bytes | None
    reason: str = ""
    place: int = 0
    back: int = 0


def listed(text: str | None) -> list[Any]:
    """The rows that a statement gives as JSON beside its own: asyncpg asks three more of a connection that it has not
    seen such a row on."""
    return json.loads(text) if text else []


async def card(conn: Connection, account_id: int, at: datetime) -> Record | None:
    """The account with its phones, bank accounts and requests; None where there is none."""
    return await conn.fetchrow(CARD, account_id, at)


async def family(conn: Connection, account_id: int, customers: Sequence[int], most: int) -> dict[int, Relative]:
    """The accounts that any of the customers holds or held, and the account itself, so many at most."""
    found: dict[int, Relative] = {}
    for row in await conn.fetch(FAMILY, customers, account_id, most):
        found[row[0]] = Relative(row[1], row[2], row[3], _state(row))
    return found


def _state(row: Record) -> AccountState:
    return stored.blank(row["id"]) if row["fact_no"] is None else billing.state_of((row["id"], *row[4:]))


async def places(conn: Connection, account_ids: Sequence[int]) -> tuple[dict[int, list[Point]], dict[int, list[Meter]]]:
    """The supply points of each account, and its meters, those that were removed too."""
    points: dict[int, dict[int, Point]] = {}
    meters: dict[int, list[Meter]] = {}
    for row in await conn.fetch(PLACES, account_ids):
        point, service, tariff, owner = row[:4]
        points.setdefault(owner, {})[point] = Point(point, owner, service, tariff)
        if row["id"] is not None:
            meter = meter_of(row[4:])
            meters.setdefault(meter.account_id, []).append(meter)
    return {owner: list(own.values()) for owner, own in points.items()}, meters


def facts(text: str | None) -> list[FactRow]:
    """The dated facts of a card with what they rest on, in the order in which they came."""
    found: list[FactRow] = []
    for row in listed(text):
        no, kind, subject, name, start, end, value, source, document, author, holder, key, sealed, *more = row
        withdraws, reason, place = more
        days = Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        fact = (
            Condition(no, Kind(kind), subject, days, conditions_stored.decode(value), name, withdraws) if no else None
        )
        keys = [None if one is None else bytes.fromhex(one) for one in (key, sealed)]
        event, back = ("", 0) if no else (kind, withdraws)
        found.append(
            FactRow(fact, event, subject, days, source, document, author, holder, keys[0], keys[1], reason, place, back)
        )
    return found


async def readings(conn: Connection, account_id: int) -> list[dict[str, Any]]:
    """Every reading of the account, the latest day first."""
    return [dict(row) for row in await conn.fetch(READINGS, account_id)]


async def photo(conn: Connection, account_id: int, photo_id: int) -> Record | None:
    """The photo that came with a reading of the account, sealed, with the key of whoever sent it."""
    return await conn.fetchrow(PHOTO, account_id, photo_id)


async def money(conn: Connection, account_id: int) -> list[dict[str, Any]]:
    """What was demanded of the account and what was paid on it, by day."""
    return [dict(row) for row in await conn.fetch(MONEY, account_id)]


async def bill(conn: Connection, account_id: int, no: int) -> Record | None:
    """A claim of the account with its lines, the seal of its day, and how it was printed first."""
    return await conn.fetchrow(BILL, account_id, no)


async def keep_bill(
    conn: Connection, account_id: int, no: int, body: bytes, digest: bytes, *, at: datetime, form: str = "text"
) -> None:
    """Keeps a bill as it is printed; one that is kept stays as it is."""
    await conn.execute(KEEP_BILL, account_id, no, body, digest, at, form)


async def kept_bills(conn: Connection, account_id: int, no: int, forms: Sequence[str]) -> Record | None:
    """The data key of the claim's customer, its seal, and as JSON the forms in which it was printed."""
    return await conn.fetchrow(KEPT_BILLS, account_id, no, forms)


async def face(conn: Connection, account_id: int, no: int) -> Record | None:
    """All that a bill says of a claim, with every claim and payment numbered below it."""
    return await conn.fetchrow(FACE, account_id, no)


async def by_number(conn: Connection, number: str) -> int | None:
    """The id of the account with this number."""
    found: int | None = await conn.fetchval(NUMBER, number)
    return found
