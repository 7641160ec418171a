-- What the close of a month needs of an ordinary account beside its state, so that it need not load its history.

create table kept_counts (
    account_id bigint primary key references accounts (id),
    no         bigint not null,
    bill       bigint not null,
    issued_on  date not null,
    tariffs    bigint not null,
    plan       text not null,
    counts     json not null
) with (fillfactor = 70);
comment on table kept_counts is 'Of ordinary accounts the counts of the last year, by all facts up to no; derived from the facts and derivable again.';
comment on column kept_counts.bill is 'The number of the last bill where it is the only claim of its month, else 0.';
comment on column kept_counts.tariffs is 'The highest id of a tariff version then known.';
comment on column kept_counts.counts is 'Of each register the days, as numbers, and the counts in thousandths; empty: the account is closed from all its facts.';
grant select, insert, update on kept_counts to meterline_app;

create index claims_besides on claims (account_id) where kind in ('penalty', 'write_off', 'interest');
create index payments_named on payments (account_id, month) where month is not null;
