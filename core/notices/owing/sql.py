"""What somebody owes for which he may be warned or asked, as a fragment of statements."""

_lapsed = """
(jsonb_typeof(s.claims) = 'array' or exists (
    with began as (
        select (one->>2)::date as on_day
         union
        select (plan->>1)::date from jsonb_array_elements(s.claims->'plans') plan
         where plan->5 @> case one->>4 when 'penalty' then
                   (select late->0 from jsonb_array_elements(s.claims->'late') late
                     where late->>1 = one->>1 and late->>2 = one->>2 limit 1) else one->0 end)
    select from began b where b.on_day + make_interval(years => {years}) < {day}
       and not exists (select from began anew where anew.on_day > b.on_day
                          and anew.on_day <= b.on_day + make_interval(years => {years}))))
"""
"""Whether the claim `one` of a state row `s`, whose own term has run before the `{day}`, was not acknowledged by plans
each within the term that ran: what `core.billing.engine.limitation.last_days` says."""

overdue_of = """
  cross join lateral (
      select coalesce(sum((one->>3)::bigint), 0)::bigint as debt, min((one->>2)::date) as oldest
        from jsonb_array_elements(case jsonb_typeof(s.claims) when 'array' then s.claims else s.claims->'open' end) one
       where (one->>2)::date < {day}
         and not ({years} > 0 and (one->>2)::date + make_interval(years => {years}) < {day} and {lapsed})
  ) as d
""".replace("{lapsed}", _lapsed.strip())
"""The overdue debt of a state row `s` before the `{day}`, and the first day on which it was due: posted claims only,
and none whose limitation of `{years}`, 0: there is none, has run (row M11b)."""
