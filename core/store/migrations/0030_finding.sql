-- By what a customer is found: keyed digests of what identifies him, and the papers that say who he is, sealed.
set local statement_timeout = 0;

create table search_keys (
    digest      bigint not null,
    customer_id bigint not null,
    account_id  bigint not null default 0,
    primary key (digest, customer_id, account_id)
);
comment on table search_keys is 'Eight bytes of a keyed hash of a word by which a customer, or one of his accounts, is found; what the word was stands nowhere. Emptied of a customer who is erased.';
comment on column search_keys.account_id is '0: it is the customer who is found, with all his accounts. Without foreign keys: an import adds several rows an account.';

create index search_keys_customer on search_keys (customer_id);

create table identity_documents (
    id          bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    kind        text not null check (kind in ('passport', 'foreign_passport', 'residence_permit', 'military_id',
                                              'birth_certificate', 'pension_insurance', 'taxpayer', 'registration')),
    sealed      bytea not null,
    recorded_at timestamptz not null
);
comment on table identity_documents is 'What a customer identifies himself by; the number is sealed with his data key. Of several the last one holds.';

create index identity_documents_customer on identity_documents (customer_id);

create table bank_accounts (
    id          bigint generated always as identity primary key,
    account_id  bigint not null references accounts,
    sealed      bytea not null,
    recorded_at timestamptz not null
);
comment on table bank_accounts is 'The bank account from which an account is paid, sealed with the data key of its customer. Of several the last one holds.';

create index bank_accounts_account on bank_accounts (account_id);

create table printed_bills (
    account_id bigint not null,
    no         bigint not null,
    body       bytea not null,
    digest     bytea not null check (octet_length(digest) = 32),
    printed_at timestamptz not null,
    primary key (account_id, no)
);
comment on table printed_bills is 'A bill as it was first printed, sealed with the data key of its customer, and the hash of its bytes: it is the same for ever.';

create index accounts_tail on accounts (reverse(number) collate "C");
create index requests_account on requests (account_id, id) where account_id is not null;
create index outbox_address on outbox (address_hash, id);

-- What was sealed goes with the customer's key; what is only hashed has to be taken away.
create function forget_search_keys() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from search_keys where customer_id = new.id;
    return null;
end
$$;

create trigger customers_erased after update of data_key on customers
    for each row when (new.data_key is null) execute function forget_search_keys();

grant select, insert on search_keys, identity_documents, bank_accounts, printed_bills to meterline_app;
grant usage on sequence identity_documents_id_seq, bank_accounts_id_seq to meterline_app;
