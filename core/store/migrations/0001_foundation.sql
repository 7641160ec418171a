-- The foundation: customers and their keys, phones and links, meters and readings, tariffs, claims, payments, the ledger,
-- what came in and what goes out. Facts are only ever added; the role the program runs as cannot change or delete them.

do $$
begin
    if not exists (select from pg_roles where rolname = 'meterline_app') then
        create role meterline_app nologin;
    end if;
exception when duplicate_object or unique_violation then
    null;  -- another database of the same server is being migrated at this moment
end
$$;

grant meterline_app to current_user;
grant usage on schema public to meterline_app;

create table company (
    id          smallint primary key default 1 check (id = 1),
    name        text not null,
    phone       text not null,
    timezone    text not null,
    currency    text not null default 'RUB',
    profile     text not null,
    window_from smallint check (window_from between 1 and 31),
    window_to   smallint check (window_to between 1 and 31),
    check ((window_from is null) = (window_to is null))
);
comment on table company is 'The one company of this installation; timezone is that of its business date.';

create table customers (
    id          bigint generated always as identity primary key,
    kind        text not null check (kind in ('household', 'organisation')),
    data_key    bytea,
    name_sealed bytea,
    created_at  timestamptz not null default now()
);
comment on column customers.data_key is 'The customer''s data key, sealed with the installation''s key; null once erased.';

create table buildings (
    id          bigint generated always as identity primary key,
    code        text not null unique
);

create table accounts (
    id             bigint generated always as identity primary key,
    customer_id    bigint not null references customers,
    number         text not null unique check (number ~ '^[0-9A-ZА-ЯЁ/-]{1,20}$'),
    building_id    bigint references buildings,
    address_sealed bytea,
    timezone       text not null,
    currency       text not null default 'RUB',
    persons        smallint not null default 1 check (persons between 0 and 99),
    opened_on      date not null,
    created_at     timestamptz not null default now()
);
create index accounts_customer on accounts (customer_id);

create table phones (
    hash        bytea primary key check (octet_length(hash) = 32),
    customer_id bigint not null references customers,
    sealed      bytea not null,
    language    text not null default 'ru',
    opted_out   boolean not null default false,
    created_at  timestamptz not null default now()
);
comment on table phones is 'Addresses by keyed hash; the number itself is sealed with the data key of the customer in whose keeping it is.';
create index phones_customer on phones (customer_id);

create table links (
    id          bigint generated always as identity primary key,
    phone_hash  bytea not null references phones,
    account_id  bigint not null references accounts,
    role        text not null check (role in ('owner', 'payer', 'helper', 'tenant', 'unverified')),
    extra       text[] not null default '{}',
    name        text check (char_length(name) between 1 and 12),
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    contract_on date,
    evidence    text not null,
    recorded_at timestamptz not null default now()
);
comment on column links.extra is 'Scopes that the owner allowed beyond the role.';
create unique index links_current on links (phone_hash, account_id) where valid_to is null;
create index links_account on links (account_id) where valid_to is null;

create table tariffs (
    id          bigint generated always as identity primary key,
    plan        text not null check (plan ~ '^[A-Z0-9-]{1,32}$'),
    valid_from  date not null,
    valid_to    date,
    currency    text not null default 'RUB',
    terms       jsonb not null,
    source      text not null,
    recorded_at timestamptz not null default now(),
    check (valid_to is null or valid_from < valid_to),
    unique (plan, valid_from)
);

create table points (
    id          bigint generated always as identity primary key,
    account_id  bigint not null references accounts,
    service     text not null check (service in ('electricity', 'cold_water', 'hot_water', 'gas', 'heat')),
    tariff      text not null,
    created_at  timestamptz not null default now()
);
create index points_account on points (account_id);

create table meters (
    id             bigint generated always as identity primary key,
    account_id     bigint not null references accounts,
    point_id       bigint not null references points,
    serial         text not null check (serial ~ '^[0-9A-ZА-ЯЁ/-]{1,20}$'),
    brand          text not null default '',
    digits         smallint not null check (digits between 3 and 9),
    fraction       smallint not null default 0 check (fraction between 0 and 3),
    multiplier     numeric(12,3) not null default 1 check (multiplier > 0),
    capacity_kw    numeric(12,3) check (capacity_kw > 0),
    zones          text[] not null check (cardinality(zones) between 1 and 3),
    installed_on   date not null,
    removed_on     date,
    verified_until date,
    created_at     timestamptz not null default now(),
    unique (account_id, serial)
);
create index meters_serial on meters (serial);

