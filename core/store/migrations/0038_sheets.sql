-- What came of files with readings that organisations send.

create table web_sheets (
    phone_hash bytea not null references phones,
    key        text not null,
    body       bytea not null,
    at         timestamptz not null,
    primary key (phone_hash, key)
);
create index web_sheets_at on web_sheets (at);
comment on table web_sheets is 'What was answered to each row of a file with readings, sealed with the key of the customer whose phone sent it; kept for a few days.';

grant select, insert, delete on web_sheets to meterline_app;
