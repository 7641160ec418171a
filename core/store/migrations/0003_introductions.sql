-- How phones are tied to accounts and taken off them: when a link's end was recorded, and what a phone has tried today.

create table link_ends (
    link_id     bigint primary key references links,
    at          timestamptz not null,
    evidence    text not null,
    recorded_at timestamptz not null
);
comment on table link_ends is 'The end of a link as a fact: since when it held no more, and since when that was on record. links.valid_to is the same end for who asks about now.';

insert into link_ends (link_id, at, evidence, recorded_at)
select id, valid_to, 'before', valid_to from links where valid_to is not null;

create index links_of_account on links (account_id, valid_from);

create table attempts (
    phone_hash bytea primary key check (octet_length(phone_hash) = 32),
    began      timestamptz not null,
    neutral    smallint not null default 0,
    asked      smallint not null default 0,
    wrong      smallint not null default 0
);
comment on table attempts is 'What a phone has had within a day from began: neutral answers, answers to REG, and wrong guesses.';

grant select, insert on link_ends, attempts to meterline_app;
grant update on attempts to meterline_app;
revoke update on links from meterline_app;
grant update (name, valid_to, contract_on) on links to meterline_app;
