"""What the database is asked about facts that were brought: those without a document, and the history of a meter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

UNPROVEN = """
select * from (
    select a.number, 'reading' as what, m.serial || ' ' || trim_scale(r.value) as value, r.day, r.author
      from readings r join accounts a on a.id = r.account_id join meters m on m.id = r.meter_id
     where r.author <> '' and r.document = '' and r.source <> 3 and not 'phone' = any(r.flags)
    union all
    select a.number, c.kind, concat_ws(' ', nullif(c.name, ''), c.value #>> '{}'), c.valid_from, c.author
      from conditions_in_force c join accounts a on a.id = c.account_id
     where c.document = ''
    union all
    select a.number, v.event, m.serial, v.day, v.author
      from movements v join accounts a on a.id = v.account_id join meters m on m.id = v.meter_id
     where v.document = ''
    union all
    select b.code, c.kind, c.value #>> '{}', c.valid_from, c.author
      from building_conditions c join buildings b on b.id = c.building_id
     where c.document = ''
) as found (owner, what, value, day, author) order by owner, day, what, value
"""

ACCOUNT = """
select facts.no, facts.what, facts.value, facts.day, facts.until, facts.author, facts.document, facts.reason, facts.back
  from accounts a
 cross join lateral (
    select c.no::text as no,
           case when c.withdraws is not null then 'takes back ' || c.withdraws
                when c.kind = 'movement' then 'takes back the movement' else c.kind end as what,
           case when c.kind = 'movement' then c.name || ' ' || m.serial
                else concat_ws(' ', m.serial, nullif(c.name, ''), coalesce(c.value #>> '{}', 'ended')) end as value,
           c.valid_from as day, c.valid_to as until, c.author, c.document, c.reason, w.no is not null as back,
           c.recorded_at as at
      from conditions c
      left join meters m on m.account_id = c.account_id and m.id = c.subject
                        and c.kind in ('movement', 'multiplier', 'failed', 'verified', 'seal', 'access')
      left join conditions w on w.account_id = c.account_id and w.withdraws = c.no
     where c.account_id = a.id and c.kind <> 'common' and not (c.kind = 'movement' and c.value < '0')
    union all
    select 'M' || row_number() over (order by v.id), v.event, m.serial, v.day, null, v.author, v.document, '',
           w.no is not null, v.recorded_at
      from movements v
      join meters m on m.id = v.meter_id
      left join conditions w on w.account_id = v.account_id and w.kind = 'movement' and w.value = to_jsonb(v.id)
     where v.account_id = a.id
    union all
    select r.no::text, case when r.source = 5 then 'control reading' when r.source = 4 then 'reading of an act'
                            else 'reading' end,
           m.serial || ' ' || r.register || ': ' || trim_scale(r.value), r.day, null, r.author, r.document, '',
           w.no is not null, r.recorded_at
      from readings r
      join meters m on m.id = r.meter_id
      left join withdrawals w on w.account_id = r.account_id and w.reading_no = r.no
     where r.account_id = a.id and r.source > 0
    union all
    select w.no::text, 'takes back ' || w.reading_no, '', (w.recorded_at at time zone a.timezone)::date, null, w.author,
           w.document, w.reason, false, w.recorded_at
      from withdrawals w where w.account_id = a.id
 ) as facts
 where a.number = $1
 order by facts.at, length(facts.no), facts.no
"""

METER = """
select a.number, found.what, found.value, found.day, found.until, found.author, found.document
  from meters m
  join accounts a on a.id = m.account_id
 cross join lateral (
    select 'known' as what, '' as value, m.installed_on as day, m.removed_on as until, '' as author, '' as document,
           m.created_at as at, 0 as rank
    union all
    select event, '', day, null, author, document, recorded_at, 1
      from movements where account_id = m.account_id and meter_id = m.id
    union all
    select kind, concat_ws(' ', nullif(name, ''), coalesce(value #>> '{}', 'ended')), valid_from, valid_to, author,
           document, recorded_at, 2
      from conditions
     where account_id = m.account_id and subject = m.id
       and kind in ('multiplier', 'failed', 'verified', 'seal', 'access')
    union all
    select case when source = 5 then 'control reading' else 'reading of an act' end,
           register || ': ' || trim_scale(value), day, null, author, document, recorded_at, 3
      from readings where account_id = m.account_id and meter_id = m.id and source >= 4
 ) as found
 where m.serial = $1
 order by a.number, m.id, found.day, found.rank, found.at, found.value
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """A fact as it was brought: `owner` the account or the building, `day` the first day of which it says something."""

    owner: str
    what: str
    value: str
    day: date
    author: str


@dataclass(frozen=True, slots=True)
class Befell:
    """What is on record of a meter of the account: from `day` on, before `until` where it ended. Multipliers are
    thousandths."""

    account: str
    what: str
    value: str
    day: date
    until: date | None
    author: str
    document: str


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A fact of an account by the number under which it can be taken back, `back` where it was. It holds from `day` on,
    before `until` where it ended; `reason` says why it takes another back."""

    no: str
    what: str
    value: str
    day: date
    until: date | None
    author: str
    document: str
    reason: str
    back: bool


async def account(conn: Connection, number: str) -> Sequence[OnRecord]:
    """What is on record of an account beside its money, in the order in which it came."""
    return [OnRecord(*row) for row in await conn.fetch(ACCOUNT, number)]


async def unproven(conn: Connection) -> Sequence[Brought]:
    """The facts that somebody brought without a document; files that a metering system signed need none."""
    return [Brought(*row) for row in await conn.fetch(UNPROVEN)]


async def meter(conn: Connection, serial: str) -> Sequence[Befell]:
    """The history of the meters that bear the serial, by account: movements, seals, failures, readings of acts and
    inspectors."""
    return [Befell(*row) for row in await conn.fetch(METER, serial)]
