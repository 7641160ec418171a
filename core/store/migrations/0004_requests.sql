-- What customers ask the staff to look at. A request and what became of it are facts; how it stands is the last of them.

create sequence request_numbers as bigint start 101;
comment on sequence request_numbers is 'The numbers that customers are told; one that was told is never given again.';

create table requests (
    id          bigint generated always as identity primary key,
    number      text not null unique check (number ~ '^[0-9]{3,18}$'),
    subject     text not null check (subject in ('dispute', 'outage', 'human')),
    account_id  bigint references accounts,
    customer_id bigint references customers,
    phone_hash  bytea not null,
    inbox_id    bigint not null,
    words       bytea not null,
    opened_at   timestamptz not null,
    recorded_at timestamptz not null default now()
);
comment on column requests.words is 'What was said, sealed with the data key of the customer in whose keeping the phone is, like inbox.payload.';
comment on column requests.account_id is 'Null where the text did not tell which of several accounts is meant.';
create index requests_phone on requests (phone_hash, id);

create table request_events (
    id          bigint generated always as identity primary key,
    request_id  bigint not null references requests,
    state       text check (state in ('open', 'taken', 'answered', 'closed')),
    at          timestamptz not null,
    by          text not null check (by <> ''),
    note        bytea,
    recorded_at timestamptz not null default now(),
    check (state is not null or note is not null)
);
comment on table request_events is 'What came after a request was opened: another state, more words (state null), or both; note is sealed like requests.words.';
create index request_events_request on request_events (request_id, id);

create view request_states as
    select r.id, r.number, r.subject, r.account_id, r.phone_hash, r.opened_at,
           coalesce(last.state, 'open') as state, coalesce(last.at, r.opened_at) as since
      from requests r
      left join lateral (
          select state, at from request_events where request_id = r.id and state is not null order by id desc limit 1
      ) as last on true;
comment on view request_states is 'How each request stands, and since when.';

grant select, insert on requests, request_events to meterline_app;
grant select on request_states to meterline_app;
grant usage on all sequences in schema public to meterline_app;
