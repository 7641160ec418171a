-- Facts that whoever brought them takes back: each withdrawal is a fact of its own, with a number, and nothing is edited.
-- And the absence of people who are charged by a norm, as one more kind of dated fact.
set local statement_timeout = 0;

alter table conditions add column withdraws bigint;
alter table conditions add column reason text not null default '';
comment on column conditions.withdraws is 'The number of the fact that this one takes back, with its kind, subject, name, days and value; null: it takes back none.';
comment on column conditions.reason is 'Why it is taken back.';
create unique index conditions_withdraws on conditions (account_id, withdraws) where withdraws is not null;
alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'owners', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'demand',
     'multiplier', 'failed', 'verified', 'seal', 'access', 'instalments', 'instalments_end', 'device', 'route',
     'sequence', 'protected', 'movement', 'absence'))
    not valid;
alter table conditions validate constraint conditions_kind_check;

alter table building_conditions add column withdraws bigint;
alter table building_conditions add column reason text not null default '';
create unique index building_conditions_withdraws on building_conditions (building_id, withdraws)
    where withdraws is not null;

alter table withdrawals add column author text not null default '';
alter table withdrawals add column document text not null default '';
alter table withdrawals add column reason text not null default '';
comment on table withdrawals is 'A reading taken back: by the customer on its day, or by an employee (author) with a document and a reason.';

create view conditions_in_force as
select c.* from conditions c
 where c.withdraws is null and c.kind <> 'movement'
   and not exists (select from conditions w where w.account_id = c.account_id and w.withdraws = c.no);
comment on view conditions_in_force is 'The dated facts that nobody took back; of two of one kind, subject and name the later one holds on the days of both.';
grant select on conditions_in_force to meterline_app;

create or replace view verifications as
select m.id as meter_id, m.account_id, m.serial, m.brand, p.service, coalesce(said.until, m.verified_until) as until
  from meters m
  join points p on p.id = m.point_id
  left join (
    select distinct on (account_id, subject) account_id, subject, valid_from - 1 as until
      from conditions_in_force where kind = 'verified' and value = '"expired"'::jsonb
     order by account_id, subject, no desc) as said on said.account_id = m.account_id and said.subject = m.id
 where m.removed_on is null and coalesce(said.until, m.verified_until) is not null;

alter table meters drop constraint meters_account_id_serial_key;
create index meters_account on meters (account_id);
create unique index meters_account_serial on meters (account_id, serial)
    where removed_on is null or removed_on > installed_on;
comment on column meters.removed_on is 'The first day without it; the day of its installation where that was taken back: it never stood there.';
