-- The provider's list of texts, which is read for what no webhook brought: how far it is on record, who reads it now, and
-- what came of it. An installation that has been running goes on from the last text that it got.

create table inbox_polls (
    provider    text primary key,
    confirmed   timestamptz not null,
    due_at      timestamptz not null,
    begun_at    timestamptz not null,
    owner       text not null,
    lease_until timestamptz,
    completed   bigint not null default 0,
    fetched     bigint not null default 0,
    failed      integer not null default 0
);
comment on table inbox_polls is 'Who reads a provider''s list of texts, by the database''s clock: one process at a time, once in an interval for all of them.';
comment on column inbox_polls.confirmed is 'By the provider''s clock: what it took until then is on record.';
comment on column inbox_polls.failed is 'How often in a row the list could not be read; fetched counts the texts that only the list brought.';

insert into inbox_polls (provider, confirmed, due_at, begun_at, owner)
select provider, max(received_at), now(), '-infinity', '' from inbox where channel = 'sms' group by provider;

grant select, insert, update on inbox_polls to meterline_app;
