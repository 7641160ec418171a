-- By what programs of customers are known that call the JSON API.

create table api_tokens (
    id         bigint generated always as identity primary key,
    digest     bytea not null unique check (octet_length(digest) = 32),
    phone_hash bytea not null references phones,
    name       text not null check (name <> ''),
    scopes     text[] not null check (scopes <> '{}' and scopes <@ array['read', 'submit', 'command']),
    begun_at   timestamptz not null,
    expires_at timestamptz not null,
    seen_at    timestamptz,
    ended_at   timestamptz
);
create index api_tokens_open on api_tokens (phone_hash, id desc) where ended_at is null;
comment on table api_tokens is 'Tokens of programs by their hash, each of the phone whose owner made it: it may do what that phone may in the cabinet, and of that only what its scopes say.';

grant select, insert on api_tokens to meterline_app;
grant update (seen_at, ended_at) on api_tokens to meterline_app;
