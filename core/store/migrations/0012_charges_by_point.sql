-- What was billed is known by the supply point, no longer by the meter: two meters of a point share one line.
set local statement_timeout = 0;

comment on column charges.meter_id is 'No longer written: a line is of a point, whichever meters stood there.';

update account_states s
   set issued = coalesce((
       select jsonb_agg(jsonb_build_array(l.month, l.point_id, l.amount, l.volume, l.known, l.tariffs)
                        order by l.month, l.point_id)
         from (select line ->> 0 as month, m.point_id, sum((line ->> 2)::bigint)::bigint as amount,
                      sum((line ->> 3)::bigint)::bigint as volume, max(line ->> 4) as known,
                      (array_agg(line -> 5))[1] as tariffs
                 from jsonb_array_elements(s.issued) as line
                 join meters m on m.id = (line ->> 1)::bigint
                group by 1, 2) as l), '[]')
 where issued <> '[]';
