"""What the database is asked about faults in the data, and about verifications that end."""

from collections.abc import Mapping
from datetime import date, datetime

from asyncpg import Connection

from core.basics.periods import Month
from core.quality.model import Counted, Due, DueMeter, Fault, Found

NO_PHONE = """
select a.id, a.number, ''
  from accounts a
 where a.id > $2 and $1::date is not null
   and not exists (select from links l where l.account_id = a.id and l.valid_to is null)
 order by a.id limit $3
"""

SHARED_PHONE = """
select distinct a.id, a.number, ''
  from accounts a
  join links l on l.account_id = a.id and l.valid_to is null
 where a.id > $2 and $1::date is not null
   and exists (select from links o join accounts b on b.id = o.account_id
                where o.phone_hash = l.phone_hash and o.valid_to is null and b.customer_id <> a.customer_id)
 order by a.id limit $3
"""

NO_TARIFF = """
select a.id, a.number, min(p.tariff)
  from points p join accounts a on a.id = p.account_id
 where p.account_id > $2
   and not exists (select from tariffs t
                    where t.plan = p.tariff and t.valid_from <= $1::date
                      and (t.valid_to is null or t.valid_to > $1::date))
 group by a.id, a.number order by a.id limit $3
"""

NO_POWER = """
select a.id, a.number, min(held.plan)
  from points p join accounts a on a.id = p.account_id
 cross join lateral (select coalesce(
           (select c.value #>> '{}' from conditions_in_force c
             where c.account_id = p.account_id and c.kind = 'plan' and c.subject = p.id and c.valid_from <= $1::date
               and (c.valid_to is null or c.valid_to > $1::date) order by c.no desc limit 1), p.tariff) as plan) as held
 where p.account_id > $2
   and (select t.terms ? 'demand' from tariffs t
         where t.plan = held.plan and t.valid_from <= $1::date and (t.valid_to is null or t.valid_to > $1::date)
         order by t.valid_from desc, t.id desc limit 1)
   and not exists (select from conditions_in_force c
                    where c.account_id = p.account_id and c.kind = 'demand' and c.subject = p.id
                      and c.value >= '0' and c.valid_from <= $1::date
                      and (c.valid_to is null or c.valid_to > date_trunc('month', $1::date) - interval '1 month'))
 group by a.id, a.number order by a.id limit $3
"""

NO_METER = """
select a.id, a.number, ''
  from accounts a
 where a.id > $2
   and exists (select from points p where p.account_id = a.id and p.service = 'electricity'
                and not exists (select from meters m where m.account_id = a.id and m.point_id = p.id
                                 and (m.removed_on is null or m.removed_on > $1::date)))
 order by a.id limit $3
"""

SILENT = """
select a.id, a.number, min(m.serial)
  from meters m join accounts a on a.id = m.account_id
 where m.account_id > $2 and (m.removed_on is null or m.removed_on > $1::date) and m.installed_on <= $1::date - 365
   and not exists (select from readings r where r.account_id = m.account_id and r.meter_id = m.id
                      and r.day > $1::date - 365)
 group by a.id, a.number order by a.id limit $3
"""

EXPIRED = """
select a.id, a.number, min(v.serial || ' ' || v.until)
  from verifications v join accounts a on a.id = v.account_id
 where v.account_id > $2 and v.until < $1::date
 group by a.id, a.number order by a.id limit $3
"""

NO_SEAL = """
select a.id, a.number, min(m.serial)
  from meters m join accounts a on a.id = m.account_id
 where m.account_id > $2 and (m.removed_on is null or m.removed_on > $1::date)
   and coalesce((select c.value #>> '{}' from conditions_in_force c
                  where c.account_id = m.account_id and c.kind = 'seal' and c.subject = m.id
                    and c.valid_from <= $1::date
                  order by c.no desc limit 1), 'broken') = 'broken'
 group by a.id, a.number order by a.id limit $3
"""

