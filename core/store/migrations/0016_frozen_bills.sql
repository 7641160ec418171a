-- The hash of each bill, frozen by the close of the day that booked it.

create table bill_seals (
    account_id bigint not null,
    month      date not null,
    no         bigint not null,
    day        date not null,
    hash       bytea not null check (octet_length(hash) = 32),
    primary key (account_id, month)
);
comment on table bill_seals is 'One frozen bill an account and month: the claim, the day whose close sealed it, and the hash over it and its lines.';

grant select, insert on bill_seals to meterline_app;
