-- Penalties and write-offs are claims of their own, each about the claim that it is for.
set local statement_timeout = 0;

alter table claims add column about bigint;
alter table claims drop constraint claims_kind_check;
alter table claims add constraint claims_kind_check
    check (kind in ('opening', 'bill', 'recalculation', 'penalty', 'write_off'));
alter table claims add constraint claims_about_check
    check ((about is not null) = (kind in ('penalty', 'write_off')));
comment on column claims.about is 'Of a penalty and a write-off: the number of the claim that it is for.';

