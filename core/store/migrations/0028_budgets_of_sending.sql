-- A number may send so many messages a second, whatever number of processes does it.

create table outbox_buckets (
    channel   text primary key,
    tokens    double precision not null default 0,
    filled_at timestamptz not null default clock_timestamp()
);
comment on table outbox_buckets is 'A token for each message that may go out now; they fill with time, up to what the settings say.';

insert into outbox_buckets (channel) values ('sms'), ('telegram');

grant select, update (tokens, filled_at) on outbox_buckets to meterline_app;
