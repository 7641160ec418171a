-- Who has no account books a visit in the browser with a code that goes to his phone.

alter table web_codes add column phone bytea;
comment on column web_codes.phone is 'Of a code for a visit of somebody without an account: his phone, sealed with the key of the installation.';
comment on table web_codes is 'Codes for a login, or for a visit of somebody without an account: by the hash of what the asking browser holds, and the keyed hash of the code. A phone that may have none has a row that no code fits.';

alter table budgets drop constraint budgets_name_check;
alter table budgets add constraint budgets_name_check check (name in ('codes', 'strangers', 'logins', 'lost logins', 'visits'));
