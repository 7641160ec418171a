-- What tells a machine from a person, when a phone was last proven, what an owner has yet to be asked, and how many codes
-- and answers to strangers the hour has seen.
set local statement_timeout = 0;

alter table inbox add column shape_hash bytea;
comment on column inbox.shape_hash is 'A keyed hash of the words without their numbers, by which texts of one machine are told.';

alter table phones
    add column proven_at timestamptz not null default now(),
    add column bounced smallint not null default 0;
comment on column phones.proven_at is 'When it was last seen, to thirty days, that the phone is its person''s: an SMS of its own that followed no doubt, or a confirmed code or question.';
comment on column phones.bounced is 'So many messages in a row did not reach it, by the carrier''s receipts.';

update phones p set proven_at = coalesce(
    (select i.received_at from inbox i where i.sender_hash = p.hash and i.channel = 'sms' order by i.id desc limit 1),
    (select min(l.valid_from) from links l where l.phone_hash = p.hash),
    p.created_at);

create or replace view link_proofs as
select l.id as link_id, l.account_id, l.phone_hash, p.proven_at, p.bounced
  from links l join phones p on p.hash = l.phone_hash
 where l.valid_to is null;
comment on view link_proofs is 'When the phone of each link was last proven, and how many messages in a row have not reached it since.';

create table waiting_grants (
    owner_hash bytea not null references phones,
    account_id bigint not null references accounts,
    phone_hash bytea not null references phones,
    until      timestamptz not null,
    primary key (owner_hash, account_id, phone_hash)
);
comment on table waiting_grants is 'Phones that an owner was told of and has yet to be asked about, for another question was open to him.';

create table budgets (
    name  text primary key check (name in ('codes', 'strangers')),
    began timestamptz not null,
    used  integer not null
);
comment on table budgets is 'How many codes, and how many answers to unknown phones, went out within the hour from began.';

grant select, insert on waiting_grants, budgets to meterline_app;
grant delete on waiting_grants to meterline_app;
grant update on budgets to meterline_app;
