-- Registries of agents and banks, money in suspense on the company's own books, what becomes of it, and what the bank
-- says has come.
set local statement_timeout = 0;

create sequence company_facts;
comment on sequence company_facts is 'Numbers of the facts on the company''s own books, account 0 of the ledger.';

alter table entries drop constraint entries_ledger_check;
alter table entries add constraint entries_ledger_check check (ledger in (
    'receivable', 'revenue', 'bank', 'opening', 'suspense', 'agents', 'commission', 'penalty', 'written_off'));

create table registries (
    id          bigint generated always as identity primary key,
    digest      bytea not null unique check (octet_length(digest) = 32),
    agent       text not null default '',
    number      text not null default '',
    day         date,
    rows        integer,
    amount      bigint,
    commission  bigint not null default 0,
    company_no  bigint,
    recorded_at timestamptz not null
);
comment on table registries is 'Files of payments, known by the hash of their bytes; what their heads say of them, kopecks. company_no is the fact that books the commission.';
create unique index registries_number on registries (agent, number) where number <> '';

alter table payments
    add column kind text not null default 'received' check (kind in ('received', 'matched', 'reversal')),
    add column original_id bigint references payments,
    add column registry_id bigint references registries,
    add column company_no bigint,
    add column document text not null default '',
    add column by text not null default '',
    add constraint payments_original check ((kind = 'received') = (original_id is null)),
    drop constraint payments_agent_external_id_key;
create unique index payments_received on payments (agent, external_id) where kind = 'received';
create unique index payments_follow on payments (original_id, kind) where original_id is not null;
create index payments_suspense on payments (id) where account_id is null and kind = 'received';
create index payments_day on payments (paid_on) where kind = 'received';
create index payments_registry on payments (registry_id) where registry_id is not null;
comment on column payments.kind is 'received; matched: the account was found for a payment in suspense; reversal: it was taken back.';
comment on column payments.company_no is 'The fact on the company''s own books that holds a payment, or a reversal, without an account.';

create table statements (
    id          bigint generated always as identity primary key,
    external_id text not null unique,
    agent       text not null,
    came_on     date not null,
    for_day     date not null,
    amount      bigint not null check (amount <> 0),
    company_no  bigint not null,
    recorded_at timestamptz not null
);
comment on table statements is 'Lines of the bank''s statements: what came from an agent for the payments of a day, kopecks.';
create index statements_day on statements (for_day, agent);

-- Money that waits in suspense already gets its lines on the company's own books.
create temporary table waiting on commit drop as
select id, nextval('company_facts') as no, agent, amount, paid_on, recorded_at,
       greatest((recorded_at at time zone coalesce((select timezone from company), 'UTC'))::date,
                (select max(day) + 1 from day_cuts)) as booked_on
  from payments where account_id is null;
update payments set company_no = waiting.no from waiting where payments.id = waiting.id;
insert into entries (account_id, no, line, ledger, amount, on_day, booked_on, recorded_at)
select 0, no, 1, case agent when '' then 'bank' else 'agents' end, amount, paid_on, booked_on, recorded_at from waiting
 union all
select 0, no, 2, 'suspense', -amount, paid_on, booked_on, recorded_at from waiting;

create view payments_in_suspense as
    select p.id, p.agent, p.external_id, p.account_text, p.paid_on, p.amount, p.month, p.registry_id, p.recorded_at
      from payments p
     where p.account_id is null and p.kind = 'received'
       and not exists (select from payments f where f.original_id = p.id);
comment on view payments_in_suspense is 'Money whose account nobody has found yet: each row is a task for a person.';

grant select, insert on registries, statements to meterline_app;
grant select on payments_in_suspense to meterline_app;
grant usage on all sequences in schema public to meterline_app;
