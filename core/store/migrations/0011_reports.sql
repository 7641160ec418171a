-- Who manages a building, reports that print the same bytes for ever, and what each job told.

create table organisations (
    id          bigint generated always as identity primary key,
    code        text not null unique check (code <> ''),
    name        text not null
);
comment on table organisations is 'Managing companies, which group buildings.';

create table building_managers (
    id              bigint generated always as identity primary key,
    building_id     bigint not null references buildings,
    organisation_id bigint not null references organisations,
    valid_from      date not null,
    document        text not null,
    recorded_at     timestamptz not null
);
create index building_managers_building on building_managers (building_id, valid_from);
comment on table building_managers is 'Who manages a building from a day on; of two for one day the later row holds.';

create table printed_reports (
    name       text primary key,
    digest     bytea not null check (octet_length(digest) = 32),
    head       bytea not null,
    printed_at timestamptz not null
);
comment on table printed_reports is 'The hash of a report of closed days as it was first printed, and the head of its last day: it is the same for ever.';

alter table jobs add column report text not null default '';
comment on column jobs.report is 'What the job told of its day, as the morning report shows it.';

create index alarms_stored on alarms (stored_at);
create index outbox_changed on outbox (changed_at) where state in ('failed', 'undelivered', 'expired');

grant select, insert on organisations, building_managers, printed_reports to meterline_app;
grant usage on all sequences in schema public to meterline_app;
