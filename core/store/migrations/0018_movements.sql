-- When meters came and went, who says so and by what act: facts, where the dates of meters tell how things stand.

create table movements (
    id          bigint generated always as identity primary key,
    account_id  bigint not null references accounts,
    meter_id    bigint not null references meters,
    event       text not null check (event in ('installed', 'removed')),
    day         date not null,
    document    text not null default '',
    author      text not null check (author <> ''),
    recorded_at timestamptz not null
);
comment on table movements is 'Meters installed and removed at the end of a day, through a door for facts; what a meter showed then is a reading of an act.';

create index movements_account on movements (account_id);

grant select, insert on movements to meterline_app;
grant usage on sequence movements_id_seq to meterline_app;
