-- What is wrong with the data that everything rests on: how much of each kind, counted every night (row K12).

create table quality_counts (
    day   date not null,
    kind  text not null,
    found integer not null check (found >= 0),
    at    timestamptz not null,
    primary key (kind, day)
);
comment on table quality_counts is 'How many accounts or meters had a fault of a kind; a count of the same day takes its place.';

grant select, insert, update on quality_counts to meterline_app;

-- The last day for which each standing meter is verified: as the last fact says, else as the meter came.
create view verifications as
select m.id as meter_id, m.account_id, m.serial, m.brand, p.service, coalesce(said.until, m.verified_until) as until
  from meters m
  join points p on p.id = m.point_id
  left join (
    select distinct on (account_id, subject) account_id, subject, valid_from - 1 as until
      from conditions where kind = 'verified' and value = '"expired"'::jsonb
     order by account_id, subject, no desc) as said on said.account_id = m.account_id and said.subject = m.id
 where m.removed_on is null and coalesce(said.until, m.verified_until) is not null;
comment on view verifications is 'Standing meters that have a date of verification, with the last day for which it holds.';

grant select on verifications to meterline_app;
