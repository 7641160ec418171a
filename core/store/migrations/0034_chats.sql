-- Chats: which phone each speaks for, what was said before one was, and buttons beside the words that go out.

create table chats (
    id           bigint generated always as identity primary key,
    hash         bytea not null,
    phone_hash   bytea not null,
    customer_id  bigint references customers,
    sealed       bytea,
    phone_sealed bytea,
    evidence     text not null,
    bound_at     timestamptz not null,
    ended_at     timestamptz,
    dead_at      timestamptz,
    recorded_at  timestamptz not null default now()
);
create unique index chats_bound on chats (hash) where ended_at is null;
create unique index chats_of_phone on chats (phone_hash) where ended_at is null;
comment on table chats is 'Which phone a private chat speaks for: bound when its person showed that the phone is his, ended when another took its place.';
comment on column chats.hash is 'Keyed hash of the chat''s id.';
comment on column chats.customer_id is 'Whose key seals the chat''s id, the customer''s in whose keeping the phone is; null: the installation''s.';
comment on column chats.sealed is 'The chat''s id; null once its customer was erased.';
comment on column chats.phone_sealed is 'The phone, while phones does not have it.';
comment on column chats.dead_at is 'Since when nothing reaches it; null again once its person writes.';

create table chat_ends (
    chat_id     bigint primary key references chats,
    at          timestamptz not null,
    why         text not null check (why in ('moved', 'other phone')),
    recorded_at timestamptz not null default now()
);
comment on table chat_ends is 'When and why a chat ceased to speak for its phone.';

create table chat_talks (
    hash         bytea primary key,
    language     text,
    phone_sealed bytea,
    code         text,
    code_until   timestamptz,
    wrong        smallint not null default 0,
    codes        smallint not null default 0,
    began        timestamptz not null
);
comment on table chat_talks is 'How far the talk with a chat has come before it is bound: its language, and the code that went to its phone.';
comment on column chat_talks.codes is 'Codes sent since began; wrong: guesses that were none of them.';

alter table outbox add column extras bytea, add column doubts smallint not null default 0;
comment on column outbox.extras is 'What goes out beside the words where the channel has it: buttons; sealed like the body.';
comment on column outbox.doubts is 'How often nobody knew whether the provider took it: where the provider cannot be asked, so often at most it came twice.';

-- A person's chat and his phone do not wait for each other.
drop index outbox_in_flight;
create unique index outbox_in_flight on outbox (address_hash, channel) where state in ('sending', 'unknown');

create or replace function forget_search_keys() returns trigger language plpgsql security definer set search_path to 'public' as $$
begin
    delete from search_keys where customer_id = new.id;
    update chats set sealed = null, phone_sealed = null
     where customer_id = new.id or phone_hash in (select hash from phones where customer_id = new.id);
    return null;
end
$$;

grant select, insert on chats, chat_ends, chat_talks to meterline_app;
grant update (ended_at, dead_at) on chats to meterline_app;
grant update on chat_talks to meterline_app;
grant update (doubts) on outbox to meterline_app;
grant usage on all sequences in schema public to meterline_app;