create table readings (
    account_id  bigint not null,
    no          bigint not null,
    meter_id    bigint not null,
    register    smallint not null check (register between 1 and 3),
    day         date not null,
    value       numeric(12,3) not null check (value >= 0 and value < 1e9),
    source      smallint not null check (source in (0, 2, 3, 4, 5)),
    phone_hash  bytea,
    inbox_id    bigint,
    flags       text[] not null default '{}',
    recorded_at timestamptz not null,
    primary key (account_id, no, meter_id, register)
) partition by hash (account_id);
comment on table readings is 'What was read: facts, never changed. The count is at the end of the day; no is the fact''s number in its account.';

create table withdrawals (
    account_id  bigint not null,
    no          bigint not null,
    reading_no  bigint not null,
    inbox_id    bigint,
    recorded_at timestamptz not null,
    primary key (account_id, no),
    unique (account_id, reading_no)
) partition by hash (account_id);
comment on table withdrawals is 'A reading taken back by the customer on its day.';

create table claims (
    account_id  bigint not null,
    no          bigint not null,
    month       date not null check (extract(day from month) = 1),
    kind        text not null check (kind in ('opening', 'bill', 'recalculation')),
    amount      bigint not null,
    due_on      date not null,
    issued_on   date not null,
    agent       text not null default '',
    external_id text,
    recorded_at timestamptz not null,
    primary key (account_id, no)
) partition by hash (account_id);
create unique index claims_bill on claims (account_id, month) where kind = 'bill';

create table claim_names (
    agent       text not null default '',
    external_id text not null,
    account_id  bigint not null,
    no          bigint not null,
    primary key (agent, external_id)
);
comment on table claim_names is 'By what name another system knows a claim: one name, one claim, over all accounts.';

create table charges (
    account_id  bigint not null,
    no          bigint not null,
    line        smallint not null,
    month       date not null,
    point_id    bigint,
    meter_id    bigint,
    service     text not null,
    kind        text not null,
    volume      numeric(14,3),
    amount      bigint not null,
    known       date,
    tariffs     bigint[] not null default '{}',
    primary key (account_id, no, line)
) partition by hash (account_id);
comment on column charges.tariffs is 'The versions by which a line was charged: a later one for its days charges it again.';
comment on table charges is 'The lines of a claim. A line is explained by computing it again from the facts numbered below no.';

create table payments (
    id           bigint generated always as identity primary key,
    account_id   bigint references accounts,
    no           bigint,
    account_text text not null,
    agent        text not null default '',
    external_id  text not null,
    paid_on      date not null,
    amount       bigint not null check (amount <> 0),
    month        date check (extract(day from month) = 1),
    recorded_at  timestamptz not null default now(),
    unique (agent, external_id),
    check ((account_id is null) = (no is null))
);
comment on table payments is 'Money received; without an account it waits in suspense.';
create unique index payments_account on payments (account_id, no) where account_id is not null;

create table entries (
    account_id  bigint not null,
    no          bigint not null,
    line        smallint not null,
    ledger      text not null check (ledger in ('receivable', 'revenue', 'bank', 'opening', 'suspense')),
    amount      bigint not null,
    on_day      date not null,
    recorded_at timestamptz not null,
    primary key (account_id, no, line)
) partition by hash (account_id);
comment on table entries is 'The double-entry ledger: the lines of one fact sum to zero; kopecks.';

do $$
declare parent text;
begin
    foreach parent in array array['readings', 'withdrawals', 'claims', 'charges', 'entries'] loop
        for i in 0..7 loop
            execute format('create table %I partition of %I for values with (modulus 8, remainder %s)', parent || '_' || i, parent, i);
        end loop;
    end loop;
end
$$;

create table account_states (
    account_id     bigint primary key references accounts,
    fact_no        bigint not null default 0,
    balance        bigint not null default 0,
    billed_through date,
    claims         jsonb not null default '[]',
    issued         jsonb not null default '[]',
    registers      jsonb not null default '{}'
) with (fillfactor = 70);
comment on table account_states is 'What an answer needs of an account in one row; derived from the facts and derivable again.';

create table questions (
    phone_hash  bytea primary key,
    kind        text not null,
    terms       jsonb not null,
    asked_at    timestamptz not null,
    expires_at  timestamptz not null
);
comment on table questions is 'The one question open to a person, from whatever channel it was asked.';

