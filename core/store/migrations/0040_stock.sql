-- Meters before and after they hang with a customer: stores, laboratories, and every movement between them.

create table stores (
    id          bigint generated always as identity primary key,
    name        text not null unique check (name <> ''),
    kind        text not null check (kind in ('store', 'laboratory')),
    recorded_at timestamptz not null,
    author      text not null check (author <> '')
);
comment on table stores is 'Places where meters lie: stores, and laboratories that verify them.';

create table devices (
    id          bigint generated always as identity primary key,
    brand       text not null,
    serial      text not null check (serial <> ''),
    place       text not null check (place in ('stored', 'travelling', 'standing', 'loose', 'gone')),
    store_id    bigint references stores,
    goal_id     bigint references stores,
    verified_until date,
    unique (serial, brand),
    check ((store_id is not null) = (place in ('stored', 'travelling'))),
    check ((goal_id is not null) = (place = 'travelling'))
);
comment on table devices is 'Every meter that went through a store, and where it is: derived from device_movements, and changed together with them.';
comment on column devices.store_id is 'Where it lies, or from where it travels to goal_id.';

create index devices_store on devices (store_id, brand, serial) where store_id is not null;
create index devices_goal on devices (goal_id) where goal_id is not null;

create table device_movements (
    id          bigint generated always as identity primary key,
    device_id   bigint not null references devices,
    event       text not null check (event in ('received', 'sent', 'accepted', 'rejected', 'verified', 'failed', 'installed', 'removed', 'written_off')),
    store_id    bigint references stores,
    other_id    bigint references stores,
    until       date,
    document    text not null check (document <> ''),
    reason      text not null default '',
    author      text not null check (author <> ''),
    recorded_at timestamptz not null
);
comment on table device_movements is 'What befell the meters of the stores, by which document: only ever added to.';
comment on column device_movements.store_id is 'The store where it happened; of what was sent the one that it left.';
comment on column device_movements.other_id is 'The store on the other end of the way.';

create index device_movements_device on device_movements (device_id, id);
create index device_movements_time on device_movements (recorded_at);

grant select, insert on stores, device_movements to meterline_app;
grant select, insert on devices to meterline_app;
grant update (place, store_id, goal_id, verified_until) on devices to meterline_app;
grant usage on sequence stores_id_seq, devices_id_seq, device_movements_id_seq to meterline_app;
