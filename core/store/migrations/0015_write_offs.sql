-- Why a debt was written off, or demanded again: the document behind each claim of the kind write_off.
set local statement_timeout = 0;

create table write_offs (
    account_id  bigint not null,
    no          bigint not null,
    document    text not null check (document <> ''),
    reason      text not null check (reason <> ''),
    by          text not null check (by <> ''),
    recorded_at timestamptz not null,
    primary key (account_id, no)
);
comment on table write_offs is 'no is that of the claim of the kind write_off.';

grant select, insert on write_offs to meterline_app;
