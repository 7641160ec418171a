-- The business day on which each line of the ledger was booked, apart from the day for which it counts, and the days
-- whose books are closed: a day is cut (nothing more is booked on it), its accounts are gone through, its head is sealed.
set local statement_timeout = 0;

alter table entries add column booked_on date;
update entries set booked_on = (recorded_at at time zone coalesce((select timezone from company), 'UTC'))::date;
alter table entries alter column booked_on set not null;
create index entries_booked on entries (booked_on, account_id);
comment on column entries.booked_on is 'The business day in whose books the line stands; on_day is the day for which it counts.';
comment on column entries.account_id is '0: the company''s own books, for money that belongs to no account.';

create table day_cuts (
    day    date primary key,
    cut_at timestamptz not null
);
comment on table day_cuts is 'From its row on, what is booked goes to a later day.';

create table day_accounts (
    day        date not null,
    account_id bigint not null,
    taken      bigint not null,
    primary key (account_id, day)
);
comment on table day_accounts is 'Which accounts a day''s close goes through, and the last fact of each that it takes in; 0 is the company.';
create index day_accounts_day on day_accounts (day, account_id);

create table day_rows (
    day        date not null,
    account_id bigint not null,
    watermark  bigint not null,
    balance    bigint not null,
    lines      integer not null,
    hash       bytea not null check (octet_length(hash) = 32),
    primary key (account_id, day)
);
comment on table day_rows is 'What a closed day found of an account: the fact up to which all is taken in, what is owed at its end, and the hash over the lines booked since the row before.';
create index day_rows_day on day_rows (day, account_id);

create table day_heads (
    day       date primary key,
    accounts  bigint not null,
    lines     bigint not null,
    previous  bytea not null,
    head      bytea not null check (octet_length(head) = 32),
    sealed_at timestamptz not null
);
comment on table day_heads is 'The seal of a day: a hash over the rows of its accounts and the head of the day before.';

grant select, insert on day_cuts, day_accounts, day_rows, day_heads to meterline_app;
