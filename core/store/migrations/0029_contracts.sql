-- SMS contracts as facts: what was prepared to be signed, its signing, its scans, its end; and what people agreed to be told.

create table contracts (
    id           bigint generated always as identity primary key,
    account_id   bigint not null references accounts,
    number       text not null unique
                 generated always as ('SMS-' || case when id < 1000000 then lpad(id::text, 6, '0') else id::text end) stored,
    customer_id  bigint not null references customers,
    phone_hash   bytea not null check (octet_length(phone_hash) = 32),
    role         text not null check (role in ('owner', 'payer', 'helper', 'tenant')),
    extra        text[] not null,
    topics       text[] not null,
    dated        date not null,
    document     text not null,
    text_version date not null,
    language     text not null,
    text_hash    bytea not null check (octet_length(text_hash) = 32),
    sealed       bytea not null,
    prepared_at  timestamptz not null,
    prepared_by  text not null check (prepared_by <> '')
);
create index contracts_by_account on contracts (account_id, id desc);
create index contracts_by_day on contracts (dated, id desc);
comment on table contracts is 'What was put before a person to sign. His name, the last signs of his document, the phone and all that fills the blanks of the text are sealed with the key of the account''s customer; the hash is that of the text as it was printed.';

create table contract_signings (
    contract_id bigint primary key references contracts,
    at          timestamptz not null,
    by          text not null check (by <> '')
);
comment on table contract_signings is 'A contract holds from its signing on, as an employee took it.';

create table contract_ends (
    contract_id bigint primary key references contracts,
    since       timestamptz not null,
    reason      text not null,
    words       bytea,
    at          timestamptz not null,
    by          text not null check (by <> '')
);
comment on table contract_ends is 'A contract that was revoked: since when, why (words sealed), and when and by whom that was written down.';

create table contract_scans (
    id          bigint generated always as identity primary key,
    contract_id bigint not null references contracts,
    kind        text not null check (kind in ('pdf', 'jpeg', 'png')),
    size        integer not null check (size between 1 and 5242880),
    sha256      bytea not null check (octet_length(sha256) = 32),
    sealed      bytea not null,
    at          timestamptz not null,
    by          text not null check (by <> ''),
    unique (contract_id, sha256)
);
alter table contract_scans alter column sealed set storage external;
comment on table contract_scans is 'Pictures of signed contracts, sealed with the customer''s key; the hash is that of the picture as it came.';

create table consents (
    id          bigint generated always as identity primary key,
    phone_hash  bytea not null check (octet_length(phone_hash) = 32),
    account_id  bigint references accounts,
    topic       text not null,
    given       boolean not null,
    how         text not null check (how in ('contract', 'text', 'page', 'paper')),
    contract_id bigint references contracts,
    by          text not null,
    since       timestamptz not null,
    recorded_at timestamptz not null
);
create index consents_of_phone on consents (phone_hash, topic, since desc, id desc);
create index consents_of_account on consents (account_id, id desc) where account_id is not null;
comment on table consents is 'What a person agreed to be told, or did not want any more: of an account, or of all where it is null. The topic "news" is everything that STOP stops. By is an employee, or empty where the phone itself said it.';

insert into consents (phone_hash, topic, given, how, by, since, recorded_at)
select hash, 'news', false, 'text', '', created_at, now() from phones where opted_out;

create view contracts_now as
select c.id, c.number, c.account_id, c.phone_hash, c.role, c.extra, c.topics, c.dated, c.prepared_at, c.prepared_by,
       s.at as signed_at, s.by as signed_by, e.since as ended_since, e.reason, e.at as ended_at, e.by as ended_by,
       case when e.contract_id is not null then 'revoked'
            when s.contract_id is null then 'prepared'
            when l.id is null then 'unlinked'
            else 'in_force' end as state
  from contracts c
  left join contract_signings s on s.contract_id = c.id
  left join contract_ends e on e.contract_id = c.id
  left join links l on l.account_id = c.account_id and l.phone_hash = c.phone_hash and l.valid_to is null
                   and l.evidence = 'contract ' || c.number;
comment on view contracts_now is 'How each contract stands. Unlinked: the phone was taken off the account, or another contract took the place of this one.';

create view consents_now as
select distinct on (k.phone_hash, k.account_id, k.topic)
       k.phone_hash, k.account_id, k.topic, k.given, k.how, k.by, k.since, k.recorded_at
  from consents k
  left join contract_ends e on e.contract_id = k.contract_id
 where e.contract_id is null
 order by k.phone_hash, k.account_id, k.topic, k.since desc, k.id desc;
comment on view consents_now is 'The last word of each phone on each topic, by when it was said and not by when it was written down. What was agreed in a contract ends with it.';

grant select on contracts_now, consents_now to meterline_app;
grant select, insert on contracts, contract_signings, contract_ends, contract_scans, consents to meterline_app;
grant usage on sequence contracts_id_seq to meterline_app;
