-- Customers log in with a code that goes to their phone: the codes, the logins, and the forms that were done.

create table web_codes (
    id         bigint generated always as identity primary key,
    browser    bytea not null check (octet_length(browser) = 32),
    phone_hash bytea not null check (octet_length(phone_hash) = 32),
    network    bytea not null check (octet_length(network) = 32),
    digest     bytea not null check (octet_length(digest) = 32),
    asked_at   timestamptz not null,
    tries      smallint not null default 0,
    used_at    timestamptz
);
create index web_codes_of_phone on web_codes (phone_hash, id desc);
create index web_codes_of_network on web_codes (network, asked_at);
create index web_codes_of_browser on web_codes (browser, id desc);
create index web_codes_at on web_codes (asked_at);
comment on table web_codes is 'Codes for a login: by the hash of what the asking browser holds, and the keyed hash of the code. A phone that may not log in has a row that no code fits.';

create table web_sessions (
    id         bigint generated always as identity primary key,
    digest     bytea not null unique check (octet_length(digest) = 32),
    phone_hash bytea not null references phones,
    device     text not null,
    begun_at   timestamptz not null,
    seen_at    timestamptz not null,
    ended_at   timestamptz
);
create index web_sessions_open on web_sessions (phone_hash, id desc) where ended_at is null;
comment on table web_sessions is 'Logins of customers by the hash of what the browser holds; the device as the browser calls itself, in short.';

create table web_forms (
    phone_hash bytea not null references phones,
    key        text not null,
    digest     bytea not null check (octet_length(digest) = 32),
    went_to    text not null,
    at         timestamptz not null,
    primary key (phone_hash, key)
);
create index web_forms_at on web_forms (at);
comment on table web_forms is 'Forms of the cabinet that were done and were no message, so that each is done once: the hash of its fields, and where it led.';

grant select, insert on web_codes, web_sessions, web_forms to meterline_app;
grant update (tries, used_at) on web_codes to meterline_app;
grant update (seen_at, ended_at) on web_sessions to meterline_app;
grant delete on web_codes, web_forms to meterline_app;

alter table budgets drop constraint budgets_name_check;
alter table budgets add constraint budgets_name_check check (name in ('codes', 'strangers', 'logins', 'lost logins'));
