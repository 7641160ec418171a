-- After a backup was restored nothing is sent until it is known what was sent since it was made.

create table outbox_holds (
    channel text primary key,
    since   timestamptz not null default clock_timestamp()
);
comment on table outbox_holds is 'While a channel stands here, no message of it is begun, whatever process would.';

grant select, insert, delete on outbox_holds to meterline_app;