ODD_DATES = """
select a.id, a.number, min(odd.said)
  from accounts a
  join lateral (
    select m.serial || ' ' || m.installed_on || ' > ' || m.removed_on as said
      from meters m where m.account_id = a.id and m.removed_on < m.installed_on
    union all
    select m.serial || ' ' || m.installed_on || ' > ' || m.verified_until
      from meters m where m.account_id = a.id and m.verified_until < m.installed_on
                     and m.removed_on is distinct from m.installed_on
    union all
    select m.serial || ' ' || m.installed_on from meters m where m.account_id = a.id and m.installed_on > $1::date + 366
                     and m.removed_on is distinct from m.installed_on
    union all
    select '' || a.opened_on where a.opened_on > $1::date + 366
    union all
    select '' || l.contract_on from links l where l.account_id = a.id and l.valid_to is null
                                                      and l.contract_on > $1::date
  ) as odd on true
 where a.id > $2
 group by a.id, a.number order by a.id limit $3
"""

ASKED: Mapping[Fault, str] = {
    Fault.NO_PHONE: NO_PHONE,
    Fault.SHARED_PHONE: SHARED_PHONE,
    Fault.NO_TARIFF: NO_TARIFF,
    Fault.NO_POWER: NO_POWER,
    Fault.NO_METER: NO_METER,
    Fault.SILENT: SILENT,
    Fault.EXPIRED: EXPIRED,
    Fault.NO_SEAL: NO_SEAL,
    Fault.ODD_DATES: ODD_DATES,
}

KEEP = """
insert into quality_counts (day, kind, found, at) values ($1, $2, $3, $4)
on conflict (kind, day) do update set found = excluded.found, at = excluded.at
"""

LAST = """
select kinds.kind, last.day, last.found, (
       select found from quality_counts where kind = kinds.kind and day < last.day order by day desc limit 1)
  from unnest($1::text[]) as kinds (kind)
 cross join lateral (select day, found from quality_counts where kind = kinds.kind order by day desc limit 1) as last
"""

wanting = """
  from (select m.account_id, m.meter_id, m.serial, m.brand, m.service, m.until, null::text as store
          from verifications m where {store} is null or {store} = 0
         union all
        select null, -d.id, d.serial, d.brand, '', d.verified_until, t.name
          from devices d join stores t on t.id = d.store_id
         where d.verified_until is not null and ({store} is null or {store} = d.store_id)) as v
"""
"""Meters that want to be verified by a day: of customers, and those in a `{store}`; of all where it is null, of
customers alone where it is 0."""

DUE = f"""
select date_trunc('month', greatest(v.until, $1::date - 1))::date as month, v.service, count(*)
{wanting.format(store="$3::bigint")}
 where v.until < $2::date group by 1, 2 order by 1, 2
"""

DUE_METERS = f"""
select v.account_id, a.number, v.meter_id, v.serial, v.brand, v.service, v.until, v.store
{wanting.format(store="$7::bigint")}
  left join accounts a on a.id = v.account_id
 where v.until >= $1 and v.until < $2 and ($3 = '' or v.service = $3) and (v.until, v.meter_id) > ($4, $5)
 order by v.until, v.meter_id limit $6
"""


async def found(conn: Connection, fault: Fault, *, today: date, after: int, limit: int) -> list[Found]:
    """Accounts with the fault behind that id, in the order of their ids, so many at most."""
    return [Found(*row) for row in await conn.fetch(ASKED[fault], today, after, limit)]


async def keep(conn: Connection, fault: Fault, number: int, *, day: date, at: datetime) -> None:
    await conn.execute(KEEP, day, str(fault), number, at)


async def last(conn: Connection) -> list[Counted]:
    """What was counted last of each fault, and before that."""
    rows = await conn.fetch(LAST, [str(fault) for fault in Fault])
    return [Counted(Fault(kind), day, number, before) for kind, day, number, before in rows]


async def due(conn: Connection, *, since: date, until: date, store: int | None) -> list[Due]:
    """How many meters have to be verified in each month before `until`; what is late by `since` counts with the month
    before it. `store`: those that lie there, 0: of customers, None: all."""
    rows = await conn.fetch(DUE, since, until, store)
    return [Due(Month.of(month), service, count) for month, service, count in rows]


async def due_meters(
    conn: Connection,
    *,
    since: date,
    until: date,
    service: str,
    store: int | None,
    after: tuple[date, int],
    limit: int,
) -> list[DueMeter]:
    """The meters whose verification ends within the days, the earliest first, behind the one named."""
    rows = await conn.fetch(DUE_METERS, since, until, service, after[0], after[1], limit, store)
    return [DueMeter(*row) for row in rows]
