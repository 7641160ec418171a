-- What the people of an account settle themselves: who is invited to it, a phone that takes the place of another, and
-- the hours in which somebody wants to be told what he did not ask for.

create table invitations (
    id          bigint generated always as identity primary key,
    account_id  bigint not null references accounts,
    phone_hash  bytea not null check (octet_length(phone_hash) = 32),
    customer_id bigint not null references customers,
    sealed      bytea not null,
    role        text not null check (role in ('payer', 'helper', 'tenant')),
    extra       text[] not null,
    by_hash     bytea not null check (octet_length(by_hash) = 32),
    at          timestamptz not null,
    until       timestamptz not null check (until > at)
);
create index invitations_of_account on invitations (account_id, id desc);
create index invitations_of_phone on invitations (phone_hash, id desc);
comment on table invitations is 'Phones that somebody who manages an account wants to share it with: as what, and what beyond the role. The number is sealed with the key of the account''s customer.';

create table invitation_ends (
    invitation_id bigint primary key references invitations,
    how           text not null check (how in ('accepted', 'declined', 'withdrawn', 'replaced')),
    at            timestamptz not null
);
comment on table invitation_ends is 'What became of an invitation; one without a row is open until its time.';

create table phone_moves (
    id          bigint generated always as identity primary key,
    old_hash    bytea not null references phones,
    new_hash    bytea not null check (octet_length(new_hash) = 32 and new_hash <> old_hash),
    customer_id bigint not null references customers,
    sealed      bytea not null,
    at          timestamptz not null,
    ripe_at     timestamptz not null check (ripe_at > at)
);
create index phone_moves_of_phone on phone_moves (old_hash, id desc);
create index phone_moves_ripe on phone_moves (ripe_at);
comment on table phone_moves is 'A person''s new phone, which proved that it is his: from ripe_at on it takes the place of the old one, which was told and may stop it. The number is sealed with the key of the customer in whose keeping the old one is.';

create table phone_move_ends (
    move_id bigint primary key references phone_moves,
    how     text not null check (how in ('done', 'stopped', 'void')),
    at      timestamptz not null
);
comment on table phone_move_ends is 'How a change of phone ended. Void: the old phone was linked to nothing any more.';

alter table phones add column told_from smallint, add column told_till smallint,
    add constraint phones_told_check check (
        (told_from is null) = (told_till is null) and told_from between 8 and 14 and told_till between 17 and 22);
comment on column phones.told_from is 'From this hour of the day where the account is its person wants to be written to unasked; null: whenever the company may.';
comment on column phones.told_till is 'Until this hour.';

grant select, insert on invitations, invitation_ends, phone_moves, phone_move_ends to meterline_app;
grant usage on sequence invitations_id_seq, phone_moves_id_seq to meterline_app;