create table inbox (
    id           bigint generated always as identity primary key,
    channel      text not null,
    provider     text not null,
    reference    text not null,
    sender_hash  bytea not null,
    customer_id  bigint,
    received_at  timestamptz not null,
    content_hash bytea not null,
    payload      bytea,
    said_hash    bytea,
    command      text not null default '',
    fate         text not null check (fate in ('answered', 'muted', 'quarantined')),
    reason       text not null default '',
    account_id   bigint,
    outbound_id  uuid,
    stored_at    timestamptz not null default now(),
    unique (provider, reference)
);
comment on column inbox.said_hash is 'A keyed hash of the words, by which repeats are counted.';
comment on column inbox.payload is 'The words and what the provider sent, sealed with the customer''s data key, or the installation''s where the sender is unknown.';
create index inbox_sender on inbox (sender_hash, id);
create index inbox_strangers on inbox (sender_hash, received_at) where customer_id is null and fate <> 'muted';

create table outbox (
    id           uuid primary key,
    channel      text not null,
    class        text not null,
    customer_id  bigint,
    address_hash bytea not null,
    address      bytea,
    body         bytea,
    body_hash    bytea not null,
    segments     smallint not null,
    locale       text not null,
    kind         text not null,
    state        text not null check (state in ('ready', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'failed', 'expired')),
    attempt      smallint not null default 0,
    owner        text,
    lease_until  timestamptz,
    not_before   timestamptz not null default now(),
    reference    text,
    code         text,
    created_at   timestamptz not null default now(),
    changed_at   timestamptz not null default now()
) with (fillfactor = 70);
comment on table outbox is 'Every worded message, the legal record of what was said. The body is sealed like inbox.payload; address is null where phones has it.';
create index outbox_open on outbox (channel, not_before, id) where state in ('ready', 'sending', 'unknown');
create unique index outbox_in_flight on outbox (address_hash) where state in ('sending', 'unknown');
create index outbox_waiting on outbox (address_hash) where state = 'ready';
create unique index outbox_reference on outbox (channel, reference) where reference is not null;

create table reports (
    id          bigint generated always as identity primary key,
    channel     text not null,
    outbound_id uuid,
    reference   text not null,
    state       text,
    code        text,
    raw         bytea not null,
    received_at timestamptz not null,
    stored_at   timestamptz not null default now()
);
comment on table reports is 'Every receipt as it came, known to us or not; raw is sealed with the installation''s key.';
create index reports_outbound on reports (outbound_id);

create table alarms (
    id          bigint generated always as identity primary key,
    kind        text not null,
    about       text not null,
    at          timestamptz not null,
    stored_at   timestamptz not null default now()
);
create unique index alarms_changed on alarms (about) where kind = 'content changed';
comment on table alarms is 'What a person should look at: repeated ids with other content, quarantined messages, and the like.';

create table jobs (
    name        text not null,
    period      text not null,
    state       text not null check (state in ('running', 'done', 'failed')),
    started_at  timestamptz not null default now(),
    finished_at timestamptz,
    counts      jsonb not null default '{}',
    error       text,
    primary key (name, period)
);

create view readings_in_force as
    select distinct on (r.account_id, r.meter_id, r.register, r.day)
           r.account_id, r.meter_id, r.register, r.day, r.value, r.source, r.no, r.phone_hash, r.recorded_at
      from readings r
     where r.source > 0
       and not exists (select from withdrawals w where w.account_id = r.account_id and w.reading_no = r.no)
     order by r.account_id, r.meter_id, r.register, r.day, r.source desc, r.no desc;
comment on view readings_in_force is 'One reading a register and day: the firmest source, then the latest fact; withdrawn ones left out.';

grant select, insert on all tables in schema public to meterline_app;
grant usage on all sequences in schema public to meterline_app;
grant update on company, phones, links, account_states, questions, jobs to meterline_app;
grant update (data_key, name_sealed) on customers to meterline_app;
grant update (opened_on) on accounts to meterline_app;
grant update (installed_on, removed_on, verified_until) on meters to meterline_app;
grant update (state, attempt, owner, lease_until, not_before, reference, code, changed_at) on outbox to meterline_app;
grant delete on questions to meterline_app;
-- Partitions are reached through their parents only.
do $$
declare leaf regclass;
begin
    for leaf in select c.oid::regclass from pg_class c where c.relispartition and c.relkind = 'r' loop
        execute format('revoke all on %s from meterline_app', leaf);
    end loop;
end
$$;
