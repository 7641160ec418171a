-- Photos that came with readings in a chat.

create table chat_photos (
    id          bigint generated always as identity primary key,
    reference   text not null unique,
    phone_hash  bytea not null,
    customer_id bigint references customers,
    file        bytea not null,
    wanted_at   timestamptz not null,
    not_before  timestamptz not null default clock_timestamp(),
    tries       smallint not null default 0,
    kept_at     timestamptz,
    digest      bytea,
    kept_digest bytea,
    content     bytea,
    recorded_at timestamptz not null default now(),
    check ((kept_at is null) = (content is null)),
    check ((kept_at is null) = (digest is null))
);
comment on table chat_photos is 'A photo that came with a reading, as evidence: wanted with its message, fetched aside, kept without metadata and sealed.';
comment on column chat_photos.reference is 'The message in inbox with which it came.';
comment on column chat_photos.file is 'By what the messenger gives it out, sealed.';
comment on column chat_photos.digest is 'SHA-256 of what came; kept_digest of what is kept.';
create index chat_photos_wanted on chat_photos (not_before, id) where kept_at is null;
create index chat_photos_phone on chat_photos (phone_hash, id);

grant select, insert on chat_photos to meterline_app;
grant update (not_before, tries, kept_at, digest, kept_digest, content) on chat_photos to meterline_app;
grant usage on all sequences in schema public to meterline_app;
