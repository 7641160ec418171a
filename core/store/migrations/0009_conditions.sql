-- What holds of accounts, supply points, meters and buildings on which days: facts that correct one another.

create table conditions (
    account_id  bigint not null references accounts,
    no          bigint not null,
    kind        text not null check (kind in ('persons', 'area', 'category', 'holder', 'benefit', 'plan', 'supply',
                                              'metering', 'common', 'multiplier', 'failed', 'verified', 'seal', 'access')),
    subject     bigint not null,
    name        text not null default '',
    valid_from  date not null,
    valid_to    date check (valid_to > valid_from),
    value       jsonb not null,
    source      text not null check (source <> ''),
    document    text not null default '',
    author      text not null check (author <> ''),
    recorded_at timestamptz not null,
    primary key (account_id, no)
);
comment on table conditions is 'Values by days, half-open: facts, never changed. Of two of one kind, subject and name the one with the higher no holds on the days of both; a value null is what held before any fact.';
comment on column conditions.subject is 'The id of the account, of its point, or of its meter, as the kind is of one or the other.';

create table building_conditions (
    building_id bigint not null references buildings,
    no          bigint not null,
    kind        text not null check (kind in ('house_volume', 'house_other', 'common_norm', 'common_area', 'total_area')),
    valid_from  date not null,
    valid_to    date check (valid_to > valid_from),
    value       jsonb not null,
    source      text not null check (source <> ''),
    document    text not null default '',
    author      text not null check (author <> ''),
    recorded_at timestamptz not null,
    primary key (building_id, no)
);
comment on table building_conditions is 'The same of a building: what its meter counted, and by what the common use is parted. no is the building''s own.';

alter table account_states add column conditions jsonb not null default '[]';
comment on column account_states.conditions is 'What holds by the facts of table conditions, on which days; derived like the rest of the row.';

create index accounts_building on accounts (building_id) where building_id is not null;

grant select, insert on conditions, building_conditions to meterline_app;
