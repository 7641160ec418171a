"""What the database is asked for a piece of the timeline: one statement, of each sort no more than is shown."""

from collections.abc import Sequence

from asyncpg import Connection, Record

from core.dossier.timeline.model import Mark

PIECE = """
with linked as (
    select phone_hash, valid_from, valid_to from links where account_id = $1
), asked as materialized (
    select i.outbound_id, i.account_id, i.received_at from inbox i
     where i.sender_hash in (select phone_hash from linked) and i.outbound_id is not null
)
(select 'reading' as what, max(r.recorded_at) as at, lpad(r.no::text, 19, '0') as ref, min(r.source)::text as kind,
        min(r.day) as day, null::bigint as amount,
        case when bool_or(w.no is not null) then 'withdrawn' when 'phone' = any(min(r.flags)) then 'phone' else '' end
          as state,
        min(r.author) as by,
        min(m.serial) || ': ' || string_agg(
            lpad(trunc(r.value)::text, m.digits, '0')
            || case when r.value = trunc(r.value) then ''
                    else substr(trim_scale(r.value - trunc(r.value))::text, 2) end,
            ' / ' order by r.meter_id, r.register) as plain,
        null::bytea as sealed, null::bytea as data_key
   from readings r
   join meters m on m.id = r.meter_id
   left join withdrawals w on w.account_id = r.account_id and w.reading_no = r.no
  where r.account_id = $1 and 'reading' = any($6::text[])
  group by r.no
 having (max(r.recorded_at), 'reading', lpad(r.no::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'claim', c.recorded_at, lpad(c.no::text, 19, '0'), c.kind, c.month, c.amount, '', c.agent, null, null, null
   from claims c
  where c.account_id = $1 and 'claim' = any($6)
    and (c.recorded_at, 'claim', lpad(c.no::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'payment', p.recorded_at, lpad(p.no::text, 19, '0'), p.kind, p.paid_on, p.amount, '', coalesce(nullif(p.by, ''),
        p.agent), p.document, null, null
   from payments p
  where p.account_id = $1 and 'payment' = any($6)
    and (p.recorded_at, 'payment', lpad(p.no::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'came', i.received_at, lpad(i.id::text, 19, '0'), i.command, null, null, i.fate, i.channel, i.reason, i.payload,
        k.data_key
   from (select distinct phone_hash from linked) as l
   join inbox i on i.sender_hash = l.phone_hash
   left join customers k on k.id = i.customer_id
  where 'came' = any($6) and (i.account_id = $1 or i.account_id is null and exists (
        select from linked h where h.phone_hash = l.phone_hash and i.received_at >= h.valid_from
           and (h.valid_to is null or i.received_at < h.valid_to)))
    and (i.received_at, 'came', lpad(i.id::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select told.what, told.at, told.ref, o.kind, null, null, o.state, o.channel, coalesce(o.code, ''), o.body, k.data_key
   from (select distinct phone_hash from linked) as l
   join outbox o on o.address_hash = l.phone_hash
   left join customers k on k.id = o.customer_id
   left join asked on asked.outbound_id = o.id
  cross join lateral (
        select case when o.class = 'reply' then 'sent' else 'notice' end, coalesce(asked.received_at, o.created_at),
               o.id::text) as told (what, at, ref)
  where told.what = any($6) and (told.at, told.what, told.ref) < ($2, $3, $4)
    and (asked.account_id = $1 or asked.account_id is null and exists (
        select from linked h where h.phone_hash = l.phone_hash and told.at >= h.valid_from
           and (h.valid_to is null or told.at < h.valid_to)))
  order by 2 desc, 3 desc limit $5)
union all
(select 'request', e.at, e.ref, r.subject, null, null, e.state, e.by, r.number, e.words, k.data_key
   from requests r
   left join customers k on k.id = r.customer_id
  cross join lateral (
        select r.opened_at as at, lpad(r.id::text, 12, '0') || '-0' as ref, 'open' as state, 'customer' as by,
               r.words as words
        union all
        select v.at, lpad(r.id::text, 12, '0') || '-' || v.id::text, coalesce(v.state, ''), v.by, v.note
          from request_events v where v.request_id = r.id) as e
  where r.account_id = $1 and 'request' = any($6) and (e.at, 'request', e.ref) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'fact', c.recorded_at, lpad(c.no::text, 19, '0'),
        case when c.kind = 'movement' or c.withdraws is not null then 'withdrawal' else c.kind end, c.valid_from, null,
        case when w.no is null then coalesce(c.valid_to::text, '') else 'withdrawn' end, c.author,
        case when c.kind = 'movement' then concat_ws(' ', m.serial, c.reason, nullif(c.document, ''))
             else concat_ws(' ', '№ ' || c.withdraws, nullif(c.name, ''),
                            case when c.kind = 'holder' then '' else c.value #>> '{}' end, nullif(c.reason, ''),
                            nullif(c.document, '')) end, null, null
   from conditions c
   left join conditions w on w.account_id = c.account_id and w.withdraws = c.no
   left join meters m on c.kind = 'movement' and m.id = c.subject
  where c.account_id = $1 and 'fact' = any($6) and not (c.kind = 'movement' and c.value < '0')
    and (c.recorded_at, 'fact', lpad(c.no::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'fact', v.recorded_at, 'm' || lpad(v.id::text, 19, '0'), v.event, v.day, null,
        case when w.no is null then '' else 'withdrawn' end, v.author,
        concat_ws(' ', m.serial, nullif(v.document, '')), null, null
   from movements v
   join meters m on m.id = v.meter_id
   left join conditions w on w.account_id = v.account_id and w.kind = 'movement' and w.value = to_jsonb(v.id)
  where v.account_id = $1 and 'fact' = any($6)
    and (v.recorded_at, 'fact', 'm' || lpad(v.id::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'fact', w.recorded_at, 'r' || lpad(w.no::text, 19, '0'), 'withdrawal', r.day, null, '', w.author,
        concat_ws(' ', '№ ' || w.reading_no, w.reason, w.document), null, null
   from withdrawals w
  cross join lateral (select min(day) as day from readings where account_id = w.account_id and no = w.reading_no) as r
  where w.account_id = $1 and w.author <> '' and 'fact' = any($6)
    and (w.recorded_at, 'fact', 'r' || lpad(w.no::text, 19, '0')) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
union all
(select 'link', e.at, e.ref, l.role, null, null, e.state, e.by, null, p.sealed, k.data_key
   from links l
   join phones p on p.hash = l.phone_hash
   join customers k on k.id = p.customer_id
  cross join lateral (
        select l.recorded_at as at, lpad(l.id::text, 18, '0') || '+' as ref, 'linked' as state,
               split_part(l.evidence, ' ', 1) as by
        union all
        select d.recorded_at, lpad(l.id::text, 18, '0') || '-', 'ended', split_part(d.evidence, ' ', 1)
          from link_ends d where d.link_id = l.id) as e
  where l.account_id = $1 and 'link' = any($6) and (e.at, 'link', e.ref) < ($2, $3, $4)
  order by 2 desc, 3 desc limit $5)
 order by 2 desc, 1 desc, 3 desc limit $5
"""


async def piece(conn: Connection, account_id: int, before: Mark, kinds: Sequence[str], *, most: int) -> list[Record]:
    """The events of the kinds before the mark, the latest first."""
    return list(await conn.fetch(PIECE, account_id, before.at, before.what, before.ref, most, list(kinds)))
