-- The company's own people: who they are and may do, how they prove who they are, and at whose data they looked.

create table employees (
    id           bigint generated always as identity primary key,
    login        text not null unique check (login ~ '^[a-z][a-z0-9._-]{1,31}$'),
    name         text not null check (name <> ''),
    phone_sealed bytea,
    added_at     timestamptz not null,
    added_by     text not null
);
comment on table employees is 'Who works at the company. The phone, on which tasks are told, is sealed with the installation''s key.';

create table employee_posts (
    id          bigint generated always as identity primary key,
    employee_id bigint not null references employees,
    roles       text[] not null check (roles <@ array['clerk', 'controller', 'biller', 'author', 'approver', 'collector', 'auditor', 'admin']),
    at          timestamptz not null,
    by          text not null
);
create index employee_posts_latest on employee_posts (employee_id, id desc);
comment on table employee_posts is 'What an employee may do from then on; the last row counts, without roles he has left.';

create table employee_secrets (
    employee_id  bigint primary key references employees,
    password     text,
    totp_sealed  bytea not null,
    totp_step    bigint not null default 0,
    invitation   bytea,
    invited_till timestamptz,
    failed       smallint not null default 0,
    locked_till  timestamptz,
    language     text not null default 'ru'
);
comment on table employee_secrets is 'How an employee proves who he is: a hash of his password, the sealed secret of his codes and the step of the last one used, an invitation that was not taken up, and wrong tries in a row.';

create view employed as
select e.id, e.login, e.name, coalesce(p.roles, '{}') as roles, coalesce(s.language, 'ru') as language,
       e.phone_sealed is not null as has_phone
  from employees e
  left join lateral (select roles from employee_posts where employee_id = e.id order by id desc limit 1) as p on true
  left join employee_secrets s on s.employee_id = e.id;
comment on view employed is 'Employees as they are now; who has no roles has left.';

create table staff_sessions (
    digest      bytea primary key check (octet_length(digest) = 32),
    employee_id bigint not null references employees,
    begun_at    timestamptz not null,
    seen_at     timestamptz not null,
    ended_at    timestamptz
);
create index staff_sessions_open on staff_sessions (employee_id) where ended_at is null;
comment on table staff_sessions is 'Logins by the hash of what the browser holds.';

create table staff_forms (
    employee_id bigint not null references employees,
    key         text not null,
    digest      bytea not null check (octet_length(digest) = 32),
    went_to     text not null,
    at          timestamptz not null,
    primary key (employee_id, key)
);
create index staff_forms_at on staff_forms (at);
comment on table staff_forms is 'Forms that were done, so that each is done once: the hash of its fields, and where it led.';

create table looks (
    id          bigint generated always as identity primary key,
    no          bigint not null unique check (no > 0),
    employee_id bigint not null references employees,
    at          timestamptz not null,
    account_id  bigint references accounts,
    what        text not null,
    reason      text not null check (reason <> ''),
    previous    bytea not null check (octet_length(previous) = 32),
    hash        bytea not null check (octet_length(hash) = 32)
);
create index looks_by_account on looks (account_id, no);
create index looks_by_employee on looks (employee_id, account_id, no desc);
comment on table looks is 'Each look of an employee at a customer''s data, with its reason; each row holds the hash of the one before.';

grant select on employed to meterline_app;
grant select, insert on employees, employee_posts, employee_secrets, staff_sessions, staff_forms, looks to meterline_app;
grant update (password, totp_sealed, totp_step, invitation, invited_till, failed, locked_till, language) on employee_secrets to meterline_app;
grant update (seen_at, ended_at) on staff_sessions to meterline_app;
grant delete on staff_forms to meterline_app;
grant update (phone_sealed, name) on employees to meterline_app;
